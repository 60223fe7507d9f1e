using System.Text.Json.Serialization;
using Advisor.Kernel.Http;
using Advisor.Kernel.Messaging;
using Advisor.Kernel.Records;
using Advisor.Kernel.Tenancy;
using Azure.Messaging.ServiceBus;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace Advisor.Kernel.Notifications;

/// <summary>Delivers notifications, and lets operators see which were not and have those sent again.</summary>
public sealed class NotificationTriggers(IRecordStore records, NotificationDesk desk, NotificationDelivery delivery)
{
    private static readonly string[] s_statuses = ["pending", "accepted", "failed", "dead"];

    [Function("DeliverNotification")]
    public Task DeliverAsync([ServiceBusTrigger(NotificationQueues.Due)] ServiceBusReceivedMessage message, ServiceBusMessageActions actions, CancellationToken cancellationToken) =>
        message.HandleAsync<NotificationDue>(
            actions,
            (tenant, due) => delivery.DeliverAsync(tenant, due.NotificationId, new MessageDelivery(message.SequenceNumber, message.DeliveryCount), cancellationToken),
            cancellationToken);

    [Allow(Role.Operator, Role.Admin)]
    [QueryParameters("status", "kind", "limit", "continuation")]
    [Function("ListNotifications")]
    public async Task<IResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/v1/notifications")] HttpRequest request, CancellationToken cancellationToken)
    {
        var (limit, problem) = Paging.Limit(request);
        var filters = new List<RecordFilter>();
        if (request.Query["status"].ToString() is { Length: > 0 } status)
        {
            filters.Add(new RecordFilter("status", RecordOperator.Equal, status));
            problem ??= s_statuses.Contains(status) ? null : Problem.Invalid("status", $"'status' is one of {string.Join(", ", s_statuses)}.");
        }

        if (request.Query["kind"].ToString() is { Length: > 0 } kind)
        {
            filters.Add(new RecordFilter("notification.kind", RecordOperator.Equal, kind));
        }

        if (problem is not null)
        {
            return problem;
        }

        try
        {
            var query = new RecordQuery(filters, "created_at", Descending: true, limit, Paging.Continuation(request));
            var page = await records.QueryAsync(NotificationRecord.Container, request.Caller().Tenant, query, cancellationToken);
            return Answer.Ok(new NotificationList([.. page.Items.Select(item => NotificationView.Of(item.Value))], Paging.Next(request, page.Continuation)));
        }
        catch (InvalidContinuationException fault)
        {
            return Paging.BadContinuation(fault);
        }
    }

    [Allow(Role.Operator, Role.Admin)]
    [Function("GetNotification")]
    public async Task<IResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/v1/notifications/{id}")] HttpRequest request, string id, CancellationToken cancellationToken) =>
        await records.FindAsync(NotificationRecord.Container, request.Caller().Tenant, id, cancellationToken) is { } stored
            ? Answer.Ok(NotificationView.Of(stored.Value))
            : Problem.NotFound("notification", id);

    [Allow(Role.Operator, Role.Admin)]
    [Function("ResendNotification")]
    public async Task<IResult> ResendAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/v1/notifications/{id}/resend")] HttpRequest request, string id, CancellationToken cancellationToken) =>
        await desk.ResendAsync(request.Caller().Tenant, id, cancellationToken) switch
        {
            null => Problem.NotFound("notification", id),
            { Revived: false } => new Problem(StatusCodes.Status409Conflict, "nothing-to-resend", "There is nothing to send again",
                "Only messages that are dead are sent again; those of this notification were accepted or are still being tried."),
            { Record: var record } => Answer.Accepted($"/api/v1/notifications/{id}", NotificationView.Of(record)),
        };

    private sealed record NotificationList(IReadOnlyList<NotificationView> Notifications, Pagination Pagination);
}

/// <summary>A notification as operators see it: how its delivery fares, without what it says.</summary>
public sealed record NotificationView(
    string Id,
    string Kind,
    string Template,
    DeliveryStatus Status,
    IReadOnlyList<DeliveryView> Deliveries,
    DateTimeOffset? NextAttemptAt,
    DateTimeOffset CreatedAt,
    [property: JsonPropertyName("_links")] IReadOnlyDictionary<string, Link> Links)
{
    public static NotificationView Of(NotificationRecord record) => new(
        record.Notification.Id, record.Notification.Kind, record.Notification.TemplateName, record.Status,
        [.. record.Deliveries.Select(delivery => new DeliveryView(
            delivery.Id, delivery.Channel, delivery.Recipient?.Email, delivery.Status, delivery.Attempts, delivery.Receipt, delivery.LastError, delivery.LastAttemptAt))],
        record.NextAttemptAt, record.CreatedAt,
        new Dictionary<string, Link>
        {
            ["self"] = new($"/api/v1/notifications/{record.Notification.Id}"),
            ["about"] = new(record.Notification.Link),
        });
}

/// <param name="Recipient">E-mail address; absent for a channel that addresses no one.</param>
public sealed record DeliveryView(
    string DeliveryId, string Channel, string? Recipient, DeliveryStatus Status, int Attempts, string? Receipt, string? LastError, DateTimeOffset? LastAttemptAt);
