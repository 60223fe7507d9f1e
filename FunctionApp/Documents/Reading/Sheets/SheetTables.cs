namespace Advisor.Documents.Reading.Sheets;

/// <summary>Finds the tables of a sheet by the lie of its cells.</summary>
/// <remarks>
/// Blank rows part a sheet into bands; a band is a table when some row of it holds numbers that are not years. A band without numbers gives its
/// texts to the table below as titles and headers; a band of numbers without headers goes on with the table above when its columns are the same.
/// Tables side by side part where a blank column is followed by a column of labels.
/// </remarks>
public static class SheetTables
{
    private const int BandGap = 3;

    /// <summary>Tables from the top down, and from left to right within a band.</summary>
    public static IReadOnlyList<SheetTable> Find(Sheet sheet, CancellationToken cancellationToken = default)
    {
        var tables = new List<SheetTable>();
        TableDraft? open = null;
        var pending = new List<CellRange>();
        foreach (var band in Bands(sheet))
        {
            cancellationToken.ThrowIfCancellationRequested();
            foreach (var block in SideBySide(sheet, band))
            {
                var draft = TableDraft.Of(sheet, block);
                if (draft is null)
                {
                    pending.Add(block);
                    continue;
                }

                if (draft.HeaderRows.Count == 0 && !pending.Exists(text => Heads(sheet, text, draft)) && open is not null && open.TryContinue(draft, BandGap))
                {
                    pending.Clear();
                    continue;
                }

                Close(open, tables);
                open = draft;
                open.TakeTexts(pending.FindAll(text => text.Bottom < block.Top && block.Top - text.Bottom <= BandGap + 1));
                pending.Clear();
            }
        }

        Close(open, tables);
        return tables;
    }

    private static void Close(TableDraft? draft, List<SheetTable> tables)
    {
        if (draft is not null)
        {
            tables.Add(draft.Finish());
        }
    }

    /// <summary>A band of text that stands over the numbers of the draft, as headers do.</summary>
    private static bool Heads(Sheet sheet, CellRange text, TableDraft draft) =>
        text.Bottom < draft.Block.Top && Enumerable.Range(text.Top, text.Bottom - text.Top + 1).Any(row => draft.Columns.Exists(column => sheet.At(row, column) is { Kind: not CellKind.Empty }));

    private static IEnumerable<CellRange> Bands(Sheet sheet)
    {
        var rows = sheet.Rows;
        for (var i = 0; i < rows.Count;)
        {
            var from = i;
            var (left, right) = (int.MaxValue, 0);
            do
            {
                foreach (var cell in sheet.Row(rows[i]))
                {
                    if (!IsBlank(cell))
                    {
                        (left, right) = (Math.Min(left, cell.Column), Math.Max(right, cell.Column));
                    }
                }

                i++;
            }
            while (i < rows.Count && rows[i] == rows[i - 1] + 1 && !IsBlankRow(sheet, rows[i]));

            if (right > 0)
            {
                yield return new(rows[from], left, rows[i - 1], right);
            }
        }
    }

    private static bool IsBlankRow(Sheet sheet, int row)
    {
        foreach (var cell in sheet.Row(row))
        {
            if (!IsBlank(cell))
            {
                return false;
            }
        }

        return true;
    }

    internal static bool IsBlank(Cell cell) => cell.Kind == CellKind.Empty ? cell.Formula is null : cell.Kind == CellKind.Text && string.IsNullOrWhiteSpace(cell.Text);

    /// <summary>Parts a band at blank columns behind numbers that are followed by labels with numbers of their own.</summary>
    private static IEnumerable<CellRange> SideBySide(Sheet sheet, CellRange band)
    {
        var width = band.Right - band.Left + 1;
        var (texts, numbers) = (new int[width + 1], new int[width + 1]);
        for (var row = band.Top; row <= band.Bottom; row++)
        {
            foreach (var cell in sheet.Row(row))
            {
                if (cell.Column >= band.Left && cell.Column <= band.Right && !IsBlank(cell))
                {
                    _ = cell.Kind == CellKind.Number ? numbers[cell.Column - band.Left]++ : texts[cell.Column - band.Left]++;
                }
            }
        }

        var from = 0;
        for (var at = 1; at < width; at++)
        {
            var afterBlank = texts[at - 1] + numbers[at - 1] == 0;
            var labels = texts[at] >= 2 && texts[at] > numbers[at] * 2;
            if (afterBlank && labels && numbers.AsSpan(from, at - from).ContainsAnyExcept(0) && numbers.AsSpan(at, width - at).ContainsAnyExcept(0))
            {
                yield return Trimmed(sheet, band with { Left = band.Left + from, Right = band.Left + at - 2 });
                from = at;
            }
        }

        yield return Trimmed(sheet, band with { Left = band.Left + from });
    }

    private static CellRange Trimmed(Sheet sheet, CellRange block)
    {
        bool Empty(int row)
        {
            foreach (var cell in sheet.Row(row))
            {
                if (block.Contains(cell.Row, cell.Column) && !IsBlank(cell))
                {
                    return false;
                }
            }

            return true;
        }

        while (block.Top < block.Bottom && Empty(block.Top))
        {
            block = block with { Top = block.Top + 1 };
        }

        while (block.Bottom > block.Top && Empty(block.Bottom))
        {
            block = block with { Bottom = block.Bottom - 1 };
        }

        return block;
    }
}
