using Advisor.Kernel.Messaging;
using Advisor.Kernel.Records;
using Advisor.Kernel.Tenancy;
using Microsoft.Extensions.Options;

namespace Advisor.Kernel.Notifications;

/// <summary>The queue of notifications that are due.</summary>
public static class NotificationQueues
{
    public const string Due = "notifications-queue";
}

/// <summary>A notification has messages to be sent.</summary>
public sealed record NotificationDue(string NotificationId)
{
    /// <param name="round">Of the record: a message for each round, however often it is sent.</param>
    public static BusMessage Message(TenantId tenant, string id, int round) => TenantMessage.Create(tenant, $"notify/{id}/{round}", new NotificationDue(id));
}

/// <summary>Takes notifications from every workflow.</summary>
public sealed class NotificationDesk(
    IRecordStore records, IMessageBus bus, IEnumerable<INotificationChannel> channels, DeliverySignals signals, IOptions<NotificationsOptions> options, TimeProvider time)
{
    private const int MaxAttempts = 20;

    private static readonly TimeSpan s_firstLook = TimeSpan.FromMilliseconds(250);

    private readonly List<INotificationChannel> _channels = [.. channels];

    /// <summary>Accepts the notification durably; it is delivered in the background. Accepting it again changes nothing.</summary>
    public async Task AcceptAsync(Notification notification, CancellationToken cancellationToken)
    {
        var record = new NotificationRecord(notification, DeliveryStatus.Pending, Deliveries(notification), Round: 0, null, null, notification.CreatedAt);
        try
        {
            await records.CreateAsync(NotificationRecord.Container, notification.Tenant, notification.Id, record, cancellationToken);
        }
        catch (RecordConflictException)
        {
            // It is there already, but perhaps the one who made it did not come to send its message.
        }

        await bus.SendAsync(NotificationQueues.Due, NotificationDue.Message(notification.Tenant, notification.Id, round: 0), cancellationToken);
    }

    /// <summary>Waits until a channel has taken the notification or each has been tried once, at most as long as one is patient.</summary>
    /// <returns>The notification as it was last seen; <see cref="NotificationRecord.IsSent"/> tells whether a channel has taken it.</returns>
    /// <exception cref="InvalidOperationException">There is no such notification.</exception>
    /// <remarks>
    /// The worker may run in another process. In this one it wakes the waiter; for the others the record is looked at a few times, with
    /// doubling pauses: six reads in five seconds.
    /// </remarks>
    public async Task<NotificationRecord> TriedWithinAsync(TenantId tenant, string id, TimeSpan patience, CancellationToken cancellationToken)
    {
        var end = time.GetUtcNow() + patience;
        var pause = s_firstLook;
        try
        {
            while (true)
            {
                var signal = signals.Next(id);
                var record = (await records.FindAsync(NotificationRecord.Container, tenant, id, cancellationToken))?.Value
                    ?? throw new InvalidOperationException($"There is no notification {id}.");
                var left = end - time.GetUtcNow();
                if (record.IsTried || left <= TimeSpan.Zero)
                {
                    return record;
                }

                using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
                await Task.WhenAny(signal, Task.Delay(pause < left ? pause : left, time, stop.Token));
                await stop.CancelAsync();
                cancellationToken.ThrowIfCancellationRequested();
                pause *= 2;
            }
        }
        finally
        {
            signals.Forget(id);
        }
    }

    /// <summary>Has the dead messages of the notification sent again, with all their attempts; those that were accepted are not.</summary>
    /// <returns>The record, and whether there was anything to send again; null when there is no such notification.</returns>
    public async Task<(NotificationRecord Record, bool Revived)?> ResendAsync(TenantId tenant, string id, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            if (await records.FindAsync(NotificationRecord.Container, tenant, id, cancellationToken) is not { } stored)
            {
                return null;
            }

            if (stored.Value.Revived() is not { } revived)
            {
                return (stored.Value, false);
            }

            try
            {
                await records.PutAsync(NotificationRecord.Container, tenant, id, revived, stored.ETag, cancellationToken);
                await bus.SendAsync(NotificationQueues.Due, NotificationDue.Message(tenant, id, revived.Round), cancellationToken);
                return (revived, true);
            }
            catch (RecordConflictException) when (attempt < MaxAttempts)
            {
                // An attempt ended meanwhile: look at what came of it.
            }
        }
    }

    /// <summary>One for each serving channel, and for each recipient where the channel addresses people.</summary>
    private List<ChannelDelivery> Deliveries(Notification notification)
    {
        var settings = options.Value.For(notification.Tenant);
        var people = notification.Recipients.Count > 0 ? notification.Recipients : [.. settings.Recipients.Select(address => new Recipient(address, address))];
        var deliveries = _channels.Where(channel => settings.Channels.Contains(channel.Name)).SelectMany(channel => channel.AddressesPeople
            ? people.Select(recipient => Delivery(notification, channel, recipient))
            : [Delivery(notification, channel, null)]).ToList();

        // Where only mail serves and there is nobody to mail, the notification is kept rather than lost.
        return deliveries.Count > 0 ? deliveries : [Delivery(notification, _channels.Single(channel => channel.Name == Channels.OutboxChannel.ChannelName), null)];
    }

    private static ChannelDelivery Delivery(Notification notification, INotificationChannel channel, Recipient? recipient) =>
        new(DeterministicId.Of("delivery", notification.Id, channel.Name, recipient?.Email ?? ""), channel.Name, recipient);
}
