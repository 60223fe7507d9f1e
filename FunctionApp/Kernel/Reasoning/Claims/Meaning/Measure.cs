using Advisor.Kernel.Reasoning.Expressions;

namespace Advisor.Kernel.Reasoning.Claims.Meaning;

/// <summary>What an expression says in words: the value of a line, its change, a part of another line. Closed, so that code can write the sentence.</summary>
/// <remarks>
/// The claim language computes far more than has a name. An expression that is none of these is true arithmetic that says nothing to a reader,
/// and a proposed claim may not use it.
/// </remarks>
public abstract record Measure
{
    private Measure()
    {
    }

    /// <summary>One line in one period: <c>f1</c>, or <c>abs(f1)</c> for an outflow.</summary>
    public sealed record Line(Fact Fact) : Measure;

    /// <summary>One line in two periods of one length.</summary>
    public sealed record Change(Fact Later, Fact Earlier, ChangeForm Form) : Measure;

    /// <summary>One line against another of the same time and unit; neither is negative, and the second is above zero.</summary>
    public sealed record Part(Fact Top, Fact Bottom, PartForm Form) : Measure;

    /// <summary>What one line has over another of the same time and unit: <c>f1 - f2</c>.</summary>
    public sealed record Gap(Fact Left, Fact Right) : Measure;

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
        _ => [],
    };
}

/// <summary>How a change is computed.</summary>
public enum ChangeForm
{
    /// <summary><c>pct(later, earlier)</c>.</summary>
    Percent,

    /// <summary><c>later - earlier</c>.</summary>
    Amount,

    /// <summary><c>cagr(earlier, later, years(earlier, later))</c>; both values are above zero.</summary>
    AnnualRate,
}

/// <summary>How a line is set against another.</summary>
public enum PartForm
{
    /// <summary><c>share(f1, f2)</c>.</summary>
    Share,

    /// <summary><c>ratio(f1, f2)</c>, <c>f1 / f2</c>.</summary>
    Times,

    /// <summary><c>ratio(f1, f2) * days.year</c>: a balance in days of a year's flow.</summary>
    Days,
}

/// <summary>Tells which <see cref="Measure"/> an expression is.</summary>
public static class Measures
{
    /// <summary>Lines that are money going out, however their sign is printed: they may be told by their size.</summary>
    private static readonly HashSet<string> s_outflows = new(StringComparer.Ordinal)
    {
        "capital_expenditure", "interest_expense", "dividends_paid", "share_repurchases", "cost_of_revenue", "income_tax",
        "research_and_development", "selling_general_administrative", "depreciation_amortization",
    };

    /// <summary>Whether the line is money that goes out by its nature, however its sign is printed: it is told by its size.</summary>
    public static bool IsOutflow(Fact fact) => fact.Metric is { } metric && s_outflows.Contains(metric);

