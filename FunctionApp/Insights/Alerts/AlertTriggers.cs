using System.Text.Json.Serialization;
using Advisor.Documents.Contracts;
using Advisor.Kernel.Http;
using Advisor.Kernel.Notifications;
using Advisor.Kernel.Records;
using Advisor.Kernel.Reviews;
using Advisor.Kernel.Tenancy;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace Advisor.Insights.Alerts;

/// <summary>Brings an insight before a reviewer, and shows what became of the alert.</summary>
public sealed class AlertTriggers(
    IRecordStore records, IUserDirectory users, ReviewDesk reviews, NotificationDesk notifications, AlertDelivery delivery, DocumentReadings readings, DocumentAlerts alerts, TimeProvider time, ILogger<AlertTriggers> logger)
{
    private const int MaxNote = 1_000;

    private const string Form = """{"insight_id": "...", "reviewer_email": "...", "note": "..."}""";

    /// <summary>How long a caller waits to hear that a channel has taken the notification.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    private static readonly Role[] s_reviewing = [Role.Reviewer, Role.Approver, Role.Cfo, Role.Admin];

    private static readonly string[] s_statuses = ["pending", "notified", "undelivered"];

    [Allow(Role.Analyst, Role.Reviewer, Role.Approver, Role.Cfo, Role.Admin)]
    [Function("EscalateAlert")]
    public async Task<IResult> EscalateAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/v1/alerts/escalate")] HttpRequest request, CancellationToken cancellationToken)
    {
        var (body, problem) = await JsonBody.ReadAsync<EscalateBody>(request, Form, cancellationToken);
        if ((problem ?? Check(body!)) is { } invalid)
        {
            return invalid;
        }

        var caller = request.Caller();
        if (await records.FindAsync(InsightRecord.Container, caller.Tenant, body!.InsightId!, cancellationToken) is not { } stored)
        {
            return Problem.NotFound("insight", body.InsightId!);
        }

        if (InsightReading.Verified(stored.Value, logger) is not { } insight)
        {
            return InsightReading.Altered(stored.Id);
        }

        var reviewer = await users.FindByEmailAsync(caller.Tenant, body.ReviewerEmail!, cancellationToken);
        if (reviewer is null)
        {
            return new Problem(StatusCodes.Status422UnprocessableEntity, "unknown-reviewer", "There is no such reviewer",
                "Nobody of your organisation is known by this e-mail address. Check it, or have the person sign in first.");
        }

        if (!s_reviewing.Any(reviewer.Has))
        {
            return new Problem(StatusCodes.Status422UnprocessableEntity, "not-a-reviewer", "The person may not review",
                "Name somebody with one of the roles reviewer, approver, cfo, admin, or ask an administrator to give this person one.");
        }

        var review = InsightReviews.Of(insight, ReviewDepth.Full, time.GetUtcNow(), blind: insight is { Sampled: true, Band: Kernel.Confidence.Band.High });
        if (await reviews.AssignAsync(caller.Tenant, review, reviewer, caller, request.OperationId(time), cancellationToken) is { } refused)
        {
            return refused;
        }

        var alert = await CreateAsync(request.OperationId(time), caller, insight, reviewer, body.Note, cancellationToken);
        var model = new AlertEscalated(NoticeText.Document(insight), insight.Company, NoticeText.Sentence(insight), caller.Email, alert.Note);
        await notifications.AcceptAsync(
            Notification.Create(alert.Id, caller.Tenant, [Recipient.Of(reviewer)], model, $"/api/v1/insights/{insight.Id}", time.GetUtcNow()), cancellationToken);
        if (await readings.AbsenceAsync(caller.Tenant, insight.DocumentId, cancellationToken) is not null)
        {
            // Deleted while the alert was being made.
            await alerts.RemoveAsync(caller.Tenant, insight.DocumentId, cancellationToken);
            await InsightReviews.SettleAsync(records, reviews, caller.Tenant, insight.Id, cancellationToken);
            return Problem.NotFound("insight", insight.Id);
        }

        var tried = await notifications.TriedWithinAsync(caller.Tenant, alert.Id, s_patience, cancellationToken);
        return Answer.Created($"/api/v1/alerts/{alert.Id}", AlertView.Of(await delivery.SettleAsync(tried, cancellationToken) ?? alert));
    }

    [AllowAnyRole]
    [QueryParameters("status", "insight_id", "reviewer", "limit", "continuation")]
    [Function("ListAlerts")]
    public async Task<IResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/v1/alerts")] HttpRequest request, CancellationToken cancellationToken)
    {
        var (limit, problem) = Paging.Limit(request);
        var status = request.Query["status"].ToString();
        problem ??= status.Length == 0 || s_statuses.Contains(status) ? null : Problem.Invalid("status", $"'status' is one of {string.Join(", ", s_statuses)}.");
        if (problem is not null)
        {
            return problem;
        }

        List<RecordFilter> filters =
        [
            .. new (string Property, string Value)[]
            {
                ("status", status), ("insight_id", request.Query["insight_id"].ToString()), ("reviewer_email", request.Query["reviewer"].ToString().ToLowerInvariant()),
            }.Where(filter => filter.Value.Length > 0).Select(filter => new RecordFilter(filter.Property, RecordOperator.Equal, filter.Value)),
        ];
        try
        {
            var query = new RecordQuery(filters, "created_at", Descending: true, limit, Paging.Continuation(request));
            var page = await records.QueryAsync(AlertRecord.Container, request.Caller().Tenant, query, cancellationToken);
            return Answer.Ok(new AlertList([.. page.Items.Select(item => AlertView.Of(item.Value))], Paging.Next(request, page.Continuation)));
        }
        catch (InvalidContinuationException fault)
        {
            return Paging.BadContinuation(fault);
        }
    }

    [AllowAnyRole]
    [Function("GetAlert")]
    public async Task<IResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/v1/alerts/{id}")] HttpRequest request, string id, CancellationToken cancellationToken) =>
        await records.FindAsync(AlertRecord.Container, request.Caller().Tenant, id, cancellationToken) is { } stored
            ? Answer.Ok(AlertView.Of(stored.Value))
            : Problem.NotFound("alert", id);

    private static Problem? Check(EscalateBody body) => body switch
    {
        { InsightId: null or "" } => Problem.Invalid("insight_id", $"Send JSON of the form {Form}; 'note' may be left out."),
        { ReviewerEmail: null or "" } => Problem.Invalid("reviewer_email", "'reviewer_email' is the e-mail address of somebody of your organisation who may review."),
        { Note.Length: > MaxNote } => Problem.Invalid("note", "'note' has at most 1,000 characters."),
        _ => null,
    };

    /// <summary>The alert; the one that is there when the same operation is done again.</summary>
    private async Task<AlertRecord> CreateAsync(string id, Caller caller, InsightRecord insight, Caller reviewer, string? note, CancellationToken cancellationToken)
    {
        var alert = new AlertRecord(
            id, insight.Id, insight.DocumentId, InsightReviews.IdOf(insight.Id), reviewer.UserId, reviewer.Email.ToLowerInvariant(), caller.UserId,
            string.IsNullOrWhiteSpace(note) ? null : note, AlertStatus.Pending, time.GetUtcNow());
        try
        {
            return (await records.CreateAsync(AlertRecord.Container, caller.Tenant, id, alert, cancellationToken)).Value;
        }
        catch (RecordConflictException)
        {
            return (await records.FindAsync(AlertRecord.Container, caller.Tenant, id, cancellationToken))!.Value;
        }
    }

    private sealed record EscalateBody(string? InsightId, string? ReviewerEmail, string? Note);

    private sealed record AlertList(IReadOnlyList<AlertView> Alerts, Pagination Pagination);
}

/// <summary>An alert as the API shows it.</summary>
/// <param name="NotificationSent">True once a channel has taken the notification.</param>
public sealed record AlertView(
    string AlertId,
    bool NotificationSent,
    AlertStatus Status,
    string InsightId,
    string DocumentId,
    string ReviewerEmail,
    string EscalatedBy,
    string? Note,
    DateTimeOffset CreatedAt,
    [property: JsonPropertyName("_links")] IReadOnlyDictionary<string, Link> Links)
{
    public static AlertView Of(AlertRecord alert) => new(
        alert.Id, alert.Status == AlertStatus.Notified, alert.Status, alert.InsightId, alert.DocumentId, alert.ReviewerEmail, alert.EscalatedBy, alert.Note, alert.CreatedAt,
        new Dictionary<string, Link>
        {
            ["self"] = new($"/api/v1/alerts/{alert.Id}"),
            ["insight"] = new($"/api/v1/insights/{alert.InsightId}"),
        });
}
