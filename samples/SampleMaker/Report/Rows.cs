using Advisor.Samples.Books;
using Advisor.Samples.Typesetting;

namespace Advisor.Samples.Report;

/// <summary>The kinds of row that statements and notes are made of.</summary>
internal static class Rows
{
    public static Row Head(string label, double space = 0) => new(label, []) { SpaceBefore = space };

    public static Row Item(string label, Figures figures, int indent = 1) => new(label, Amounts.All(figures)) { Indent = indent };

    /// <summary>The first amounts of a table, with currency signs.</summary>
    public static Row First(string label, Figures figures, int indent = 1) => Item(label, figures, indent) with { Marks = Marks.Dollar };

    public static Row Sum(string label, Figures figures, int indent = 0) => Item(label, figures, indent) with { Marks = Marks.RuleAbove };

    public static Row Grand(string label, Figures figures, int indent = 0) => Item(label, figures, indent) with
    {
        Marks = Marks.RuleAbove | Marks.Dollar | Marks.DoubleRuleBelow | Marks.Strong,
    };

    public static Row PerShare(string label, Figures figures, int indent = 1) =>
        new(label, [.. figures.Values.Select(Amounts.PerShare)]) { Indent = indent, Marks = Marks.Dollar };
}