    /// <param name="expression">One that has a value.</param>
    public static Measure Of(Expression expression, EvaluationContext context)
    {
        var (inner, isSize) = expression is Expression.Call { Function: "abs" } abs ? (abs.Arguments[0], true) : (expression, false);
        return inner switch
        {
            Expression.FactReference => LineOf(inner, context, isSize),
            Expression.Call { Function: "period" } call => new Measure.Time(FactOf(call.Arguments[0], context)),
            Expression.Call { Function: "label" } call => new Measure.Label(FactOf(call.Arguments[0], context)),
            Expression.Call { Function: "company" or "form" } => new Measure.DocumentName(),
            Expression.Call { Function: "pct" } call => Compared(call.Arguments[0], call.Arguments[1], context, ChangeForm.Percent),
            Expression.Call { Function: "cagr" } call => Growth(call, context),
            Expression.Call { Function: "share" } call => PartOf(call.Arguments[0], call.Arguments[1], PartForm.Share, context),
            Expression.Call { Function: "ratio" } call => PartOf(call.Arguments[0], call.Arguments[1], PartForm.Times, context),
            Expression.Operation { Operator: Operator.Divide } division => PartOf(division.Left, division.Right, PartForm.Times, context),
            Expression.Operation { Operator: Operator.Multiply, Left: Expression.Call { Function: "ratio" } ratio, Right: var days } when IsYear(days) =>
                PartOf(ratio.Arguments[0], ratio.Arguments[1], PartForm.Days, context),
            Expression.Operation { Operator: Operator.Subtract } difference => Compared(difference.Left, difference.Right, context, ChangeForm.Amount),
            _ => Unnamed(expression),
        };
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

    /// <param name="form">Only an amount may be of two lines.</param>
    private static Measure Compared(Expression left, Expression right, EvaluationContext context, ChangeForm form)
    {
        if (OperandOf(left, context) is not { } a || OperandOf(right, context) is not { } b)
        {
            return Unnamed(left);
        }

        if (KeyOf(a) != KeyOf(b))
        {
            return form == ChangeForm.Percent
                ? new Measure.None("unlike_lines", $"A change is between two periods of one line; {a.Id} and {b.Id} are different lines.")
                : IsBareNegative(left, context) || IsBareNegative(right, context) ? HiddenSign(right)
                : !AreOfOneTime(a, b) ? OfDifferentTimes(a, b)
                : AreLike(a, b) ? new Measure.Gap(a, b)
                : Unlike(a, b);
        }

        // The sign of one line may change between two years; abs() around each would hide that.
        return left is not Expression.FactReference || right is not Expression.FactReference ? HiddenSign(left) : ChangeOf(a, b, form);
    }

    private static Measure Growth(Expression.Call call, EvaluationContext context)
    {
        if (call.Arguments is not [Expression.FactReference first, Expression.FactReference last, Expression.Call { Function: "years" } years]
            || !years.Arguments.SequenceEqual([first, last]))
        {
            return new Measure.None("growth_over_other_years", "Growth a year is cagr(first, last, years(first, last)), with the same two facts in both.");
        }

        var (a, b) = (FactOf(last, context), FactOf(first, context));
        return KeyOf(a) == KeyOf(b) ? ChangeOf(a, b, ChangeForm.AnnualRate) : new Measure.None("unlike_lines", $"A change is between two periods of one line; {a.Id} and {b.Id} are different lines.");
    }

    private static Measure ChangeOf(Fact later, Fact earlier, ChangeForm form) => (later.Period, earlier.Period) switch
    {
        (null, _) or (_, null) => new Measure.None("unknown_period", $"The periods of {later.Id} and {earlier.Id} are not both printed."),
        ({ } p, { } q) when p.Months != q.Months => new Measure.None("unlike_periods", $"{p.Label} and {q.Label} are periods of different length."),
        ({ } p, { } q) when p.Order <= q.Order => new Measure.None("reversed_periods", $"{p.Label} is not after {q.Label}: the later fact stands first in pct and in a difference, and last in cagr."),
        _ when !AreLike(later, earlier) => Unlike(later, earlier),
        _ => new Measure.Change(later, earlier, form),
    };

    private static Measure PartOf(Expression top, Expression bottom, PartForm form, EvaluationContext context) =>
        OperandOf(top, context) is not { } a || OperandOf(bottom, context) is not { } b ? Unnamed(top)
            : KeyOf(a) == KeyOf(b) ? new Measure.None("unlike_lines", "Two periods of one line are compared by pct, not as parts of each other.")
            : !AreOfOneTime(a, b) ? OfDifferentTimes(a, b)
            : !AreLike(a, b) ? Unlike(a, b)
            : SizeOf(a) < 0 || SizeOf(b) <= 0 ? new Measure.None("negative_part", $"A part of, or by, an amount below zero reads as something else: {a.Id} and {b.Id}.")
            : form == PartForm.Days && !(a.Period is { Months: 0 } && b is { Period.Months: 12, Unit: Unit.Currency }) ? new Measure.None("days_of_no_year", $"Days are of a balance over the flow of twelve months; {b.Id} is not such a flow, or {a.Id} no balance.")
            : new Measure.Part(a, b, form);

    /// <summary>As a reader reads it: an outflow by its size.</summary>
    private static decimal SizeOf(Fact fact) => IsOutflow(fact) ? Math.Abs(fact.Value) : fact.Value;

    private static bool AreLike(Fact a, Fact b) => a.Unit == b.Unit && a.Currency == b.Currency;

    private static Measure.None Unlike(Fact a, Fact b) => new("unlike_units", $"{a.Id} and {b.Id} do not have one unit.");

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

    private static bool IsYear(Expression expression) => expression is Expression.ConstantReference { Name: "days.year" } or Expression.Literal { Value: 365 };

    private static string RowOf(Fact fact) => fact.Source.Cell is { } cell && cell.IndexOf('C', StringComparison.Ordinal) is var c and > 0 ? cell[..c] : "";

    private static Measure.None Unnamed(Expression expression) =>
        new("unnamed_measure", $"'{ExpressionPrinter.Print(expression)}' is no value, change, part, difference or sum of cited lines.");

    private static Measure.None HiddenSign(Expression expression) => new("hidden_sign", $"The prose hides the sign of '{ExpressionPrinter.Print(expression)}'.");

    private static Measure.None OfDifferentTimes(Fact a, Fact b) => new("unlike_periods", $"{a.Id} and {b.Id} are not of one period.");
}
