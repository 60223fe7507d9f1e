using Advisor.Kernel.Reasoning.Expressions;

namespace Advisor.Kernel.Reasoning.Claims.Meaning;

/// <summary>What an expression says in words: the value of a line, its change, a part of another line. Closed, so that prose about it can be checked.</summary>
/// <remarks>
/// The claim language computes far more than has a name. An expression that is none of these is true arithmetic that no sentence can be held to,
/// and a proposed claim may not use it.
/// </remarks>
public abstract record Measure
{
    private Measure()
    {
    }

    /// <summary>One line in one period: <c>f1</c>, or <c>abs(f1)</c> for an outflow.</summary>
    public sealed record Line(Fact Fact) : Measure;

    /// <summary>One line in two periods of one length: <c>pct(f1, f2)</c>, <c>f1 - f2</c>, <c>cagr(f2, f1, years(f2, f1))</c>.</summary>
    public sealed record Change(Fact Later, Fact Earlier) : Measure
    {
        /// <summary>1, 0 or -1.</summary>
        public int Direction => Math.Sign(Later.Value - Earlier.Value);
    }

    /// <summary>One line against another of the same time: <c>share(f1, f2)</c>, <c>ratio(f1, f2)</c>, <c>ratio(f1, f2) * days.year</c>.</summary>
    public sealed record Part(Fact Top, Fact Bottom, bool InDays) : Measure;

    /// <summary>What one line has over another of the same time: <c>f1 - f2</c>.</summary>
    public sealed record Gap(Fact Left, Fact Right) : Measure;

    /// <summary>Several lines of the same time: <c>sum(f1, f2)</c>, <c>f1 + f2</c>.</summary>
    public sealed record Total(IReadOnlyList<Fact> Lines) : Measure;

    /// <summary><c>period(f1)</c>.</summary>
    public sealed record Time(Fact Fact) : Measure;

    /// <summary><c>label(f1)</c>.</summary>
    public sealed record Label(Fact Fact) : Measure;

    /// <summary><c>company()</c>, <c>form()</c>.</summary>
    public sealed record DocumentName : Measure;

    /// <summary>True arithmetic without a name, or one that misleads.</summary>
    public sealed record None(string Code, string Message) : Measure;

    /// <summary>The facts whose values enter.</summary>
    public IReadOnlyList<Fact> Facts => this switch
    {
        Line line => [line.Fact],
        Change change => [change.Later, change.Earlier],
        Part part => [part.Top, part.Bottom],
        Gap gap => [gap.Left, gap.Right],
        Total total => total.Lines,
        _ => [],
    };
}

/// <summary>Tells which <see cref="Measure"/> an expression is.</summary>
internal static class Measures
{
    /// <summary>Lines that are money going out, however their sign is printed: they may be told by their size.</summary>
    private static readonly HashSet<string> s_outflows = new(StringComparer.Ordinal)
    {
        "capital_expenditure", "interest_expense", "dividends_paid", "share_repurchases", "cost_of_revenue", "income_tax",
        "research_and_development", "selling_general_administrative", "depreciation_amortization",
    };

    /// <param name="expression">One that has a value.</param>
    public static Measure Of(Expression expression, EvaluationContext context)
    {
        var (inner, isSize) = expression is Expression.Call { Function: "abs" } abs ? (abs.Arguments[0], true) : (expression, false);
        var measure = inner switch
        {
            Expression.FactReference => LineOf(inner, context, isSize),
            Expression.Call { Function: "period" } call => new Measure.Time(FactOf(call.Arguments[0], context)),
            Expression.Call { Function: "label" } call => new Measure.Label(FactOf(call.Arguments[0], context)),
            Expression.Call { Function: "company" or "form" } => new Measure.DocumentName(),
            Expression.Call { Function: "pct" } call => Compared(call.Arguments[0], call.Arguments[1], context, mustBeOneLine: true),
            Expression.Call { Function: "cagr" } call => Growth(call, context),
            Expression.Call { Function: "share" or "ratio" } call => PartOf(call.Arguments[0], call.Arguments[1], false, context),
            Expression.Operation { Operator: Operator.Divide } division => PartOf(division.Left, division.Right, false, context),
            Expression.Operation { Operator: Operator.Multiply, Left: Expression.Call { Function: "ratio" } ratio, Right: var days } when IsYear(days) =>
                PartOf(ratio.Arguments[0], ratio.Arguments[1], true, context),
            Expression.Operation { Operator: Operator.Subtract } difference => Compared(difference.Left, difference.Right, context, mustBeOneLine: false),
            Expression.Operation { Operator: Operator.Add } or Expression.Call { Function: "sum" } => TotalOf(inner, context),
            _ => Unnamed(expression),
        };
        return isSize && measure is Measure.Part part && Math.Sign(part.Top.Value) * Math.Sign(part.Bottom.Value) < 0
            ? HiddenSign(expression)
            : measure;
    }

