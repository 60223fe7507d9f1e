namespace Advisor.Documents.Reading.Sheets;

/// <summary><c>mixed_units</c>: numbers of unlike units in one column, or in one sum.</summary>
internal static class MixedUnitsCheck
{
    private const long MaxRange = 2_000;

    // Ledgers of this size are lists of one kind of row, not tables that a person laid out.
    private const int MaxTableCells = 200_000;

    public static void Run(CheckContext context, Sheet sheet)
    {
        var told = new HashSet<(int Row, int Column)>();
        foreach (var cell in sheet.Cells)
        {
            context.Tick();
            if (cell.Formula is not { } formula || !formula.Contains("SUM(", StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            foreach (var range in SumRangeChecks.Summed(formula).Where(range => range.Sheet is null && range.Cells.Area <= MaxRange))
            {
                // A typed zero or a blank takes any format, and a single currency sign on top stands for the whole column.
                var cells = context.Evaluator.Cells(range, sheet).Where(part => part.Kind == CellKind.Number && part.Number != 0).ToList();
                if (context.Evaluator.Exhausted)
                {
                    break;
                }

                Report(context, sheet, cell, cells, part => part.IsPercent ? "percent" : "number", "Every number in the sum is of one unit", told);
                Report(context, sheet, cell, cells, part => part.CurrencySign, "Every number in the sum is of one currency", told);
            }
        }

        foreach (var table in sheet.Cells.Count > MaxTableCells ? [] : SheetTables.Find(sheet))
        {
            foreach (var column in table.Columns)
            {
                context.Tick();
                var cells = table.Rows.Select(row => row.Cells.GetValueOrDefault(column.Column)).OfType<Cell>().Where(cell => cell.Kind == CellKind.Number).ToList();
                Report(context, sheet, null, cells, cell => cell.CurrencySign, "Every number in the column is of one currency", told);
                Report(context, sheet, null, cells.FindAll(cell => !cell.IsPercent), cell => cell.HiddenThousands > 0 ? $"scaled{cell.HiddenThousands}" : Math.Abs(cell.Number ?? 0) >= 1000 ? "full" : null, "Every number in the column is shown at one scale", told);
            }
        }
    }

    /// <summary>Names the cells of the rarer units, unless a sum over them was named already.</summary>
    private static void Report(CheckContext context, Sheet sheet, Cell? sum, List<Cell> cells, Func<Cell, string?> unit, string statement, HashSet<(int Row, int Column)> told)
    {
        var groups = cells.GroupBy(unit, StringComparer.Ordinal).Where(group => group.Key is not null).OrderByDescending(group => group.Count()).ToList();
        if (groups.Count < 2)
        {
            return;
        }

        var rare = groups.Skip(1).SelectMany(group => group).OrderBy(cell => cell.Row).ThenBy(cell => cell.Column).ToList();
        if (sum is null && rare.TrueForAll(cell => told.Contains((cell.Row, cell.Column))))
        {
            return;
        }

        told.UnionWith(rare.Select(cell => (cell.Row, cell.Column)));
        var named = rare.Take(20).ToList();
        context.Fails("mixed_units", statement, sheet, sum is null ? named : [sum, .. named], null, null, $"Bring {CheckWords.Addresses(rare)} to the unit of the others, or keep them apart.");
    }
}
