using System.Text.Json;
using System.Text.Json.Nodes;
using Advisor.Kernel.Http;
using Microsoft.Extensions.Options;

namespace Advisor.Kernel.Notifications.Channels;

/// <summary>Posts the notification as an Adaptive Card to a Teams workflow.</summary>
internal sealed class TeamsChannel(IOptions<NotificationsOptions> options, TimeProvider time) : INotificationChannel
{
    public string Name => "teams";

    public bool AddressesPeople => false;

    public Task<ChannelAnswer> SendAsync(OutgoingNotification outgoing, CancellationToken cancellationToken)
    {
        var message = new JsonObject
        {
            ["type"] = "message",
            ["attachments"] = new JsonArray(new JsonObject
            {
                ["contentType"] = "application/vnd.microsoft.card.adaptive",
                ["content"] = outgoing.Rendered.Card.DeepClone(),
            }),
        };
        return JsonPost.SendAsync(
            options.Value.For(outgoing.Notification.Tenant).Teams.Url!, JsonSerializer.SerializeToUtf8Bytes(message, AdvisorJson.Options),
            new Dictionary<string, string> { ["X-Advisor-Delivery"] = outgoing.DeliveryId }, time, cancellationToken);
    }
}
