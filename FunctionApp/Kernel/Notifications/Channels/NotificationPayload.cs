namespace Advisor.Kernel.Notifications.Channels;

/// <summary>A notification as programs receive it: the webhook's body, the outbox's file.</summary>
/// <param name="Text">Rendered, for people.</param>
/// <param name="Values">What the text is made of; data from documents among it, so a program encodes it for wherever it shows it.</param>
internal sealed record NotificationPayload(
    string DeliveryId,
    string NotificationId,
    string Kind,
    string Tenant,
    DateTimeOffset CreatedAt,
    IReadOnlyList<Recipient> Recipients,
    string Subject,
    string Text,
    string Link,
    IReadOnlyDictionary<string, string> Values,
    IReadOnlyList<string> Items)
{
    public static NotificationPayload Of(OutgoingNotification outgoing) => new(
        outgoing.DeliveryId, outgoing.Notification.Id, outgoing.Notification.Kind, outgoing.Notification.Tenant.Value, outgoing.Notification.CreatedAt,
        outgoing.Notification.Recipients, outgoing.Rendered.Subject, outgoing.Rendered.Text, outgoing.Url, outgoing.Notification.Values, outgoing.Notification.Items);
}
