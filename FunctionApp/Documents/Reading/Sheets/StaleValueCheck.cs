namespace Advisor.Documents.Reading.Sheets;

/// <summary><c>stale_value</c>: the stored value of a formula is not what the formula gives for the stored values it looks at.</summary>
internal static class StaleValueCheck
{
    public static void Run(CheckContext context, Sheet sheet)
    {
        foreach (var cell in sheet.Cells)
        {
            context.Tick();
            if (cell.Formula is null || cell.Kind is CellKind.Text or CellKind.Boolean)
            {
                continue;
            }

            if (cell.Kind is CellKind.Empty or CellKind.Error || cell.Number is not { } found)
            {
                context.Skipped(sheet, cell, cell.Kind == CellKind.Empty ? "never calculated" : "an error or a value beyond decimals");
                continue;
            }

            if (context.Evaluator.Evaluate(cell.Formula, sheet, out var reason) is not { } recomputed)
            {
                context.Skipped(sheet, cell, reason);
                continue;
            }

            var tolerance = (recomputed.Error + (Math.Abs(found) * 1e-14m)) * 4;
            if (Math.Abs(found - recomputed.Value) <= tolerance)
            {
                context.Agreed++;
                continue;
            }

            var expected = Shortened(recomputed.Value);
            context.Fails("stale_value", "The stored value of the formula is what the formula gives", sheet, [cell], expected, found, $"Recalculate the workbook: {cell.Address} becomes {CheckWords.Amount(expected)}.", tolerance);
        }
    }

    private static decimal Shortened(decimal value) => decimal.Round(value, 12) is var rounded && rounded == 0 ? value : rounded / 1.0000000000000000000000000000m;
}

/// <summary>Wording shared by the checks.</summary>
internal static class CheckWords
{
    public static string Amount(decimal value) => value.ToString("0.############", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>"A1, A2 and 5 more".</summary>
    public static string Addresses(IReadOnlyList<Cell> cells)
    {
        const int named = 5;
        var first = string.Join(", ", cells.Take(named).Select(cell => cell.Address));
        return cells.Count > named ? $"{first} and {cells.Count - named} more" : first;
    }
}
