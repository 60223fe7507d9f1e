namespace Advisor.Kernel.Reviews.Integrity;

/// <summary>How fast is too fast to have looked.</summary>
public static class PlausibleTime
{
    /// <summary>Nobody reads a sentence and one value in less: at 238 words a minute (Brysbaert, Journal of Memory and Language 109, 2019) it is eight words.</summary>
    public const decimal LeastFullSeconds = 2;

    /// <summary>Seeing, choosing and moving the hand need about as much, whatever is asked. Set by judgement.</summary>
    public const decimal LeastApprovalSeconds = 1;

    /// <summary>A tenth of what the kind takes: below it answers to tests are taken for guesses (Wise and Ma, NCME 2012, normative threshold of ten percent; there of the mean, here of the median).</summary>
    public const decimal ShareOfMedian = 0.1m;

    /// <param name="kindMedianMinutes">Of full reviews of the kind; null while fewer than <see cref="ReviewWorth.LeastTimes"/> were measured.</param>
    /// <returns>Seconds; a verdict that took less is implausibly fast.</returns>
    public static decimal FloorSeconds(ReviewDepth depth, decimal? kindMedianMinutes) => depth == ReviewDepth.Approval
        ? LeastApprovalSeconds
        : Math.Max(LeastFullSeconds, decimal.Round((kindMedianMinutes ?? 0) * 60 * ShareOfMedian, 2));

    public static string InWords { get; } =
        $"A verdict on a full review is too fast below {LeastFullSeconds} seconds or a tenth of the kind's median, whichever is more; one on an approval below {LeastApprovalSeconds} second. Only verdicts on a claimed review are timed.";
}
