using static Advisor.Kernel.Reasoning.Expressions.ExpressionValue;

namespace Advisor.Kernel.Reasoning.Expressions;

/// <summary>Arithmetic of amounts. The unit of a result follows from the units of its parts, or there is no result.</summary>
/// <remarks>
/// <list type="bullet">
/// <item>Sums and differences need the same unit and currency. An unknown currency equals only another unknown one.</item>
/// <item>number × u and u / number keep u. A percentage multiplies and divides as its hundredth: 12.5 % × 200 USD = 25 USD; percent × percent is percent; number × percent is percent.</item>
/// <item>u / u is a number; money / shares is money per share; money / money per share is shares; shares × money per share is money.</item>
/// <item>All else (money × money, 1 / money, shares × money...) is a mismatch.</item>
/// </list>
/// </remarks>
internal static class UnitArithmetic
{
    public static bool AreLike(Amount left, Amount right) => left.Unit == right.Unit && left.Currency == right.Currency;

    /// <exception cref="OverflowException">The result is no decimal.</exception>
    public static Outcome Add(Amount left, Amount right, string operation) =>
        AreLike(left, right) ? left with { Value = left.Value + right.Value } : Mismatch(operation, left, right);

    /// <exception cref="OverflowException">The result is no decimal.</exception>
    public static Outcome Subtract(Amount left, Amount right, string operation) =>
        AreLike(left, right) ? left with { Value = left.Value - right.Value } : Mismatch(operation, left, right);

    /// <exception cref="OverflowException">The result is no decimal.</exception>
    public static Outcome Multiply(Amount left, Amount right) => (left.Unit, right.Unit) switch
    {
        (Unit.Number, _) => right with { Value = left.Value * right.Value },
        (_, Unit.Number) => left with { Value = left.Value * right.Value },
        (Unit.Percent, _) => right with { Value = left.Value / 100 * right.Value },
        (_, Unit.Percent) => left with { Value = left.Value * (right.Value / 100) },
        (Unit.Shares, Unit.CurrencyPerShare) => new Amount(left.Value * right.Value, Unit.Currency, right.Currency),
        (Unit.CurrencyPerShare, Unit.Shares) => new Amount(left.Value * right.Value, Unit.Currency, left.Currency),
        _ => Mismatch("*", left, right),
    };

    /// <exception cref="OverflowException">The result is no decimal.</exception>
    public static Outcome Divide(Amount left, Amount right, string operation)
    {
        if (right.Value == 0)
        {
            return new ExpressionError.DivisionByZero(operation);
        }

        return (left.Unit, right.Unit) switch
        {
            _ when AreLike(left, right) => new Amount(left.Value / right.Value, Unit.Number),
            (_, Unit.Number) => left with { Value = left.Value / right.Value },
            (_, Unit.Percent) => left with { Value = left.Value / (right.Value / 100) },
            (Unit.Currency, Unit.Shares) => new Amount(left.Value / right.Value, Unit.CurrencyPerShare, left.Currency),
            (Unit.Currency, Unit.CurrencyPerShare) when left.Currency == right.Currency => new Amount(left.Value / right.Value, Unit.Shares),
            _ => Mismatch(operation, left, right),
        };
    }

    public static ExpressionError Mismatch(string operation, Amount left, Amount right) =>
        new ExpressionError.UnitMismatch(operation, NameOf(left), NameOf(right));

    private static string NameOf(Amount amount) => amount.Unit switch
    {
        Unit.Currency => amount.Currency ?? "money of unknown currency",
        Unit.CurrencyPerShare => (amount.Currency ?? "money of unknown currency") + " per share",
        Unit.Percent => "percent",
        Unit.Shares => "shares",
        _ => "a number",
    };
}
