namespace Advisor.Kernel.Confidence;

/// <summary>Watches a row of verdicts for a rise in the share of errors, without knowing the share before or after.</summary>
/// <remarks>
/// The generalised likelihood ratio of one share throughout against two with a change at some verdict (Siegmund and Venkatraman, Annals of Statistics 23, 1995; for right-or-wrong rows Besson, Kaufmann,
/// Maillard and Seznec, Efficient Change-Point Detection for Tackling Piecewise-Stationary Bandits, JMLR 23, 2022). It alarms from <c>ln(3 n √n / level)</c> on, which that paper recommends in practice;
/// what false alarms that leaves is measured by simulation, not proven. Only rises count, so the ratio can peak only at a wrong verdict and for a change at a wrong verdict; the last 100 of them are tried.
/// Doubles: the alarm is a comparison with a wide margin, not a figure that is kept.
/// </remarks>
internal sealed class DriftMonitor(double level)
{
    private const int Changes = 100;

    private static readonly double[] Small = [.. Enumerable.Range(0, 1 << 14).Select(n => n == 0 ? 0 : n * Math.Log(n))];

    private readonly List<int> wrongAt = [];
    private int count;

    /// <summary>True when this verdict gives the alarm.</summary>
    public bool Add(bool correct)
    {
        count++;
        if (correct)
        {
            return false;
        }

        wrongAt.Add(count);
        var limit = Math.Log(3 * count * Math.Sqrt(count) / level);
        var together = Information(wrongAt.Count, count);
        for (var i = Math.Max(0, wrongAt.Count - Changes); i < wrongAt.Count; i++)
        {
            var (before, wrongBefore) = (wrongAt[i] - 1, i);
            var (after, wrongAfter) = (count - before, wrongAt.Count - i);
            if ((long)wrongAfter * before > (long)wrongBefore * after
                && Information(wrongBefore, before) + Information(wrongAfter, after) - together >= limit)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The log-likelihood of a row at its own share.</summary>
    private static double Information(int wrong, int of) => NLogN(wrong) + NLogN(of - wrong) - NLogN(of);

    private static double NLogN(int n) => n < Small.Length ? Small[n] : n * Math.Log(n);
}
