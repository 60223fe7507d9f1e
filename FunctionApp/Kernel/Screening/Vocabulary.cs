namespace Advisor.Kernel.Screening;

/// <summary>The words and phrases that the grammar knows, and the classes that each belongs to.</summary>
internal sealed class Vocabulary
{
    private const int ShortestGlued = 8;
    private const int ShortestPart = 3;

    private readonly Dictionary<string, WordClasses> _words = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<Phrase>> _phrases = new(StringComparer.Ordinal);
    private readonly HashSet<string> _parts = new(StringComparer.Ordinal);
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private int _longest;

    /// <param name="Rest">The words after the first.</param>
    public sealed record Phrase(IReadOnlyList<string> Rest, WordClasses Classes);

    /// <param name="entry">A word, or several with single spaces, folded.</param>
    public void Add(string entry, WordClasses classes)
    {
        var words = entry.Split(' ');
        if (words.Length == 1)
        {
            _words[entry] = _words.GetValueOrDefault(entry) | classes;
        }
        else
        {
            (_phrases.TryGetValue(words[0], out var known) ? known : _phrases[words[0]] = []).Add(new Phrase(words[1..], classes));
        }

        _known.UnionWith(words);
        foreach (var word in words.Where(word => word.Length >= ShortestPart))
        {
            _parts.Add(word);
            _longest = Math.Max(_longest, word.Length);
        }
    }

    public (WordClasses Classes, bool OpensPhrase) Of(string word) => (_words.GetValueOrDefault(word), _phrases.ContainsKey(word));

    /// <summary>Whether it is a word of the grammar, if only in a phrase.</summary>
    public bool Knows(string word) => _known.Contains(word);

    public IReadOnlyList<Phrase> PhrasesFrom(string word) => _phrases.TryGetValue(word, out var phrases) ? phrases : [];

    /// <summary>The words that make up all of a longer one, run together; null when they do not. The fewest words that do.</summary>
    public IReadOnlyList<(string Word, int Offset)>? Split(string glued)
    {
        if (glued.Length < ShortestGlued)
        {
            return null;
        }

        // best[i]: the fewest words that make up the first i letters, and where the last of them begins.
        var best = new (int Words, int From)[glued.Length + 1];
        Array.Fill(best, (int.MaxValue, -1), 1, glued.Length);
        var parts = _parts.GetAlternateLookup<ReadOnlySpan<char>>();
        for (var from = 0; from < glued.Length; from++)
        {
            for (var to = from + ShortestPart; best[from].Words != int.MaxValue && to <= Math.Min(glued.Length, from + _longest); to++)
            {
                if (best[from].Words + 1 < best[to].Words && parts.Contains(glued.AsSpan(from, to - from)))
                {
                    best[to] = (best[from].Words + 1, from);
                }
            }
        }

        if (best[^1].From < 0)
        {
            return null;
        }

        var words = new List<(string, int)>();
        for (var end = glued.Length; end > 0; end = best[end].From)
        {
            words.Insert(0, (glued[best[end].From..end], best[end].From));
        }

        return words;
    }

    /// <summary>The words that can be read in a row of letters, each the longest from its place; letters that make none are passed over.</summary>
    public IEnumerable<(string Word, int Offset)> Pick(string letters)
    {
        var parts = _parts.GetAlternateLookup<ReadOnlySpan<char>>();
        for (var from = 0; from < letters.Length;)
        {
            var length = Math.Min(_longest, letters.Length - from);
            while (length >= ShortestPart && !parts.Contains(letters.AsSpan(from, length)))
            {
                length--;
            }

            if (length >= ShortestPart)
            {
                yield return (letters.Substring(from, length), from);
                from += length;
            }
            else
            {
                from++;
            }
        }
    }
}
