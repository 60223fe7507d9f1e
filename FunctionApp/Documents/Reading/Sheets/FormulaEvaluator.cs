namespace Advisor.Documents.Reading.Sheets;

/// <summary>A recomputed value and how far the double arithmetic of a workbook may stray from it.</summary>
internal readonly record struct Recomputed(decimal Value, decimal Error);

/// <summary>Recomputes simple formulas in decimals from the values that the file holds for the cells they look at.</summary>
internal sealed class FormulaEvaluator(Workbook workbook)
{
    // A double keeps 15 to 17 digits; what a workbook stores is right to about this share of itself.
    private const decimal Precision = 1e-14m;
    private const decimal MaxValue = 1e27m;
    private const long MaxCellsVisited = 50_000_000;
    private static readonly HashSet<string> Functions = ["SUM", "AVERAGE", "MIN", "MAX", "COUNT", "PRODUCT", "ROUND", "ROUNDUP", "ROUNDDOWN", "ABS", "INT"];
    private readonly Dictionary<string, Sheet> _sheets = Named(workbook);
    private readonly Dictionary<(Sheet Sheet, int Column), ColumnTotals> _columns = [];
    private long _visited;

    /// <summary>The run has looked at as many cells as it may; sums of ranges are incomplete from here on.</summary>
    public bool Exhausted => _visited > MaxCellsVisited;

    public static bool Knows(string function) => Functions.Contains(function);

    /// <summary>The value, or null with the reason why it cannot be recomputed; a reason is a construct, never content of the document.</summary>
    public Recomputed? Evaluate(string formula, Sheet sheet, out string reason)
    {
        if (FormulaParser.TryParse(formula, out reason) is not { } expression)
        {
            return null;
        }

        return Evaluate(expression, sheet, out reason);
    }

    public Recomputed? Evaluate(FormulaExpression expression, Sheet sheet, out string reason)
    {
        try
        {
            var value = Value(expression, sheet);
            if (Exhausted)
            {
                reason = "more cells to look at than one run allows";
                return null;
            }

            if (value is { } found && Math.Abs(found.Value) > MaxValue)
            {
                throw new OverflowException();
            }

            reason = value is null ? "a text, an error or a missing sheet among its cells" : "";
            return value;
        }
        catch (OverflowException)
        {
            reason = "a value beyond the range of decimals";
            return null;
        }
        catch (DivideByZeroException)
        {
            reason = "a division by zero";
            return null;
        }
    }

    /// <summary>The filled cells of a range, by row; empty where the sheet does not exist or the work is past its bound.</summary>
    public IEnumerable<Cell> Cells(FormulaExpression.Range range, Sheet own)
    {
        var sheet = range.Sheet is null ? own : _sheets.GetValueOrDefault(range.Sheet);
        if (sheet is null)
        {
            yield break;
        }

        var area = range.Cells;
        for (var i = FirstAtOrAfter(sheet.Rows, area.Top); i < sheet.Rows.Count && sheet.Rows[i] <= area.Bottom; i++)
        {
            foreach (var cell in Slice(sheet, sheet.Rows[i], area))
            {
                _visited++;
                yield return cell;
            }

            if (++_visited > MaxCellsVisited)
            {
                yield break;
            }
        }
    }

    private static Cell[] Slice(Sheet sheet, int row, CellRange area)
    {
        if (area.Left == area.Right)
        {
            return sheet.At(row, area.Left) is { } single ? [single] : [];
        }

        var cells = sheet.Row(row);
        var from = 0;
        while (from < cells.Length && cells[from].Column < area.Left)
        {
            from++;
        }

        var to = from;
        while (to < cells.Length && cells[to].Column <= area.Right)
        {
            to++;
        }

        return cells[from..to].ToArray();
    }

