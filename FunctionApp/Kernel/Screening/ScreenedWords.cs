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
}

/// <summary>Takes a folded text apart into words, seeing through letters set apart, words run together, and digits for letters.</summary>
internal sealed class WordReader(string text, Vocabulary vocabulary)
{
    /// <summary>Single letters in a row that are a word set apart: the initials of a person, the columns of a table and list marks are fewer.</summary>
    private const int ShortestSpaced = 5;

    private const int LongestWord = 48;

    private readonly List<ScreenedWord> _words = new((text.Length / 6) + 8);

    // A report has some thousand different words; what is not of the grammar is found so once.
    private readonly Dictionary<string, Seen> _seen = new(StringComparer.Ordinal);

    private readonly record struct Seen(string Text, WordClasses Classes, bool OpensPhrase, IReadOnlyList<(string Word, int Offset)>? Parts);

    public List<ScreenedWord> Read()
    {
        var between = Between.Start;
        var singles = 0;
        var seen = _seen.GetAlternateLookup<ReadOnlySpan<char>>();
        for (var i = 0; i < text.Length;)
        {
            if (!char.IsLetterOrDigit(text[i]))
            {
                between |= SignAt(i);
                i++;
                continue;
            }

            var start = i;
            while (i < text.Length && GoesOn(i))
            {
                i++;
            }

            var word = text.AsSpan(start, Math.Min(i - start, LongestWord));
            singles = word.Length == 1 && char.IsAsciiLetter(word[0]) ? singles + 1 : EndSpaced(singles);
            if (!seen.TryGetValue(word, out var known))
            {
                known = LookUp(word);
                _seen[word.ToString()] = known;
            }

            if (known.Parts is { } parts)
            {
                foreach (var (part, offset) in parts)
                {
                    Add(part, start + offset, start + offset + part.Length, between);
                    between = Between.None;
                }
            }
            else
            {
                _words.Add(new ScreenedWord(start, i, known.Text, known.Classes, between) { OpensPhrase = known.OpensPhrase });
            }

            between = Between.None;
        }

        EndSpaced(singles);
        _words.Add(new ScreenedWord(text.Length, text.Length, "", default, between | Between.Stop));
        return _words;
    }

    /// <summary>Apostrophes belong to a word; signs that stand for letters do within one.</summary>
    private bool GoesOn(int i) => char.IsLetterOrDigit(text[i])
        || (i + 1 < text.Length && text[i] is '\'' or '@' or '$' or '|' && i > 0 && char.IsAsciiLetter(text[i - 1]) && i + 1 < text.Length && char.IsAsciiLetterOrDigit(text[i + 1]));

    private Between SignAt(int i) => text[i] switch
    {
        '\n' or '\r' => Between.Line,
        ' ' or '_' or '\'' => Between.None,
        '"' or '`' => Between.Quote,
        ':' => Between.Colon,
        ',' => Between.Comma,
        '<' or '[' or '{' => Between.Open,
        '>' or ']' or '}' => Between.Close,
        '!' or '?' or ';' or '。' => Between.Stop,
        '.' => i + 1 == text.Length || !char.IsLetterOrDigit(text[i + 1]) ? Between.Stop : Between.Sign,
        _ => Between.Sign,
    };

    private void Add(string word, int start, int end, Between between)
    {
        var (classes, opens) = vocabulary.Of(word);
        _words.Add(new ScreenedWord(start, end, word, classes, between) { OpensPhrase = opens });
    }

    private Seen LookUp(ReadOnlySpan<char> word)
    {
        var plain = word.Contains('\'') ? word.ToString().Replace("'", "", StringComparison.Ordinal) : word.ToString();
        if (Known(plain) is { } known)
        {
            return known;
        }

        foreach (var variant in Leet.Variants(plain))
        {
            if (Known(variant) is { } read)
            {
                return read;
            }
        }

        return vocabulary.Split(plain) is { } parts && plain.Length == word.Length ? new Seen(plain, default, false, parts) : new Seen("", default, false, null);
    }

    private Seen? Known(string word)
    {
        var (classes, opens) = vocabulary.Of(word);
        return vocabulary.Knows(word) ? new Seen(word, classes, opens, null) : null;
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
        var joined = string.Create(letters.Length, (text, letters), static (span, state) =>
        {
            for (var i = 0; i < span.Length; i++)
            {
                span[i] = state.text[state.letters[i].Start];
            }
        });
        _words.RemoveRange(_words.Count - singles, singles);
        foreach (var (from, to) in Chunks(letters))
        {
            var chunk = joined[from..to];
            var whole = vocabulary.Knows(chunk) ? [(chunk, 0)] : vocabulary.Pick(chunk);
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
    /// <summary>The word with its digits and signs read as letters; nothing for a word without letters or without such signs.</summary>
    public static IEnumerable<string> Variants(string word)
    {
        if (word.Length < 2 || !word.Any(char.IsAsciiLetter) || !word.Any(IsSign))
        {
            yield break;
        }

        yield return Read(word, 'i');
        yield return Read(word, 'l');
    }

    private static bool IsSign(char letter) => letter is '0' or '1' or '3' or '4' or '5' or '7' or '@' or '$' or '|';

    private static string Read(string word, char one) => string.Create(word.Length, (word, one), static (span, state) =>
    {
        for (var i = 0; i < span.Length; i++)
        {
            span[i] = state.word[i] switch { '0' => 'o', '1' or '|' => state.one, '3' => 'e', '4' or '@' => 'a', '5' or '$' => 's', '7' => 't', var letter => letter };
        }
    });
}
