namespace Advisor.Documents.Reading.Sheets;

/// <summary>A table while its sheet is still being read downwards.</summary>
internal sealed class TableDraft
{
    private const int MaxHeaderRows = 8;
    private readonly Sheet _sheet;
    private readonly List<CellRange> _texts = [];
    private readonly List<int> _dataRows;
    private readonly int _firstColumn;
    private CellRange _range;

    private TableDraft(Sheet sheet, CellRange block, int firstNumbers, List<int> columns)
    {
        (_sheet, Block, _range, Columns) = (sheet, block, block, columns);
        _firstColumn = columns[0];
        HeaderRows = [.. Enumerable.Range(block.Top, firstNumbers - block.Top).Where(Heads).TakeLast(MaxHeaderRows)];
        var dataFrom = HeaderRows.Count > 0 ? HeaderRows[^1] + 1 : firstNumbers;
        // Labels directly over the numbers head their first section; those over the headers are titles.
        while (HeaderRows.Count == 0 && dataFrom > block.Top && LabelOf(dataFrom - 1).Label.Length > 0 && UnitHint.In(LabelOf(dataFrom - 1).Label, "") is null && dataFrom - 1 > block.Top)
        {
            dataFrom--;
        }

        _dataRows = [.. Enumerable.Range(dataFrom, block.Bottom - dataFrom + 1)];
    }

    public CellRange Block { get; }

    /// <summary>Columns with numbers.</summary>
    public List<int> Columns { get; }

    public List<int> HeaderRows { get; }

    /// <summary>Null when the block holds no numbers besides years.</summary>
    public static TableDraft? Of(Sheet sheet, CellRange block)
    {
        var columns = new SortedSet<int>();
        var firstNumbers = 0;
        for (var row = block.Top; row <= block.Bottom; row++)
        {
            var numbers = Numbers(sheet, row, block);
            if (numbers.Count == 0 || (firstNumbers == 0 && row < block.Bottom && IsYearRow(sheet, row, block)))
            {
                continue;
            }

            firstNumbers = firstNumbers == 0 ? row : firstNumbers;
            columns.UnionWith(numbers.Select(cell => cell.Column));
        }

        return firstNumbers == 0 ? null : new(sheet, block, firstNumbers, [.. columns]);
    }

    /// <summary>Takes the rows of a block below that has the same columns and no headers; false where it is a table of its own.</summary>
    public bool TryContinue(TableDraft below, int maxGap)
    {
        if (below.Block.Top - _range.Bottom - 1 > maxGap || !below.Columns.TrueForAll(Columns.Contains) || below.Block.Left > _range.Right || below.Block.Right < _range.Left)
        {
            return false;
        }

        _dataRows.AddRange(Enumerable.Range(below.Block.Top, below.Block.Bottom - below.Block.Top + 1));
        _range = new(_range.Top, Math.Min(_range.Left, below.Block.Left), below.Block.Bottom, Math.Max(_range.Right, below.Block.Right));
        return true;
    }

    /// <summary>Takes bands of text from above: what stands over the numbers heads them, the rest are titles.</summary>
    public void TakeTexts(List<CellRange> bands)
    {
        _texts.AddRange(bands);
        if (HeaderRows.Count == 0)
        {
            HeaderRows.AddRange(bands.SelectMany(band => Enumerable.Range(band.Top, band.Bottom - band.Top + 1)).Where(Heads).TakeLast(MaxHeaderRows));
        }
    }

    public SheetTable Finish()
    {
        var top = HeaderRows.Count > 0 ? Math.Min(HeaderRows[0], _dataRows[0]) : _dataRows[0];
        var above = _texts.SelectMany(band => Enumerable.Range(band.Top, band.Bottom - band.Top + 1))
            .Concat(Enumerable.Range(Block.Top, Math.Max(0, _dataRows[0] - Block.Top)))
            .Distinct().Order().ToList();
        var titles = above.Where(row => !HeaderRows.Contains(row)).SelectMany(row => Texts(row, Block.Left, int.MaxValue)).Select(cell => cell.Displayed.Trim()).ToList();
        var hints = above.Concat(HeaderRows).Distinct().Order()
            .SelectMany(row => Texts(row, Block.Left, int.MaxValue))
            .Select(cell => UnitHint.In(cell.Displayed, cell.Address)).OfType<UnitHint>()
            .GroupBy(hint => hint.Text, StringComparer.OrdinalIgnoreCase).Select(same => same.Last()).ToList();
        var rows = _dataRows.Select(Row).Where(row => row.Label.Length > 0 || row.Cells.Count > 0).ToList();
        return new()
        {
            Sheet = _sheet.Name,
            Range = new(top, _range.Left, _range.Bottom, _range.Right),
            Titles = titles,
            HeaderRows = HeaderRows,
            Columns = [.. Columns.Select(column => new SheetColumn(column, Header(column)))],
            Rows = rows,
            Hints = hints,
        };
    }

