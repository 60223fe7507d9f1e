namespace Advisor.Kernel.Reasoning.Claims.Meaning;

internal enum ItemKind
{
    Word,

    /// <summary>A line of the document, or a measure with a name of its own.</summary>
    Name,
    Value,
    Time,
    Pause,
}

/// <summary>A piece of a sentence.</summary>
/// <param name="Text">The word, or the prose of a placeholder.</param>
/// <param name="Keys">The lines that a name may mean.</param>
internal sealed record SentenceItem(ItemKind Kind, string Text, Measure? Measure, IReadOnlySet<string> Keys)
{
    public static readonly IReadOnlySet<string> NoKeys = new HashSet<string>();
}

/// <summary>Splits a template into sentences of names, values, periods and words.</summary>
internal static class Sentence
{
    public static List<List<SentenceItem>> Of(
        IReadOnlyList<ClaimTemplate.Part> parts, IReadOnlyList<Measure> measures, IReadOnlyList<Placeholder> placeholders, Names names, bool explains, List<ClaimRejection> faults)
    {
        var sentences = new List<List<SentenceItem>> { new() };
        foreach (var part in parts)
        {
            if (part.Index is { } index)
            {
                sentences[^1].Add(Computed(measures[index], placeholders.First(placeholder => placeholder.Index == index).Text));
            }
            else
            {
                AddProse(part.Prose, sentences, names, explains, faults);
            }
        }

        return sentences.FindAll(sentence => sentence.Count > 0);
    }

    private static SentenceItem Computed(Measure measure, string text) => measure switch
    {
        Measure.Time => new SentenceItem(ItemKind.Time, text, measure, SentenceItem.NoKeys),
        Measure.Label label => new SentenceItem(ItemKind.Name, text, measure, new HashSet<string>(StringComparer.Ordinal) { Measures.KeyOf(label.Fact) }),
        Measure.DocumentName => new SentenceItem(ItemKind.Word, "company", measure, SentenceItem.NoKeys),
        _ => new SentenceItem(ItemKind.Value, text, measure, SentenceItem.NoKeys),
    };

    private static void AddProse(string prose, List<List<SentenceItem>> sentences, Names names, bool explains, List<ClaimRejection> faults)
    {
        // A mark between words ends a name, but for those that stand inside printed labels.
        foreach (var (text, mark) in Pieces(prose))
        {
            var words = Words.Split(text);
            for (var at = 0; at < words.Count;)
            {
                if (names.At(words, at) is { } name)
                {
                    sentences[^1].Add(new SentenceItem(ItemKind.Name, string.Join(' ', words.GetRange(at, name.Length)), null, name.Keys));
                    at += name.Length;
                    continue;
                }

                if (IsYearPhrase(words, at) || IsYearPhrase(words, at - 1))
                {
                    sentences[^1].Add(new SentenceItem(ItemKind.Word, "year", null, SentenceItem.NoKeys));
                }
                else if (Vocabulary.Judge(words[at], explains) is { } fault)
                {
                    faults.Add(fault);
                }
                else
                {
                    sentences[^1].Add(new SentenceItem(ItemKind.Word, words[at], null, SentenceItem.NoKeys));
                }

                at++;
            }

            switch (mark)
            {
                case '.' or ';' or '\n':
                    sentences.Add([]);
                    break;
                case ':' or '–' or '—':
                    sentences[^1].Add(new SentenceItem(ItemKind.Pause, ",", null, SentenceItem.NoKeys));
                    break;
                case '\0':
                    break;
                default:
                    faults.Add(new ClaimRejection.Unsupported("unknown_wording", $"'{mark}' has no place in a claim."));
                    break;
            }
        }
    }

    /// <summary>"prior year", "year before": a change over a year, which is checked as such.</summary>
    private static bool IsYearPhrase(List<string> words, int at) => at >= 0 && at + 1 < words.Count
        && ((words[at] is "prior" or "previous" or "preceding" && words[at + 1] is "year") || (words[at] is "year" && words[at + 1] is "before" or "earlier"));

    /// <summary>The prose between marks, each with the mark that ends it.</summary>
    private static IEnumerable<(string Text, char Mark)> Pieces(string prose)
    {
        var start = 0;
        for (var at = 0; at < prose.Length; at++)
        {
            if (!char.IsLetter(prose[at]) && prose[at] is not (' ' or ',' or '\'' or '’' or '-' or '(' or ')' or '&' or '/'))
            {
                yield return (prose[start..at], prose[at]);
                start = at + 1;
            }
        }

        yield return (prose[start..], '\0');
    }
}
