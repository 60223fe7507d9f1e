using Advisor.Kernel.Reasoning;
using static Advisor.Insights.Analyst.Holes;

namespace Advisor.Insights.Analyst;

/// <summary>Looks for amounts that crowd just under a round figure, as payments do that are kept below a limit of approval.</summary>
/// <remarks>
/// The window under each figure is compared with its two neighbours of the same width: amounts of a ledger thin out smoothly, so a window
/// that holds several times what stands on either side of it is no accident. Window, count and excess were set by judgement, the window on
/// the sample ledger alone; no published threshold stands behind them, and what the rule finds always goes to a person.
/// </remarks>
public static class LedgerRules
{
    /// <summary>Width of the window, as a share of the figure.</summary>
    private const decimal Window = 0.02m;

    /// <summary>Fewer amounts than this are no pattern.</summary>
    private const int MinAmounts = 12;

    /// <summary>The window must hold this many times what its neighbours hold on average, one added so that an empty neighbourhood proves little.</summary>
    private const int MinExcess = 4;

    /// <summary>Most amounts that a claim cites.</summary>
    private const int MaxCited = 40;

    private static readonly decimal[] s_figures = [500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000];

    public static IEnumerable<Proposal> Apply(IReadOnlyList<Fact> facts)
    {
        // Every payment stands on both sides of its journal: one side counts it once.
        var amounts = facts.Where(fact => fact.Rule == "ledger/amount" && fact.Label.EndsWith(" credit", StringComparison.Ordinal)).ToList();
        foreach (var figure in s_figures)
        {
            var crowd = Between(figure * (1 - Window), figure);
            var beside = (Between(figure * (1 - (2 * Window)), figure * (1 - Window)).Count + Between(figure, figure * (1 + Window)).Count) / 2m;
            if (crowd.Count >= MinAmounts && crowd.Count >= MinExcess * (beside + 1))
            {
                yield return Crowd(crowd, beside);
            }
        }

        List<Fact> Between(decimal from, decimal to) => amounts.FindAll(fact => fact.Value >= from && fact.Value < to);
    }

    private static Proposal Crowd(List<Fact> crowd, decimal beside)
    {
        var cited = crowd.Take(MaxCited).ToList();
        var ids = string.Join(", ", cited.Select(fact => fact.Id));
        var scope = new Verb(crowd.Count > MaxCited ? "the earliest of them add up to" : "together they add up to");
        ClaimText text = $"Amounts crowd just under a round figure, from {Raw($"min({ids})")} to {Raw($"max({ids})")}; {scope} {Raw($"sum({ids})")}.";
        return new Proposal("anomaly/under_threshold", text, crowd.Sum(fact => fact.Value), [Evidence.Of("amounts_under_threshold", crowd.Count, beside)], [], IsSuspicion: true);
    }
}
