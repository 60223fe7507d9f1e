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
/// One at a time sends: whoever puts a claim on the record under its ETag. A queue message that is handed out again takes its own claim over at once,
/// for whoever made it is dead or has lost the message's lock; that one begins nothing more once it could see so. A channel that accepted is never sent
/// to again. What is refused for now comes again by a scheduled message, so that a queue's count of deliveries stays for faults. A message goes out twice,
/// with the same delivery id, only where a sender died or lost its lock between a channel's acceptance and its record.
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

    /// <summary>After it nothing more is begun under the claim: the slowest attempt still ends within it.</summary>
    private static readonly TimeSpan s_round = TimeSpan.FromSeconds(85);

    private readonly Dictionary<string, INotificationChannel> _channels = channels.ToDictionary(channel => channel.Name, StringComparer.Ordinal);

    /// <summary>Does what is due now, and plans what is due later. Doing it again changes nothing.</summary>
    /// <param name="by">The message that says so.</param>
    public async Task DeliverAsync(TenantId tenant, string id, MessageDelivery by, CancellationToken cancellationToken)
    {
        var record = await ClaimAsync(tenant, id, by, cancellationToken);
        if (record is null)
        {
            return;
        }

        using var round = new CancellationTokenSource(s_round, time);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(round.Token, cancellationToken);
        var due = record.DueBy(time.GetUtcNow()).ToList();
        var left = due.Count;
        await foreach (var attempt in Task.WhenEach(due.ConvertAll(delivery => AttemptAsync(record.Notification, delivery, by, ended.Token))))
        {
            var (delivery, answer) = await attempt;
            var (last, held) = (--left == 0, true);
            var current = await ChangeAsync(tenant, id, now =>
            {
                held = now.ClaimedBy == by;
                var changed = answer is null
                    ? now
                    : now.With([.. now.Deliveries.Select(known => known.Id == delivery ? known.After(answer, id, options.Value.MaxAttempts, time.GetUtcNow()) : known)]);
                return last && held ? changed.AfterRound(time.GetUtcNow()) : changed;
            });
            signals.Pulse(id);
            if (current is null)
            {
                return;
            }

            record = current;
            if (last && !held)
            {
                // The round is another's by now, and so is what follows from it.
                return;
            }
        }

        LogDead(record, due);
        await FollowAsync(tenant, record, cancellationToken);
    }

    /// <summary>The record under a claim of ours; null when nothing may be sent now.</summary>
    private async Task<NotificationRecord?> ClaimAsync(TenantId tenant, string id, MessageDelivery by, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            if (await records.FindAsync(NotificationRecord.Container, tenant, id, cancellationToken) is not { } stored)
            {
                // It went with the document that it quotes: nothing is to be sent any more.
                return null;
            }

            var record = stored.Value;
            var now = time.GetUtcNow();
            if (record.IsSettled || record.IsEarly(now))
            {
                await FollowAsync(tenant, record, cancellationToken);
                return null;
            }

            if (record.IsClaimed(now) && !by.Follows(record.ClaimedBy))
            {
                if (record.ClaimedBy?.Sequence == by.Sequence)
                {
                    // The message has been handed out again since: it is no longer ours.
                    return null;
                }

                // Somebody is sending because of another message, or died while doing so: look again when the claim has ended.
                var until = record.ClaimedUntil!.Value;
                var look = NotificationDue.Message(tenant, id, record.Round);
                await bus.SendAsync(NotificationQueues.Due, look with { MessageId = $"{look.MessageId}/claim/{until.UtcTicks}", ScheduledAt = until }, cancellationToken);
                return null;
            }

            try
            {
                var claimed = record with { ClaimedUntil = now + NotificationRecord.ClaimLength, ClaimedBy = by };
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

    /// <summary>The channel's answer; null where nothing was sent, because the claim has become another's or what the former holder sent was accepted.</summary>
    private async Task<(string Delivery, ChannelAnswer? Answer)> AttemptAsync(
        Notification notification, ChannelDelivery delivery, MessageDelivery by, CancellationToken cancellationToken)
    {
        var url = options.Value.PublicUrl?.TrimEnd('/') + notification.Link;
        // The outbox serves in any case: it keeps what no other channel could.
        var serves = delivery.Channel == Channels.OutboxChannel.ChannelName || options.Value.For(notification.Tenant).Channels.Contains(delivery.Channel);
        if (!serves || !_channels.TryGetValue(delivery.Channel, out var channel) || templates.Render(notification, url) is not { } rendered)
        {
            return (delivery.Id, new ChannelAnswer.Refused("The channel is no longer configured, or the template no longer part of the product.", Permanent: true));
        }

        var outgoing = new OutgoingNotification(delivery.Id, notification, rendered, url, delivery.Recipient);
        var receiver = dependencies[Dependencies.Notifications, options.Value.ReceiverOf(channel.Name, notification.Tenant)];
        var asked = false;
        try
        {
            return (delivery.Id, await receiver.CallAsync("send", null, this, async (me, token) =>
            {
                if (!await me.IsOursAsync(outgoing, by, token))
                {
                    return null;
                }

                asked = true;
                return await channel.SendAsync(outgoing, token) is var answer && answer is ChannelAnswer.Refused { IsDown: true } refused
                    ? throw new ReceiverDownException(refused)
                    : answer;
            }, cancellationToken));
        }
        catch (DependencyUnavailableException fault) when (asked && fault.InnerException is ReceiverDownException down)
        {
            return (delivery.Id, down.Answer);
        }
        catch (Exception fault) when (!asked && (fault is DependencyUnavailableException || fault is OperationCanceledException))
        {
            return (delivery.Id, new ChannelAnswer.Held((fault as DependencyUnavailableException)?.RetryAfter ?? TimeSpan.Zero));
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            // Also when the host stops: an attempt that was broken off counts, and the next round makes up for it.
            Log.Faulted(logger, fault.GetType().Name, delivery.Channel, notification.Id);
            return (delivery.Id, new ChannelAnswer.Refused($"The channel failed ({fault.GetType().Name}).", Permanent: false));
        }
    }

    /// <summary>Looked at last before sending: there may have been a wait for a place, and a former holder may have recorded what it had under way.</summary>
    private async Task<bool> IsOursAsync(OutgoingNotification outgoing, MessageDelivery by, CancellationToken cancellationToken) =>
        (await records.FindAsync(NotificationRecord.Container, outgoing.Notification.Tenant, outgoing.Notification.Id, cancellationToken))?.Value is { } record
        && record.ClaimedBy == by && record.Deliveries.Any(delivery => delivery.Id == outgoing.DeliveryId && delivery.IsOpen);

    /// <summary>Not cancelled: what a channel has said must be kept. Null when the notification is no longer there.</summary>
    private async Task<NotificationRecord?> ChangeAsync(TenantId tenant, string id, Func<NotificationRecord, NotificationRecord> change)
    {
        for (var attempt = 1; ; attempt++)
        {
            if (await records.FindAsync(NotificationRecord.Container, tenant, id, CancellationToken.None) is not { } stored)
            {
                return null;
            }

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

    private void LogDead(NotificationRecord record, List<ChannelDelivery> tried)
    {
        foreach (var dead in record.Deliveries.Where(delivery => delivery.Status == DeliveryStatus.Dead && tried.Exists(one => one.Id == delivery.Id)))
        {
            Log.Dead(logger, record.Notification.Id, record.Notification.Kind, dead.Channel, dead.Attempts, dead.LastError);
        }
    }

    /// <summary>A refusal on its way through the circuit, which counts faults and not answers.</summary>
    private sealed class ReceiverDownException(ChannelAnswer.Refused answer) : IOException(answer.Reason)
    {
        public ChannelAnswer.Refused Answer { get; } = answer;
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 120, Level = LogLevel.Warning, Message = "The channel {Channel} faulted with {Fault} on notification {NotificationId}")]
        public static partial void Faulted(ILogger logger, string fault, string channel, string notificationId);

        [LoggerMessage(EventId = 121, Level = LogLevel.Error, Message = "Notification {NotificationId} ({Kind}) is dead on {Channel} after {Attempts} attempts: {Reason}")]
        public static partial void Dead(ILogger logger, string notificationId, string kind, string channel, int attempts, string? reason);
    }
}
