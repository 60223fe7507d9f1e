using Advisor.Kernel.Reasoning;

namespace Advisor.Kernel.Confidence;

/// <summary>An interval for a share, good for few observations and for shares near 0 and 1 (Wilson, JASA 22, 1927).</summary>
public sealed record WilsonInterval(decimal Lower, decimal Upper)
{
    /// <summary>The standard normal quantile of a two-sided 95 % interval.</summary>
    public const decimal NinetyFivePercent = 1.959963984540054m;

    /// <param name="count">Observations with the property.</param>
    /// <param name="total">All observations; without any the interval is [0,1].</param>
    /// <param name="z">Standard normal quantile, above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The count is negative or above the total, or z is not above 0.</exception>
    public static WilsonInterval Of(int count, int total, decimal z = NinetyFivePercent)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, total);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(z, 0);
        if (total == 0)
        {
            return new WilsonInterval(0, 1);
        }

        var share = (decimal)count / total;
        var weight = z * z / total;
        var centre = (share + (weight / 2)) / (1 + weight);
        var variance = (share * (1 - share) / total) + (weight / (4 * total));
        var half = z / (1 + weight) * DecimalMath.Power(variance, 0.5m);

        // The bounds at the ends are exact; a rounding error of the root must not move them.
        return new WilsonInterval(count == 0 ? 0 : centre - half, count == total ? 1 : centre + half);
    }
}
