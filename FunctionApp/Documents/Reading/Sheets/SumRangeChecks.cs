namespace Advisor.Documents.Reading.Sheets;

/// <summary><c>short_range</c>: a sum that stops short of its block; <c>hidden_in_sum</c>: a sum whose range hides some of its cells.</summary>
internal static class SumRangeChecks
{
    // A sum that misses more than this was not left behind by an inserted row.
    private const int MaxSkipped = 200;

    public static void Run(CheckContext context, Sheet sheet)
    {
        foreach (var cell in sheet.Cells)
        {
            context.Tick();
            if (cell.Formula is not { } formula || !formula.Contains("SUM(", StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            foreach (var range in Summed(formula))
            {
                if (range.Sheet is null || string.Equals(range.Sheet, sheet.Name, StringComparison.OrdinalIgnoreCase))
                {
                    ShortRange(context, sheet, cell, range.Cells);
                    HiddenInSum(context, sheet, cell, range);
                }
            }
        }
    }

    /// <summary>The ranges of the SUM calls of a formula, each a single row or column of several cells.</summary>
    public static IEnumerable<FormulaExpression.Range> Summed(string formula) =>
        FormulaParser.TryParse(formula, out _) is { } expression ? Summed(expression) : [];

    private static IEnumerable<FormulaExpression.Range> Summed(FormulaExpression expression) => expression switch
    {
        FormulaExpression.Call { Name: "SUM" } call => call.Arguments.SelectMany(argument => argument is FormulaExpression.Range range && range.Cells.Area > 1 ? [range] : Summed(argument)),
        FormulaExpression.Call call => call.Arguments.SelectMany(Summed),
        FormulaExpression.Negation negation => Summed(negation.Operand),
        FormulaExpression.Operation operation => Summed(operation.Left).Concat(Summed(operation.Right)),
        _ => [],
    };

    private static void ShortRange(CheckContext context, Sheet sheet, Cell sum, CellRange range)
    {
        var down = range.Left == range.Right && range.Left == sum.Column && sum.Row > range.Bottom;
        var across = range.Top == range.Bottom && range.Top == sum.Row && sum.Column > range.Right;
        if (!down && !across)
        {
            return;
        }

        var missed = Skipped(sheet, sum, range, down);
        var extended = missed.Count > 0
            ? down ? range with { Bottom = missed[^1].Row } : range with { Right = missed[^1].Column }
            : range;
        foreach (var early in StartsLate(sheet, sum, range, down))
        {
            missed.Add(early);
            extended = down ? extended with { Top = Math.Min(extended.Top, early.Row) } : extended with { Left = Math.Min(extended.Left, early.Column) };
        }

        if (missed.Count == 0)
        {
            return;
        }

        var difference = missed.Sum(cell => cell.Number ?? 0);
        context.Fails("short_range", "The sum takes in every cell of its block", sheet, [sum, .. missed], sum.Number + difference, sum.Number, $"Extend {range} to {extended}: it leaves out {CheckWords.Addresses(missed)}.");
    }

    /// <summary>Numbers that stand, without a gap, between the end of the range and the sum.</summary>
    private static List<Cell> Skipped(Sheet sheet, Cell sum, CellRange range, bool down)
    {
        var skipped = new List<Cell>();
        var (from, to) = down ? (range.Bottom + 1, sum.Row) : (range.Right + 1, sum.Column);
        for (var at = from; at < to; at++)
        {
            if (skipped.Count >= MaxSkipped)
            {
                return [];
            }

            var cell = down ? sheet.At(at, sum.Column) : sheet.At(sum.Row, at);
            if (cell is not { Kind: CellKind.Number, Number: not null } || IsTotal(cell) || LooksInto(cell, range))
            {
                // A blank or a text may divide the block from something else; a total has summed it already.
                return [];
            }

            skipped.Add(cell);
        }

        return skipped;
    }

    /// <summary>Numbers directly before the range that the sums beside this one do take in.</summary>
    private static List<Cell> StartsLate(Sheet sheet, Cell sum, CellRange range, bool down)
    {
        var longest = 0;
        var (longer, equal) = (0, 0);
        foreach (var step in (ReadOnlySpan<int>)[-2, -1, 1, 2])
        {
            var beside = down ? sheet.At(sum.Row, sum.Column + step) : sheet.At(sum.Row + step, sum.Column);
            if (beside?.Formula is not { } formula || Summed(formula).FirstOrDefault() is not { Sheet: null } other)
            {
                continue;
            }

            var moved = down
                ? other.Cells.Left == sum.Column + step && other.Cells.Right == other.Cells.Left && other.Cells.Bottom >= range.Bottom ? range.Top - other.Cells.Top : -1
                : other.Cells.Top == sum.Row + step && other.Cells.Bottom == other.Cells.Top && other.Cells.Right >= range.Right ? range.Left - other.Cells.Left : -1;
            longer += moved > 0 ? 1 : 0;
            equal += moved == 0 ? 1 : 0;
            longest = Math.Max(longest, moved);
        }

        var early = new List<Cell>();
        for (var back = 1; longer > equal && back <= longest; back++)
        {
            var cell = down ? sheet.At(range.Top - back, sum.Column) : sheet.At(sum.Row, range.Left - back);
            if (cell is not { Kind: CellKind.Number, Number: not null })
            {
                break;
            }

            early.Add(cell);
        }

        return early;
    }

    private static bool IsTotal(Cell cell) => cell.Formula is { } formula && (formula.Contains("SUM(", StringComparison.OrdinalIgnoreCase) || formula.Contains("SUBTOTAL(", StringComparison.OrdinalIgnoreCase));

    /// <summary>A formula over the range itself, such as its average, is no part of the block.</summary>
    private static bool LooksInto(Cell cell, CellRange range) =>
        cell.Formula is { } formula && FormulaLexer.Tokens(formula).Exists(token => token.Kind == FormulaTokenKind.Cell && CellAddress.TryParse(token.Text, out var row, out var column) && range.Contains(row, column));

    private static void HiddenInSum(CheckContext context, Sheet sheet, Cell sum, FormulaExpression.Range range)
    {
        if (sum.Hidden || (sheet.HiddenRows.Count == 0 && sheet.HiddenColumns.Count == 0) || range.Cells.Area > 100_000)
        {
            return;
        }

        var cells = context.Evaluator.Cells(range, sheet).Where(cell => cell.Number is not null and not 0m).ToList();
        if (context.Evaluator.Exhausted)
        {
            return;
        }

        var hidden = cells.FindAll(cell => cell.Hidden);

        // With every cell hidden this is a folded outline, whose total is meant to stand for its parts.
        if (hidden.Count == 0 || hidden.Count == cells.Count)
        {
            return;
        }

        var amount = hidden.Sum(cell => cell.Number ?? 0);
        context.Fails("hidden_in_sum", "The sum is made of cells that can be seen", sheet, [sum, .. hidden.Take(20)], sum.Number - amount, sum.Number, $"Unhide {CheckWords.Addresses(hidden)}: the sum counts what they hold.");
    }
}
