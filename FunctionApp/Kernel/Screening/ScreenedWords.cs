using System.Runtime.InteropServices;

namespace Advisor.Kernel.Screening;

/// <summary>What stands between a word and the one before it.</summary>
[Flags]
internal enum Between
{
    None = 0,

    /// <summary>A full stop, question or exclamation mark, semicolon.</summary>
    Stop = 1,
    Colon = 2,
    Quote = 4,

    /// <summary>An angle or square bracket.</summary>
    Open = 8,
    Close = 16,
    Comma = 32,
    Line = 64,

    /// <summary>Any other sign.</summary>
    Sign = 128,
    Start = 256,
}

/// <param name="Start">Into the folded text.</param>
/// <param name="End">Into the folded text; exclusive.</param>
/// <param name="Classes">The grammar's classes that the word belongs to.</param>
internal readonly record struct ScreenedWord(int Start, int End, string Text, WordClasses Classes, Between Before)
{
    /// <summary>Words of the grammar that begin here and go on: rare, so looked up by the text.</summary>
    public bool OpensPhrase { get; init; }

    public bool IsCapital { get; init; }

    /// <summary>It begins with a digit.</summary>
    public bool IsNumber { get; init; }

    /// <summary>It is the name before an at sign, or the scheme or host of a web address.</summary>
    public bool IsAddress { get; init; }
}

/// <summary>Takes a folded text apart into words, seeing through letters set apart, words run together, and digits for letters.</summary>
/// <param name="folded">The text.</param>
/// <param name="source">What was folded: it has the capital letters.</param>
internal sealed class WordReader(FoldedText folded, string source, KnownWords known)
{
    /// <summary>Single letters in a row that are a word set apart: the initials of a person, the columns of a table and list marks are fewer.</summary>
    private const int ShortestSpaced = 5;

    private const int LongestWord = 48;

    private readonly string _text = folded.Text;

    private readonly List<ScreenedWord> _words = new((folded.Text.Length / 6) + 8);

    public List<ScreenedWord> Read()
    {
        var between = Between.Start;
        var singles = 0;
        for (var i = 0; i < _text.Length;)
        {
            var start = i;
            if (!char.IsLetterOrDigit(_text[i]))
            {
                if (!Leet.IsSign(_text[i]) || LeetEnd(i) is not { } leet)
                {
                    between |= SignAt(i);
                    i++;
                    continue;
                }

                i = leet;
            }

            while (i < _text.Length && GoesOn(i))
            {
                i++;
            }

            if (i < _text.Length && Leet.IsSign(_text[i]) && LeetEnd(start) is { } end && end > i)
            {
                i = end;
            }

            var word = _text.AsSpan(start, Math.Min(i - start, LongestWord));
            singles = word.Length == 1 && char.IsAsciiLetter(word[0]) ? singles + 1 : EndSpaced(singles);
            var seen = known.Of(word);
            if (seen.Parts is { } parts)
            {
                foreach (var (part, offset) in parts)
                {
                    Add(part, start + offset, start + offset + part.Length, between);
                    between = Between.None;
                }
            }
            else
            {
                _words.Add(new ScreenedWord(start, i, seen.Text, seen.Classes, between) { OpensPhrase = seen.OpensPhrase, IsCapital = IsCapital(start), IsNumber = char.IsAsciiDigit(_text[start]), IsAddress = IsAddress(start, i) });
            }

            between = Between.None;
        }

        EndSpaced(singles);
        _words.Add(new ScreenedWord(_text.Length, _text.Length, "", default, between | Between.Stop));
        return _words;
    }

    /// <summary>Apostrophes belong to a word; signs that stand for letters do within one.</summary>
    private bool GoesOn(int i) => char.IsLetterOrDigit(_text[i])
        || (i + 1 < _text.Length && _text[i] is '\'' or '@' or '$' or '|' && i > 0 && char.IsAsciiLetter(_text[i - 1]) && i + 1 < _text.Length && char.IsAsciiLetterOrDigit(_text[i + 1]));

    /// <summary>Where a word of the grammar ends that is written with signs for letters; null where they are no letters.</summary>
    private int? LeetEnd(int start)
    {
        var end = start;
        while (end < _text.Length && end - start < LongestWord && (char.IsLetterOrDigit(_text[end]) || Leet.IsSign(_text[end])))
        {
            end++;
        }

        for (; end - start > 2 && !char.IsLetterOrDigit(_text[end - 1]); end--)
        {
            if (IsLeet(start, end))
            {
                return end;
            }
        }

        return end - start > 2 && IsLeet(start, end) ? end : null;
    }

