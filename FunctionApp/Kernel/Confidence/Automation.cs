using System.Globalization;

namespace Advisor.Kernel.Confidence;

public enum AutomationStatus
{
    /// <summary>Too few claims are known to choose candidate thresholds from.</summary>
    Gathering,

    /// <summary>No candidate has passed yet.</summary>
    Testing,

    /// <summary>Claims from the threshold on are released.</summary>
    Releasing,

    /// <summary>A threshold has passed, but scores no longer tell right from wrong.</summary>
    NotRanking,

    /// <summary>More claims were wrong than before; the evidence starts anew.</summary>
    Drifted,
}

/// <param name="AtVerdict">The verdict that gave the alarm, counted from 1 over all that were handed in.</param>
/// <param name="Threshold">What was in force.</param>
/// <param name="AmongReleased">The errors rose in the blind sample of what is released; else among what reviewers see anyway.</param>
public sealed record AutomationStop(int AtVerdict, Score Threshold, bool AmongReleased);

/// <summary>What an error budget allows now, and why.</summary>
/// <param name="Threshold">Release from this raw score on; null: the budget releases nothing, and the bands go on.</param>
/// <param name="Why">For people; every number in it was computed.</param>
/// <param name="Verdicts">Verdicts that count, since the last stop.</param>
/// <param name="InForce">The candidate behind the threshold; also while ranking forbids its use.</param>
/// <param name="Next">The candidate that has to pass next; null when all have, or there are none yet.</param>
/// <param name="Ranking">Of the last 1,000 counted verdicts; null when all were right or all wrong.</param>
/// <param name="Stops">Drift so far, oldest first.</param>
public sealed record AutomationState(
    AutomationStatus Status,
    Score? Threshold,
    string Why,
    int Verdicts,
    Candidate? InForce,
    Candidate? Next,
    AurocInterval? Ranking,
    IReadOnlyList<AutomationStop> Stops);

/// <summary>What is released without a person under an error budget: a fold over verdicts, in the order in which they were given.</summary>
/// <remarks>
/// <see cref="CandidateThresholds"/> finds the threshold. It does not come into force, or leaves it for the time being, when ranking fails: at least ten errors and a lower bound of AUROC under 0.6, judged
/// at every 50th counted verdict. Drift ends it: when errors rise in the blind sample of what is released, or among the claims below the threshold, everything so far is evidence about a world
/// that is gone, and only verdicts after the alarm count. See docs/calibration.md for what is promised and what is not.
/// </remarks>
public sealed class Automation
{
    /// <summary>For each of the two rows that are watched for drift. Measured: false alarms in under 5 % of stationary runs of 10,000 claims.</summary>
    internal const double DriftLevel = 0.1;

    private const int RankingWindow = 1_000;

    private const int RankingEvery = 50;

    private const int RankingErrors = 10;

    private const int Remembered = 1_000;

    private const decimal LeastRanking = 0.6m;

    private readonly ErrorBudget budget;
    private readonly AcceptancePlan plan;
    private readonly List<AutomationStop> stops = [];
    private readonly Queue<Judged> recent = new();
    private readonly List<Judged> counted = [];
    private CandidateThresholds? candidates;
    private DriftMonitor? released;
    private DriftMonitor? reviewed;
    private bool ranks = true;
    private int handedIn;

    public Automation(ErrorBudget budget)
    {
        ArgumentNullException.ThrowIfNull(budget);
        this.budget = budget;
        plan = budget.Plan();
    }

    /// <summary>Release from this raw score on; null: the budget releases nothing.</summary>
    public Score? Threshold => ranks ? candidates?.Threshold : null;

    /// <summary>The rate for <see cref="BlindSample"/> now: such that a tenth of all claims are judged beyond those that a person sees anyway, at most a half; 1 while the budget releases nothing, for then every verdict that counts brings it nearer.</summary>
    /// <remarks>One rate for all scores, so that the chosen claims are like all others. A stricter threshold releases less, and the few released claims must still be seen to go wrong in time.</remarks>
    public decimal SampleRate => Threshold is null ? 1 : Math.Min(0.5m, BlindSample.DefaultRate / candidates!.Share);

    /// <summary>The state after all these verdicts.</summary>
    /// <param name="verdicts">Of claims that nothing but their score can send to review, oldest verdict first. The same verdicts give the same state.</param>
    public static AutomationState Of(ErrorBudget budget, IEnumerable<Judged> verdicts)
    {
        ArgumentNullException.ThrowIfNull(verdicts);
        var automation = new Automation(budget);
        foreach (var verdict in verdicts)
        {
            automation.Add(verdict);
        }

        return automation.State();
    }

