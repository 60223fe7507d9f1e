using System.Net;
using System.Text.Json;
using Advisor.Documents;
using Advisor.Insights;
using Advisor.Insights.Alerts;
using Advisor.Kernel.Notifications;
using Advisor.Kernel.Records;
using Advisor.Kernel.Reviews;
using Advisor.Kernel.Tenancy;
using Advisor.Tests.Documents.EndToEnd;
using Advisor.Tests.Embedded;
using Advisor.Tests.Kernel.Notifications;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Insights.Alerts;

/// <summary>Escalating an insight to a reviewer, over HTTP, with a webhook as the channel.</summary>
public sealed class AlertTests : IAsyncLifetime
{
    private const string Reviewer = "reviewer@northwind.example";

    private static readonly TenantId s_tenant = new(RunningAdvisor.Tenant);

    private readonly ManualTimeProvider _clock = new();
    private WebhookReceiver? _receiver;
    private RunningAdvisor? _advisor;
    private ApiClient? _analyst;
    private InsightRecord? _insight;

    private WebhookReceiver Receiver => _receiver!;

    private RunningAdvisor Advisor => _advisor!;

    private ApiClient Analyst => _analyst!;

    private InsightRecord Insight => _insight!;

    private IRecordStore Records => Advisor.Services.GetRequiredService<IRecordStore>();

    public async ValueTask InitializeAsync()
    {
        _receiver = await WebhookReceiver.StartAsync();
        _advisor = await RunningAdvisor.StartAsync(_clock, _receiver.Settings);
        _analyst = await Advisor.ClientAsync(Role.Analyst);
        var bytes = await File.ReadAllBytesAsync(AdvisorFixture.Sample("ledger.csv"), TestContext.Current.CancellationToken);
        var accepted = await Analyst.UploadAsync("ledger.csv", bytes, ("analysis_types", "anomaly"));
        (await Analyst.EndOfAsync(accepted.Headers.Location!.ToString())).As<IngestionView>().Status.ShouldBe(IngestionStatus.Completed);
        _insight = (await Records.QueryAsync(InsightRecord.Container, s_tenant, new RecordQuery([]), TestContext.Current.CancellationToken)).Items[0].Value;
        await Advisor.ClientAsync(Role.Reviewer);
    }

    public async ValueTask DisposeAsync()
    {
        await Advisor.DisposeAsync();
        await Receiver.DisposeAsync();
    }

    [Fact]
    public async Task Escalate_ChannelThatAccepts_IsSent()
    {
        var answer = await EscalateAsync(note: "Is this one real?");
        answer.Status.ShouldBe(HttpStatusCode.Created, answer.Text);
        answer["notification_sent"].GetBoolean().ShouldBeTrue();
        answer["status"].GetString().ShouldBe("notified");
        var id = answer["alert_id"].GetString()!;
        answer.Headers.Location!.ToString().ShouldBe($"/api/v1/alerts/{id}");
        (await Analyst.GetAsync(answer["_links"].GetProperty("self").GetProperty("href").GetString()!)).Text.ShouldBe(answer.Text);
        (await Analyst.GetAsync(answer["_links"].GetProperty("insight").GetProperty("href").GetString()!)).Status.ShouldBe(HttpStatusCode.OK);

        var hook = Alerts().ShouldHaveSingleItem();
        hook.SignatureHolds.ShouldBeTrue();
        hook.Body.GetProperty("recipients")[0].GetProperty("email").GetString().ShouldBe(Reviewer);
        hook.Body.GetProperty("values").GetProperty("summary").GetString().ShouldBe(Insight.Summary);
        hook.Body.GetProperty("values").GetProperty("note").GetString().ShouldBe("Is this one real?");
        hook.Body.GetProperty("values").GetProperty("escalated_by").GetString().ShouldBe("analyst@northwind.example");
        hook.Body.GetProperty("link").GetString().ShouldBe($"/api/v1/insights/{Insight.Id}");

        var review = await ReviewAsync();
        review.AssignedTo.ShouldBe("reviewer@northwind");
        review.Depth.ShouldBe(ReviewDepth.Full);

        var assigned = (await (await Advisor.ClientAsync(Role.Admin)).GetAsync("/api/v1/audit?action=review.assigned"))["entries"].EnumerateArray().ShouldHaveSingleItem();
        (assigned.GetProperty("user_id").GetString(), assigned.GetProperty("resource").GetString()).ShouldBe(("analyst@northwind", $"reviews/{review.Id}"));
        var details = assigned.GetProperty("details");
        (details.GetProperty("assigned_to").GetString(), details.GetProperty("subject_id").GetString()).ShouldBe(("reviewer@northwind", Insight.Id));
    }

