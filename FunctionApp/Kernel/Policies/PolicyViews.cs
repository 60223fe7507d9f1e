using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using Advisor.Kernel.Http;

namespace Advisor.Kernel.Policies;

/// <summary>Terms with a reason: what is sent to change a policy.</summary>
public record PolicyTermsView : PolicyTerms
{
    [SetsRequiredMembers]
    public PolicyTermsView(PolicyTerms terms, string? reason)
        : base(terms) => Reason = reason;

    public string? Reason { get; }
}

/// <summary>A version of a policy, as people see it.</summary>
public sealed record PolicyView : PolicyTermsView
{
    [SetsRequiredMembers]
    private PolicyView(TenantPolicy policy, bool? changePending, IReadOnlyDictionary<string, Link> links)
        : base(policy, policy.Reason)
    {
        (Version, SetBy, ApprovedBy, SetAt) = (policy.Version, policy.SetBy, policy.ApprovedBy, policy.SetAt);
        (ContentHash, ChangePending, Links) = (policy.Fingerprint(), changePending, links);
    }

    public int Version { get; }

    public string? SetBy { get; }

    public string? ApprovedBy { get; }

    public DateTimeOffset? SetAt { get; }

    /// <summary>As the audit log has it of the change that brought the version.</summary>
    public string ContentHash { get; }

    /// <summary>Whether a change waits for a second person; null of a version in the history.</summary>
    public bool? ChangePending { get; }

    [JsonPropertyName("_links")]
    public IReadOnlyDictionary<string, Link> Links { get; }

    /// <summary>The policy that holds.</summary>
    public static PolicyView Of(PolicyState state)
    {
        var links = new Dictionary<string, Link> { ["self"] = new(PolicyTriggers.Path), ["history"] = new(PolicyTriggers.HistoryPath) };
        if (state.Pending is not null)
        {
            links["pending"] = new(PolicyTriggers.PendingPath);
        }

        return new PolicyView(state.Policy, state.Pending is not null, links);
    }

    /// <summary>A version in the history.</summary>
    public static PolicyView Of(TenantPolicy version) => new(version, null, new Dictionary<string, Link>
    {
        ["self"] = new($"{PolicyTriggers.HistoryPath}/{version.Version}"), ["policy"] = new(PolicyTriggers.Path),
    });
}

/// <summary>A change that waits for a second person.</summary>
/// <param name="Policy">The whole policy as it would hold.</param>
/// <param name="Stale">Another policy has come to hold since: it must be proposed again.</param>
public sealed record PolicyProposalView(
    string ProposalId,
    PolicyTermsView Policy,
    string ProposedBy,
    DateTimeOffset ProposedAt,
    DateTimeOffset ExpiresAt,
    int BaseVersion,
    bool Stale,
    IReadOnlyList<Loosening> Looser,
    [property: JsonPropertyName("_links")] IReadOnlyDictionary<string, Link> Links)
{
    public static PolicyProposalView Of(PolicyProposal proposal, TenantPolicy current) => new(
        proposal.Id, new PolicyTermsView(proposal.Terms, proposal.Reason), proposal.ProposedBy, proposal.ProposedAt, proposal.ExpiresAt, proposal.BaseVersion, proposal.IsStale(current), proposal.Looser,
        new Dictionary<string, Link> { ["self"] = new(PolicyTriggers.PendingPath), ["policy"] = new(PolicyTriggers.Path) });
}
