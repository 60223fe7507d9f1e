namespace Advisor.Kernel.Telemetry;

/// <summary>A distribution in constant memory: counts in buckets whose bounds grow by a constant factor (the idea of DDSketch).</summary>
/// <remarks>
/// A quantile is within <see cref="RelativeError"/> of the exact one for values from <see cref="Smallest"/> to <see cref="Largest"/>; what lies
/// outside counts in the first or last bucket. Count, sum, minimum and maximum are exact. Not safe for threads.
/// </remarks>
public sealed class QuantileSketch
{
    /// <summary>A percentile that is read as 2.5 % more or less changes no decision, and costs 4 kB a series.</summary>
    public const double RelativeError = 0.025;

    public const double Smallest = 1e-3;

    public const double Largest = 1e8;

    private static readonly double s_logGrowth = Math.Log((1 + RelativeError) / (1 - RelativeError));
    private static readonly int s_first = Index(Smallest);
    private static readonly int s_buckets = Index(Largest) - s_first + 1;

    private readonly long[] _counts = new long[s_buckets];

    public long Count { get; private set; }

    public double Sum { get; private set; }

    /// <summary>0 while there is nothing.</summary>
    public double Min { get; private set; }

    /// <summary>0 while there is nothing.</summary>
    public double Max { get; private set; }

    public void Add(double value)
    {
        if (!double.IsFinite(value))
        {
            return;
        }

        _counts[value <= Smallest ? 0 : Math.Min(Index(value) - s_first, s_buckets - 1)]++;
        Min = Count == 0 ? value : Math.Min(Min, value);
        Max = Count == 0 ? value : Math.Max(Max, value);
        Sum += value;
        Count++;
    }

    /// <summary>The value below or at which the part <paramref name="q"/> of all values lies (nearest rank); 0 while there is nothing.</summary>
    /// <param name="q">0 to 1.</param>
    public double Quantile(double q)
    {
        var rank = Math.Max(1, (long)Math.Ceiling(q * Count));
        var seen = 0L;
        for (var bucket = 0; bucket < s_buckets; bucket++)
        {
            seen += _counts[bucket];
            if (seen >= rank)
            {
                return Math.Clamp(Middle(bucket + s_first), Min, Max);
            }
        }

        return Max;
    }

    private static int Index(double value) => (int)Math.Ceiling(Math.Log(value) / s_logGrowth);

    /// <summary>The value whose relative distance to both bounds of the bucket is the same.</summary>
    private static double Middle(int index) => Math.Exp(index * s_logGrowth) * (1 - RelativeError);
}
