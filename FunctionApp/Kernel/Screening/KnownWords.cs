namespace Advisor.Kernel.Screening;

/// <summary>What a grammar makes of words. A report has some thousand different ones; what is not of the grammar is found so once.</summary>
internal sealed class KnownWords(Vocabulary vocabulary)
{
    /// <summary>Words that are kept: a text with more is no text, and costs time instead of memory.</summary>
    private const int Most = 50_000;

    private readonly Dictionary<string, Reading> _readings = new(StringComparer.Ordinal);

    /// <param name="Text">As the grammar writes it; empty when the grammar does not know it.</param>
    /// <param name="Parts">The words of the grammar that it is run together from.</param>
    public readonly record struct Reading(string Text, WordClasses Classes, bool OpensPhrase, IReadOnlyList<(string Word, int Offset)>? Parts);

    public Vocabulary Vocabulary => vocabulary;

    public Reading Of(ReadOnlySpan<char> word)
    {
        var readings = _readings.GetAlternateLookup<ReadOnlySpan<char>>();
        if (readings.TryGetValue(word, out var known))
        {
            return known;
        }

        if (_readings.Count == Most)
        {
            _readings.Clear();
        }

        return _readings[word.ToString()] = LookUp(word);
    }

    private Reading LookUp(ReadOnlySpan<char> word)
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

        return vocabulary.Split(plain) is { } parts && plain.Length == word.Length ? new Reading(plain, default, false, parts) : new Reading("", default, false, null);
    }

    private Reading? Known(string word)
    {
        var (classes, opens) = vocabulary.Of(word);
        return vocabulary.Knows(word) ? new Reading(word, classes, opens, null) : null;
    }
}
