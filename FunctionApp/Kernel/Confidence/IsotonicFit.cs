namespace Advisor.Kernel.Confidence;

/// <summary>A raw score, how often it was judged, and how often the claim was right; shares of a verdict are possible.</summary>
/// <param name="Weight">Verdicts at this score, above 0.</param>
/// <param name="Right">Of them, those that said right; from 0 to <paramref name="Weight"/>.</param>
internal sealed record ScoreWeight(decimal Raw, decimal Weight, decimal Right);

/// <summary>The non-decreasing curve nearest to the verdicts, by pooling of adjacent violators.</summary>
/// <remarks>
/// Ayer, Brunk, Ewing, Reid and Silverman, An Empirical Distribution Function for Sampling with Incomplete Information, Annals of Mathematical Statistics 26, 1955.
/// Equal raw scores are merged first, so the order of the verdicts does not matter. Each pooled block becomes one point at its weighted mean score (centred isotonic
/// regression: Oron and Flournoy, Statistics in Biopharmaceutical Research 9, 2017): steps would give two scores within a block the same probability and tear neighbours
/// across its edge apart, and a curve of one point a block is short enough to be kept with every version. Decimals throughout; points are rounded to six of them.
/// </remarks>
internal static class IsotonicFit
{
    /// <exception cref="ArgumentException">There are no scores.</exception>
    public static CalibrationCurve.Isotonic Of(IEnumerable<ScoreWeight> scores)
    {
        ArgumentNullException.ThrowIfNull(scores);
        var blocks = new List<Block>();
        foreach (var tie in scores.GroupBy(score => score.Raw).OrderBy(tie => tie.Key))
        {
            var weight = tie.Sum(score => score.Weight);
            blocks.Add(new Block(tie.Key * weight, weight, tie.Sum(score => score.Right)));
            while (blocks.Count > 1 && blocks[^2].Share >= blocks[^1].Share)
            {
                var (left, right) = (blocks[^2], blocks[^1]);
                blocks.RemoveAt(blocks.Count - 1);
                blocks[^1] = new Block(left.Moment + right.Moment, left.Weight + right.Weight, left.Right + right.Right);
            }
        }

        var points = blocks
            .Select(block => new CalibrationPoint(Rounded(block.Moment / block.Weight), Rounded(block.Share)))
            .GroupBy(point => point.Raw)
            .Select(same => same.Last());
        return new CalibrationCurve.Isotonic([.. points]);
    }

    private static Score Rounded(decimal value) => Score.Clamp(decimal.Round(value, 6));

    private sealed record Block(decimal Moment, decimal Weight, decimal Right)
    {
        public decimal Share => Right / Weight;
    }
}