    private static int FirstAtOrAfter(IReadOnlyList<int> rows, int row)
    {
        var (low, high) = (0, rows.Count);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            (low, high) = rows[middle] < row ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    private static Dictionary<string, Sheet> Named(Workbook workbook)
    {
        var sheets = new Dictionary<string, Sheet>(StringComparer.OrdinalIgnoreCase);
        foreach (var sheet in workbook.Sheets)
        {
            sheets.TryAdd(sheet.Name, sheet);
        }

        return sheets;
    }

    private Recomputed? Value(FormulaExpression expression, Sheet sheet) => expression switch
    {
        FormulaExpression.Constant constant => new(constant.Value, 0),
        FormulaExpression.Negation negation => Value(negation.Operand, sheet) is { } operand ? new(-operand.Value, operand.Error) : null,
        FormulaExpression.Operation operation => Value(operation.Left, sheet) is { } left && Value(operation.Right, sheet) is { } right ? Combine(operation.Operator, left, right) : null,
        FormulaExpression.Range range => Single(range, sheet),
        FormulaExpression.Call call => Call(call, sheet),
        _ => null,
    };

    private Recomputed? Single(FormulaExpression.Range range, Sheet own)
    {
        var sheet = range.Sheet is null ? own : _sheets.GetValueOrDefault(range.Sheet);
        if (sheet is null || range.Cells.Area != 1)
        {
            return null;
        }

        _visited++;
        return sheet.At(range.Cells.Top, range.Cells.Left) switch
        {
            null => new Recomputed(0, 0),
            { Number: { } number } => Stored(number),
            { Boolean: { } truth } => new Recomputed(truth ? 1 : 0, 0),
            _ => null,
        };
    }

    private Recomputed? Call(FormulaExpression.Call call, Sheet sheet)
    {
        if (call.Name is "ROUND" or "ROUNDUP" or "ROUNDDOWN" or "ABS" or "INT")
        {
            return Rounding(call, sheet);
        }

        if (call is { Name: "SUM" or "COUNT" or "AVERAGE", Arguments: [FormulaExpression.Range { Cells: var area } only] } && area.Left == area.Right && area.Area > 1)
        {
            return OverColumn(call.Name, only, sheet);
        }

        var values = new List<Recomputed>();
        foreach (var argument in call.Arguments)
        {
            if (argument is FormulaExpression.Range range)
            {
                if (range.Sheet is not null && !_sheets.ContainsKey(range.Sheet))
                {
                    return null;
                }

                foreach (var cell in Cells(range, sheet))
                {
                    // Texts and truth values in a range do not count; an error makes the whole an error.
                    if (ColumnTotals.IsUnusable(cell))
                    {
                        return null;
                    }

                    if (cell.Number is { } number)
                    {
                        values.Add(Stored(number));
                    }
                }
            }
            else if (Value(argument, sheet) is { } value)
            {
                values.Add(value);
            }
            else
            {
                return null;
            }
        }

        return Aggregate(call.Name, values);
    }

    private Recomputed? OverColumn(string name, FormulaExpression.Range range, Sheet own)
    {
        var sheet = range.Sheet is null ? own : _sheets.GetValueOrDefault(range.Sheet);
        if (sheet is null)
        {
            return null;
        }

        if (!_columns.TryGetValue((sheet, range.Cells.Left), out var column))
        {
            _columns[(sheet, range.Cells.Left)] = column = new(sheet, range.Cells.Left);
        }

        return column.Between(range.Cells.Top, range.Cells.Bottom) is not var (sum, size, count) ? null : name switch
        {
            "COUNT" => new(count, 0),
            "SUM" => new(sum, size * Precision * 2),
            _ => count == 0 ? null : new(sum / count, size * Precision * 2 / count),
        };
    }

    private Recomputed? Rounding(FormulaExpression.Call call, Sheet sheet)
    {
        if (call.Arguments.Count != (call.Name is "ABS" or "INT" ? 1 : 2) || Value(call.Arguments[0], sheet) is not { } value)
        {
            return null;
        }

        if (call.Name == "ABS")
        {
            return value with { Value = Math.Abs(value.Value) };
        }

        var digits = call.Name == "INT" ? new(0, 0) : Value(call.Arguments[1], sheet);
        if (digits is not { } wanted || wanted.Value is < -15 or > 15)
        {
            return null;
        }

        var unit = PowerOfTen(-(int)decimal.Truncate(wanted.Value));
        var rounded = Round(call.Name, value.Value / unit) * unit;
        // Where the last bits of a double could tip the rounding, either side is right.
        var tips = Round(call.Name, (value.Value - value.Error) / unit) != Round(call.Name, (value.Value + value.Error) / unit);
        return new(rounded, tips ? unit : Math.Abs(rounded) * Precision);
    }

    private static decimal Round(string name, decimal value) => name switch
    {
        "ROUND" => decimal.Round(value, MidpointRounding.AwayFromZero),
        "ROUNDUP" => value < 0 ? decimal.Floor(value) : decimal.Ceiling(value),
        "ROUNDDOWN" => decimal.Truncate(value),
        _ => decimal.Floor(value),
    };

    private static Recomputed? Aggregate(string name, List<Recomputed> values)
    {
        var sum = values.Sum(value => value.Value);
        var error = values.Sum(value => value.Error) + (values.Sum(value => Math.Abs(value.Value)) * Precision);
        return name switch
        {
            "SUM" => new(sum, error),
            "COUNT" => new(values.Count, 0),
            "AVERAGE" => values.Count == 0 ? null : new(sum / values.Count, error / values.Count),
            "MIN" => values.Count == 0 ? new(0, 0) : values.MinBy(value => value.Value),
            "MAX" => values.Count == 0 ? new(0, 0) : values.MaxBy(value => value.Value),
            _ => values.Count == 0 ? new(0, 0) : values.Aggregate((left, right) => Combine('*', left, right) ?? default),
        };
    }

    private static Recomputed? Combine(char sign, Recomputed left, Recomputed right)
    {
        switch (sign)
        {
            case '+' or '-':
                var sum = sign == '+' ? left.Value + right.Value : left.Value - right.Value;
                return new(sum, left.Error + right.Error + ((Math.Abs(left.Value) + Math.Abs(right.Value)) * Precision));
            case '*':
                var product = left.Value * right.Value;
                return new(product, (Math.Abs(left.Value) * right.Error) + (Math.Abs(right.Value) * left.Error) + (Math.Abs(product) * Precision));
            case '/':
                var quotient = left.Value / right.Value;
                return new(quotient, ((left.Error + (Math.Abs(quotient) * right.Error)) / Math.Abs(right.Value)) + (Math.Abs(quotient) * Precision));
            default:
                var power = Math.Pow((double)left.Value, (double)right.Value);
                if (!double.IsFinite(power))
                {
                    return null;
                }

                // Doubles are the workbook's own arithmetic here; ten digits are enough to tell a stale value.
                var value = (decimal)power;
                return new(value, Math.Abs(value) * 1e-10m);
        }
    }

    private static Recomputed Stored(decimal number) => new(number, Math.Abs(number) * Precision);

    private static decimal PowerOfTen(int exponent)
    {
        var power = 1m;
        for (; exponent > 0; exponent--)
        {
            power *= 10;
        }

        for (; exponent < 0; exponent++)
        {
            power /= 10;
        }

        return power;
    }
}
