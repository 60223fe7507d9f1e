using Advisor.Kernel.Reasoning;

namespace Advisor.Insights.Analyst;

/// <summary>What a claim rests on, for display beside it.</summary>
/// <param name="Metric">Canonical metric, or the printed label.</param>
/// <param name="Expected">What it is compared with: the prior value, the recomputed total, a threshold.</param>
/// <param name="Variance">(value - expected) / |expected|, rounded to six decimals; null when there is nothing to compare with or it is zero.</param>
public sealed record Evidence(string Metric, decimal Value, decimal? Expected, decimal? Variance)
{
    /// <summary>True where the claim cites a value that a person gave, from which the figure may be computed; null where all cited values are as read.</summary>
    public bool? Corrected { get; init; }

    public static Evidence Of(string metric, decimal value, decimal? expected) =>
        new(metric, value, expected, expected is null or 0 ? null : Math.Round((value - expected.Value) / Math.Abs(expected.Value), 6));
}

/// <summary>A claim that the analyst puts forward, before it is verified.</summary>
/// <param name="Rule">Name of the rule that made it: <c>trend/change</c>.</param>
/// <param name="Amount">Money it is about, for materiality; null when it is about none.</param>
/// <param name="Proofs">Ids of the proofs it is about.</param>
/// <param name="IsSuspicion">It points at a pattern rather than states a figure: a person decides, however sure the figures are.</param>
public sealed record Proposal(
    string Rule, ClaimText Text, decimal? Amount, IReadOnlyList<Evidence> Evidence, IReadOnlyList<string> Proofs, bool IsSuspicion = false);

/// <summary>Something the analyst would have computed, and why it could not.</summary>
public sealed record NotComputed(string Rule, string Reason);

/// <summary>What the analyst has to say of a document.</summary>
public sealed record AnalystReport(IReadOnlyList<Proposal> Proposals, IReadOnlyList<NotComputed> NotComputed);
