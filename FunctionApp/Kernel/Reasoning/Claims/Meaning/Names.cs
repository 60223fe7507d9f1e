using Advisor.Kernel.Reasoning.Expressions;

namespace Advisor.Kernel.Reasoning.Claims.Meaning;

/// <summary>The names by which prose may call the lines of a document: their metrics, their printed labels, and the measures that have a name of their own.</summary>
internal sealed class Names
{
    /// <summary>A measure with a name of its own, as one line against another.</summary>
    private sealed record NamedPart(string Name, string Top, string Bottom, bool IsGap = false);

    private static readonly NamedPart[] s_named =
    [
        new("gross margin", "gross_profit", "revenue"),
        new("operating margin", "operating_income", "revenue"),
        new("net margin", "net_income", "revenue"),
        new("current ratio", "current_assets", "current_liabilities"),
        new("interest coverage", "operating_income", "interest_expense"),
        new("return on assets", "net_income", "total_assets"),
        new("return on equity", "net_income", "total_equity"),
        new("cash conversion", "operating_cash_flow", "net_income"),
        new("effective tax rate", "income_tax", "pretax_income"),
        new("free cash flow", "operating_cash_flow", "capital_expenditure", IsGap: true),
        new("working capital", "current_assets", "current_liabilities", IsGap: true),
    ];

    /// <summary>Names of the measures that have one, for those who write claims.</summary>
    public static IReadOnlyList<string> OfMeasures { get; } = [.. s_named.Select(named => named.Name)];

    private readonly Dictionary<string, HashSet<string>> _keys = new(StringComparer.Ordinal);
    private readonly ILookup<string, string[]> _byFirstWord;

    public Names(IEnumerable<Fact> facts)
    {
        foreach (var fact in facts)
        {
            Add(fact.Metric?.Replace('_', ' '), Measures.KeyOf(fact));
            var label = LabelProse.Of(fact.Label);
            Add(label, Measures.KeyOf(fact));
            if (label.StartsWith("Total ", StringComparison.OrdinalIgnoreCase))
            {
                Add(label[6..], Measures.KeyOf(fact));
            }
        }

        foreach (var named in s_named)
        {
            Add(named.Name, KeyOf(named.Name));
        }

        _byFirstWord = _keys.Keys.Select(name => name.Split(' ')).OrderByDescending(words => words.Length).ToLookup(words => words[0], StringComparer.Ordinal);
    }

    /// <summary>The longest name that the words from a place on begin with.</summary>
    /// <returns>How many words it has, and the lines that it may mean; null when none begins there.</returns>
    public (int Length, IReadOnlySet<string> Keys)? At(IReadOnlyList<string> words, int at)
    {
        foreach (var name in _byFirstWord[Stem(words[at])])
        {
            if (name.Length <= words.Count - at && name.Select((word, i) => word == Stem(words[at + i])).All(same => same))
            {
                return (name.Length, _keys[string.Join(' ', name)]);
            }
        }

        return null;
    }

    /// <summary>What prose may call a measure, beside its lines.</summary>
    public static IEnumerable<string> KeysOf(Measure measure) => measure switch
    {
        Measure.Part { InDays: false } part => Of(part.Top, part.Bottom, false),
        Measure.Gap gap => Of(gap.Left, gap.Right, true),
        _ => [],
    };

    private static IEnumerable<string> Of(Fact top, Fact bottom, bool isGap) =>
        s_named.Where(named => named.IsGap == isGap && named.Top == top.Metric && named.Bottom == bottom.Metric).Select(named => KeyOf(named.Name));

    private static string KeyOf(string name) => "measure|" + name;

    private void Add(string? name, string key)
    {
        var words = name is null ? [] : Words.Split(name);
        if (words.Count is 0 or > 16 || words.TrueForAll(word => Vocabulary.Knows(word)))
        {
            // A row called "Total" or "Increase" is told by label(): as a word of the prose it would be everywhere.
            return;
        }

        var normalized = string.Join(' ', words.Select(Stem));
        if (!_keys.TryGetValue(normalized, out var keys))
        {
            _keys[normalized] = keys = new HashSet<string>(StringComparer.Ordinal);
        }

        keys.Add(key);
    }

    /// <summary>Singular and plural are one.</summary>
    private static string Stem(string word) => word.Length > 3 && word[^1] == 's' && word[^2] != 's' ? word[..^1] : word;
}

/// <summary>Words of a text: letters, in lower case; what follows an apostrophe does not count.</summary>
internal static class Words
{
    public static List<string> Split(string text)
    {
        var words = new List<string>();
        for (var at = 0; at < text.Length;)
        {
            var start = at;
            while (at < text.Length && char.IsLetter(text[at]))
            {
                at++;
            }

            if (at > start)
            {
                words.Add(text[start..at].ToLowerInvariant());
                at += at + 1 < text.Length && text[at] is '\'' or '’' && text[at + 1] is 's' ? 2 : 0;
            }
            else
            {
                at++;
            }
        }

        return words;
    }
}