    /// <summary>Takes the next verdict.</summary>
    public void Add(Judged verdict)
    {
        ArgumentNullException.ThrowIfNull(verdict);
        handedIn++;
        Remember(verdict);
        var before = candidates?.Threshold;
        if (verdict.Sampled)
        {
            Count(verdict);
        }

        if (candidates?.Threshold is not { } threshold)
        {
            return;
        }

        if (before != threshold)
        {
            WatchAnew(threshold);
            JudgeRanking();
        }
        else
        {
            Watch(verdict, threshold);
        }
    }

    public AutomationState State()
    {
        var inForce = candidates is { InForce: >= 0 } passed ? passed.At(passed.InForce) : null;
        var next = candidates is not null && candidates.InForce + 1 < candidates.Count ? candidates.At(candidates.InForce + 1) : null;
        var ranking = AurocInterval.Of(Window());
        var status = (candidates, inForce, ranks) switch
        {
            (_, not null, true) => AutomationStatus.Releasing,
            (_, not null, false) => AutomationStatus.NotRanking,
            _ when stops.Count > 0 => AutomationStatus.Drifted,
            (null, _, _) => AutomationStatus.Gathering,
            _ => AutomationStatus.Testing,
        };
        return new AutomationState(status, Threshold, WhyOf(status, inForce, next, ranking), counted.Count, inForce, next, ranking, [.. stops]);
    }

    private void Count(Judged verdict)
    {
        counted.Add(verdict);
        if (candidates is not null)
        {
            candidates.Add(verdict);
        }
        else if (counted.Count == CandidateThresholds.Scores)
        {
            candidates = new CandidateThresholds(budget, plan, counted);
        }

        if (counted.Count % RankingEvery == 0 && candidates?.Threshold is not null)
        {
            JudgeRanking();
        }
    }

    private void JudgeRanking() => ranks = AurocInterval.Of(Window()) is not { Wrong: >= RankingErrors, Lower: < LeastRanking };

    private List<Graded> Window() => [.. counted.Skip(counted.Count - RankingWindow).Select(verdict => new Graded(verdict.Raw, verdict.Correct))];

    private void Remember(Judged verdict)
    {
        recent.Enqueue(verdict);
        if (recent.Count > Remembered)
        {
            recent.Dequeue();
        }
    }

    /// <summary>Another threshold parts the claims otherwise: both rows begin again, with what came before.</summary>
    private void WatchAnew(Score threshold)
    {
        (released, reviewed) = (new DriftMonitor(DriftLevel), new DriftMonitor(DriftLevel));
        var rows = counted.Where(verdict => verdict.Raw >= threshold).Concat(recent.Where(verdict => verdict.Raw < threshold)).ToList();
        _ = rows.Exists(verdict => Watch(verdict, threshold));
    }

    /// <summary>True, and all evidence is dropped, when this verdict gives an alarm.</summary>
    private bool Watch(Judged verdict, Score threshold)
    {
        var isReleased = verdict.Raw >= threshold;
        var alarm = isReleased ? verdict.Sampled && released!.Add(verdict.Correct) : reviewed!.Add(verdict.Correct);
        if (alarm)
        {
            stops.Add(new AutomationStop(handedIn, threshold, isReleased));
            recent.Clear();
            counted.Clear();
            (candidates, released, reviewed, ranks) = (null, null, null, true);
        }

        return alarm;
    }

    private string WhyOf(AutomationStatus status, Candidate? inForce, Candidate? next, AurocInterval? ranking) => status switch
    {
        AutomationStatus.Releasing => Text($"Released from a raw score of {inForce!.Threshold} on: of {inForce.Verdicts} verdicts there {inForce.Errors} found an error. {Ahead(next)}"),
        AutomationStatus.NotRanking => Text($"Nothing is released: scores hardly tell right from wrong. The AUROC over the last {ranking!.Right + ranking.Wrong} verdicts is {ranking.Estimate:0.00}, and its lower bound {ranking.Lower:0.00} is under 0.60."),
        AutomationStatus.Drifted => Text($"Nothing is released since verdict {stops[^1].AtVerdict}, when errors rose {(stops[^1].AmongReleased ? "in the blind sample of what was released" : "among the claims that reviewers see anyway")}. Only verdicts after it count: {counted.Count} so far. {Ahead(next)}"),
        _ => Text($"Nothing is released yet. {Ahead(next)}"),
    };

    private string Ahead(Candidate? next) => (candidates, next) switch
    {
        (null, _) => Text($"Candidate thresholds are chosen after {CandidateThresholds.Scores} verdicts on claims of all scores; there are {counted.Count}."),
        (_, null) => "There is no looser candidate.",
        (_, { NextLook: null }) => Text($"The candidate {next!.Threshold} was not shown to keep {budget.Share:0.###%} over the whole plan of looks."),
        (_, { Passed: false, NextLook: { } look }) => Text($"The candidate {next.Threshold} has {next.Verdicts} verdicts with {next.Errors} wrong; it is looked at again at {look.Verdicts} and passes with at most {look.Errors} wrong."),
        _ => string.Empty,
    };

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
