namespace Advisor.Kernel.Confidence;

/// <summary>One candidate threshold and what speaks for it.</summary>
/// <param name="Threshold">Claims of this raw score and above would be released.</param>
/// <param name="Verdicts">Counted verdicts at or above it.</param>
/// <param name="Errors">Wrong ones among them.</param>
/// <param name="Bound">Clopper-Pearson: at most this share is wrong there, as sure as the budget says, had one looked but once.</param>
/// <param name="Passed">It has passed a look.</param>
/// <param name="NextLook">The look that comes next, or null after the last one.</param>
public sealed record Candidate(Score Threshold, int Verdicts, int Errors, decimal Bound, bool Passed, Look? NextLook);

/// <summary>Fixed-sequence testing of thresholds, from strict to loose.</summary>
/// <remarks>
/// A candidate may come into force only when it and all stricter ones have passed a look of the plan. The first true exceedance in that order passes by luck with at most the plan's chance, and nothing behind
/// it comes into force before it has; so the chance of ever releasing above the budget is the plan's, however many candidates there are (Maurer, Hothorn and Lehmacher 1995; for thresholds of
/// predictors Angelopoulos, Bates, Candès, Jordan and Lei, Learn then Test, 2021).
/// Candidates come from scores alone: the scores from which on the best 20, 25 ... 95 % of the first 200 claims lie, and all. Candidates chosen with an eye on verdicts would be those that
/// luck favoured. The first 200 verdicts count as well: given that a threshold is the k-th highest score seen, the claims above it are as good as drawn anew, and no look happens before all 200 are in.
/// </remarks>
internal sealed class CandidateThresholds
{
    public const int Scores = 200;

    private readonly decimal[] thresholds;
    private readonly decimal[] shares;
    private readonly int[] verdicts;
    private readonly int[] errors;
    private readonly int[] looks;
    private readonly bool[] passed;
    private readonly ErrorBudget budget;
    private readonly IReadOnlyList<Look> plan;

    public CandidateThresholds(ErrorBudget budget, AcceptancePlan plan, IReadOnlyList<Judged> first)
    {
        this.budget = budget;
        this.plan = plan.Looks;
        thresholds = [.. From([.. first.Select(item => item.Raw)])];
        shares = [.. thresholds.Select(threshold => first.Count(item => item.Raw.Value >= threshold) / (decimal)first.Count)];
        verdicts = new int[thresholds.Length];
        errors = new int[thresholds.Length];
        looks = new int[thresholds.Length];
        passed = new bool[thresholds.Length];
        foreach (var item in first)
        {
            Add(item);
        }
    }

    /// <summary>The place of the threshold in force; -1 when the strictest has not passed.</summary>
    public int InForce { get; private set; } = -1;

    public Score? Threshold => InForce < 0 ? null : new Score(thresholds[InForce]);

    /// <summary>Share of the first claims at or above the threshold in force; 0 when there is none.</summary>
    public decimal Share => InForce < 0 ? 0 : shares[InForce];

    public int Count => thresholds.Length;

    /// <summary>From strict to loose; equal ones once.</summary>
    /// <param name="scores">At least one.</param>
    public static IEnumerable<decimal> From(IReadOnlyList<Score> scores)
    {
        var sorted = scores.Select(score => score.Value).OrderDescending().ToArray();
        return Enumerable.Range(4, 16).Select(twentieth => sorted[Math.Max(0, (sorted.Length * twentieth / 20) - 1)]).Append(0).Distinct();
    }

    public void Add(Judged item)
    {
        var raw = item.Raw.Value;
        for (var i = thresholds.Length - 1; i >= 0 && thresholds[i] <= raw; i--)
        {
            verdicts[i]++;
            errors[i] += item.Correct ? 0 : 1;
            if (looks[i] < plan.Count && verdicts[i] == plan[looks[i]].Verdicts)
            {
                passed[i] |= errors[i] <= plan[looks[i]].Errors;
                looks[i]++;
            }
        }

        while (InForce + 1 < thresholds.Length && passed[InForce + 1])
        {
            InForce++;
        }
    }

    public Candidate At(int place) => new(
        new Score(thresholds[place]),
        verdicts[place],
        errors[place],
        ClopperPearson.Upper(errors[place], verdicts[place], budget.Confidence),
        passed[place],
        looks[place] < plan.Count ? plan[looks[place]] : null);
}
