using System.Globalization;

namespace Advisor.Benchmarks;

/// <summary>Times of the same thing done several times, in milliseconds.</summary>
internal sealed record Timings(double MedianMs, double MinMs, double MaxMs, int Runs)
{
    /// <param name="times">At least one.</param>
    public static Timings Of(IEnumerable<TimeSpan> times)
    {
        double[] sorted = [.. times.Select(time => Math.Round(time.TotalMilliseconds, 1)).Order()];
        var middle = sorted.Length / 2;
        var median = sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Timings(median, sorted[0], sorted[^1], sorted.Length);
    }

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"median {MedianMs,8:0.0} ms   min {MinMs,8:0.0}   max {MaxMs,8:0.0}   ({Runs} runs)");
}
