using System.Globalization;
using Advisor.Kernel.Reasoning.Chains;
using Advisor.Kernel.Records;

namespace Advisor.Kernel.Audit;

/// <summary>How entries of the audit log follow one another; the same for every adapter.</summary>
public static class AuditChain
{
    /// <summary>Most entries that an adapter must store in one step; longer appends are cut.</summary>
    public const int MostAtOnce = 48;

    /// <summary>What the very first entry links to.</summary>
    public static string Genesis => ReasoningChainBuilder.Genesis;

    /// <summary>The entry that the event becomes behind the log's newest one.</summary>
    /// <param name="head">The newest entry of all partitions; null in an empty log.</param>
    /// <param name="now">The clock; when it is not after the head's time, the entry's time is the head's and one tick, so that row order stays the order of appending.</param>
    public static AuditEntry Link(AuditEvent audited, AuditEntry? head, DateTimeOffset now)
    {
        var time = now.ToUniversalTime();
        if (head is not null && time <= head.Timestamp)
        {
            time = head.Timestamp.AddTicks(1);
        }

        var partition = PartitionOf(time);
        var id = EventIdOf(audited, time);
        var entry = new AuditEntry(
            partition,
            RowKeyOf(time, id),
            head?.PartitionKey == partition ? head.Sequence + 1 : 1,
            time,
            id,
            audited.Tenant,
            audited.UserId,
            audited.Action,
            audited.Resource,
            audited.IpAddress,
            audited.Result,
            audited.Details,
            head?.Hash ?? Genesis,
            Hash: "");
        return entry with { Hash = HashOf(entry) };
    }

    /// <summary>The hash that the entry should have.</summary>
    public static string HashOf(AuditEntry entry) => ChainHash.Of(entry with { Hash = "" });

    /// <summary>The id under which the event is stored where it brings one; null where it gets a new one.</summary>
    /// <remarks>A hash of the given text, so that any text fits into a row key.</remarks>
    public static string? StoredIdOf(AuditEvent audited) => audited.EventId is { } given ? DeterministicId.Of("audit", given) : null;

    /// <summary>The partition of a time, <c>yyyy-MM</c>.</summary>
    public static string PartitionOf(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM", CultureInfo.InvariantCulture);

    /// <summary>What the row keys of all entries from a time on begin with, or follow.</summary>
    public static string RowsFrom(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture);

    private static string RowKeyOf(DateTimeOffset time, string eventId) => $"{RowsFrom(time)}-{eventId}";

    private static string EventIdOf(AuditEvent audited, DateTimeOffset time) => StoredIdOf(audited) ?? Guid.CreateVersion7(time).ToString();
}