    /// <summary>What makes two facts the same line: their metric, else the row that they stand in.</summary>
    public static string KeyOf(Fact fact) => fact.Metric ?? $"{fact.Source.Page}|{fact.Source.Sheet}|{fact.Source.Table}|{RowOf(fact)}|{fact.Label}";

    /// <summary>Of one time: the same period, or a balance at the end of a flow.</summary>
    public static bool AreOfOneTime(Fact a, Fact b) => (a.Period, b.Period) switch
    {
        (null, null) => a.Source.Page == b.Source.Page && a.Source.Sheet == b.Source.Sheet && a.Source.Table == b.Source.Table,
        ({ } p, { } q) when p == q => true,
        ({ } p, { } q) when p.Months == 0 || q.Months == 0 => p.End is not null
            ? p.End == q.End
            : q.End is null && p.FiscalYear == q.FiscalYear && (p.Quarter ?? 4) == (q.Quarter ?? 4),
        _ => false,
    };

    /// <summary>A year apart, with room for 52/53-week years.</summary>
    public static bool AreAYearApart(Measure.Change change) => (change.Later.Period, change.Earlier.Period) switch
    {
        ({ End: { } a }, { End: { } b }) => a.DayNumber - b.DayNumber is >= 350 and <= 380,
        ({ FiscalYear: { } x } p, { FiscalYear: { } y } q) => x - y == 1 && p.Quarter == q.Quarter,
        _ => false,
    };

    private static Measure LineOf(Expression reference, EvaluationContext context, bool isSize)
    {
        var fact = FactOf(reference, context);
        return isSize && fact.Value < 0 && !IsOutflow(fact) ? HiddenSign(reference) : new Measure.Line(fact);
    }

    private static Measure Compared(Expression left, Expression right, EvaluationContext context, bool mustBeOneLine)
    {
        if (OperandOf(left, context) is not { } a || OperandOf(right, context) is not { } b)
        {
            return Unnamed(left);
        }

        if (KeyOf(a) != KeyOf(b))
        {
            return mustBeOneLine
                ? new Measure.None("unlike_lines", $"A change is between two periods of one line; {a.Id} and {b.Id} are different lines.")
                : IsBareNegative(left, context) || IsBareNegative(right, context) ? HiddenSign(right)
                : AreOfOneTime(a, b) ? new Measure.Gap(a, b)
                : OfDifferentTimes(a, b);
        }

        // The sign of one line may change between two years; abs() around each would hide that.
        return left is not Expression.FactReference || right is not Expression.FactReference ? HiddenSign(left) : ChangeOf(a, b);
    }

    private static Measure Growth(Expression.Call call, EvaluationContext context)
    {
        if (call.Arguments is not [Expression.FactReference first, Expression.FactReference last, Expression.Call { Function: "years" } years]
            || !years.Arguments.SequenceEqual([first, last]))
        {
            return new Measure.None("growth_over_other_years", "Growth a year is cagr(first, last, years(first, last)), with the same two facts in both.");
        }

        var (a, b) = (FactOf(last, context), FactOf(first, context));
        return KeyOf(a) == KeyOf(b) ? ChangeOf(a, b) : new Measure.None("unlike_lines", $"A change is between two periods of one line; {a.Id} and {b.Id} are different lines.");
    }

