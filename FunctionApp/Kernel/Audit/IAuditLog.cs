using Advisor.Kernel.Tenancy;

namespace Advisor.Kernel.Audit;

/// <summary>What was audited, to read.</summary>
public interface IAuditHistory
{
    /// <summary>The tenant's own entries, newest first. Entries without a tenant (nobody was signed in) are in no tenant's history.</summary>
    /// <exception cref="Records.InvalidContinuationException">The continuation is malformed or belongs to another query.</exception>
    Task<AuditPage> QueryAsync(TenantId tenant, AuditQuery query, CancellationToken cancellationToken);

    /// <summary>The partitions that hold entries, <c>yyyy-MM</c>, oldest first.</summary>
    Task<IReadOnlyList<string>> PartitionsAsync(CancellationToken cancellationToken);

    /// <summary>All entries of a partition, of every tenant, in row order; none where there is no such partition.</summary>
    IAsyncEnumerable<AuditEntry> ReadAsync(string partition, CancellationToken cancellationToken);

    /// <summary>The last entry of a partition; null where there is no such partition.</summary>
    Task<AuditEntry?> LastAsync(string partition, CancellationToken cancellationToken);
}

/// <summary>The append-only log of what was done: table <c>AuditLogs</c>, partition <c>{yyyy}-{MM}</c>, row <c>{timestamp}-{event_id}</c>.</summary>
/// <remarks>
/// <para>A completed append is durable. An adapter reads the head (the newest entry), lets <see cref="AuditChain.Link"/> make the next entries and stores
/// them, as one step that no other writer comes between: it stores and orders, the kernel hashes and links.</para>
/// <para>On Azure Tables that step is an entity group transaction over one partition: the entries, one <c>event-{event_id}</c> row for each, and the
/// partition's <c>head</c> row replaced under the ETag it was read at; who loses reads again. The first append of a month first marks the head of the
/// month before as closed, under its ETag, so that nobody appends behind the hash that the new month links to. A transaction holds 100 rows:
/// <see cref="AuditChain.MostAtOnce"/> entries fit.</para>
/// </remarks>
public interface IAuditLog : IAuditHistory
{
    /// <inheritdoc cref="AppendManyAsync"/>
    Task AppendAsync(AuditEvent audited, CancellationToken cancellationToken) => AppendManyAsync([audited], cancellationToken);

    /// <summary>Appends the events, in order, under the time of their appending; an <see cref="AuditEvent.EventId"/> that is there already changes nothing.</summary>
    /// <remarks>A call that fails may have appended the first of many; repeating it appends the rest where the events have ids.</remarks>
    Task AppendManyAsync(IReadOnlyList<AuditEvent> audited, CancellationToken cancellationToken);
}

/// <summary>Which entries to read. Null leaves a filter out.</summary>
/// <param name="ResourcePrefix">What the resource begins with.</param>
/// <param name="From">Earliest time, inclusive.</param>
/// <param name="To">Latest time, exclusive.</param>
/// <param name="PageSize">1 to 1,000.</param>
/// <param name="Continuation">From an earlier page of the same query.</param>
public sealed record AuditQuery(
    string? UserId = null,
    string? Action = null,
    string? ResourcePrefix = null,
    string? Result = null,
    DateTimeOffset? From = null,
    DateTimeOffset? To = null,
    int PageSize = 100,
    string? Continuation = null);

/// <summary>A page of a history. <see cref="Continuation"/> is null on the last page.</summary>
public sealed record AuditPage(IReadOnlyList<AuditEntry> Entries, string? Continuation);
