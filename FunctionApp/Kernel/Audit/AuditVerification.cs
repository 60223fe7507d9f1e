namespace Advisor.Kernel.Audit;

/// <summary>Recomputes one partition, entry by entry in row order, and says whether it is as it was written.</summary>
/// <param name="partition"><c>yyyy-MM</c>.</param>
/// <param name="previousHash">What its first entry must link to: the last hash of the partition before it, <see cref="AuditChain.Genesis"/> where there is none.</param>
/// <param name="expectedHash">A hash of the partition that was noted down elsewhere earlier; null when none was.</param>
/// <remarks>
/// Without an expected hash, someone who may write the store and rewrites everything from some entry on, hashes included, or cuts off the
/// newest entries, is not seen.
/// </remarks>
public sealed class AuditVerification(string partition, string previousHash, string? expectedHash)
{
    private string _previous = previousHash;
    private bool _expectedSeen;
    private long _entries;
    private AuditEntry? _first;
    private AuditEntry? _last;
    private AuditFault? _fault;

    /// <summary>The place that nothing stands at; 0 while no place was passed over.</summary>
    private long _passedOver;

    /// <summary>The next entry in row order.</summary>
    public void Add(AuditEntry entry)
    {
        _entries++;
        _first ??= entry;
        _last = entry;
        _expectedSeen |= entry.Hash == expectedHash;
        if (_fault is null)
        {
            _fault = FaultOf(entry);
            _previous = entry.Hash;
        }
        else if (_passedOver > 0 && entry.Sequence == _passedOver)
        {
            _fault = _fault with { Kind = AuditFaultKind.Reordered, Reason = $"entry {entry.Sequence} stands behind it" };
            _passedOver = 0;
        }
    }

    /// <summary>What all entries added so far give.</summary>
    public AuditVerdict Verdict() => new(partition, _entries, _first?.Timestamp, _last?.Timestamp, _last?.Hash, _fault ?? Truncation());

    private AuditFault? FaultOf(AuditEntry entry)
    {
        var hashed = entry.Hash == AuditChain.HashOf(entry) && entry.PartitionKey == partition;
        if (entry.Sequence > _entries)
        {
            _passedOver = _entries;
        }

        if (!hashed)
        {
            return new AuditFault(AuditFaultKind.Altered, entry.RowKey, "its content is not what was hashed");
        }

        if (entry.Sequence > _entries)
        {
            return new AuditFault(AuditFaultKind.Missing, entry.RowKey, entry.Sequence == _entries + 1
                ? $"entry {_entries} before it is gone"
                : $"entries {_entries} to {entry.Sequence - 1} before it are gone");
        }

        if (entry.Sequence < _entries)
        {
            return new AuditFault(AuditFaultKind.Reordered, entry.RowKey, $"it is entry {entry.Sequence} and stands at place {_entries}");
        }

        if (entry.PreviousHash == _previous)
        {
            return null;
        }

        return entry.Sequence == 1
            ? new AuditFault(AuditFaultKind.Missing, entry.RowKey, "the partition before it does not end with the entry that it links to: entries there are gone, or were altered and hashed anew")
            : new AuditFault(AuditFaultKind.Altered, entry.RowKey, "it does not link to the entry before it: one of the two was altered and hashed anew");
    }

    private AuditFault? Truncation() => expectedHash is null || _expectedSeen
        ? null
        : new AuditFault(AuditFaultKind.Truncated, _last?.RowKey, "the expected hash is not among its entries: the end was cut off, or the partition was written anew");
}

/// <summary>What was done to the entries.</summary>
public enum AuditFaultKind
{
    Altered,
    Missing,
    Reordered,
    Truncated,
}

/// <summary>The first place where a partition is not as it was written.</summary>
/// <param name="RowKey">The row at which it shows; null in an empty partition.</param>
/// <param name="Reason">In words, about the row.</param>
public sealed record AuditFault(AuditFaultKind Kind, string? RowKey, string Reason);

/// <summary>What recomputing a partition gives.</summary>
/// <param name="HeadHash">Of its last entry; what to note down elsewhere, and to expect later. Null when it is empty.</param>
/// <param name="Fault">Null when it is intact.</param>
public sealed record AuditVerdict(string Partition, long Entries, DateTimeOffset? First, DateTimeOffset? Last, string? HeadHash, AuditFault? Fault);

/// <summary>Recomputes the log.</summary>
public static class AuditVerifier
{
    /// <summary>Recomputes all partitions, oldest first, or only one.</summary>
    /// <param name="only">One partition, whose link to the one before it is checked too; null checks all.</param>
    /// <param name="expected">Hashes that were noted down elsewhere earlier, by partition. One of a partition that is not there is a fault.</param>
    public static async Task<IReadOnlyList<AuditVerdict>> VerifyAsync(
        IAuditHistory history, string? only, IReadOnlyDictionary<string, string> expected, CancellationToken cancellationToken)
    {
        var stored = await history.PartitionsAsync(cancellationToken);
        string[] asked = only is null ? [.. stored.Union(expected.Keys).Order(StringComparer.Ordinal)] : [only];
        var verdicts = new List<AuditVerdict>();
        foreach (var partition in asked)
        {
            var before = stored.LastOrDefault(other => string.CompareOrdinal(other, partition) < 0);
            var previous = before is null ? null : await history.LastAsync(before, cancellationToken);
            var verification = new AuditVerification(partition, previous?.Hash ?? AuditChain.Genesis, expected.GetValueOrDefault(partition));
            await foreach (var entry in history.ReadAsync(partition, cancellationToken))
            {
                verification.Add(entry);
            }

            verdicts.Add(verification.Verdict());
        }

        return verdicts;
    }
}
