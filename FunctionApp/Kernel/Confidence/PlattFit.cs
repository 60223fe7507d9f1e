namespace Advisor.Kernel.Confidence;

/// <summary>The logistic curve most likely to have given the verdicts.</summary>
/// <remarks>
/// Newton's method with halving steps after Lin, Lin and Weng, A note on Platt's probabilistic outputs for support vector machines, Machine Learning 68, 2007, with Platt's targets:
/// a right claim counts as (R+1)/(R+2), a wrong one as 1/(W+2), so that verdicts which a score separates perfectly do not drive the slope to infinity. A slope that would fall below 0, a scorer turned
/// round, becomes 0: the curve is then level at the share of right claims and says nothing about one claim against another.
/// Doubles, because the search needs thousands of exponentials and ends within 1e-10 of the optimum; a and b are rounded to four decimals, where the last bits of an exponential do not show.
/// </remarks>
internal static class PlattFit
{
    private const double Ridge = 1e-12;

    private const double Most = 100;

    /// <exception cref="ArgumentException">There are no scores.</exception>
    public static CalibrationCurve.Platt Of(IEnumerable<ScoreWeight> scores)
    {
        ArgumentNullException.ThrowIfNull(scores);
        var merged = scores.GroupBy(score => score.Raw).OrderBy(tie => tie.Key).Select(tie => (Raw: tie.Key, Weight: tie.Sum(one => one.Weight), Right: tie.Sum(one => one.Right))).ToList();
        if (merged.Count == 0)
        {
            throw new ArgumentException("A curve is fitted on at least one score.", nameof(scores));
        }

        var right = (double)merged.Sum(one => one.Right);
        var wrong = (double)merged.Sum(one => one.Weight) - right;
        var (ofRight, ofWrong) = ((right + 1) / (right + 2), 1 / (wrong + 2));
        var points = merged.Select(one => new Point(
            (double)LogOdds.Of(one.Raw),
            (double)one.Weight,
            (((double)one.Right * ofRight) + ((double)(one.Weight - one.Right) * ofWrong)) / (double)one.Weight)).ToArray();

        var mean = points.Sum(point => point.Weight * point.Target) / points.Sum(point => point.Weight);
        var level = Math.Log(mean / (1 - mean));
        var (a, b) = points.Length == 1 ? (0, level) : Search(points, level);
        if (a <= 0)
        {
            (a, b) = (0, level);
        }

        return new CalibrationCurve.Platt(Rounded(a), Rounded(b));
    }

    private static (double A, double B) Search(Point[] points, double level)
    {
        var (a, b) = (0.0, level);
        var loss = LossOf(points, a, b);
        for (var round = 0; round < 100; round++)
        {
            double h11 = Ridge, h22 = Ridge, h21 = 0, g1 = 0, g2 = 0;
            foreach (var point in points)
            {
                var p = 1 / (1 + Math.Exp(-((a * point.X) + b)));
                var curvature = point.Weight * p * (1 - p);
                var slope = point.Weight * (p - point.Target);
                h11 += point.X * point.X * curvature;
                h21 += point.X * curvature;
                h22 += curvature;
                g1 += point.X * slope;
                g2 += slope;
            }

            if (Math.Abs(g1) < 1e-10 && Math.Abs(g2) < 1e-10)
            {
                break;
            }

            var determinant = (h11 * h22) - (h21 * h21);
            var (da, db) = (-((h22 * g1) - (h21 * g2)) / determinant, -((h11 * g2) - (h21 * g1)) / determinant);
            var step = 1.0;
            var better = false;
            for (; step > 1e-10 && !better; step /= 2)
            {
                var (nextA, nextB) = (Math.Clamp(a + (step * da), -Most, Most), Math.Clamp(b + (step * db), -Most, Most));
                var next = LossOf(points, nextA, nextB);
                if (next < loss)
                {
                    (a, b, loss, better) = (nextA, nextB, next, true);
                }
            }

            if (!better)
            {
                break;
            }
        }

        return (a, b);
    }

    private static double LossOf(Point[] points, double a, double b) => points.Sum(point =>
    {
        var z = (a * point.X) + b;

        // log(1 + e^-z) without overflow on either side.
        var logistic = z >= 0 ? Math.Log(1 + Math.Exp(-z)) : Math.Log(1 + Math.Exp(z)) - z;
        return point.Weight * (logistic + ((1 - point.Target) * z));
    });

    private static decimal Rounded(double value) => decimal.Round((decimal)value, 4);

    private sealed record Point(double X, double Weight, double Target);
}
