using static Advisor.Kernel.Reasoning.Expressions.ExpressionValue;

namespace Advisor.Kernel.Reasoning.Expressions;

/// <summary>The functions of the expression language.</summary>
/// <remarks>
/// <list type="table">
/// <item><term>pct(a, b)</term><description>Change of a against b in percent, (a - b) / |b| × 100; like units.</description></item>
/// <item><term>share(a, b)</term><description>a as a percentage of b, a / b × 100; like units.</description></item>
/// <item><term>ratio(a, b)</term><description>a / b as a number; like units.</description></item>
/// <item><term>sum(...), avg(...), min(...), max(...)</term><description>Of one value or more of like units; the unit is kept.</description></item>
/// <item><term>cagr(first, last, years)</term><description>Compound annual growth in percent, ((last / first)^(1 / years) - 1) × 100, rounded to 20 decimals; first and last above zero and of like units, years above zero.</description></item>
/// <item><term>years(first, last)</term><description>Whole years between the periods of two facts as a number, above zero when last is later.</description></item>
/// <item><term>abs(x)</term><description>The unit is kept.</description></item>
/// <item><term>round(x, digits)</term><description>To 0..12 decimals, half away from zero; the unit is kept.</description></item>
/// <item><term>period(f), label(f)</term><description>Text: <see cref="Period.Label"/> of a fact, and its <see cref="Fact.Label"/> without amounts (<see cref="LabelProse"/>).</description></item>
/// <item><term>company(), form()</term><description>Text: names the document gives.</description></item>
/// </list>
/// </remarks>
public static class ExpressionFunctions
{
    private const int Many = int.MaxValue;

    private static readonly Dictionary<string, Function> All = new(StringComparer.Ordinal)
    {
        ["pct"] = Numeric("pct", 2, 2, arguments => LikeRatio("pct", arguments[0], arguments[1], (a, b) => new Amount((a - b) / Math.Abs(b) * 100, Unit.Percent))),
        ["share"] = Numeric("share", 2, 2, arguments => LikeRatio("share", arguments[0], arguments[1], (a, b) => new Amount(a / b * 100, Unit.Percent))),
        ["ratio"] = Numeric("ratio", 2, 2, arguments => LikeRatio("ratio", arguments[0], arguments[1], (a, b) => new Amount(a / b, Unit.Number))),
        ["sum"] = Numeric("sum", 1, Many, arguments => Fold("sum", arguments, (a, b) => a + b)),
        ["avg"] = Numeric("avg", 1, Many, Average),
        ["min"] = Numeric("min", 1, Many, arguments => Fold("min", arguments, Math.Min)),
        ["max"] = Numeric("max", 1, Many, arguments => Fold("max", arguments, Math.Max)),
        ["abs"] = Numeric("abs", 1, 1, arguments => arguments[0] with { Value = Math.Abs(arguments[0].Value) }),
        ["round"] = Numeric("round", 2, 2, Round),
        ["cagr"] = Numeric("cagr", 3, 3, CompoundGrowth),
        ["years"] = new(2, 2, Years),
        ["period"] = new(1, 1, (arguments, context) => OfFact("period", arguments[0], context, fact => fact.Period?.Label, "the period of a cited fact")),
        ["label"] = new(1, 1, (arguments, context) => OfFact("label", arguments[0], context, fact => LabelProse.Of(fact.Label), "the label of a cited fact")),
        ["company"] = new(0, 0, (_, context) => Named(context.Company, "the company's name")),
        ["form"] = new(0, 0, (_, context) => Named(context.Form, "its form")),
    };

    /// <summary>Names of all functions, in alphabetical order.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Keys.Order(StringComparer.Ordinal)];

    internal static Outcome Call(Expression.Call call, EvaluationContext context)
    {
        if (!All.TryGetValue(call.Function, out var function))
        {
            return new ExpressionError.UnknownFunction(call.Function);
        }

        var given = call.Arguments.Count;
        return given < function.Least || given > function.Most
            ? new ExpressionError.WrongArity(call.Function, given, function.Most == Many ? "one value or more" : $"{function.Least}")
            : function.Apply(call.Arguments, context);
    }

    private static Function Numeric(string name, int least, int most, Func<IReadOnlyList<Amount>, Outcome> compute) => new(least, most, (arguments, context) =>
    {
        var amounts = new Amount[arguments.Count];
        for (var i = 0; i < amounts.Length; i++)
        {
            var argument = ExpressionEvaluator.ValueOf(arguments[i], context);
            if (argument.Value is null)
            {
                return argument;
            }

            if (argument.Value is not Amount amount)
            {
                return new ExpressionError.TextIsNoNumber(name);
            }

            amounts[i] = amount;
        }

        return compute(amounts);
    });

