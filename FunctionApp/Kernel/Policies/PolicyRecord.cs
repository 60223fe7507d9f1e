using Advisor.Kernel.Records;

namespace Advisor.Kernel.Policies;

/// <summary>A change that loosens something and waits for a second person.</summary>
/// <param name="Id">Names this very proposal: another one, of the same content too, has another.</param>
/// <param name="BaseVersion">The version that held when it was made.</param>
/// <param name="BaseHash">The content of that version: the defaults that hold as version 0 can change.</param>
/// <param name="Looser">What it loosens against that version.</param>
public sealed record PolicyProposal(
    string Id,
    PolicyTerms Terms,
    string Reason,
    string ProposedBy,
    DateTimeOffset ProposedAt,
    DateTimeOffset ExpiresAt,
    int BaseVersion,
    string BaseHash,
    IReadOnlyList<Loosening> Looser)
{
    /// <summary>For so long the second person may take; afterwards it is as if it had not been made.</summary>
    public static TimeSpan Life { get; } = TimeSpan.FromDays(7);

    /// <summary>Whether another policy has come to hold since: what it loosens was told against a policy that is gone.</summary>
    public bool IsStale(TenantPolicy current) => current.Version != BaseVersion || current.Fingerprint() != BaseHash;
}

/// <summary>What is stored of policies: one record by tenant for what holds and what is proposed, so that both change at once, and one for each version that held before.</summary>
/// <param name="Item"><see cref="Current"/> or <see cref="Former"/>.</param>
/// <param name="Version">Of the policy; 0 where only something is, or was, proposed.</param>
/// <param name="Policy">Null where nothing has been set.</param>
/// <param name="Operation">Id of the request that wrote it: one that comes again finds what it did.</param>
public sealed record PolicyRecord(string Item, int Version, TenantPolicy? Policy, PolicyProposal? Pending = null, string? Operation = null)
{
    /// <summary>The item, and the id, of the one record that changes.</summary>
    public const string Current = "current";

    /// <summary>The item of a version that another has followed. Such a record is never written again.</summary>
    public const string Former = "former";

    public static RecordContainer<PolicyRecord> Container { get; } = new("policies");

    public static string IdOf(int version) => $"version-{version}";
}

/// <summary>How a tenant's policy stands at a moment.</summary>
/// <param name="Policy">What holds: the stored one, or the defaults as version 0.</param>
/// <param name="Pending">What is proposed and has not expired.</param>
/// <param name="Stored">Null where nothing is.</param>
public sealed record PolicyState(TenantPolicy Policy, PolicyProposal? Pending, Stored<PolicyRecord>? Stored)
{
    /// <summary>Names the state as it is shown: changes with every write, when what is proposed expires, and with the defaults where they hold.</summary>
    public string Tag
    {
        get
        {
            var tag = Stored?.ETag ?? "none";
            tag = Policy.Version == 0 ? $"{tag}-{Policy.Fingerprint()[..16]}" : tag;
            return Stored?.Value.Pending is not null && Pending is null ? $"{tag}-expired" : tag;
        }
    }

    /// <summary>Names the proposal as it is shown; null where none is pending.</summary>
    public string? PendingTag => Pending is null ? null : Pending.IsStale(Policy) ? $"{Pending.Id}-stale" : Pending.Id;

    /// <summary>Whether this is what the request left, which has come again.</summary>
    public bool IsResultOf(string operation) => Stored?.Value.Operation == operation;

    public static PolicyState Of(Stored<PolicyRecord>? stored, PolicyDefaults defaults, DateTimeOffset now) => new(
        stored?.Value.Policy ?? new TenantPolicy(defaults.Terms),
        stored?.Value.Pending is { } pending && pending.ExpiresAt > now ? pending : null,
        stored);
}

/// <summary>What came of asking for a change.</summary>
public abstract record PolicyOutcome
{
    private PolicyOutcome()
    {
    }

    /// <summary>The policy of the state holds.</summary>
    public sealed record InForce(PolicyState State) : PolicyOutcome;

    /// <summary>The state's pending proposal waits for a second person; what held holds.</summary>
    public sealed record Proposed(PolicyState State) : PolicyOutcome;

    /// <summary>Somebody else's change came first; nothing was done.</summary>
    public sealed record Overtaken : PolicyOutcome;

    /// <summary>Nothing is pending.</summary>
    public sealed record NothingPending : PolicyOutcome;

    /// <summary>Whoever proposed it cannot be its second person.</summary>
    public sealed record OwnProposal : PolicyOutcome;

    /// <summary>The proposal was made on a policy that no longer holds.</summary>
    public sealed record Stale(PolicyProposal Proposal, int Version) : PolicyOutcome;
}
