using System.Text.Json.Serialization;
using Advisor.Kernel.Records;

namespace Advisor.Kernel.Notifications;

public enum DeliveryStatus
{
    /// <summary>Not tried yet, or asked for again.</summary>
    Pending,

    Accepted,

    /// <summary>Refused for now; it is tried again.</summary>
    Failed,

    /// <summary>Refused for good, or too often; it is tried again only when somebody asks for it.</summary>
    Dead,
}

/// <summary>How far one message of a notification has come.</summary>
/// <param name="Id">Sent along with the message, so that a receiver can drop a second one.</param>
/// <param name="Recipient">Null for a channel that addresses no one.</param>
/// <param name="Holds">How often in a row it was held back because its receiver was held for dead.</param>
/// <param name="DueAt">When it is tried again; null before the first attempt, and when nothing is to be tried.</param>
public sealed record ChannelDelivery(
    string Id,
    string Channel,
    Recipient? Recipient,
    DeliveryStatus Status = DeliveryStatus.Pending,
    int Attempts = 0,
    string? Receipt = null,
    string? LastError = null,
    DateTimeOffset? LastAttemptAt = null,
    DateTimeOffset? DueAt = null,
    int Holds = 0)
{
    /// <summary>With the pauses between them, a day: after it being held back counts as an attempt, so that the message comes to an end.</summary>
    internal const int MaxHolds = 100;

    [JsonIgnore]
    public bool IsOpen => Status is DeliveryStatus.Pending or DeliveryStatus.Failed;

    /// <summary>The delivery after an attempt. What was accepted stays accepted.</summary>
    /// <param name="notificationId">From which the pause follows, so that what failed together comes again together.</param>
    public ChannelDelivery After(ChannelAnswer answer, string notificationId, int maxAttempts, DateTimeOffset now) => (Status, answer) switch
    {
        (DeliveryStatus.Accepted, _) => this,
        (_, ChannelAnswer.Held) when Holds >= MaxHolds =>
            After(new ChannelAnswer.Refused("The receiver has not answered for a day.", Permanent: false), notificationId, maxAttempts, now) with { Holds = Holds },
        (_, ChannelAnswer.Held held) => this with
        {
            LastError = "Held back: the receiver does not answer.",
            DueAt = now + Backoff.Hold(notificationId, Holds + 1, held.For),
            Holds = Holds + 1,
        },
        (_, ChannelAnswer.Accepted accepted) =>
            this with { Status = DeliveryStatus.Accepted, Attempts = Attempts + 1, Receipt = accepted.Receipt, LastError = null, LastAttemptAt = now, DueAt = null, Holds = 0 },
        (_, ChannelAnswer.Refused refused) when refused.Permanent || Attempts + 1 >= maxAttempts =>
            this with { Status = DeliveryStatus.Dead, Attempts = Attempts + 1, LastError = refused.Reason, LastAttemptAt = now, DueAt = null },
        (_, ChannelAnswer.Refused refused) => this with
        {
            Status = DeliveryStatus.Failed,
            Attempts = Attempts + 1,
            Holds = 0,
            LastError = refused.Reason,
            LastAttemptAt = now,
            DueAt = now + Backoff.After(notificationId, Attempts + 1, refused.RetryAfter),
        },
        _ => throw new InvalidOperationException("There is no other answer."),
    };
}

/// <summary>One handing out of a queue message.</summary>
/// <param name="Sequence">The message's number in its queue; one that is handed out again keeps it.</param>
/// <param name="Count">How often it has been handed out. A higher count means that whoever had the message before has lost its lock.</param>
public sealed record MessageDelivery(long Sequence, int Count)
{
    /// <summary>Whether this is the same message, handed out again or not, and not one that has been handed out again since.</summary>
    public bool Follows(MessageDelivery? holder) => holder is not null && holder.Sequence == Sequence && Count >= holder.Count;
}

