using Advisor.Kernel.Messaging;
using Advisor.Kernel.Records;
using Advisor.Kernel.Resilience;
using Advisor.Kernel.Tenancy;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Advisor.Kernel.Notifications;

/// <summary>Hears how the notifications fare; for workflows that keep a state of their own by it.</summary>
public interface INotificationObserver
{
    /// <summary>A round of attempts has ended. Told again where a message is repeated, so it must be repeatable.</summary>
    Task AttemptedAsync(NotificationRecord record, CancellationToken cancellationToken);
}

/// <summary>Sends what is due of a notification.</summary>
/// <remarks>
/// One at a time sends: whoever puts a claim on the record under its ETag. A channel that accepted is never sent to again. What is refused
/// for now comes again by a scheduled message, so that a queue's count of deliveries stays for faults. A process that dies between
/// a channel's acceptance and its record makes the one case in which a message goes out twice: with the same delivery id.
/// </remarks>
public sealed partial class NotificationDelivery(
    IRecordStore records,
    IMessageBus bus,
    IEnumerable<INotificationChannel> channels,
    NotificationTemplates templates,
    IEnumerable<INotificationObserver> observers,
    DeliverySignals signals,
    Dependencies dependencies,
    IOptions<NotificationsOptions> options,
    TimeProvider time,
    ILogger<NotificationDelivery> logger)
{
    private const int MaxChanges = 20;

    /// <summary>Longer than any channel takes; after it, whoever held the claim is held for dead.</summary>
    private static readonly TimeSpan s_claim = TimeSpan.FromMinutes(2);

    /// <summary>The outbox among them in any case: it keeps what no other channel could.</summary>
    private readonly Dictionary<string, INotificationChannel> _channels = channels
        .Where(channel => channel.Name == Channels.OutboxChannel.ChannelName || options.Value.Serves(channel.Name))
        .ToDictionary(channel => channel.Name, StringComparer.Ordinal);

    /// <summary>Does what is due now, and plans what is due later. Doing it again changes nothing.</summary>
    public async Task DeliverAsync(TenantId tenant, string id, CancellationToken cancellationToken)
    {
        var record = await ClaimAsync(tenant, id, cancellationToken);
        if (record is null)
        {
            return;
        }

        var open = record.Deliveries.Where(delivery => delivery.IsOpen).Select(delivery => AttemptAsync(record.Notification, delivery, cancellationToken)).ToList();
        var left = open.Count;
        await foreach (var attempt in Task.WhenEach(open))
        {
            var (delivery, answer) = await attempt;
            var last = --left == 0;
            record = await ChangeAsync(tenant, id, now =>
            {
                var changed = now.With([.. now.Deliveries.Select(known => known.Id == delivery ? known.After(answer, options.Value.MaxAttempts, time.GetUtcNow()) : known)]);
                return last ? changed.AfterRound(time.GetUtcNow()) : changed;
            });
            signals.Pulse(id);
        }

        LogDead(record);
        await FollowAsync(tenant, record, cancellationToken);
    }

    /// <summary>The record under a claim of ours; null when nothing may be sent now.</summary>
    private async Task<NotificationRecord?> ClaimAsync(TenantId tenant, string id, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var stored = await records.FindAsync(NotificationRecord.Container, tenant, id, cancellationToken)
                ?? throw new InvalidOperationException($"The message names the unknown notification {id}.");
            var record = stored.Value;
            var now = time.GetUtcNow();
            if (record.IsSettled || record.NextAttemptAt > now)
            {
                await FollowAsync(tenant, record, cancellationToken);
                return null;
            }

            if (record.ClaimedUntil is { } until && until > now)
            {
                // Somebody is sending, or died while doing so: look again when the claim has ended.
                var look = NotificationDue.Message(tenant, id, record.Round);
                await bus.SendAsync(NotificationQueues.Due, look with { MessageId = $"{look.MessageId}/claim/{until.UtcTicks}", ScheduledAt = until }, cancellationToken);
                return null;
            }

            try
            {
                var claimed = record with { ClaimedUntil = now + s_claim };
                await records.PutAsync(NotificationRecord.Container, tenant, id, claimed, stored.ETag, cancellationToken);
                return claimed;
            }
            catch (RecordConflictException) when (attempt < MaxChanges)
            {
                // Somebody else was faster.
            }
        }
    }

    /// <summary>Tells the workflows, and sends the message of the next round; its id drops the second of two.</summary>
    private async Task FollowAsync(TenantId tenant, NotificationRecord record, CancellationToken cancellationToken)
    {
        if (record.NextAttemptAt is { } at)
        {
            await bus.SendAsync(NotificationQueues.Due, NotificationDue.Message(tenant, record.Notification.Id, record.Round) with { ScheduledAt = at }, cancellationToken);
        }

        foreach (var observer in observers)
        {
            await observer.AttemptedAsync(record, cancellationToken);
        }
    }

    private async Task<(string Delivery, ChannelAnswer Answer)> AttemptAsync(Notification notification, ChannelDelivery delivery, CancellationToken cancellationToken)
    {
        var url = options.Value.PublicUrl?.TrimEnd('/') + notification.Link;
        if (!_channels.TryGetValue(delivery.Channel, out var channel) || templates.Render(notification, url) is not { } rendered)
        {
            return (delivery.Id, new ChannelAnswer.Refused("The channel is no longer configured, or the template no longer part of the product.", Permanent: true));
        }

        try
        {
            var outgoing = new OutgoingNotification(delivery.Id, notification, rendered, url, delivery.Recipient);
            return (delivery.Id, await dependencies[Dependencies.Notifications].CallAsync(
                "send", channel.Name, (channel, outgoing), static (call, token) => new ValueTask<ChannelAnswer>(call.channel.SendAsync(call.outgoing, token)), cancellationToken));
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            // Also when the host stops: an attempt that was broken off counts, and the next round makes up for it.
            Log.Faulted(logger, fault.GetType().Name, delivery.Channel, notification.Id);
            return (delivery.Id, new ChannelAnswer.Refused($"The channel failed ({fault.GetType().Name}).", Permanent: false));
        }
    }

    /// <summary>Not cancelled: what a channel has said must be kept.</summary>
    private async Task<NotificationRecord> ChangeAsync(TenantId tenant, string id, Func<NotificationRecord, NotificationRecord> change)
    {
        for (var attempt = 1; ; attempt++)
        {
            var stored = (await records.FindAsync(NotificationRecord.Container, tenant, id, CancellationToken.None))!;
            try
            {
                var changed = change(stored.Value);
                await records.PutAsync(NotificationRecord.Container, tenant, id, changed, stored.ETag, CancellationToken.None);
                return changed;
            }
            catch (RecordConflictException) when (attempt < MaxChanges)
            {
                // Changed meanwhile: what was answered holds for the changed one as well.
            }
        }
    }

    private void LogDead(NotificationRecord record)
    {
        foreach (var dead in record.Deliveries.Where(delivery => delivery.Status == DeliveryStatus.Dead))
        {
            Log.Dead(logger, record.Notification.Id, record.Notification.Kind, dead.Channel, dead.Attempts, dead.LastError);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 120, Level = LogLevel.Warning, Message = "The channel {Channel} faulted with {Fault} on notification {NotificationId}")]
        public static partial void Faulted(ILogger logger, string fault, string channel, string notificationId);

        [LoggerMessage(EventId = 121, Level = LogLevel.Error, Message = "Notification {NotificationId} ({Kind}) is dead on {Channel} after {Attempts} attempts: {Reason}")]
        public static partial void Dead(ILogger logger, string notificationId, string kind, string channel, int attempts, string? reason);
    }
}