    private static Outcome LikeRatio(string name, Amount a, Amount b, Func<decimal, decimal, Amount> compute)
    {
        if (!UnitArithmetic.AreLike(a, b))
        {
            return UnitArithmetic.Mismatch(name, a, b);
        }

        return b.Value == 0 ? new ExpressionError.DivisionByZero(name) : compute(a.Value, b.Value);
    }

    private static Outcome Fold(string name, IReadOnlyList<Amount> amounts, Func<decimal, decimal, decimal> combine)
    {
        var result = amounts[0];
        foreach (var amount in amounts.Skip(1))
        {
            if (!UnitArithmetic.AreLike(result, amount))
            {
                return UnitArithmetic.Mismatch(name, result, amount);
            }

            result = result with { Value = combine(result.Value, amount.Value) };
        }

        return result;
    }

    private static Outcome Average(IReadOnlyList<Amount> amounts)
    {
        var sum = Fold("avg", amounts, (a, b) => a + b);
        return sum.Value is Amount total ? total with { Value = total.Value / amounts.Count } : sum;
    }

    private static Outcome Round(IReadOnlyList<Amount> arguments)
    {
        var digits = arguments[1];
        if (digits.Unit != Unit.Number || digits.Value is < 0 or > 12 || decimal.Truncate(digits.Value) != digits.Value)
        {
            return new ExpressionError.OutOfDomain("round", "the digits are a whole number from zero to twelve");
        }

        return arguments[0] with { Value = decimal.Round(arguments[0].Value, (int)digits.Value, MidpointRounding.AwayFromZero) };
    }

    private static Outcome CompoundGrowth(IReadOnlyList<Amount> arguments)
    {
        var (first, last, years) = (arguments[0], arguments[1], arguments[2]);
        if (!UnitArithmetic.AreLike(first, last))
        {
            return UnitArithmetic.Mismatch("cagr", first, last);
        }

        if (first.Value == 0 || (years.Unit == Unit.Number && years.Value == 0))
        {
            return new ExpressionError.DivisionByZero("cagr");
        }

        if (first.Value < 0 || last.Value <= 0)
        {
            return new ExpressionError.OutOfDomain("cagr", "growth is compounded between values above zero only");
        }

        if (years.Unit != Unit.Number || years.Value < 0)
        {
            return new ExpressionError.OutOfDomain("cagr", "the years are a number above zero");
        }

        var growth = DecimalMath.Power(last.Value / first.Value, 1 / years.Value);
        return new Amount(decimal.Round((growth - 1) * 100, 20), Unit.Percent);
    }

    private static Outcome Years(IReadOnlyList<Expression> arguments, EvaluationContext context)
    {
        var first = FactOf("years", arguments[0], context, out var error);
        var last = error is null ? FactOf("years", arguments[1], context, out error) : null;
        if (error is not null)
        {
            return error;
        }

        // By the days where both ends are printed: a year of 53 weeks may end in the calendar year after its own.
        var years = (first!.Period, last!.Period) switch
        {
            ({ End: { } from }, { End: { } to }) => (int)Math.Round((to.DayNumber - from.DayNumber) / 365.25m, MidpointRounding.AwayFromZero),
            var (p, q) => YearOf(q) - YearOf(p),
        };
        return years is null
            ? new ExpressionError.NotStated("the years of " + first.Id + " and " + last.Id)
            : new Amount(years.Value, Unit.Number);

        static int? YearOf(Period? period) => period?.FiscalYear ?? period?.End?.Year;
    }

    private static Outcome OfFact(string name, Expression argument, EvaluationContext context, Func<Fact, string?> select, string what)
    {
        var fact = FactOf(name, argument, context, out var error);
        return error is not null ? error : Named(select(fact!), what);
    }

    private static Fact? FactOf(string name, Expression argument, EvaluationContext context, out ExpressionError? error)
    {
        var reference = argument as Expression.FactReference;
        var fact = reference is null ? null : context.Find(reference.Id);
        error = (reference, fact) switch
        {
            (null, _) => new ExpressionError.FactExpected(name),
            (_, null) => new ExpressionError.UnknownFact(reference.Id),
            _ => null,
        };
        return fact;
    }

    private static Outcome Named(string? text, string what) =>
        string.IsNullOrWhiteSpace(text) ? new ExpressionError.NotStated(what) : new Text(text);

    private sealed record Function(int Least, int Most, Func<IReadOnlyList<Expression>, EvaluationContext, Outcome> Apply);
}
