namespace Advisor.Kernel.Confidence;

/// <param name="Threshold">Items of this confidence and above are accepted.</param>
/// <param name="Coverage">Share of all items accepted.</param>
/// <param name="Risk">Share of errors among them.</param>
public sealed record RiskCoveragePoint(decimal Threshold, decimal Coverage, decimal Risk);

/// <summary>What share of errors one accepts for what share of decisions, at every threshold there is.</summary>
/// <param name="Points">From strict to loose, one for each distinct confidence.</param>
/// <param name="Aurc">Area under the curve of risk over coverage by trapezes from the first item on, scaled to full width (Ding et al., Revisiting the Evaluation of Uncertainty Estimation, CVPRW 2020); null with less than two items. 0 is perfect.</param>
public sealed record RiskCoverage(IReadOnlyList<RiskCoveragePoint> Points, decimal? Aurc)
{
    /// <remarks>Within items of equal confidence the errors count as spread evenly, so the area does not hang on their order.</remarks>
    public static RiskCoverage Of(IReadOnlyList<Graded> items)
    {
        ArgumentNullException.ThrowIfNull(items);
        var points = new List<RiskCoveragePoint>();
        var risks = new List<decimal>(items.Count);
        var errors = 0m;
        foreach (var tie in items.GroupBy(item => item.Confidence).OrderByDescending(tie => tie.Key))
        {
            var size = tie.Count();
            var share = tie.Count(item => !item.Correct) / (decimal)size;
            for (var i = 0; i < size; i++)
            {
                errors += share;
                risks.Add(errors / (risks.Count + 1));
            }

            points.Add(new RiskCoveragePoint(tie.Key.Value, (decimal)risks.Count / items.Count, risks[^1]));
        }

        return new RiskCoverage(points, AreaOf(risks));
    }

    /// <summary>The largest share of items one threshold can accept at no more than that risk; 0 when none can.</summary>
    public decimal CoverageAt(decimal risk) => Points.Where(point => point.Risk <= risk).Select(point => point.Coverage).DefaultIfEmpty(0).Max();

    private static decimal? AreaOf(List<decimal> risks)
    {
        if (risks.Count < 2)
        {
            return null;
        }

        var area = 0m;
        for (var i = 1; i < risks.Count; i++)
        {
            area += (risks[i - 1] + risks[i]) / 2;
        }

        return area / (risks.Count - 1);
    }
}
