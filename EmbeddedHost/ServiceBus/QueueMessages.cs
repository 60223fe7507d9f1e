namespace Advisor.Embedded.ServiceBus;

/// <summary>A message received under a lock: nobody else gets it until the lock is settled or ends.</summary>
/// <param name="SequenceNumber">Unique in the file and rising; the order of delivery within a tenant. A scheduled message gets its own when it becomes due.</param>
/// <param name="EnqueuedAt">UTC; for a scheduled message, when it became due.</param>
/// <param name="DeliveryCount">1 at the first delivery.</param>
/// <param name="LockToken">Settles or renews this delivery, and no other delivery of the message.</param>
/// <param name="LockedUntil">UTC.</param>
public sealed record LockedMessage(
    string Queue,
    long SequenceNumber,
    string MessageId,
    string Subject,
    ReadOnlyMemory<byte> Body,
    IReadOnlyDictionary<string, string> Properties,
    DateTimeOffset EnqueuedAt,
    int DeliveryCount,
    Guid LockToken,
    DateTimeOffset LockedUntil);

/// <summary>A message set aside: it is delivered no more until someone resubmits it.</summary>
/// <param name="Reason">Short and stable: <c>MaxDeliveryCountExceeded</c>, <c>DamagedMessage</c> where the disk gave back something else than was sent, or what the function gave.</param>
public sealed record DeadLetter(
    string Queue,
    long SequenceNumber,
    string MessageId,
    string Subject,
    ReadOnlyMemory<byte> Body,
    IReadOnlyDictionary<string, string> Properties,
    DateTimeOffset EnqueuedAt,
    int DeliveryCount,
    string Reason,
    string? Description,
    DateTimeOffset DeadLetteredAt);

/// <summary>How many messages of a queue are in which state.</summary>
/// <param name="Ready">Waiting to be received, those whose lock has ended included.</param>
/// <param name="Locked">Received and not yet settled.</param>
/// <param name="Scheduled">Not yet due.</param>
public sealed record QueueCounts(int Ready, int Locked, int Scheduled, int DeadLettered);

/// <summary>The rules of one queue; the defaults are those of Service Bus.</summary>
public sealed record QueueOptions
{
    /// <summary>How long a received message is locked, and by how much a renewal extends that. Default one minute.</summary>
    public TimeSpan LockDuration { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Deliveries after which a message that comes back once more is dead-lettered. Default 10.</summary>
    public int MaxDeliveryCount { get; init; } = 10;

    /// <summary>For how long after a message another with its id is dropped; zero switches detection off. Default ten minutes.</summary>
    public TimeSpan DuplicateWindow { get; init; } = TimeSpan.FromMinutes(10);
}

/// <summary>The delivery's lock has ended, was settled already, or never existed: the message may be with another receiver by now.</summary>
public sealed class MessageLockLostException(string queue, Guid lockToken)
    : Exception($"The lock {lockToken} on a message of '{queue}' is no longer held; the message may be delivered again.");
