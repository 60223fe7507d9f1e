using Advisor.Kernel.Audit;
using Advisor.Kernel.Http;
using Advisor.Kernel.Records;
using Advisor.Kernel.Tenancy;

namespace Advisor.Kernel.Policies;

/// <summary>Versions of a policy, newest first.</summary>
/// <param name="Next">The version at which the next page begins; null on the last.</param>
public sealed record PolicyHistory(IReadOnlyList<TenantPolicy> Versions, int? Next);

/// <summary>Knows and changes the tenants' policies.</summary>
/// <remarks>
/// <para>What holds and what is proposed are one record, changed under its ETag: there is no moment at which a change is half in force. A version is kept as history
/// before the next takes its place. Each act is in the audit log before it is done; where the log or the store fails in between, what held holds, and
/// asking again does what was left.</para>
/// <para>Nothing is kept in memory: a change that another instance made holds from the next call on.</para>
/// </remarks>
public sealed class PolicyDesk(IRecordStore records, IAuditLog audit, PolicyDefaults defaults, TimeProvider time)
{
    /// <summary>The policy that holds now: the tenant's own, or the product's defaults as version 0.</summary>
    public async Task<TenantPolicy> CurrentAsync(TenantId tenant, CancellationToken cancellationToken) => (await StateAsync(tenant, cancellationToken)).Policy;

    /// <summary>The policy that holds now, and what is proposed.</summary>
    public async Task<PolicyState> StateAsync(TenantId tenant, CancellationToken cancellationToken) =>
        PolicyState.Of(await records.FindAsync(PolicyRecord.Container, tenant, PolicyRecord.Current, cancellationToken), defaults, time.GetUtcNow());

    /// <summary>Puts other terms in force, at once where they loosen nothing, else for a second person to approve. Terms that hold already change nothing.</summary>
    /// <param name="seen">The state on which the change was made; it must still be the tenant's.</param>
    /// <param name="wanted">Valid terms: those of <see cref="PolicyBody.Read"/>.</param>
    /// <param name="reason">In the words of who changes it.</param>
    public async Task<PolicyOutcome> SetAsync(Caller by, PolicyState seen, PolicyTerms wanted, string reason, CancellationToken cancellationToken)
    {
        if (wanted.Fingerprint() == seen.Policy.Fingerprint())
        {
            return new PolicyOutcome.InForce(seen);
        }

        var looser = PolicyLoosening.Of(seen.Policy, wanted);
        if (looser.Count > 0)
        {
            return await ProposeAsync(by, seen, wanted, reason, looser, cancellationToken);
        }

        var policy = new TenantPolicy(wanted) { Version = seen.Policy.Version + 1, SetBy = by.UserId, SetAt = time.GetUtcNow(), Reason = reason };
        await audit.AppendAsync(PolicyAudit.Set(by, seen, policy), cancellationToken);

        // What is pending stays, to be seen: it was made on the version before and can no longer be approved.
        return await WriteAsync(by.Tenant, seen, new PolicyRecord(PolicyRecord.Current, policy.Version, policy, seen.Pending), cancellationToken) is { } state
            ? new PolicyOutcome.InForce(state)
            : new PolicyOutcome.Overtaken();
    }

    /// <summary>Puts what is pending in force, by a person other than who proposed it.</summary>
    /// <param name="seen">The state whose proposal was looked at; it must still be the tenant's.</param>
    /// <param name="operation">Id of the request, so that one that comes again is told what it did.</param>
    public async Task<PolicyOutcome> ApproveAsync(Caller by, PolicyState seen, string operation, CancellationToken cancellationToken)
    {
        if (Hindrance(by, seen) is { } hindrance)
        {
            return hindrance;
        }

        var proposal = seen.Pending!;
        if (proposal.IsStale(seen.Policy))
        {
            return new PolicyOutcome.Stale(proposal, seen.Policy.Version);
        }

        var policy = new TenantPolicy(proposal.Terms)
        {
            Version = seen.Policy.Version + 1, SetBy = proposal.ProposedBy, ApprovedBy = by.UserId, SetAt = time.GetUtcNow(), Reason = proposal.Reason,
        };
        await audit.AppendAsync(PolicyAudit.Approved(by, proposal, policy), cancellationToken);
        return await EndAsync(by.Tenant, seen, new PolicyRecord(PolicyRecord.Current, policy.Version, policy, Operation: operation), cancellationToken);
    }

    /// <summary>Drops what is pending, by a person other than who proposed it.</summary>
    /// <inheritdoc cref="ApproveAsync"/>
    public async Task<PolicyOutcome> RejectAsync(Caller by, PolicyState seen, string operation, CancellationToken cancellationToken)
    {
        if (Hindrance(by, seen) is { } hindrance)
        {
            return hindrance;
        }

        await audit.AppendAsync(PolicyAudit.Rejected(by, seen.Pending!), cancellationToken);
        return await EndAsync(by.Tenant, seen, seen.Stored!.Value with { Pending = null, Operation = operation }, cancellationToken);
    }