/// <summary>A notification and how far its messages have come.</summary>
/// <param name="Status">Of the whole: dead when a message is, else failed, pending or accepted likewise.</param>
/// <param name="Round">Number of the queue message that is to come next; the first is 0.</param>
/// <param name="NextAttemptAt">Null when none waits: before the first attempt, and when all is settled.</param>
/// <param name="ClaimedUntil">While somebody is sending; null otherwise. A claim that was never ended ends by itself.</param>
/// <param name="ClaimedBy">What brought whoever is sending here.</param>
/// <param name="PlannedAt">When the next round was planned; null where none waits, and in records from before this was kept.</param>
public sealed record NotificationRecord(
    Notification Notification,
    DeliveryStatus Status,
    IReadOnlyList<ChannelDelivery> Deliveries,
    int Round,
    DateTimeOffset? NextAttemptAt,
    DateTimeOffset? ClaimedUntil,
    DateTimeOffset CreatedAt,
    MessageDelivery? ClaimedBy = null,
    DateTimeOffset? PlannedAt = null)
{
    /// <summary>Longer than any channel takes; after it, whoever held the claim is held for dead.</summary>
    public static readonly TimeSpan ClaimLength = TimeSpan.FromMinutes(2);

    /// <summary>Attempts of one round end within it.</summary>
    private static readonly TimeSpan s_together = TimeSpan.FromSeconds(30);

    /// <summary>By how much the clock of one replica may be ahead of another's without having been set back.</summary>
    private static readonly TimeSpan s_apart = TimeSpan.FromSeconds(2);

    public static RecordContainer<NotificationRecord> Container { get; } = new("notifications");

    /// <summary>A channel has taken the message; others may still refuse it.</summary>
    [JsonIgnore]
    public bool IsSent => Deliveries.Any(delivery => delivery.Status == DeliveryStatus.Accepted);

    /// <summary>Nothing is to be sent any more.</summary>
    [JsonIgnore]
    public bool IsSettled => !Deliveries.Any(delivery => delivery.IsOpen);

    /// <summary>Every message has been tried or held back at least once, or one has been taken: what is to be known at once is known.</summary>
    [JsonIgnore]
    public bool IsTried => IsSent || Deliveries.All(delivery => delivery.Attempts + delivery.Holds > 0);

    /// <summary>What a round that begins now tries: also what is due so soon that it need not have a round of its own.</summary>
    public IEnumerable<ChannelDelivery> DueBy(DateTimeOffset now) => Deliveries.Where(delivery => delivery.IsOpen && (delivery.DueAt is not { } due || due <= now + s_together || IsSetBack(now)));

    /// <summary>The next round is still to come.</summary>
    public bool IsEarly(DateTimeOffset now) => NextAttemptAt > now + s_together && !IsSetBack(now);

    /// <summary>Somebody may be sending. A claim that ends later than one of this moment would is from before the clock was set back: nobody waits that long for it.</summary>
    public bool IsClaimed(DateTimeOffset now) => ClaimedUntil > now && ClaimedUntil <= now + ClaimLength + s_apart;

    /// <summary>The clock was set back since the round was planned: its time says nothing, and the queue keeps its message no longer than the pause was to be.</summary>
    private bool IsSetBack(DateTimeOffset now) => PlannedAt > now + s_apart;

    /// <summary>The record with other deliveries, and the status that follows from them.</summary>
    public NotificationRecord With(IReadOnlyList<ChannelDelivery> deliveries) => this with
    {
        Deliveries = deliveries,
        Status = new[] { DeliveryStatus.Dead, DeliveryStatus.Failed, DeliveryStatus.Pending }
            .Where(status => deliveries.Any(delivery => delivery.Status == status))
            .FirstOrDefault(DeliveryStatus.Accepted),
    };

    /// <summary>The record after a round of attempts: unclaimed, and with the time of the next round where one is needed.</summary>
    public NotificationRecord AfterRound(DateTimeOffset now) => IsSettled
        ? this with { ClaimedUntil = null, ClaimedBy = null, NextAttemptAt = null, PlannedAt = null }
        : this with
        {
            ClaimedUntil = null,
            ClaimedBy = null,
            Round = Round + 1,
            PlannedAt = now,
            NextAttemptAt = Deliveries.Where(delivery => delivery.IsOpen).Min(delivery => delivery.DueAt ?? now),
        };

    /// <summary>The record with its dead messages alive again; null when none is dead.</summary>
    public NotificationRecord? Revived() => Deliveries.All(delivery => delivery.Status != DeliveryStatus.Dead)
        ? null
        : With([.. Deliveries.Select(delivery => delivery.Status == DeliveryStatus.Dead ? delivery with { Status = DeliveryStatus.Pending, Attempts = 0, DueAt = null, Holds = 0 } : delivery)])
            with { Round = Round + 1, NextAttemptAt = null, PlannedAt = null };
}

/// <summary>The pauses between attempts.</summary>
public static class Backoff
{
    /// <summary>After the first attempt. Seven pauses, each three times the one before, are 18 hours: a receiver's night and morning.</summary>
    private static readonly TimeSpan s_first = TimeSpan.FromMinutes(1);

    /// <summary>The longest that a queue should keep a message for.</summary>
    private static readonly TimeSpan s_longest = TimeSpan.FromHours(24);

    /// <summary>A receiver that is back gets what was held for it after this at the latest.</summary>
    private static readonly TimeSpan s_longestHold = TimeSpan.FromMinutes(15);

    /// <summary>Like the pause after an attempt, but never long: what was not tried has no reason to wait long.</summary>
    /// <param name="holds">Holds so far, from 1.</param>
    /// <param name="least">What is left of the circuit's break.</param>
    public static TimeSpan Hold(string id, int holds, TimeSpan least)
    {
        var pause = After(id, Math.Min(holds, 4));
        return pause > s_longestHold ? s_longestHold : pause > least ? pause : least;
    }

    /// <summary>One minute, times three for each further attempt, a fifth more or less.</summary>
    /// <remarks>What more or less is follows from id and attempt, so a repeat plans the same; different notifications spread.</remarks>
    /// <param name="attempts">Attempts so far, from 1.</param>
    /// <param name="asked">What the receiver asks for: no earlier than that, as far as it is a queue's time.</param>
    public static TimeSpan After(string id, int attempts, TimeSpan? asked = null)
    {
        var pause = s_first * Math.Pow(3, Math.Max(attempts, 1) - 1);
        var share = Guid.Parse(DeterministicId.Of("backoff", id, $"{attempts}")).ToByteArray()[15] / 255d;
        var planned = (pause < s_longest ? pause : s_longest) * (0.8 + (0.4 * share));
        var wanted = asked < s_longest ? asked.Value : asked is null ? TimeSpan.Zero : s_longest;
        return planned > wanted ? planned : wanted;
    }
}
