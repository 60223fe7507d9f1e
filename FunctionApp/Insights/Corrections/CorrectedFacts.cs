using Advisor.Documents.Contracts;
using Advisor.Insights.Analyst;
using Advisor.Kernel.Confidence;
using Advisor.Kernel.Reasoning;

namespace Advisor.Insights.Corrections;

/// <summary>What it means for a claim that a person gave a value that it cites.</summary>
internal static class CorrectedFacts
{
    public const string Reason = "a cited fact was corrected by a person";

    public static IReadOnlyList<string> ReasonsOf(IReadOnlyList<Fact> cited) => cited.Any(fact => fact.Corrected is not null) ? [Reason] : [];

    /// <summary>
    /// What rests on one person's word alone is released by another person: a corrected value must be given by two persons, or stand in a proof that holds with it,
    /// for the claim to go out by itself.
    /// </summary>
    public static Route Held(Route route, IReadOnlyList<Fact> cited, DocumentFindings findings) =>
        route.Band == Band.High && cited.Any(fact => fact.Corrected is not null && !IsVouchedFor(fact, findings)) ? route with { Band = Band.Medium } : route;

    /// <summary>The figures of a claim that cites a value which a person gave, marked as such: each may be computed from it, or compared with it.</summary>
    public static IReadOnlyList<Evidence> Marked(IReadOnlyList<Evidence> evidence, IReadOnlyList<Fact> cited) =>
        cited.All(fact => fact.Corrected is null) ? evidence : [.. evidence.Select(line => line with { Corrected = true })];

    private static bool IsVouchedFor(Fact fact, DocumentFindings findings) =>
        findings.Agreement.GetValueOrDefault(fact.Id) || findings.Proofs.Any(proof => proof.Outcome == ProofOutcome.Holds && proof.FactIds.Contains(fact.Id));
}
