namespace Advisor.Kernel.Confidence;

/// <summary>What an error budget would cost in verdicts, told before it is set.</summary>
/// <param name="StrictestShare">Share of claims at or above the strictest candidate threshold, the first that can be released.</param>
/// <param name="ExpectedErrors">Share of errors expected among them, by the calibration.</param>
/// <param name="WithoutError">Verdicts on them until the first look passes, if none is wrong.</param>
/// <param name="ReviewsWithoutError">Claims of all scores to be judged until then.</param>
/// <param name="Verdicts">The same at the expected share of errors: as likely as not released by then; null when the plan ends before.</param>
/// <param name="Reviews">Claims of all scores to be judged until then.</param>
/// <param name="ReleasedShare">The share of claims above the loosest threshold that would as likely as not pass in the end; 0 when none would.</param>
/// <param name="MinutesWithoutError">Reviewers' minutes for <paramref name="ReviewsWithoutError"/>; null when their pace is not known.</param>
/// <param name="Minutes">Reviewers' minutes for <paramref name="Reviews"/>.</param>
/// <param name="Provisional">The calibration is a prior: the expectation rests on no verdict of the tenant's.</param>
public sealed record BudgetCost(
    ErrorBudget Budget,
    decimal StrictestShare,
    decimal ExpectedErrors,
    int WithoutError,
    int ReviewsWithoutError,
    int? Verdicts,
    int? Reviews,
    decimal ReleasedShare,
    decimal? MinutesWithoutError,
    decimal? Minutes,
    bool Provisional)
{
    /// <param name="scores">Raw scores of recent claims, judged or not.</param>
    /// <param name="calibration">The tenant's, for what share of them would be wrong.</param>
    /// <param name="medianMinutes">Of a review; null when not known.</param>
    /// <returns>Null without scores: there is nothing to tell a cost from.</returns>
    public static BudgetCost? Of(ErrorBudget budget, IReadOnlyList<Score> scores, Calibration calibration, decimal? medianMinutes = null)
    {
        ArgumentNullException.ThrowIfNull(budget);
        ArgumentNullException.ThrowIfNull(scores);
        ArgumentNullException.ThrowIfNull(calibration);
        if (scores.Count == 0)
        {
            return null;
        }

        var plan = budget.Plan();
        var candidates = CandidateThresholds.From(scores).Select(threshold =>
        {
            var above = scores.Where(score => score.Value >= threshold).ToList();
            var errors = above.Average(score => 1 - calibration.Curve.Apply(score).Value);
            return (Share: (decimal)above.Count / scores.Count, Errors: errors, Verdicts: EvenOdds(plan, errors));
        }).ToList();
        var first = candidates[0];
        var without = InAll(plan.Fewest);
        int? reviews = first.Verdicts is { } verdicts ? InAll(verdicts) : null;
        return new BudgetCost(
            budget,
            first.Share,
            decimal.Round(first.Errors, 6),
            plan.Fewest,
            without,
            first.Verdicts,
            reviews,
            candidates.TakeWhile(candidate => candidate.Verdicts is not null).Select(candidate => candidate.Share).LastOrDefault(),
            medianMinutes * without,
            medianMinutes * reviews,
            calibration.IsProvisional);

        int InAll(int above) => Math.Max(CandidateThresholds.Scores, (int)decimal.Ceiling(above / first.Share));
    }

    private static int? EvenOdds(AcceptancePlan plan, decimal errors)
    {
        // A threshold at or above the budget passes with the plan's small chance only, whatever the looks.
        if (errors >= plan.Budget)
        {
            return null;
        }

        var chances = plan.PassedBy((double)errors);
        var look = chances.TakeWhile(chance => chance < 0.5).Count();
        return look < chances.Count ? plan.Looks[look].Verdicts : null;
    }
}