    private bool IsLeet(int start, int end) => Leet.Variants(_text[start..end]).Any(known.Vocabulary.Knows);

    private Between SignAt(int i) => _text[i] switch
    {
        '\n' or '\r' or '\t' => Between.Line,
        ' ' or '_' or '\'' => Between.None,
        '"' or '`' => Between.Quote,
        ':' => Between.Colon,
        ',' => Between.Comma,
        '<' or '[' or '{' => Between.Open,
        '>' or ']' or '}' => Between.Close,
        '!' or '?' or ';' or '。' => Between.Stop,
        '.' => i + 1 == _text.Length || !char.IsLetterOrDigit(_text[i + 1]) ? Between.Stop : Between.Sign,
        _ => Between.Sign,
    };

    private bool IsAddress(int start, int end) => _text.AsSpan(start, end - start) is "http" or "https" or "www" or "ftp" || _text.AsSpan(start, end - start).IndexOf('@') > 0;

    private bool IsCapital(int at) => char.IsUpper(source[folded.Origin(at)]);

    private void Add(string word, int start, int end, Between between)
    {
        var (classes, opens) = known.Vocabulary.Of(word);
        _words.Add(new ScreenedWord(start, end, word, classes, between) { OpensPhrase = opens, IsCapital = IsCapital(start) });
    }

    /// <summary>Reads the words of letters that stand apart, in the place of those letters.</summary>
    private int EndSpaced(int singles)
    {
        if (singles < ShortestSpaced)
        {
            return 0;
        }

        // Letters that were words of the grammar by themselves ("a") were added as such; all are replaced.
        var letters = CollectionsMarshal.AsSpan(_words)[^singles..].ToArray();
        var joined = string.Create(letters.Length, (Text: _text, letters), static (span, state) =>
        {
            for (var i = 0; i < span.Length; i++)
            {
                span[i] = state.Text[state.letters[i].Start];
            }
        });
        _words.RemoveRange(_words.Count - singles, singles);
        foreach (var (from, to) in Chunks(letters))
        {
            var chunk = joined[from..to];
            var whole = known.Vocabulary.Knows(chunk) ? [(chunk, 0)] : known.Vocabulary.Pick(chunk);
            foreach (var (word, offset) in whole)
            {
                Add(word, letters[from + offset].Start, letters[from + offset + word.Length - 1].End, letters[from + offset].Before);
            }
        }

        return 0;
    }

    /// <summary>Where wider gaps than those between letters part the words.</summary>
    private static IEnumerable<(int From, int To)> Chunks(ScreenedWord[] letters)
    {
        var narrow = int.MaxValue;
        for (var i = 1; i < letters.Length; i++)
        {
            narrow = Math.Min(narrow, letters[i].Start - letters[i - 1].End);
        }

        var from = 0;
        for (var i = 1; i <= letters.Length; i++)
        {
            if (i == letters.Length || letters[i].Start - letters[i - 1].End > narrow)
            {
                yield return (from, i);
                from = i;
            }
        }
    }
}

/// <summary>Words written with digits and signs for letters.</summary>
internal static class Leet
{
    /// <summary>Strokes that may be an i or an l: beyond so many, all are read alike.</summary>
    private const int MostStrokes = 3;

    public static bool IsSign(char letter) => letter is '@' or '$' or '|' or '!' or '+' or '€';

    /// <summary>The word with its digits and signs read as letters; nothing for a word without letters or without such signs.</summary>
    public static IEnumerable<string> Variants(string word)
    {
        if (word.Length < 2 || !word.Any(char.IsLetter) || !word.Any(letter => IsSign(letter) || char.IsAsciiDigit(letter)))
        {
            yield break;
        }

        var strokes = Math.Min(MostStrokes, word.Count(IsStroke));
        for (var choice = 0; choice < 1 << strokes; choice++)
        {
            yield return Read(word, choice);
        }
    }

    private static bool IsStroke(char letter) => letter is '1' or '|' or '!';

    private static string Read(string word, int choice) => string.Create(word.Length, (word, choice), static (span, state) =>
    {
        var stroke = 0;
        for (var i = 0; i < span.Length; i++)
        {
            var letter = state.word[i];
            span[i] = letter switch
            {
                '0' => 'o',
                '1' or '|' or '!' => (state.choice >> Math.Min(stroke++, MostStrokes - 1) & 1) == 0 ? 'i' : 'l',
                '3' or '€' => 'e',
                '4' or '@' => 'a',
                '5' or '$' => 's',
                '6' or '9' => 'g',
                '7' or '+' => 't',
                '8' => 'b',
                _ => letter,
            };
        }
    });
}