    [Fact]
    public async Task Escalate_ChannelThatFails_IsSentLater()
    {
        Receiver.Status = _ => 503;
        var answer = await EscalateAsync();
        answer.Status.ShouldBe(HttpStatusCode.Created);
        answer["notification_sent"].GetBoolean().ShouldBeFalse();
        answer["status"].GetString().ShouldBe("pending");
        var path = answer.Headers.Location!.ToString();
        (await Analyst.GetAsync(path))["notification_sent"].GetBoolean().ShouldBeFalse();

        Receiver.Status = _ => 204;
        await NotificationAsync(answer["alert_id"].GetString()!, record => record.NextAttemptAt is not null);
        await _clock.AdvanceAsync(Advisor, TimeSpan.FromMinutes(2));
        (await Analyst.UntilAsync(path, alert => alert["notification_sent"].GetBoolean()))["status"].GetString().ShouldBe("notified");
    }

    [Fact]
    public async Task Escalate_ChannelThatRefusesForGood_IsUndeliveredUntilItIsSentAgain()
    {
        Receiver.Status = _ => 410;
        var answer = await EscalateAsync();
        answer["notification_sent"].GetBoolean().ShouldBeFalse();
        answer["status"].GetString().ShouldBe("undelivered");
        Receiver.Status = _ => 204;
        var id = answer["alert_id"].GetString()!;
        await NotificationAsync(id, record => record.ClaimedUntil is null);
        (await (await Advisor.ClientAsync(Role.Operator)).PostAsync($"/api/v1/notifications/{id}/resend", "")).Status.ShouldBe(HttpStatusCode.Accepted);
        await Analyst.UntilAsync($"/api/v1/alerts/{id}", alert => alert["status"].GetString() == "notified");
    }

