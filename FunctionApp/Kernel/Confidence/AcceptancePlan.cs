namespace Advisor.Kernel.Confidence;

/// <summary>When one threshold's verdicts are looked at, and with how many errors it passes.</summary>
/// <param name="Verdicts">Verdicts at or above the threshold.</param>
/// <param name="Errors">It passes with at most so many wrong among them; -1 when this look cannot pass.</param>
public sealed record Look(int Verdicts, int Errors);

/// <summary>The looks at one threshold, fixed before any verdict, such that a threshold whose true share of errors is above the budget passes any of them with at most the chance of error given.</summary>
/// <remarks>
/// Whoever looks after each verdict and stops at the first good moment waits for luck. So there are looks at fixed counts only, each about a tenth more than the one before, and together they spend the one chance
/// of error: four fifths of it at the first, which comes as soon as a run without an error can pass, the rest little by little (an error-spending design: Lan and DeMets, Discrete Sequential Boundaries for
/// Clinical Trials, Biometrika 70, 1983). What a look spends is exact, counted over all ways in which the binomial count can reach it without having passed before; at the budget itself it is greatest.
/// Where a look passes, the Clopper-Pearson bound of the same counts is below the budget too: the plan is stricter than the bound, never laxer.
/// For 0.5 % and 95 %: a single look would need 598 verdicts without an error, the first of these 643, and the first with one error allowed 1,257.
/// </remarks>
public sealed class AcceptancePlan
{
    /// <summary>Where the plan ends. A threshold that has not passed by then does not under this plan.</summary>
    public const int LastVerdicts = 20_000;

    private const double FirstShare = 0.8;

    /// <param name="budget">Share of errors allowed, within (0,1).</param>
    /// <param name="chance">The chance of passing by luck at most, within (0,1).</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is out of its range.</exception>
    public AcceptancePlan(decimal budget, decimal chance)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(budget, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(budget, 1);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(chance, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(chance, 1);
        Budget = budget;
        Looks = [.. LooksOf((double)budget, (double)chance)];
    }

    public decimal Budget { get; }

    /// <summary>By rising number of verdicts; the errors allowed do not fall.</summary>
    public IReadOnlyList<Look> Looks { get; }

    /// <summary>The fewest verdicts with which anything passes: all right.</summary>
    public int Fewest => Looks[0].Verdicts;

    /// <summary>The chance of having passed by each look, for a true share of errors.</summary>
    /// <param name="share">Within [0,1).</param>
    internal IReadOnlyList<double> PassedBy(double share)
    {
        double[] open = [1];
        var (passed, before) = (0.0, 0);
        var chances = new List<double>();
        foreach (var look in Looks)
        {
            open = After(open, look.Verdicts, look.Verdicts - before, share);
            before = look.Verdicts;
            for (var errors = 0; errors <= look.Errors && errors < open.Length; errors++)
            {
                passed += open[errors];
                open[errors] = 0;
            }

            chances.Add(passed);
        }

        return chances;
    }

    private static IEnumerable<Look> LooksOf(double budget, double chance)
    {
        var fewest = (int)Math.Ceiling(Math.Round(Math.Log(chance * FirstShare) / Math.Log(1 - budget), 9));

        // The chances of each count of errors among the verdicts so far, of plans that have not passed yet.
        double[] open = [1];
        var (spent, before, k) = (0.0, 0, 0);
        for (var verdicts = fewest; verdicts <= LastVerdicts; verdicts = Math.Max(verdicts + 1, (verdicts * 11 + 9) / 10), k++)
        {
            open = After(open, verdicts, verdicts - before, budget);
            before = verdicts;
            var allowed = chance * (FirstShare + ((1 - FirstShare) * k / (k + 4.0)));
            var errors = -1;
            while (errors + 1 < open.Length && Math.Round(spent + open[errors + 1], 12) <= Math.Round(allowed, 12))
            {
                errors++;
                spent += open[errors];
                open[errors] = 0;
            }

            yield return new Look(verdicts, errors);
        }
    }

    /// <summary>The chances after some verdicts more. Counts beyond seven standard deviations above the mean are left out: they cannot pass again.</summary>
    private static double[] After(double[] open, int verdicts, int more, double budget)
    {
        var most = Math.Min(verdicts, (int)((budget * verdicts) + (7 * Math.Sqrt(budget * verdicts)) + 10));
        var next = new double[most + 1];
        var added = Binomial(more, budget);
        for (var i = 0; i < open.Length; i++)
        {
            for (var x = 0; open[i] > 0 && x < added.Count && i + x <= most; x++)
            {
                next[i + x] += open[i] * added[x];
            }
        }

        return next;
    }

    private static List<double> Binomial(int trials, double share)
    {
        var chances = new List<double>();
        var chance = Math.Exp(trials * Math.Log(1 - share));
        for (var x = 0; x <= trials && (x <= share * trials || chance > 1e-18); x++)
        {
            chances.Add(chance);
            chance *= (trials - x) / (x + 1.0) * share / (1 - share);
        }

        return chances;
    }
}
