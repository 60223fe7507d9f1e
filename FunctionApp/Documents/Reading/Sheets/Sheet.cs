namespace Advisor.Documents.Reading.Sheets;

/// <summary>Whether a sheet has a tab.</summary>
public enum SheetState
{
    Visible,

    /// <summary>Hidden; a user can unhide it from the menu.</summary>
    Hidden,

    /// <summary>Hidden so that only code can show it.</summary>
    VeryHidden,
}

/// <summary>One worksheet: its cells that hold something, and what is merged and hidden.</summary>
public sealed class Sheet
{
    private const int MaxIndexedHeight = 100;
    private readonly Cell[] _cells;
    private readonly int[] _rows;
    private readonly int[] _starts;
    private readonly HashSet<int> _hiddenRows;
    private readonly HashSet<int> _hiddenColumns;
    private Dictionary<int, List<CellRange>>? _mergeIndex;

    internal Sheet(string name, SheetState state, List<Cell> cells, List<CellRange> merges, HashSet<int> hiddenRows, HashSet<int> hiddenColumns)
    {
        (Name, State, Merges, _hiddenRows, _hiddenColumns) = (name, state, merges, hiddenRows, hiddenColumns);
        _cells = InOrder(cells);
        (_rows, _starts) = Index(_cells);
    }

    public string Name { get; }

    public SheetState State { get; }

    /// <summary>Cells with a value, a formula or a comment, by row and then by column; no two at one place.</summary>
    public IReadOnlyList<Cell> Cells => _cells;

    /// <summary>Merged areas; only the top left cell of one holds a value.</summary>
    public IReadOnlyList<CellRange> Merges { get; }

    /// <summary>Rows that are not shown, from 1 (hidden by hand, by a filter or by an outline).</summary>
    public IReadOnlyCollection<int> HiddenRows => _hiddenRows;

    /// <summary>Columns that are not shown, from 1.</summary>
    public IReadOnlyCollection<int> HiddenColumns => _hiddenColumns;

    /// <summary>The row that names the columns of a CSV file; null when it has none, and for workbooks.</summary>
    public int? HeaderRow { get; init; }

    /// <summary>The smallest range with every cell; null for an empty sheet.</summary>
    public CellRange? Used => _cells.Length == 0
        ? null
        : new CellRange(_rows[0], _cells.Min(cell => cell.Column), _rows[^1], _cells.Max(cell => cell.Column));

    /// <summary>The rows that hold cells, ascending.</summary>
    public IReadOnlyList<int> Rows => _rows;

    /// <summary>The cell at an A1 address (no sheet name, no dollar signs); null when it holds nothing or is no address.</summary>
    public Cell? this[string address] => CellAddress.TryParse(address, out var row, out var column) ? At(row, column) : null;

    public bool IsRowHidden(int row) => _hiddenRows.Contains(row);

    public bool IsColumnHidden(int column) => _hiddenColumns.Contains(column);

    /// <summary>The cell in this row and column, both from 1; null when it holds nothing.</summary>
    public Cell? At(int row, int column)
    {
        var cells = Row(row);
        var (low, high) = (0, cells.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            var found = cells[middle].Column;
            if (found == column)
            {
                return cells[middle];
            }

            (low, high) = found < column ? (middle + 1, high) : (low, middle - 1);
        }

        return null;
    }

    /// <summary>The cells of one row, by column.</summary>
    public ReadOnlySpan<Cell> Row(int row)
    {
        var at = Array.BinarySearch(_rows, row);
        return at < 0 ? [] : _cells.AsSpan(_starts[at], _starts[at + 1] - _starts[at]);
    }

    /// <summary>The merged area that covers a place; null when it is not merged. Rows past the first hundred of one area are not looked up.</summary>
    public CellRange? MergeAt(int row, int column)
    {
        var index = _mergeIndex ??= IndexMerges();
        foreach (var merge in index.TryGetValue(row, out var found) ? found : [])
        {
            if (merge.Contains(row, column))
            {
                return merge;
            }
        }

        return null;
    }

    private Dictionary<int, List<CellRange>> IndexMerges()
    {
        var index = new Dictionary<int, List<CellRange>>();
        foreach (var merge in Merges)
        {
            // A file may merge whole columns many times over; its headings are found in the first rows.
            for (var row = merge.Top; row <= Math.Min(merge.Bottom, merge.Top + MaxIndexedHeight); row++)
            {
                (index.TryGetValue(row, out var found) ? found : index[row] = []).Add(merge);
            }
        }

        return index;
    }

    private static Cell[] InOrder(List<Cell> cells)
    {
        var ordered = true;
        for (var i = 1; i < cells.Count && ordered; i++)
        {
            ordered = Compare(cells[i - 1], cells[i]) < 0;
        }

        if (ordered)
        {
            return [.. cells];
        }

        // Of two cells at one place the later one counts, as it does in Excel.
        return [.. cells.OrderBy(cell => cell.Row).ThenBy(cell => cell.Column).GroupBy(cell => (cell.Row, cell.Column)).Select(same => same.Last())];
    }

    private static int Compare(Cell left, Cell right) =>
        left.Row != right.Row ? left.Row.CompareTo(right.Row) : left.Column.CompareTo(right.Column);

    private static (int[] Rows, int[] Starts) Index(Cell[] cells)
    {
        var rows = new List<int>();
        var starts = new List<int>();
        for (var i = 0; i < cells.Length; i++)
        {
            if (rows.Count == 0 || rows[^1] != cells[i].Row)
            {
                rows.Add(cells[i].Row);
                starts.Add(i);
            }
        }

        starts.Add(cells.Length);
        return ([.. rows], [.. starts]);
    }
}
