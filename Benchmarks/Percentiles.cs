using System.Globalization;

namespace Advisor.Benchmarks;

/// <summary>Latencies of many requests, in milliseconds; a percentile is the smallest latency that so many of a hundred do not exceed.</summary>
internal sealed record Percentiles(double P50Ms, double P95Ms, double P99Ms, double MaxMs, int Count)
{
    /// <param name="times">At least one.</param>
    public static Percentiles Of(IEnumerable<TimeSpan> times)
    {
        double[] sorted = [.. times.Select(time => Math.Round(time.TotalMilliseconds, 2)).Order()];
        double At(double share) => sorted[(int)Math.Ceiling(share * sorted.Length) - 1];
        return new Percentiles(At(0.5), At(0.95), At(0.99), sorted[^1], sorted.Length);
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"p50 {P50Ms,7:0.0} ms   p95 {P95Ms,7:0.0}   p99 {P99Ms,7:0.0}   max {MaxMs,7:0.0}   ({Count:#,0})");
}
