namespace Advisor.Kernel.Reasoning;

/// <summary>Exponential, logarithm and power in decimals, so that a stored figure recomputes to the same digits on every machine.</summary>
/// <remarks>Relative error under 1e-24 within the ranges named. Series with argument reduction; no floating point is involved.</remarks>
internal static class DecimalMath
{
    private const decimal Ln2 = 0.6931471805599453094172321215m;

    /// <summary>e to the power of <paramref name="x"/>; 0 below -66 (under the smallest decimal).</summary>
    /// <exception cref="OverflowException"><paramref name="x"/> is above about 66.5.</exception>
    public static decimal Exp(decimal x)
    {
        if (x < -66)
        {
            return 0;
        }

        if (x > 67)
        {
            throw new OverflowException("e to a power above 66.5 is not a decimal.");
        }

        var halvings = (int)decimal.Round(x / Ln2);
        var rest = x - (halvings * Ln2);
        decimal sum = 1, term = 1;
        for (var n = 1; n < 40 && term != 0; n++)
        {
            term = term * rest / n;
            sum += term;
        }

        for (; halvings > 0; halvings--)
        {
            sum *= 2;
        }

        for (; halvings < 0; halvings++)
        {
            sum /= 2;
        }

        return sum;
    }

    /// <summary>Natural logarithm of a positive value.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="x"/> is zero or less.</exception>
    public static decimal Ln(decimal x)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(x, 0);
        var doublings = 0;
        for (; x > 1.5m; doublings++)
        {
            x /= 2;
        }

        for (; x < 0.75m; doublings--)
        {
            x *= 2;
        }

        // ln x = 2 artanh((x - 1) / (x + 1)); the ratio is at most 1/5 here, so 40 odd terms are more than enough.
        var ratio = (x - 1) / (x + 1);
        var square = ratio * ratio;
        decimal sum = 0, power = ratio;
        for (var n = 1; n < 80 && power != 0; n += 2)
        {
            sum += power / n;
            power *= square;
        }

        return (2 * sum) + (doublings * Ln2);
    }

    /// <summary>A positive value to any power.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="x"/> is zero or less.</exception>
    /// <exception cref="OverflowException">The result is not a decimal.</exception>
    public static decimal Power(decimal x, decimal exponent) => Exp(exponent * Ln(x));
}