    private static Measure ChangeOf(Fact later, Fact earlier) => (later.Period, earlier.Period) switch
    {
        (null, _) or (_, null) => new Measure.None("unknown_period", $"The periods of {later.Id} and {earlier.Id} are not both printed."),
        ({ } p, { } q) when p.Months != q.Months => new Measure.None("unlike_periods", $"{p.Label} and {q.Label} are periods of different length."),
        ({ } p, { } q) when p.Order <= q.Order => new Measure.None("reversed_periods", $"{p.Label} is not after {q.Label}: the later fact stands first in pct and in a difference, and last in cagr."),
        _ => new Measure.Change(later, earlier),
    };

    private static Measure PartOf(Expression top, Expression bottom, bool inDays, EvaluationContext context) =>
        OperandOf(top, context) is not { } a || OperandOf(bottom, context) is not { } b ? Unnamed(top)
            : KeyOf(a) == KeyOf(b) ? new Measure.None("unlike_lines", "Two periods of one line are compared by pct, not as parts of each other.")
            : AreOfOneTime(a, b) ? new Measure.Part(a, b, inDays)
            : OfDifferentTimes(a, b);

    private static Measure TotalOf(Expression expression, EvaluationContext context)
    {
        var terms = expression is Expression.Call call ? call.Arguments : TermsOf(expression).ToList();
        if (terms.Count < 2 || terms.Any(term => term is not Expression.FactReference))
        {
            return Unnamed(expression);
        }

        var facts = terms.Select(term => FactOf(term, context)).ToList();
        return facts.Select(KeyOf).Distinct(StringComparer.Ordinal).Count() < facts.Count
            ? new Measure.None("unlike_lines", "A sum is of different lines of one period.")
            : facts.Exists(fact => fact.Value < 0) ? HiddenSign(expression)
            : facts.Find(fact => !AreOfOneTime(facts[0], fact)) is { } other ? OfDifferentTimes(facts[0], other) : new Measure.Total(facts);
    }

    private static IEnumerable<Expression> TermsOf(Expression expression) => expression is Expression.Operation { Operator: Operator.Add } sum
        ? TermsOf(sum.Left).Concat(TermsOf(sum.Right))
        : [expression];

    /// <summary>A fact, or the size of an outflow or of a fact that is not negative; null for anything else.</summary>
    private static Fact? OperandOf(Expression expression, EvaluationContext context) => expression switch
    {
        Expression.FactReference => FactOf(expression, context),
        Expression.Call { Function: "abs", Arguments: [Expression.FactReference inner] } when FactOf(inner, context) is var fact && (fact.Value >= 0 || IsOutflow(fact)) => fact,
        _ => null,
    };

    private static Fact FactOf(Expression expression, EvaluationContext context) => context.Find(((Expression.FactReference)expression).Id)!;

    /// <summary>A reader adds and compares the sizes that are printed; less a negative is more.</summary>
    private static bool IsBareNegative(Expression operand, EvaluationContext context) => operand is Expression.FactReference && FactOf(operand, context).Value < 0;

    private static bool IsOutflow(Fact fact) => fact.Metric is { } metric && s_outflows.Contains(metric);

    private static bool IsYear(Expression expression) => expression is Expression.ConstantReference { Name: "days.year" } or Expression.Literal { Value: 365 };

    private static string RowOf(Fact fact) => fact.Source.Cell is { } cell && cell.IndexOf('C', StringComparison.Ordinal) is var c and > 0 ? cell[..c] : "";

    private static Measure.None Unnamed(Expression expression) =>
        new("unnamed_measure", $"'{ExpressionPrinter.Print(expression)}' is no value, change, part, difference or sum of cited lines.");

    private static Measure.None HiddenSign(Expression expression) => new("hidden_sign", $"The prose hides the sign of '{ExpressionPrinter.Print(expression)}'.");

    private static Measure.None OfDifferentTimes(Fact a, Fact b) => new("unlike_periods", $"{a.Id} and {b.Id} are not of one period.");
}
