using Advisor.Kernel.Confidence;

namespace Advisor.Tests.Kernel.Confidence;

/// <summary>A scorer whose truth is known: it draws a claim's raw score and the chance that the claim is right.</summary>
internal sealed record Simulated(string Name, Func<Random, (double Raw, double Right)> Draw)
{
    /// <summary>Scores are the chance itself.</summary>
    public static Simulated Calibrated { get; } = new("calibrated", random =>
    {
        var p = Logistic(3.5 + (1.5 * Normal(random)));
        return (p, p);
    });

    /// <summary>Scores run to the ends, the truth does not.</summary>
    public static Simulated Overconfident { get; } = new("overconfident", random =>
    {
        var z = 4 + (2 * Normal(random));
        return (Logistic(z), Logistic((0.5 * z) + 1.5));
    });

    /// <summary>Scores say little: an AUROC of about 0.65.</summary>
    public static Simulated Weak { get; } = new("weak", random =>
    {
        var z = 3 + Normal(random);
        return (Logistic(z), Logistic((0.6 * z) + 2.2));
    });

    /// <summary>Most claims are right, and the scores know which.</summary>
    public static Simulated Good { get; } = new("good", random =>
    {
        var p = Logistic(5 + (2 * Normal(random)));
        return (p, p);
    });

    /// <summary>Few distinct scores, as a scorer of a handful of signals gives.</summary>
    public static Simulated Coarse { get; } = new("coarse", random => random.Next(10) switch
    {
        0 => (0.30, 0.40),
        1 => (0.50, 0.60),
        2 => (0.60, 0.80),
        3 => (0.70, 0.85),
        4 => (0.80, 0.93),
        5 => (0.85, 0.96),
        6 or 7 => (0.90, 0.985),
        _ => (0.95, 0.997),
    });

    public static IReadOnlyList<Simulated> All { get; } = [Calibrated, Overconfident, Weak, Good, Coarse];

    public static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    public static double Logistic(double z) => 1 / (1 + Math.Exp(-z));

}

/// <summary>What only someone who knows the truth can tell of a scorer: shares and errors from a threshold on, over 20,000 claims.</summary>
internal sealed class Oracle
{
    private const int Claims = 20_000;

    private readonly double[] rising;
    private readonly double[] errorsFrom;

    public Oracle(Simulated scorer)
    {
        var random = new Random(1);
        var claims = Enumerable.Range(0, Claims).Select(_ => scorer.Draw(random)).OrderBy(claim => claim.Raw).ToArray();
        rising = [.. claims.Select(claim => claim.Raw)];
        errorsFrom = new double[Claims + 1];
        for (var i = Claims - 1; i >= 0; i--)
        {
            errorsFrom[i] = errorsFrom[i + 1] + 1 - claims[i].Right;
        }
    }

    public double Coverage(double threshold) => (Claims - From(threshold)) / (double)Claims;

    public double Risk(double threshold) => errorsFrom[From(threshold)] / Math.Max(1, Claims - From(threshold));

    /// <summary>The largest share of claims that one threshold could release within the budget.</summary>
    public double BestCoverage(double budget) => rising.Distinct().Where(threshold => Risk(threshold) <= budget).Select(Coverage).DefaultIfEmpty(0).Max();

    private int From(double threshold)
    {
        // A little lower, because thresholds are scores rounded to six decimals.
        var (low, high) = (0, Claims);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = rising[middle] < threshold - 5e-7 ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}

/// <summary>A tenant of 10,000 claims under an error budget. Verdicts come 50 claims late and are always true.</summary>
internal sealed class SimulatedTenant(Simulated scorer, decimal budget, int seed)
{
    public const int Claims = 10_000;

    private const int Late = 50;

    private readonly Random random = new(seed);
    private readonly Automation automation = new(new ErrorBudget(budget));
    private readonly Queue<(int At, Judged Verdict)> waiting = new();

    /// <summary>What makes a claim right from some claim on, given its number, its score, its chance and the threshold in force at the change; by default nothing changes.</summary>
    public Func<int, double, double, Score?, double> Truth { get; init; } = (_, _, right, _) => right;

    /// <summary>A score that replaces the drawn one, given the threshold in force.</summary>
    public Func<int, double, double, Score?, double> Placed { get; init; } = (_, raw, _, _) => raw;

    /// <summary>The claim at which the truth changes.</summary>
    public int ChangeAt { get; init; } = int.MaxValue;

    /// <summary>Released without a person, and the wrong ones among them.</summary>
    public (int Count, int Wrong) Released { get; private set; }

    public (int Count, int Wrong) ReleasedAfterChange { get; private set; }

    /// <summary>Claims that a person judged.</summary>
    public int Judged { get; private set; }

    /// <summary>The threshold in force when the truth changed.</summary>
    public Score? AtChange { get; private set; }

    /// <summary>Verdicts on claims from after the change until nothing was released any more: all, and the blind ones on what was released. Null when releasing never ended.</summary>
    public (int All, int Blind)? UntilStop { get; private set; }

    public bool StoppedByDrift { get; private set; }

    /// <summary>The highest true share of errors above any threshold that was in force.</summary>
    public double WorstTrueRisk { get; private set; }

    public Score? Threshold => automation.Threshold;

    /// <param name="risk">The true share of errors from a score on.</param>
    public SimulatedTenant Run(Func<double, double>? risk = null)
    {
        var (all, blind) = (0, 0);
        Score? seen = null;
        for (var claim = 0; claim < Claims; claim++)
        {
            if (claim == ChangeAt)
            {
                AtChange = automation.Threshold;
            }

            var (drawn, right) = scorer.Draw(random);
            var score = new Score((decimal)Math.Round(Placed(claim, drawn, right, automation.Threshold), 6));
            var correct = random.NextDouble() < (claim >= ChangeAt ? Truth(claim, drawn, right, AtChange) : right);
            var chosen = random.NextDouble() < (double)automation.SampleRate;
            Receive(claim, score, correct, chosen);
            while (waiting.TryPeek(out var next) && next.At <= claim - Late)
            {
                automation.Add(waiting.Dequeue().Verdict);
                if (next.At >= ChangeAt && AtChange is not null && UntilStop is null)
                {
                    all++;
                    blind += next.Verdict.Sampled && next.Verdict.Raw >= AtChange.Value ? 1 : 0;
                }
            }

            if (claim >= ChangeAt && AtChange is not null && UntilStop is null && automation.Threshold is null)
            {
                UntilStop = (all, blind);
            }

            if (risk is not null && automation.Threshold is { } threshold && threshold != seen)
            {
                seen = threshold;
                WorstTrueRisk = Math.Max(WorstTrueRisk, risk((double)threshold.Value));
            }
        }

        StoppedByDrift = automation.State().Stops.Count > 0;
        return this;
    }

    private void Receive(int claim, Score score, bool correct, bool chosen)
    {
        if (automation.Threshold is { } threshold && score >= threshold && !chosen)
        {
            Released = (Released.Count + 1, Released.Wrong + (correct ? 0 : 1));
            ReleasedAfterChange = claim < ChangeAt ? (0, 0) : (ReleasedAfterChange.Count + 1, ReleasedAfterChange.Wrong + (correct ? 0 : 1));
        }
        else
        {
            Judged++;
            waiting.Enqueue((claim, new Judged(score, correct, automation.Threshold is null || chosen)));
        }
    }
}
