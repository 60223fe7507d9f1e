using Advisor.Kernel.Reasoning;

namespace Advisor.Kernel.Confidence;

/// <summary>A score and whether the claim turned out right.</summary>
public sealed record Graded(Score Confidence, bool Correct);

/// <param name="Lower">Exclusive, but 0 belongs to the first bin.</param>
/// <param name="Upper">Inclusive.</param>
/// <param name="Confidence">Mean confidence of the items within.</param>
/// <param name="Accuracy">Share of them that were right.</param>
public sealed record ReliabilityBin(decimal Lower, decimal Upper, int Count, decimal Confidence, decimal Accuracy);

/// <summary>Confidence against accuracy, bin by bin, and the calibration errors that follow. Empty bins are left out.</summary>
/// <remarks>Bins are open on the left and closed on the right, as in Guo et al., On Calibration of Modern Neural Networks, ICML 2017.</remarks>
public sealed record ReliabilityDiagram(IReadOnlyList<ReliabilityBin> Bins)
{
    private int Count => Bins.Sum(bin => bin.Count);

    /// <summary>Expected calibration error: mean distance of confidence and accuracy, weighted by count; 0 without items.</summary>
    public decimal Ece => Bins.Count == 0 ? 0 : Bins.Sum(bin => bin.Count * GapOf(bin)) / Count;

    /// <summary>Root mean square of the same distances.</summary>
    public decimal RootMeanSquare
    {
        get
        {
            var mean = Bins.Count == 0 ? 0 : Bins.Sum(bin => bin.Count * GapOf(bin) * GapOf(bin)) / Count;
            return mean == 0 ? 0 : DecimalMath.Power(mean, 0.5m);
        }
    }

    /// <summary>Largest of the same distances.</summary>
    public decimal Maximum => Bins.Select(GapOf).DefaultIfEmpty(0).Max();

    /// <summary>Bins of equal width over [0,1].</summary>
    /// <param name="bins">1 or more.</param>
    public static ReliabilityDiagram OfEqualWidth(IReadOnlyList<Graded> items, int bins = 15)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bins, 1);
        return Of(items, [.. Enumerable.Range(0, bins + 1).Select(i => (decimal)i / bins)]);
    }

    /// <summary>Bins between quantiles of the confidences, interpolated; they hold about as many items each.</summary>
    /// <param name="bins">1 or more.</param>
    public static ReliabilityDiagram OfQuantiles(IReadOnlyList<Graded> items, int bins)
    {
        ArgumentNullException.ThrowIfNull(items);
        ArgumentOutOfRangeException.ThrowIfLessThan(bins, 1);
        var sorted = items.Select(item => item.Confidence.Value).Order().ToArray();
        return sorted.Length == 0 ? new ReliabilityDiagram([]) : Of(items, [.. Enumerable.Range(0, bins + 1).Select(i => QuantileOf(sorted, (decimal)i / bins))]);
    }

    private static ReliabilityDiagram Of(IReadOnlyList<Graded> items, decimal[] edges)
    {
        ArgumentNullException.ThrowIfNull(items);
        var bins = items
            .GroupBy(item => Math.Max(1, Array.FindIndex(edges, edge => item.Confidence.Value <= edge)))
            .OrderBy(group => group.Key)
            .Select(group => new ReliabilityBin(
                edges[group.Key - 1],
                edges[group.Key],
                group.Count(),
                group.Average(item => item.Confidence.Value),
                group.Average(item => item.Correct ? 1m : 0m)));
        return new ReliabilityDiagram([.. bins]);
    }

    private static decimal QuantileOf(decimal[] sorted, decimal part)
    {
        var place = part * (sorted.Length - 1);
        var below = (int)decimal.Floor(place);
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((place - below) * (sorted[above] - sorted[below]));
    }

    private static decimal GapOf(ReliabilityBin bin) => Math.Abs(bin.Accuracy - bin.Confidence);
}
