namespace Advisor.Samples.Typesetting;

/// <summary>How the value cells of a row are dressed.</summary>
[Flags]
internal enum Marks
{
    None = 0,
    Dollar = 1,
    RuleAbove = 2,
    DoubleRuleBelow = 4,
    Strong = 8,
}

/// <param name="Header">The lines over the column, set at the foot of the header block.</param>
/// <param name="Width">Points, including the gap to the column before.</param>
/// <param name="Dollars">False for columns of percentages, counts and ratios: they never get a currency sign.</param>
internal sealed record Column(string Header, double Width, bool Dollars = true);

/// <summary>A heading that spans columns, both ends included, counted from 0.</summary>
internal sealed record Span(string Text, int First, int Last);

internal sealed record Row(string Label, IReadOnlyList<string> Cells)
{
    public int Indent { get; init; }

    public Marks Marks { get; init; }

    public double SpaceBefore { get; init; }
}

internal sealed record Table(IReadOnlyList<Column> Columns, IReadOnlyList<Row> Rows)
{
    public IReadOnlyList<Span> Spans { get; init; } = [];

    /// <summary>Set over the label column, level with the last header line.</summary>
    public string Stub { get; init; } = "";

    public double LineHeight { get; init; } = 12.4;
}
