namespace Advisor.Documents.Tables;

/// <summary>A column of numbers: where it stands and what is printed above it.</summary>
/// <param name="Index">From 0, left to right.</param>
/// <param name="Header">Header phrases above the column, top-down, joined by spaces; empty when there are none.</param>
/// <param name="IsPercent">Its header or most of its cells say that it holds percentages, changes or note numbers, not amounts.</param>
public sealed record TableColumn(int Index, double Left, double Right, string Header, bool IsPercent)
{
    public double Center => (Left + Right) / 2;
}

/// <summary>A row of a table: a label and its numbers by column index.</summary>
/// <param name="Number">Row number in the table, from 1, counting every printed row, section headings included.</param>
/// <param name="Label">The label with its wrapped lines joined; empty where none is printed.</param>
/// <param name="Indent">Left edge of the label, in points.</param>
/// <param name="Section">Text of the nearest heading row above, without its colon; null before the first.</param>
public sealed record TableRow(int Number, string Label, double Indent, string? Section, IReadOnlyDictionary<int, NumberCell> Cells)
{
    public bool IsHeading => Cells.Count == 0;
}

/// <summary>A table found on a page.</summary>
/// <param name="Page">From 1.</param>
/// <param name="Number">Table number on the page, from 1.</param>
/// <param name="Caption">Lines above the table that belong to it, top-down: title, scale phrase, column headers.</param>
public sealed record PageTable(
    int Page,
    int Number,
    IReadOnlyList<PageLine> Caption,
    IReadOnlyList<TableColumn> Columns,
    IReadOnlyList<TableRow> Rows)
{
    public double Top => Caption.Count > 0 ? Caption[0].Top : 0;
}
