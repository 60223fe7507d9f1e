using System.Globalization;
using System.Text;
using System.Text.Json;
using Advisor.Kernel.Http;
using Advisor.Kernel.Records;

namespace Advisor.Kernel.Notifications.Channels;

/// <summary>Keeps the notification as two blobs, <c>outbox/{tenant}/{yyyy-MM-dd}/{id}.json</c> and <c>.txt</c>. Writing again changes nothing.</summary>
internal sealed class OutboxChannel(IBlobStore blobs) : INotificationChannel
{
    public const string Container = "outbox";

    public const string ChannelName = "outbox";

    public string Name => ChannelName;

    public bool AddressesPeople => false;

    public async Task<ChannelAnswer> SendAsync(OutgoingNotification outgoing, CancellationToken cancellationToken)
    {
        var notification = outgoing.Notification;
        var name = NameOf(notification);
        var to = notification.Recipients.Count == 0 ? "the tenant's channel" : string.Join(", ", notification.Recipients.Select(recipient => SafeText.Clean(recipient.Email)));
        var text = $"To: {to}\nSubject: {outgoing.Rendered.Subject}\n\n{outgoing.Rendered.Text}";
        await blobs.WriteAsync(Container, $"{name}.txt", Encoding.UTF8.GetBytes(text), cancellationToken);
        await blobs.WriteAsync(Container, $"{name}.json", JsonSerializer.SerializeToUtf8Bytes(NotificationPayload.Of(outgoing), AdvisorJson.Options), cancellationToken);
        return new ChannelAnswer.Accepted($"{Container}/{name}");
    }

    /// <summary>Removes what the outbox keeps of a notification, if anything.</summary>
    public static async Task RemoveAsync(IBlobStore blobs, Notification notification, CancellationToken cancellationToken)
    {
        await blobs.DeleteAsync(Container, $"{NameOf(notification)}.txt", cancellationToken);
        await blobs.DeleteAsync(Container, $"{NameOf(notification)}.json", cancellationToken);
    }

    private static string NameOf(Notification notification) =>
        $"{notification.Tenant}/{notification.CreatedAt.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}/{notification.Kind}-{notification.Id}";
}
