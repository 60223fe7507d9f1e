namespace Advisor.Kernel.Reviews;

/// <summary>What a reviewer's minute is worth on a review, so that the dearest mistakes are looked at first.</summary>
public static class ReviewWorth
{
    /// <summary>Minutes that a review is taken to need until <see cref="LeastTimes"/> of its kind have been measured. Set by judgement.</summary>
    public const decimal AssumedMinutes = 3;

    /// <summary>From so many measured times on their median is used.</summary>
    public const int LeastTimes = 5;

    /// <summary>Nobody decides faster than this, whatever was measured: quick clicks must not make a kind look free.</summary>
    public const decimal LeastMinutes = 0.1m;

    /// <summary>An amount beyond it is a misreading, and would leave no room to multiply.</summary>
    private const decimal LargestAmount = 1e24m;

    /// <summary>Amount x P(wrong), rounded to four decimals; 0 without an amount.</summary>
    /// <param name="confidence">That the proposed outcome is right, in [0,1].</param>
    public static decimal ExpectedLoss(decimal? amount, decimal confidence) =>
        decimal.Round(Math.Min(Math.Abs(amount ?? 0), LargestAmount) * (1 - Math.Clamp(confidence, 0, 1)), 4);

    /// <summary>Expected loss / minutes, rounded to four decimals.</summary>
    public static decimal PerMinute(decimal expectedLoss, decimal minutes) => decimal.Round(expectedLoss / Math.Max(minutes, LeastMinutes), 4);

    /// <summary>The middle of the measured times, or what is assumed while there are too few.</summary>
    public static decimal MedianMinutes(IReadOnlyCollection<decimal> minutes)
    {
        if (minutes.Count < LeastTimes)
        {
            return AssumedMinutes;
        }

        var sorted = minutes.Order().ToList();
        return (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
    }
}
