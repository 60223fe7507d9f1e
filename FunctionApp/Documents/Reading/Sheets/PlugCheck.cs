namespace Advisor.Documents.Reading.Sheets;

/// <summary><c>plug</c>: a typed number where the cells beside it hold one formula, copied along the row or down the column.</summary>
internal static class PlugCheck
{
    // On one side alone, this many equal formulas make a pattern that the typed cell breaks.
    private const int OneSided = 3;

    public static void Run(CheckContext context, Sheet sheet)
    {
        if (!sheet.Cells.Any(cell => cell.Formula is not null))
        {
            return;
        }

        var patterns = new Dictionary<Cell, string>();
        foreach (var cell in sheet.Cells)
        {
            context.Tick();
            if (cell.Kind != CellKind.Number || cell.Formula is not null || cell.Number is not { } found)
            {
                continue;
            }

            var formula = Broken(sheet, cell, alongRow: true, patterns) ?? Broken(sheet, cell, alongRow: false, patterns);
            if (formula is null)
            {
                continue;
            }

            var expected = context.Evaluator.Evaluate(formula, sheet, out _)?.Value;
            context.Fails("plug", "The cell holds the formula of the cells beside it", sheet, [cell], expected is { } value ? decimal.Round(value, 10) / 1.0000000000m : null, found, $"Put ={formula} into {cell.Address} in place of the typed number.");
        }
    }

    /// <summary>The formula that the cell would hold, were it like its neighbours along one axis; null when they agree on none.</summary>
    private static string? Broken(Sheet sheet, Cell cell, bool alongRow, Dictionary<Cell, string> patterns)
    {
        Cell? Neighbour(int step) => alongRow ? sheet.At(cell.Row, cell.Column + step) : sheet.At(cell.Row + step, cell.Column);
        string? Pattern(int step) => Neighbour(step) is { Formula: not null } neighbour ? PatternOf(neighbour, patterns) : null;

        var (before, after) = (Pattern(-1), Pattern(1));
        if (before is null && after is null)
        {
            return null;
        }

        if (before is not null && before == after)
        {
            return Moved(Neighbour(-1)!, cell);
        }

        foreach (var direction in (ReadOnlySpan<int>)[-1, 1])
        {
            var first = direction < 0 ? before : after;
            if (first is null || (direction < 0 ? after : before) is not null)
            {
                continue;
            }

            var run = 1;
            while (run < OneSided && Pattern(direction * (run + 1)) == first)
            {
                run++;
            }

            // A first or last cell may rightly be typed (an opening balance) unless the formula lives in the cell's own line across.
            var neighbour = Neighbour(direction)!;
            if (run == OneSided && FormulaPattern.StaysInLine(neighbour.Formula!, neighbour.Row, neighbour.Column, alongRow: !alongRow) && LooksAtNumbers(sheet, neighbour, cell))
            {
                return Moved(neighbour, cell);
            }
        }

        return null;
    }

    private static string Moved(Cell from, Cell to) => new FormulaShift(from.Formula!, from.Row, from.Column).At(to.Row, to.Column);

    /// <summary>The formula, moved here, would look at cells that are there and are numbers.</summary>
    private static bool LooksAtNumbers(Sheet sheet, Cell from, Cell to)
    {
        var references = FormulaLexer.Tokens(Moved(from, to)).Where(token => token.Kind == FormulaTokenKind.Cell).ToList();
        return references.Count > 0 && references.TrueForAll(token =>
            sheet[token.Text.Replace("$", "", StringComparison.Ordinal)] is { Kind: CellKind.Number });
    }

    private static string PatternOf(Cell cell, Dictionary<Cell, string> patterns)
    {
        if (!patterns.TryGetValue(cell, out var pattern))
        {
            patterns[cell] = pattern = FormulaPattern.Of(cell.Formula!, cell.Row, cell.Column);
        }

        return pattern;
    }
}
