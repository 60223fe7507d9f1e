using Advisor.Kernel.Tenancy;

namespace Advisor.Kernel.Audit;

/// <summary>An event as it stands in the log. Never altered once written.</summary>
/// <param name="PartitionKey">Month of the timestamp, <c>yyyy-MM</c>.</param>
/// <param name="RowKey"><c>{timestamp}-{event_id}</c>; the order of row keys is the order of appending, in a partition and across them.</param>
/// <param name="Sequence">From 1 in each partition, without gaps.</param>
/// <param name="Timestamp">UTC; strictly later than that of the entry before it, so it runs ahead of a clock that was set back.</param>
/// <param name="EventId">A UUID; follows from <see cref="AuditEvent.EventId"/> where the event had one. No two entries share one.</param>
/// <param name="PreviousHash">Hash of the entry before it, also across partitions; 64 zeros for the very first.</param>
/// <param name="Hash">SHA-256 of the canonical JSON of all members but this one; 64 lower-case hexadecimal digits.</param>
public sealed record AuditEntry(
    string PartitionKey,
    string RowKey,
    long Sequence,
    DateTimeOffset Timestamp,
    string EventId,
    TenantId? Tenant,
    string UserId,
    string Action,
    string Resource,
    string? IpAddress,
    string Result,
    IReadOnlyDictionary<string, string> Details,
    string PreviousHash,
    string Hash);
