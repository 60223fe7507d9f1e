using Advisor.Documents.Contracts;
using Advisor.Kernel.Confidence;
using Advisor.Kernel.Reasoning;

namespace Advisor.Insights;

/// <summary>The signals of a claim, from what is known of the facts it cites.</summary>
public static class InsightScoring
{
    public static Signals SignalsOf(IReadOnlyList<Fact> cited, IReadOnlyList<string> aboutProofs, DocumentFindings findings)
    {
        var ids = cited.Select(fact => fact.Id).ToHashSet(StringComparer.Ordinal);
        var touching = findings.Proofs.Where(proof => aboutProofs.Contains(proof.Id) || proof.FactIds.Any(ids.Contains)).ToList();
        return new Signals
        {
            Grounding = Share(cited, findings.Grounding),
            Reading = cited.Any(fact => fact.Confidence is null) ? null : Lowest(cited),
            Agreement = Share(cited, findings.Agreement),
            Proof = touching.Count == 0 ? null : new Score(Math.Round((decimal)touching.Count(proof => proof.Outcome == ProofOutcome.Holds) / touching.Count, 6)),
        };
    }

    /// <summary>Unknown unless it is known of every cited fact: what was not looked at is not counted as found.</summary>
    private static Score? Share(IReadOnlyList<Fact> cited, IReadOnlyDictionary<string, bool> known) =>
        cited.Count == 0 || !cited.All(fact => known.ContainsKey(fact.Id))
            ? null
            : new Score(Math.Round((decimal)cited.Count(fact => known[fact.Id]) / cited.Count, 6));

    private static Score? Lowest(IReadOnlyList<Fact> cited) => cited.Count == 0 ? null : Score.Clamp(cited.Min(fact => fact.Confidence!.Value));

    /// <summary>The reason for a route in words; null for those that the band itself says.</summary>
    public static string? InWords(RouteReason reason) => reason switch
    {
        RouteReason.FailedProof => "a proof that touches the cited facts fails",
        RouteReason.MaterialAmount => "the amount is over the limit of the policy",
        RouteReason.InjectedInstruction => "the document holds text that tries to instruct the reader",
        RouteReason.UnknownGrounding => "the cited facts could not be read a second time",
        _ => null,
    };
}
