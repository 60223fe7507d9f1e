namespace Advisor.Benchmarks.Api;

/// <summary>Memory of a process over a load, in MB.</summary>
/// <param name="GrowthMbPerMinute">Slope of the line of least squares through the last half; null for a load too short to tell.</param>
internal sealed record Memory(double FirstMb, double MedianOfLastHalfMb, double MaxMb, double? GrowthMbPerMinute)
{
    private const double Mb = 1024 * 1024;

    private static readonly TimeSpan s_tells = TimeSpan.FromMinutes(5);

    /// <param name="seen">Bytes, at even intervals over the duration; at least one.</param>
    public static Memory Of(IReadOnlyList<long> seen, TimeSpan duration)
    {
        double[] last = [.. seen.Skip(seen.Count / 2).Select(bytes => bytes / Mb)];
        var minutes = duration.TotalMinutes / seen.Count;
        var (x, y) = ((last.Length - 1) / 2.0, last.Average());
        var spread = Enumerable.Range(0, last.Length).Sum(i => (i - x) * (i - x));
        var slope = spread == 0 ? 0 : Enumerable.Range(0, last.Length).Sum(i => (i - x) * (last[i] - y)) / spread;
        return new Memory(
            Math.Round(seen[0] / Mb, 1), Math.Round(last.Order().ElementAt(last.Length / 2), 1), Math.Round(seen.Max() / Mb, 1),
            duration < s_tells ? null : Math.Round(slope / minutes, 2));
    }
}
