namespace Advisor.Kernel.Confidence;

/// <summary>How well scores of one kind of claim did, against verdicts.</summary>
/// <param name="Ece">Expected calibration error over 15 bins of equal width, closed on the right.</param>
/// <param name="Brier">Mean squared distance of confidence and outcome; 0 is perfect.</param>
/// <param name="Auroc">Chance that a right claim scores above a wrong one; null when all are right or all wrong, for then ranking can't be judged.</param>
/// <param name="Accepted">Items at or above the threshold.</param>
/// <param name="AcceptedErrors">Wrong ones among them.</param>
/// <param name="ErrorAmongAccepted">95 % Wilson interval of the error rate among the accepted.</param>
public sealed record ConfidenceReport(
    int Count,
    decimal Ece,
    decimal Brier,
    decimal? Auroc,
    RiskCoverage RiskCoverage,
    int Accepted,
    int AcceptedErrors,
    WilsonInterval ErrorAmongAccepted)
{
    /// <param name="threshold">From which score on an item counts as accepted without a person.</param>
    public static ConfidenceReport Of(IReadOnlyList<Graded> items, decimal threshold)
    {
        ArgumentNullException.ThrowIfNull(items);
        var accepted = items.Where(item => item.Confidence.Value >= threshold).ToList();
        var errors = accepted.Count(item => !item.Correct);
        return new ConfidenceReport(
            items.Count,
            ReliabilityDiagram.OfEqualWidth(items).Ece,
            BrierOf(items),
            AurocOf(items),
            RiskCoverage.Of(items),
            accepted.Count,
            errors,
            WilsonInterval.Of(errors, accepted.Count));
    }

    /// <summary>0 without items (Brier, Monthly Weather Review 78, 1950).</summary>
    public static decimal BrierOf(IReadOnlyList<Graded> items) => items.Select(item =>
    {
        var distance = item.Confidence.Value - (item.Correct ? 1 : 0);
        return distance * distance;
    }).DefaultIfEmpty(0).Average();

    /// <summary>The Mann-Whitney statistic over all pairs of a right and a wrong item, ties counting half; n log n.</summary>
    public static decimal? AurocOf(IReadOnlyList<Graded> items)
    {
        ArgumentNullException.ThrowIfNull(items);
        var sorted = items.ToArray();
        Array.Sort(sorted, (one, other) => one.Confidence.CompareTo(other.Confidence));
        decimal right = 0, wrong = 0, above = 0;
        for (int from = 0, to = 0; from < sorted.Length; from = to)
        {
            var (rightHere, wrongHere) = (0, 0);
            for (; to < sorted.Length && sorted[to].Confidence == sorted[from].Confidence; to++)
            {
                rightHere += sorted[to].Correct ? 1 : 0;
                wrongHere += sorted[to].Correct ? 0 : 1;
            }

            above += rightHere * (wrong + (wrongHere / 2m));
            right += rightHere;
            wrong += wrongHere;
        }

        return right == 0 || wrong == 0 ? null : above / (right * wrong);
    }
}
