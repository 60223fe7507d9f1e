using Advisor.Kernel.Audit;
using Advisor.Kernel.Tenancy;

namespace Advisor.Kernel.Policies;

/// <summary>What the audit log keeps of policies: versions, hashes, persons and what became looser; never the words of a reason.</summary>
/// <remarks>Each id follows from what is changed, who changes it and to what, so that asking again after an interruption appends nothing.</remarks>
internal static class PolicyAudit
{
    private const string Pending = "policy/pending";

    /// <summary>A policy names 100 kinds twice; the log keeps what fits.</summary>
    private const int MaxLooser = 4_000;

    public static AuditEvent Set(Caller by, PolicyState seen, TenantPolicy policy) => Event(
        by, "policy.set", History(policy), "set", $"{seen.Tag}/{by.UserId}/{policy.Fingerprint()}", ("from_version", seen.Policy.Version), ("content_hash", policy.Fingerprint()));

    public static AuditEvent Proposed(Caller by, PolicyProposal proposal) => OfProposal(by, "policy.proposed", Pending, "proposed", proposal);

    /// <param name="proposal">The one that another takes the place of.</param>
    public static AuditEvent Replaced(Caller by, PolicyProposal proposal) => OfProposal(by, "policy.replaced", Pending, "replaced", proposal);

    public static AuditEvent Rejected(Caller by, PolicyProposal proposal) => OfProposal(by, "policy.rejected", Pending, "rejected", proposal);

    public static AuditEvent Approved(Caller by, PolicyProposal proposal, TenantPolicy policy) => OfProposal(by, "policy.approved", History(policy), "approved", proposal);

    private static string History(TenantPolicy policy) => $"policy/history/{policy.Version}";

    private static AuditEvent OfProposal(Caller by, string action, string resource, string result, PolicyProposal proposal)
    {
        var looser = string.Join("; ", proposal.Looser.Select(one => $"{one.Field}: {one.From} to {one.To}"));
        return Event(
            by, action, resource, result, $"{proposal.Id}/{by.UserId}",
            ("proposal_id", proposal.Id), ("proposed_by", proposal.ProposedBy), ("from_version", proposal.BaseVersion), ("content_hash", proposal.Terms.Fingerprint()),
            ("looser", looser.Length <= MaxLooser ? looser : $"{looser[..MaxLooser]}..."));
    }

    private static AuditEvent Event(Caller by, string action, string resource, string result, string once, params ReadOnlySpan<(string Name, object? Value)> details) =>
        AuditEvent.Decision(by.Tenant, action, resource, result, details) with { UserId = by.UserId, EventId = $"{by.Tenant}/{action}/{once}" };
}
