namespace Advisor.Kernel.Confidence;

/// <summary>How well scores rank right above wrong, with a 95 % interval.</summary>
/// <param name="Estimate">The Mann-Whitney share; see <see cref="ConfidenceReport.AurocOf"/>.</param>
/// <param name="Right">Right items.</param>
/// <param name="Wrong">Wrong items.</param>
public sealed record AurocInterval(decimal Estimate, decimal Lower, decimal Upper, int Right, int Wrong)
{
    /// <summary>Null when all are right or all wrong: ranking can't be judged.</summary>
    public static AurocInterval? Of(IReadOnlyList<Graded> items)
    {
        ArgumentNullException.ThrowIfNull(items);
        var right = items.Count(item => item.Correct);
        return ConfidenceReport.AurocOf(items) is { } estimate ? Of(estimate, right, items.Count - right) : null;
    }

    /// <summary>The values that are no further from the estimate than 1.96 standard errors <em>at that value</em>.</summary>
    /// <remarks>
    /// Method 5 of Newcombe, Confidence intervals for an effect size measure based on the Mann-Whitney statistic, part 2, Statistics in Medicine 25, 2006: the variance of Hanley and McNeil
    /// (Radiology 143, 1982) with both counts in its bracket replaced by their mean. Unlike DeLong's it keeps a width where the wrong items are few and all below the right ones, which is when
    /// it matters here. Doubles within; bounds are rounded to six decimals.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">The estimate is outside [0,1], or a count is below 1.</exception>
    public static AurocInterval Of(decimal estimate, int right, int wrong)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(estimate);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(estimate, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(right, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(wrong, 1);
        var lower = LowerOf((double)estimate, right, wrong);
        var upper = 1 - LowerOf(1 - (double)estimate, right, wrong);
        return new AurocInterval(estimate, Rounded(lower), Rounded(upper), right, wrong);
    }

    private static double LowerOf(double estimate, int right, int wrong)
    {
        const double Z = (double)WilsonInterval.NinetyFivePercent;
        var others = ((right + wrong) / 2.0) - 1;
        double low = 0, high = estimate;
        while (high - low > 1e-10)
        {
            var value = (low + high) / 2;
            var variance = value * (1 - value) / ((double)right * wrong) * (1 + (others * (((1 - value) / (2 - value)) + (value / (1 + value)))));
            var near = estimate - value <= Z * Math.Sqrt(variance);
            (low, high) = near ? (low, value) : (value, high);
        }

        return high;
    }

    private static decimal Rounded(double value) => decimal.Round((decimal)Math.Clamp(value, 0, 1), 6);
}
