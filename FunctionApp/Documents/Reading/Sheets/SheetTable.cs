namespace Advisor.Documents.Reading.Sheets;

/// <summary>A table found in a sheet: labelled rows of numbers under headers.</summary>
public sealed record SheetTable
{
    public required string Sheet { get; init; }

    /// <summary>Header rows, labels and numbers together.</summary>
    public required CellRange Range { get; init; }

    /// <summary>Text above the headers, nearest last: "Consolidated statement of income".</summary>
    public required IReadOnlyList<string> Titles { get; init; }

    /// <summary>Rows of the sheet that head the columns, top down; empty where the table has no header.</summary>
    public required IReadOnlyList<int> HeaderRows { get; init; }

    /// <summary>Columns with numbers, left to right.</summary>
    public required IReadOnlyList<SheetColumn> Columns { get; init; }

    /// <summary>Rows top down: those with numbers, and those with a label alone, which head a section.</summary>
    public required IReadOnlyList<SheetRow> Rows { get; init; }

    /// <summary>What titles, headers and corner say of unit and scale, nearest to the numbers last; the same words once.</summary>
    public required IReadOnlyList<UnitHint> Hints { get; init; }
}

/// <summary>A column of numbers.</summary>
/// <param name="Column">From 1.</param>
/// <param name="Header">The texts of all header rows over this column, top down, joined by a space; a merged or centred heading counts for every column it covers. Empty where there is none.</param>
public sealed record SheetColumn(int Column, string Header);

/// <summary>A row of a table.</summary>
/// <param name="Label">As shown, without the spaces around it; empty where the row has none.</param>
/// <param name="Indent">Steps that the label is set in, by alignment, leading spaces (two a step) or its column; 0 for the outermost.</param>
/// <param name="Cells">Cells with a value in the table's columns, by column.</param>
public sealed record SheetRow(string Label, int Indent, int RowNumber, IReadOnlyDictionary<int, Cell> Cells);
