using Advisor.Kernel.Tenancy;

namespace Advisor.Kernel.Audit;

/// <summary>Something that was done or decided, by a person or by the product itself.</summary>
/// <param name="Tenant">Null only where nobody was signed in.</param>
/// <param name="UserId">The caller; <c>anonymous</c> where nobody was signed in, <c>advisor</c> where the product decided by itself.</param>
/// <param name="Action">What was done: <c>POST api/v1/documents/ingest</c> for a request, <c>insight.published</c> for a decision.</param>
/// <param name="Resource">What it was done to: a path without its query, or <c>insights/{id}</c>.</param>
/// <param name="IpAddress">Of the client; null for what the product did by itself.</param>
/// <param name="Result"><c>succeeded</c>, <c>refused</c>, <c>failed</c>, or the decision's outcome in one word.</param>
public sealed record AuditEvent(TenantId? Tenant, string UserId, string Action, string Resource, string? IpAddress, string Result)
{
    /// <summary>Deterministic for a decision, so that an activity that runs twice appends once; null gives a new id.</summary>
    public string? EventId { get; init; }

    /// <summary>More to be kept, by snake_case name: <c>status</c>, <c>trace_id</c>, <c>root_hash</c>. Never document text or personal data beyond the user's id.</summary>
    public IReadOnlyDictionary<string, string> Details { get; init; } = new Dictionary<string, string>();
}

/// <summary>The append-only log of what was done: table <c>AuditLogs</c>, partition <c>{year}-{month}</c>, row <c>{timestamp}-{event_id}</c>.</summary>
/// <remarks>Entries of a partition are hash-linked in row order. A completed append is durable.</remarks>
public interface IAuditLog
{
    /// <summary>Appends the event, in order, under the time of its appending; an <see cref="AuditEvent.EventId"/> that is there already changes nothing.</summary>
    Task AppendAsync(AuditEvent audited, CancellationToken cancellationToken);
}
