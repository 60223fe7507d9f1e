using Advisor.Documents.Contracts;
using Advisor.Kernel.Confidence;
using Advisor.Kernel.Reasoning;

namespace Advisor.Insights;

/// <summary>The signals of a claim, from what is known of the facts it cites.</summary>
public static class InsightScoring
{
    public static Signals SignalsOf(IReadOnlyList<Fact> cited, IReadOnlyList<string> aboutProofs, DocumentFindings findings)
    {
        return new Signals
        {
            Grounding = Share(cited, findings.Grounding),
            Reading = cited.Any(fact => fact.Confidence is null) ? null : Lowest(cited),
            Agreement = Share(cited, findings.Agreement),
            Proof = ProofOf(cited, aboutProofs, findings),
        };
    }

    /// <summary>
    /// The lowest share over the cited facts: a proof of the prior year does not vouch for the current one. Unknown when a cited fact has no
    /// proof and none of the others' fails.
    /// </summary>
    private static Score? ProofOf(IReadOnlyList<Fact> cited, IReadOnlyList<string> aboutProofs, DocumentFindings findings)
    {
        var shares = cited.Select(fact => ShareThatHolds(findings.Proofs.Where(proof => proof.FactIds.Contains(fact.Id)).ToList())).ToList();
        shares.AddRange(findings.Proofs.Where(proof => aboutProofs.Contains(proof.Id)).Select(proof => ShareThatHolds([proof])));
        var lowest = shares.Min(share => share ?? 1);
        return lowest < 1 ? new Score(lowest) : shares.Count == 0 || shares.Contains(null) ? null : Score.One;
    }

    private static decimal? ShareThatHolds(List<Proof> proofs) => proofs.Count == 0
        ? null
        : Math.Round((decimal)proofs.Count(proof => proof.Outcome == ProofOutcome.Holds) / proofs.Count, 6);

    /// <summary>Unknown unless it is known of every cited fact: what was not looked at is not counted as found.</summary>
    private static Score? Share(IReadOnlyList<Fact> cited, IReadOnlyDictionary<string, bool> known) =>
        cited.Count == 0 || !cited.All(fact => known.ContainsKey(fact.Id))
            ? null
            : new Score(Math.Round((decimal)cited.Count(fact => known[fact.Id]) / cited.Count, 6));

    private static Score? Lowest(IReadOnlyList<Fact> cited) => cited.Count == 0 ? null : Score.Clamp(cited.Min(fact => fact.Confidence!.Value));

    /// <summary>The reason for a route in words; null for those that the band itself says.</summary>
    public static string? InWords(RouteReason reason) => reason switch
    {
        RouteReason.FailedProof => "a proof that touches the cited facts does not hold",
        RouteReason.MaterialAmount => "the amount is over the limit of the policy",
        RouteReason.InjectedInstruction => "the document holds text that tries to instruct the reader",
        RouteReason.BelowBudgetThreshold => "its score is below what the error budget releases",
        RouteReason.AutomationStopped => "nothing of its kind is released at present: verdicts show that scores are not to be relied on",
        RouteReason.UnknownGrounding => "not every cited fact was found again by a second reading",
        _ => null,
    };
}