    /// <summary>The versions that the tenant has set, the one that holds first.</summary>
    /// <param name="from">The newest version to begin with; null begins with the one that holds.</param>
    public async Task<PolicyHistory> HistoryAsync(TenantId tenant, int? from, int limit, CancellationToken cancellationToken)
    {
        var current = await CurrentAsync(tenant, cancellationToken);
        var newest = Math.Min(from ?? current.Version, current.Version);
        List<TenantPolicy> versions = newest == current.Version && newest > 0 ? [current] : [];
        if (newest > versions.Count)
        {
            // The one that holds may be kept already, by a change that was interrupted.
            var query = new RecordQuery(
                [new("item", RecordOperator.Equal, PolicyRecord.Former), new("version", RecordOperator.LessOrEqual, newest - versions.Count)], "version", Descending: true, limit);
            var page = await records.QueryAsync(PolicyRecord.Container, tenant, query, cancellationToken);
            versions.AddRange(page.Items.Take(limit - versions.Count).Select(item => item.Value.Policy!));
        }

        return new PolicyHistory(versions, versions is [.., { Version: > 1 } last] ? last.Version - 1 : null);
    }

    /// <summary>One version, whether it holds or held before; null where the tenant has set none of that number.</summary>
    public async Task<TenantPolicy?> VersionAsync(TenantId tenant, int version, CancellationToken cancellationToken)
    {
        var current = await CurrentAsync(tenant, cancellationToken);
        if (version < 1 || version > current.Version)
        {
            return null;
        }

        return version == current.Version ? current : (await records.FindAsync(PolicyRecord.Container, tenant, PolicyRecord.IdOf(version), cancellationToken))?.Value.Policy;
    }

    /// <summary>What keeps a person from deciding on what is pending, whatever they decide; null when nothing does.</summary>
    public static PolicyOutcome? Hindrance(Caller by, PolicyState seen) => seen.Pending switch
    {
        null => new PolicyOutcome.NothingPending(),
        { ProposedBy: var proposer } when proposer == by.UserId => new PolicyOutcome.OwnProposal(),
        _ => null,
    };

    private async Task<PolicyOutcome> ProposeAsync(
        Caller by, PolicyState seen, PolicyTerms wanted, string reason, IReadOnlyList<Loosening> looser, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var proposal = new PolicyProposal(
            DeterministicId.Of("policy-proposal", by.Tenant.Value, seen.Tag, by.UserId, wanted.Fingerprint(), reason),
            wanted, reason, by.UserId, now, now + PolicyProposal.Life, seen.Policy.Version, seen.Policy.Fingerprint(), looser);
        IReadOnlyList<AuditEvent> replaced = seen.Pending is { } former ? [PolicyAudit.Replaced(by, former)] : [];
        await audit.AppendManyAsync([.. replaced, PolicyAudit.Proposed(by, proposal)], cancellationToken);
        var held = seen.Stored?.Value.Policy;
        return await WriteAsync(by.Tenant, seen, new PolicyRecord(PolicyRecord.Current, held?.Version ?? 0, held, proposal), cancellationToken) is { } state
            ? new PolicyOutcome.Proposed(state)
            : new PolicyOutcome.Overtaken();
    }

    private async Task<PolicyOutcome> EndAsync(TenantId tenant, PolicyState seen, PolicyRecord ended, CancellationToken cancellationToken) =>
        await WriteAsync(tenant, seen, ended, cancellationToken) is { } state ? new PolicyOutcome.InForce(state) : new PolicyOutcome.Overtaken();

    /// <returns>The state as written; null where it was no longer what was seen.</returns>
    private async Task<PolicyState?> WriteAsync(TenantId tenant, PolicyState seen, PolicyRecord record, CancellationToken cancellationToken)
    {
        if (record.Version > seen.Policy.Version && seen.Policy.Version > 0)
        {
            var former = new PolicyRecord(PolicyRecord.Former, seen.Policy.Version, seen.Policy);
            await records.CreateOnceAsync(PolicyRecord.Container, tenant, PolicyRecord.IdOf(former.Version), former, cancellationToken);
        }

        try
        {
            var written = seen.Stored is { } stored
                ? await records.PutAsync(PolicyRecord.Container, tenant, PolicyRecord.Current, record, stored.ETag, cancellationToken)
                : await records.CreateAsync(PolicyRecord.Container, tenant, PolicyRecord.Current, record, cancellationToken);
            return PolicyState.Of(written, defaults, time.GetUtcNow());
        }
        catch (RecordConflictException)
        {
            return null;
        }
    }
}
