using System.Globalization;
using System.Text;

namespace Advisor.Kernel.Screening;

/// <summary>A text without what hides its letters: invisible characters, accents, letter case, letters of other scripts that look like Latin ones.</summary>
/// <remarks>Every folded character knows where it stood. What was hidden and counts by itself is kept as <see cref="Concealed"/>.</remarks>
internal sealed class FoldedText
{
    /// <summary>Tag characters that spell less than this are flags of regions and stray marks.</summary>
    private const int ShortestPayload = 4;

    /// <summary>Invisible characters in a row that no script needs.</summary>
    private const int LongestInnocentRun = 8;

    /// <summary>Letters of one word that stand apart by invisible characters: a web page breaks a long word in two or three.</summary>
    private const int MostInnocentGaps = 3;

    private const int SoftHyphen = 0xAD;

    private readonly StringBuilder _text;
    private readonly List<int> _origins;
    private readonly List<Concealment> _concealed = [];

    private FoldedText(int capacity) => (_text, _origins) = (new StringBuilder(capacity), new List<int>(capacity));

    /// <param name="Payload">What was spelled; null where nothing readable was.</param>
    public sealed record Concealment(int Start, int Length, string Excerpt, string? Payload);

    public IReadOnlyList<Concealment> Concealed => _concealed;

    public string Text { get; private set; } = "";

    /// <summary>Where a folded character stood; the text's length for the end.</summary>
    public int Origin(int index) => index < _origins.Count ? _origins[index] : _end;

    private int _end;

    public static FoldedText Of(string text)
    {
        var folded = new FoldedText(text.Length) { _end = text.Length };
        folded.Fold(text);
        folded.Text = folded._text.ToString();
        return folded;
    }

    private void Fold(string text)
    {
        var payload = new StringBuilder();
        int run = 0, runStart = 0, gaps = 0, gapStart = 0;
        var lastWasLatin = false;
        for (var i = 0; i < text.Length;)
        {
            var first = text[i];
            if (first is > ' ' and < (char)127 or '\n' or '\t' or ' ')
            {
                EndRun(i);
                Append(first is >= 'A' and <= 'Z' ? (char)(first | 0x20) : first, i);
                SeeLetter(char.IsAsciiLetter(first), i);
                i++;
                continue;
            }

            Rune.DecodeFromUtf16(text.AsSpan(i), out var rune, out var length);
            if (rune.Value == SoftHyphen)
            {
                // Typesetters put one wherever a word may be broken.
            }
            else if (IsInvisible(rune))
            {
                if (run++ == 0)
                {
                    runStart = i;
                }

                if (Spelled(rune) is { } letter)
                {
                    payload.Append(letter);
                }
            }
            else
            {
                EndRun(i);
                var latin = FoldRune(rune, i);
                SeeLetter(latin, i);
            }

            i += length;
        }

        EndRun(text.Length);
        EndWord(text.Length);

        void SeeLetter(bool latin, int at)
        {
            if (!latin)
            {
                EndWord(at);
            }

            lastWasLatin = latin;
        }

        void EndRun(int at)
        {
            if (run == 0)
            {
                return;
            }

            if (payload.Length >= ShortestPayload)
            {
                _concealed.Add(new Concealment(runStart, at - runStart, $"{payload.Length} invisible letters", payload.ToString()));
            }
            else if (run >= LongestInnocentRun)
            {
                _concealed.Add(new Concealment(runStart, at - runStart, $"{run} invisible characters in a row", null));
            }
            else if (lastWasLatin && gaps++ == 0)
            {
                gapStart = runStart;
            }

            (run, payload.Length) = (0, 0);
        }

        void EndWord(int at)
        {
            if (gaps > MostInnocentGaps)
            {
                _concealed.Add(new Concealment(gapStart, at - gapStart, "invisible characters between the letters of a word", null));
            }

            gaps = 0;
        }
    }

    /// <returns>Whether a Latin letter came of it.</returns>
    private bool FoldRune(Rune rune, int at)
    {
        var lower = Rune.ToLowerInvariant(rune);
        if (Rune.GetUnicodeCategory(lower) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark)
        {
            // An accent belongs to the word that it stands in.
            return true;
        }

        var plain = Homoglyphs.Fold(lower);
        if (plain.Length == 0)
        {
            Append(Rune.IsWhiteSpace(lower) && lower.Value != '\n' ? ' ' : lower.IsBmp ? (char)lower.Value : '\uFFFD', at);
            return false;
        }

        var latin = false;
        foreach (var letter in plain)
        {
            Append(letter, at);
            latin |= char.IsAsciiLetter(letter);
        }

        return latin;
    }

    private void Append(char letter, int at)
    {
        _text.Append(letter);
        _origins.Add(at);
    }

    private static bool IsInvisible(Rune rune) => Rune.GetUnicodeCategory(rune) == UnicodeCategory.Format
        || rune.Value is 0x034F or 0x115F or 0x1160 or 0x17B4 or 0x17B5 or 0x3164 or 0xFFA0 or (>= 0x180B and <= 0x180F) or (>= 0xFE00 and <= 0xFE0F) or (>= 0xE0000 and <= 0xE0FFF);

    /// <summary>The ASCII letter that an invisible character stands for: a tag character by its code, a variation selector by the byte that it numbers.</summary>
    private static char? Spelled(Rune rune) => rune.Value switch
    {
        >= 0xE0020 and <= 0xE007E => (char)(rune.Value - 0xE0000),
        >= 0xE0100 and <= 0xE01EF when rune.Value - 0xE0100 + 16 is >= ' ' and < 127 => (char)(rune.Value - 0xE0100 + 16),
        _ => null,
    };
}