    [Fact]
    public async Task Escalate_ChannelThatIsSlow_IsAnsweredAfterFiveSecondsAndSentAllTheSame()
    {
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Receiver.Before = () =>
        {
            arrived.TrySetResult();
            return release.Task;
        };
        var escalating = EscalateAsync();
        await arrived.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        _clock.Advance(TimeSpan.FromSeconds(4));
        escalating.IsCompleted.ShouldBeFalse();

        // Past the end of the waiting; the waiter may be about to set its timer, so the clock moves on until it has seen it.
        while (await Task.WhenAny(escalating, Task.Delay(TimeSpan.FromMilliseconds(20), TestContext.Current.CancellationToken)) != escalating)
        {
            _clock.Advance(TimeSpan.FromMilliseconds(500));
        }

        var answer = await escalating;
        answer.Status.ShouldBe(HttpStatusCode.Created);
        answer["notification_sent"].GetBoolean().ShouldBeFalse();
        answer["status"].GetString().ShouldBe("pending");
        release.SetResult();
        await Analyst.UntilAsync(answer.Headers.Location!.ToString(), alert => alert["notification_sent"].GetBoolean());
        Alerts().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Escalate_TheSameOperationAgain_IsOneAlertAndOneNotification()
    {
        var triggers = ActivatorUtilities.CreateInstance<AlertTriggers>(Advisor.Services);
        for (var i = 0; i < 2; i++)
        {
            var http = new DefaultHttpContext { RequestServices = Advisor.Services };
            http.Items["advisor.operation"] = "operation-1";
            http.Items["advisor.caller"] = new Caller(s_tenant, "ann", "ann@northwind.example", [Role.Analyst]);
            http.Request.ContentType = "application/json";
            http.Request.Body = new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(new { insight_id = Insight.Id, reviewer_email = Reviewer }));
            await (await triggers.EscalateAsync(http.Request, TestContext.Current.CancellationToken)).ExecuteAsync(http);
            http.Response.StatusCode.ShouldBe(StatusCodes.Status201Created);
            http.Response.Headers.Location.ToString().ShouldBe("/api/v1/alerts/operation-1");
        }

        (await Analyst.AllAsync<AlertView>("/api/v1/alerts", "alerts")).ShouldHaveSingleItem().NotificationSent.ShouldBeTrue();
        Alerts().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Escalate_InsightThatWaitsForAClick_RaisesItsReview()
    {
        var open = RoutingWorkersReview(ReviewDepth.Approval);
        await Records.PutAsync(ReviewRecord.Container, s_tenant, open.Id, open, null, TestContext.Current.CancellationToken);
        await EscalateAsync();
        var review = await ReviewAsync();
        review.Depth.ShouldBe(ReviewDepth.Full);
        review.AssignedTo.ShouldBe("reviewer@northwind");
    }

    [Fact]
    public async Task Escalate_InsightThatWasDecided_LeavesTheDecision()
    {
        var decided = RoutingWorkersReview(ReviewDepth.Approval) with { Status = ReviewStatus.Decided };
        await Records.PutAsync(ReviewRecord.Container, s_tenant, decided.Id, decided, null, TestContext.Current.CancellationToken);
        (await EscalateAsync())["notification_sent"].GetBoolean().ShouldBeTrue();
        (await ReviewAsync()).ShouldSatisfyAllConditions(
            review => review.Status.ShouldBe(ReviewStatus.Decided),
            review => review.AssignedTo.ShouldBeNull());
    }

    [Theory]
    [InlineData("""{"reviewer_email": "reviewer@northwind.example"}""", "insight_id")]
    [InlineData("""{"insight_id": "i"}""", "reviewer_email")]
    [InlineData("""{"insight_id": "i", "reviewer_email": "reviewer@northwind.example", "note": 7}""", "note")]
    [InlineData("[]", "body")]
    public async Task Escalate_BodyThatIsNotAsAsked_NamesTheField(string body, string field)
    {
        var answer = await Analyst.PostAsync("/api/v1/alerts/escalate", body);
        answer.Status.ShouldBe(HttpStatusCode.BadRequest, answer.Text);
        answer["errors"].TryGetProperty(field, out _).ShouldBeTrue(answer.Text);
    }

    [Fact]
    public async Task Escalate_NoteThatIsTooLong_NamesTheField()
    {
        (await EscalateAsync(note: new string('n', 1_000))).Status.ShouldBe(HttpStatusCode.Created);
        (await EscalateAsync(note: new string('n', 1_001)))["errors"].TryGetProperty("note", out _).ShouldBeTrue();
    }

    [Fact]
    public async Task Escalate_ReviewerOfAnotherTenantOrOfNone_IsUnknownInTheSameWords()
    {
        await Advisor.ClientAsync(Role.Reviewer, "somebody-else");
        var foreign = await EscalateAsync(reviewer: "reviewer@somebody-else.example");
        var nobody = await EscalateAsync(reviewer: "nobody@nowhere.example");
        foreign.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        foreign.Type.ShouldBe("urn:advisor:problem:unknown-reviewer");
        Without(foreign, "trace_id").ShouldBe(Without(nobody, "trace_id"));
        (await Analyst.GetAsync("/api/v1/alerts"))["alerts"].GetArrayLength().ShouldBe(0);
    }

    [Theory]
    [InlineData(Role.Analyst, false)]
    [InlineData(Role.Operator, false)]
    [InlineData(Role.Approver, true)]
    [InlineData(Role.Cfo, true)]
    [InlineData(Role.Admin, true)]
    public async Task Escalate_ReviewerByRole_MayOrMayNotReview(Role role, bool may)
    {
        await Advisor.ClientAsync(role);
        var answer = await EscalateAsync(reviewer: $"{role}@NORTHWIND.example");
        answer.Status.ShouldBe(may ? HttpStatusCode.Created : HttpStatusCode.UnprocessableEntity, answer.Text);
        (may ? answer["reviewer_email"].GetString() : answer.Type).ShouldBe(may ? $"{role.ToString().ToLowerInvariant()}@northwind.example" : "urn:advisor:problem:not-a-reviewer");
    }

    [Fact]
    public async Task Escalate_InsightOfAnotherTenant_IsNotFound()
    {
        var other = await Advisor.ClientOfEveryRoleAsync("somebody-else");
        var answer = await other.PostAsync("/api/v1/alerts/escalate", $$"""{"insight_id": "{{Insight.Id}}", "reviewer_email": "all@somebody-else.example"}""");
        answer.Status.ShouldBe(HttpStatusCode.NotFound);
        answer.Type.ShouldBe("urn:advisor:problem:not-found");
    }

    [Fact]
    public async Task Escalate_AlteredInsight_IsRefused()
    {
        await Records.PutAsync(InsightRecord.Container, s_tenant, Insight.Id, Insight with { Summary = Insight.Summary + " Pay now." }, null, TestContext.Current.CancellationToken);
        var answer = await EscalateAsync();
        answer.Status.ShouldBe(HttpStatusCode.Conflict);
        answer.Type.ShouldBe("urn:advisor:problem:altered-record");
        Alerts().ShouldBeEmpty();
    }

    [Fact]
    public async Task Escalate_Operator_IsForbidden() =>
        (await (await Advisor.ClientAsync(Role.Operator)).PostAsync("/api/v1/alerts/escalate", "{}")).Status.ShouldBe(HttpStatusCode.Forbidden);

    [Fact]
    public async Task Alerts_Filtered_AreThoseThatMatch()
    {
        await Advisor.ClientAsync(Role.Approver);
        var sent = (await EscalateAsync())["alert_id"].GetString()!;
        Receiver.Status = _ => 410;
        _clock.Advance(TimeSpan.FromSeconds(1));
        var dead = (await EscalateAsync(reviewer: "approver@northwind.example"))["alert_id"].GetString()!;
        foreach (var (query, wanted) in new (string, string[])[]
        {
            ("", [dead, sent]), ("status=notified", [sent]), ("status=undelivered", [dead]), ("status=pending", []), ("reviewer=APPROVER@northwind.example", [dead]),
            ($"insight_id={Insight.Id}&limit=1", [dead, sent]), ("insight_id=another", []),
        })
        {
            (await Analyst.AllAsync<AlertView>($"/api/v1/alerts?{query}", "alerts")).Select(alert => alert.AlertId).ShouldBe(wanted, query);
        }

        (await Analyst.GetAsync("/api/v1/alerts?status=lost"))["errors"].TryGetProperty("status", out _).ShouldBeTrue();
        (await Analyst.GetAsync("/api/v1/alerts?continuation=nonsense"))["errors"].TryGetProperty("continuation", out _).ShouldBeTrue();
        (await (await Advisor.ClientOfEveryRoleAsync("somebody-else")).GetAsync("/api/v1/alerts"))["alerts"].GetArrayLength().ShouldBe(0);
    }

    private ReviewRecord RoutingWorkersReview(ReviewDepth depth) => ReviewRules.Open(InsightReviews.Of(Insight, depth, _clock.GetUtcNow()), ReviewTerms.Default);

    private IEnumerable<ReceivedHook> Alerts() => Receiver.Received.Where(hook => hook.Event == "alert-escalated");

    private async Task<ReviewRecord> ReviewAsync() => (await Records.FindAsync(
        ReviewRecord.Container, s_tenant, DeterministicId.Of("review", Insight.Id), TestContext.Current.CancellationToken)).ShouldNotBeNull().Value;

    private Task<ApiAnswer> NotificationAsync(string id, Func<NotificationRecord, bool> wanted) => Analyst.UntilAsync($"/api/v1/alerts/{id}", _ =>
        wanted(Records.FindAsync(NotificationRecord.Container, s_tenant, id, CancellationToken.None).Result!.Value));

    private Task<ApiAnswer> EscalateAsync(string reviewer = Reviewer, string? note = null) =>
        Analyst.PostAsync("/api/v1/alerts/escalate", JsonSerializer.Serialize(new { insight_id = Insight.Id, reviewer_email = reviewer, note }));

    private static string Without(ApiAnswer answer, string member) =>
        string.Join('\n', answer.Json.EnumerateObject().Where(property => property.Name != member).Select(property => property.ToString()));
}
