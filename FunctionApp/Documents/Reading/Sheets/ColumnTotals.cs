namespace Advisor.Documents.Reading.Sheets;

/// <summary>Running totals of one column, so that a sum over any part of it takes two look-ups: ledgers hold thousands of sums that overlap.</summary>
internal sealed class ColumnTotals
{
    private readonly List<int> _rows = [];
    private readonly List<(decimal Sum, decimal Size, int Count, int Unusable)> _totals = [(0, 0, 0, 0)];

    public ColumnTotals(Sheet sheet, int column)
    {
        var (sum, size, count, unusable) = _totals[0];
        foreach (var row in sheet.Rows)
        {
            if (sheet.At(row, column) is not { } cell)
            {
                continue;
            }

            if (cell.Number is { } number)
            {
                (sum, size, count) = (sum + number, size + Math.Abs(number), count + 1);
            }
            else if (IsUnusable(cell))
            {
                unusable++;
            }

            _rows.Add(row);
            _totals.Add((sum, size, count, unusable));
        }
    }

    /// <summary>An error, a number beyond decimals, or a formula that was never calculated: no sum over it can be recomputed.</summary>
    public static bool IsUnusable(Cell cell) =>
        cell.Kind == CellKind.Error || (cell.Approximate is not null && cell.Number is null) || (cell.Kind == CellKind.Empty && cell.Formula is not null);

    /// <summary>Sum, sum of absolute values and count of the numbers in these rows; null where one of the cells cannot be used.</summary>
    public (decimal Sum, decimal Size, int Count)? Between(int top, int bottom)
    {
        var (from, to) = (_totals[Before(top)], _totals[Before(bottom + 1)]);
        return to.Unusable > from.Unusable ? null : (to.Sum - from.Sum, to.Size - from.Size, to.Count - from.Count);
    }

    private int Before(int row)
    {
        var at = _rows.BinarySearch(row);
        return at < 0 ? ~at : at;
    }
}
