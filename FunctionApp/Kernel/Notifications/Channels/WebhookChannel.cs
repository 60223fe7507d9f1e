using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Advisor.Kernel.Http;
using Microsoft.Extensions.Options;

namespace Advisor.Kernel.Notifications.Channels;

/// <summary>Posts the notification as signed JSON.</summary>
/// <remarks>
/// <c>X-Advisor-Signature: t=…,v1=…</c>: t is Unix time in seconds, v1 the HMAC-SHA256 in lower-case hexadecimal of t, a full stop and the
/// body's bytes. <c>X-Advisor-Delivery</c> is the same for every attempt.
/// </remarks>
internal sealed class WebhookChannel(IOptions<NotificationsOptions> options, TimeProvider time) : INotificationChannel
{
    public string Name => "webhook";

    public bool AddressesPeople => false;

    public Task<ChannelAnswer> SendAsync(OutgoingNotification outgoing, CancellationToken cancellationToken)
    {
        var receiver = options.Value.For(outgoing.Notification.Tenant).Webhook;
        var body = JsonSerializer.SerializeToUtf8Bytes(NotificationPayload.Of(outgoing), AdvisorJson.Options);
        var headers = new Dictionary<string, string>
        {
            ["X-Advisor-Delivery"] = outgoing.DeliveryId,
            ["X-Advisor-Event"] = outgoing.Notification.Kind,
            ["X-Advisor-Signature"] = Signature(receiver.Secret!, time.GetUtcNow(), body),
        };
        return JsonPost.SendAsync(receiver.Url!, body, headers, time, cancellationToken);
    }

    /// <summary>The value of the signature header.</summary>
    internal static string Signature(string secret, DateTimeOffset at, ReadOnlySpan<byte> body)
    {
        var seconds = at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        byte[] signed = [.. Encoding.ASCII.GetBytes(seconds + "."), .. body];
        return $"t={seconds},v1={Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), signed))}";
    }
}