    private static List<Cell> Numbers(Sheet sheet, int row, CellRange block)
    {
        var numbers = new List<Cell>();
        foreach (var cell in sheet.Row(row))
        {
            if (cell.Column >= block.Left && cell.Column <= block.Right && (cell.Kind == CellKind.Number || (cell.Kind == CellKind.Empty && cell.Formula is not null)))
            {
                numbers.Add(cell);
            }
        }

        return numbers;
    }

    /// <summary>Every number of the row is a year, each near the one before it, as the years over columns are.</summary>
    private static bool IsYearRow(Sheet sheet, int row, CellRange block)
    {
        const int furthest = 5;
        decimal? before = null;
        foreach (var cell in Numbers(sheet, row, block))
        {
            if (cell.Number is not (>= 1900 and <= 2100 and var year) || year != decimal.Truncate(year) || cell.Displayed.Contains(',') || Math.Abs(year - (before ?? year)) > furthest)
            {
                return false;
            }

            before = year;
        }

        return true;
    }

    private bool Heads(int row) => Columns.Exists(column => HeadingAt(row, column).Length > 0);

    private SheetRow Row(int row)
    {
        var (label, indent) = LabelOf(row);
        var cells = new Dictionary<int, Cell>();
        foreach (var column in Columns)
        {
            if (_sheet.At(row, column) is { } cell && !SheetTables.IsBlank(cell))
            {
                cells[column] = cell;
            }
        }

        return new(label, indent, row, cells);
    }

    /// <summary>The first text left of the numbers; its column counts as indentation.</summary>
    private (string Label, int Indent) LabelOf(int row)
    {
        foreach (var cell in _sheet.Row(row))
        {
            if (cell.Column >= _firstColumn)
            {
                break;
            }

            if (cell.Column >= _range.Left && !SheetTables.IsBlank(cell))
            {
                var text = cell.Displayed;
                var spaces = text.Length - text.TrimStart(' ', '\u00A0').Length;
                return (text.Trim(), cell.Indent + (spaces / 2) + (cell.Column - _range.Left));
            }
        }

        return ("", 0);
    }

    private IEnumerable<Cell> Texts(int row, int left, int right)
    {
        foreach (var cell in _sheet.Row(row).ToArray())
        {
            if (cell.Column >= left && cell.Column <= Math.Min(right, Block.Right + 1) && cell.Kind is CellKind.Text or CellKind.Date or CellKind.Number && !SheetTables.IsBlank(cell))
            {
                yield return cell;
            }
        }
    }

    private string Header(int column)
    {
        var parts = new List<string>();
        for (var i = 0; i < HeaderRows.Count; i++)
        {
            var text = HeadingAt(HeaderRows[i], column);
            if (text.Length == 0 && i < HeaderRows.Count - 1)
            {
                text = GroupHeading(HeaderRows[i], column);
            }

            if (text.Length > 0 && (parts.Count == 0 || parts[^1] != text))
            {
                parts.Add(text);
            }
        }

        return string.Join(' ', parts);
    }

    private string HeadingAt(int row, int column)
    {
        if (_sheet.At(row, column) is { Kind: not CellKind.Empty } cell && !SheetTables.IsBlank(cell))
        {
            return cell.Displayed.Trim();
        }

        return _sheet.MergeAt(row, column) is { } merge && merge.Left >= _firstColumn && _sheet.At(merge.Top, merge.Left) is { } heading && !SheetTables.IsBlank(heading)
            ? heading.Displayed.Trim()
            : "";
    }

    /// <summary>Above other headers, a heading counts for the blank columns to its right.</summary>
    private string GroupHeading(int row, int column)
    {
        for (var left = column - 1; left >= _firstColumn; left--)
        {
            if (HeadingAt(row, left) is { Length: > 0 } heading)
            {
                // A merged heading says itself how far it reaches.
                return _sheet.MergeAt(row, left) is null ? heading : "";
            }
        }

        return "";
    }
}
