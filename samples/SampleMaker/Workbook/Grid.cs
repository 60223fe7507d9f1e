using System.Globalization;

namespace Advisor.Samples.Workbook;

/// <summary>A cell holds text, a number, or a formula (without its equals sign); a formula's value is computed before writing.</summary>
internal sealed record Cell(string? Text, double? Number, string? Formula, Style Style);

/// <summary>A sheet being drafted. Columns are letters, rows count from 1.</summary>
internal sealed class Grid(string name)
{
    /// <summary>The quarters, with each year's total after its four.</summary>
    public const string Quarters2024 = "CDEF";
    public const string Year2024 = "G";
    public const string Quarters2025 = "HIJK";
    public const string Year2025 = "L";

    public string Name => name;

    public SortedDictionary<int, SortedDictionary<int, Cell>> Rows { get; } = [];

    public List<string> Merges { get; } = [];

    public bool Hidden { get; init; }

    /// <summary>The cell that scrolls first: everything above and left of it is frozen; empty for none.</summary>
    public string Frozen { get; init; } = "";

    public void Text(string column, int row, string text, Look look = Look.Plain) =>
        Put(column, row, new Cell(text, null, null, new Style(look, Format.General)));

    public void Number(string column, int row, double value, Format format, Look look = Look.Input) =>
        Put(column, row, new Cell(null, value, null, new Style(look, format)));

    public void Formula(string column, int row, string formula, Format format, Look look = Look.Plain) =>
        Put(column, row, new Cell(null, null, formula, new Style(look, format)));

    public Cell? At(string reference)
    {
        (int column, int row) = Reference.Parse(reference);
        return Rows.TryGetValue(row, out SortedDictionary<int, Cell>? cells) ? cells.GetValueOrDefault(column) : null;
    }

    public IEnumerable<string> References() =>
        Rows.SelectMany(row => row.Value.Keys.Select(column => Reference.Of(column, row.Key)));

    private void Put(string column, int row, Cell cell)
    {
        if (!Rows.TryGetValue(row, out SortedDictionary<int, Cell>? cells))
        {
            cells = [];
            Rows[row] = cells;
        }

        cells[Reference.Parse(column + row.ToString(CultureInfo.InvariantCulture)).Column] = cell;
    }
}
