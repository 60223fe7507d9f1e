using System.Net;
using System.Text.Json;
using Advisor.Embedded.ServiceBus;
using Advisor.Insights.Alerts;
using Advisor.Kernel.Messaging;
using Advisor.Kernel.Notifications;
using Advisor.Kernel.Records;
using Advisor.Kernel.Resilience;
using Advisor.Kernel.Tenancy;
using Advisor.Tests.Documents.EndToEnd;
using Advisor.Tests.Embedded;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Kernel.Notifications;

/// <summary>Notifications on their way through a running host: attempts, pauses, dead ones, and that none goes out twice.</summary>
public sealed class DeliveryTests : IAsyncLifetime
{
    private static readonly TenantId s_tenant = new(RunningAdvisor.Tenant);

    private readonly ManualTimeProvider _clock = new();
    private WebhookReceiver? _receiver;
    private RunningAdvisor? _advisor;
    private ApiClient? _operator;

    private WebhookReceiver Receiver => _receiver!;

    private RunningAdvisor Advisor => _advisor!;

    private ApiClient Operator => _operator!;

    public async ValueTask InitializeAsync() => _receiver = await WebhookReceiver.StartAsync();

    public async ValueTask DisposeAsync()
    {
        if (_advisor is not null)
        {
            await _advisor.DisposeAsync();
        }

        await Receiver.DisposeAsync();
    }

    [Fact]
    public async Task Webhook_ReceiverThatFailsTwice_GetsItSignedAtTheThirdAttemptAndNeverAgain()
    {
        Receiver.Status = count => count <= 2 ? 503 : 204;
        await StartAsync(Receiver.Settings);
        var id = await AcceptAsync("n1");
        (await UntilAsync(id, one => one.Attempts == 1)).ShouldSatisfyAllConditions(
            one => one.Status.ShouldBe(DeliveryStatus.Failed),
            one => one.LastError.ShouldBe("The receiver answered HTTP 503."));
        await _clock.AdvanceAsync(Advisor, TimeSpan.FromSeconds(47));
        Receiver.Received.Count.ShouldBe(1);
        await _clock.AdvanceAsync(Advisor, TimeSpan.FromSeconds(30));
        await UntilAsync(id, one => one.Attempts == 2);
        await _clock.AdvanceAsync(Advisor, TimeSpan.FromMinutes(4));
        (await UntilAsync(id, one => one.Status == DeliveryStatus.Accepted)).ShouldSatisfyAllConditions(
            one => one.Attempts.ShouldBe(3),
            one => one.Receipt.ShouldBe("HTTP 204"),
            one => one.LastError.ShouldBeNull());

        // The queue may bring a message again at any time.
        await RepeatAsync(id);
        await UntilAsync(await AcceptAsync("n2"), one => one.Status == DeliveryStatus.Accepted);
        var received = Receiver.Received.Where(hook => hook.Body.GetProperty("notification_id").GetString() == id).ToList();
        received.Count.ShouldBe(3);
        received.ShouldAllBe(hook => hook.SignatureHolds && hook.Event == "summary-ready");
        received.Select(hook => hook.Delivery).Distinct().ShouldHaveSingleItem().ShouldBe(received[0].Body.GetProperty("delivery_id").GetString());
        received.Select(hook => hook.Signature).Distinct().Count().ShouldBe(3);
        var body = received[0].Body;
        body.GetProperty("tenant").GetString().ShouldBe(RunningAdvisor.Tenant);
        body.GetProperty("recipients")[0].GetProperty("email").GetString().ShouldBe("ann@northwind.example");
        body.GetProperty("values").GetProperty("published").GetString().ShouldBe("7");
        body.GetProperty("items")[1].GetString().ShouldBe("Cash rose.");
        body.GetProperty("text").GetString()!.ShouldContain("Revenue fell.");
    }

    [Fact]
    public async Task Webhook_ReceiverThatFailsForEver_IsDeadUntilAnOperatorSendsItAgain()
    {
        Receiver.Status = _ => 500;
        await StartAsync([.. Receiver.Settings, ("Notifications:MaxAttempts", "2")]);
        var id = await AcceptAsync("n1");
        await UntilAsync(id, one => one.Attempts == 1);
        (await Operator.PostAsync($"/api/v1/notifications/{id}/resend", "")).Type.ShouldBe("urn:advisor:problem:nothing-to-resend");
        await _clock.AdvanceAsync(Advisor, TimeSpan.FromMinutes(2));
        await UntilAsync(id, one => one.Status == DeliveryStatus.Dead);
        (await Operator.AllAsync<NotificationView>("/api/v1/notifications?status=dead", "notifications")).ShouldHaveSingleItem().Id.ShouldBe(id);
        (await Operator.AllAsync<NotificationView>("/api/v1/notifications?status=pending&kind=summary-ready", "notifications")).ShouldBeEmpty();
        var complaint = Advisor.Complaints.Lines.Where(line => line.Contains(id)).ShouldHaveSingleItem();
        complaint.ShouldContain("is dead on webhook after 2 attempts");
        complaint.ShouldNotContain("ann@");
        await _clock.AdvanceAsync(Advisor, TimeSpan.FromMinutes(20));

        Receiver.Status = _ => 204;
        var resent = await Operator.PostAsync($"/api/v1/notifications/{id}/resend", "");
        resent.Status.ShouldBe(HttpStatusCode.Accepted, resent.Text);
        resent.Headers.Location!.ToString().ShouldBe($"/api/v1/notifications/{id}");
        (await UntilAsync(id, one => one.Status == DeliveryStatus.Accepted)).Attempts.ShouldBe(1);
        Receiver.Received.Count.ShouldBe(3);
        (await Operator.PostAsync($"/api/v1/notifications/{id}/resend", "")).Status.ShouldBe(HttpStatusCode.Conflict);
    }

    [Theory]
    [InlineData(410, "The receiver refused the message (HTTP 410).")]
    [InlineData(302, "The receiver redirects (HTTP 302), which is not followed; configure the final address.")]
    [InlineData(308, "The receiver redirects (HTTP 308), which is not followed; configure the final address.")]
    public async Task Webhook_PermanentRefusal_IsDeadAtOnce(int status, string reason)
    {
        Receiver.Status = _ => status;
        await StartAsync(Receiver.Settings);
        var delivery = await UntilAsync(await AcceptAsync("n1"), one => one.Status == DeliveryStatus.Dead);
        delivery.Attempts.ShouldBe(1);
        delivery.LastError.ShouldBe(reason);
        Receiver.Received.ShouldHaveSingleItem().Path.ShouldBe("/hook");
    }

    [Fact]
    public async Task Webhook_ReceiverThatIsSlow_IsGivenUpAndTriedAgain()
    {
        var (arrived, release) = (NewSignal(), NewSignal());
        Receiver.Before = () =>
        {
            arrived.TrySetResult();
            return release.Task;
        };
        await StartAsync(Receiver.Settings);
        var id = await AcceptAsync("n1");
        await arrived.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        await _clock.AdvanceAsync(Advisor, TimeSpan.FromSeconds(10));
        (await UntilAsync(id, one => one.Attempts == 1)).LastError.ShouldBe("The receiver did not answer within 10 seconds.");
        release.SetResult();
        await _clock.AdvanceAsync(Advisor, TimeSpan.FromMinutes(2));
        await UntilAsync(id, one => one.Status == DeliveryStatus.Accepted);
    }

    [Theory]
    [InlineData(429, "600", 600)]
    [InlineData(503, "Mon, 05 Jan 2026 09:10:00 GMT", 600)]
    [InlineData(503, "31536000", 86_400)]
    [InlineData(503, "Sun, 04 Jan 2026 09:00:00 GMT", 0)]
    [InlineData(503, "soon", 0)]
    public async Task Webhook_RetryAfter_IsWaitedForAsFarAsItIsReasonable(int status, string header, int seconds)
    {
        _clock.Advance(new DateTimeOffset(2026, 1, 5, 9, 0, 0, TimeSpan.Zero) - _clock.GetUtcNow());
        (Receiver.Status, Receiver.RetryAfter) = (count => count == 1 ? status : 204, header);
        await StartAsync(Receiver.Settings);
        var id = await AcceptAsync("n1");
        var refused = await RecordAsync(id, record => record.Deliveries[0].Attempts == 1);
        refused.NextAttemptAt.ShouldBe(_clock.GetUtcNow() + (seconds > 0 ? TimeSpan.FromSeconds(seconds) : Backoff.After(id, 1)));
        await _clock.AdvanceAsync(Advisor, refused.NextAttemptAt!.Value - _clock.GetUtcNow());
        await UntilAsync(id, one => one.Status == DeliveryStatus.Accepted);
    }

    [Fact]
    public async Task Channels_ReceiverThatAsksForTime_DoesNotKeepTheOthersWaiting()
    {
        await using var teams = await WebhookReceiver.StartAsync();
        teams.Status = count => count == 1 ? 500 : 204;
        (Receiver.Status, Receiver.RetryAfter) = (count => count == 1 ? 429 : 204, "3600");
        await StartAsync([.. Receiver.Settings, ("Notifications:Channels:1", "teams"), ("Notifications:Teams:Url", teams.Url), ("Notifications:PublicUrl", "https://advisor.example")]);
        var id = await AcceptAsync("n1");
        await RecordAsync(id, record => record.Deliveries.All(delivery => delivery.Attempts == 1));
        await _clock.AdvanceAsync(Advisor, TimeSpan.FromMinutes(2));
        (await RecordAsync(id, record => record.IsSent)).Deliveries.Single(delivery => delivery.Channel == "webhook").Attempts.ShouldBe(1);
        await _clock.AdvanceAsync(Advisor, TimeSpan.FromHours(1));
        await RecordAsync(id, record => record.Status == DeliveryStatus.Accepted);
        (Receiver.Received.Count, teams.Received.Count).ShouldBe((2, 2));
    }

    [Fact]
    public async Task Circuit_OfADeadReceiver_LeavesMessagesInTheQueueWithoutAnAttemptAndClosesNoOther()
    {
        await using var teams = await WebhookReceiver.StartAsync();
        Receiver.Status = _ => 500;
        await StartAsync([.. Receiver.Settings, ("Notifications:Channels:1", "teams"), ("Notifications:Teams:Url", teams.Url), ("Notifications:PublicUrl", "https://advisor.example")]);
        foreach (var id in new[] { "n1", "n2", "n3", "n4" })
        {
            await RecordAsync(await AcceptAsync(id), record => record.Deliveries.All(delivery => delivery.Attempts == 1));
        }

        Advisor.Services.GetRequiredService<Dependencies>()[Dependencies.Notifications, "webhook"].Circuit.ShouldBe(CircuitStatus.Open);
        var held = await RecordAsync(await AcceptAsync("n5"), record => record.NextAttemptAt is not null);
        held.Deliveries.Single(delivery => delivery.Channel == "webhook").ShouldSatisfyAllConditions(
            one => one.Attempts.ShouldBe(0),
            one => one.Status.ShouldBe(DeliveryStatus.Pending),
            one => one.LastError.ShouldBe("Held back: the receiver does not answer."));
        held.Deliveries.Single(delivery => delivery.Channel == "teams").Status.ShouldBe(DeliveryStatus.Accepted);
        Receiver.Received.Count.ShouldBe(4);
        Advisor.Services.GetRequiredService<SqliteQueues>().Count(NotificationQueues.Due).ShouldBe(new QueueCounts(Ready: 0, Locked: 0, Scheduled: 5, DeadLettered: 0));

        Receiver.Status = _ => 204;
        await _clock.AdvanceAsync(Advisor, TimeSpan.FromMinutes(2));
        await Operator.UntilAsync("/api/v1/notifications?status=accepted", answer => answer["notifications"].GetArrayLength() > 0);
        await _clock.AdvanceAsync(Advisor, TimeSpan.FromMinutes(10));
        (await RecordAsync("n5", record => record.Status == DeliveryStatus.Accepted)).Deliveries.ShouldAllBe(delivery => delivery.Attempts == 1);
        await Operator.UntilAsync("/api/v1/notifications?status=accepted", answer => answer["notifications"].GetArrayLength() == 5);
        teams.Received.Count.ShouldBe(5);
    }

    [Fact]
    public async Task Tenant_WithSettingsOfItsOwn_IsToldThereAndTheOthersAreNot()
    {
        await using var own = await WebhookReceiver.StartAsync();
        await StartAsync([.. Receiver.Settings, ("Notifications:Tenants:contoso:Webhook:Url", own.Url), ("Notifications:Tenants:contoso:Webhook:Secret", WebhookReceiver.Secret),
            ("Notifications:Tenants:fabrikam:Channels:0", "outbox")]);
        foreach (var tenant in new[] { RunningAdvisor.Tenant, "contoso", "fabrikam" })
        {
            await Advisor.Services.GetRequiredService<NotificationDesk>().AcceptAsync(Sample($"of-{tenant}") with { Tenant = new TenantId(tenant) }, TestContext.Current.CancellationToken);
            var client = await Advisor.ClientAsync(Role.Operator, tenant);
            await client.UntilAsync($"/api/v1/notifications/of-{tenant}", answer => answer["status"].GetString() == "accepted");
        }

        Receiver.Received.Select(hook => hook.Body.GetProperty("tenant").GetString()).ShouldBe([RunningAdvisor.Tenant]);
        own.Received.Select(hook => (hook.Body.GetProperty("tenant").GetString(), hook.SignatureHolds)).ShouldBe([("contoso", true)]);
        Advisor.Outbox.ShouldAllBe(file => file.Contains("/outbox/fabrikam/"));
        Advisor.Outbox.Count.ShouldBe(2);
    }

    [Fact]
    public async Task OutboxPurge_AtNight_RemovesWhatIsOlderThanTheSetting()
    {
        await StartAsync(("Notifications:OutboxDays", "30"));
        var purge = ActivatorUtilities.CreateInstance<OutboxPurge>(Advisor.Services);
        await UntilAsync(await AcceptAsync("n1"), one => one.Status == DeliveryStatus.Accepted);
        _clock.Advance(TimeSpan.FromDays(30));
        await UntilAsync(await AcceptAsync("n2"), one => one.Status == DeliveryStatus.Accepted);
        await purge.RunAsync(new TimerInfo(), TestContext.Current.CancellationToken);
        Advisor.Outbox.Count.ShouldBe(4, "thirty days are kept");
        _clock.Advance(TimeSpan.FromDays(1));
        await purge.RunAsync(new TimerInfo(), TestContext.Current.CancellationToken);
        Advisor.Outbox.Select(Path.GetFileName).Order().ShouldBe(["summary-ready-n2.json", "summary-ready-n2.txt"]);
    }

    [Fact]
    public async Task Channels_OneThatFails_DoesNotRepeatTheOthers()
    {
        await using var teams = await WebhookReceiver.StartAsync();
        teams.Status = count => count == 1 ? 500 : 204;
        await StartAsync([.. Receiver.Settings, ("Notifications:Channels:1", "teams"), ("Notifications:Teams:Url", teams.Url), ("Notifications:PublicUrl", "https://advisor.example")]);
        var id = await AcceptAsync("n1");
        var first = await RecordAsync(id, record => record.Deliveries.All(delivery => delivery.Attempts == 1));
        first.Status.ShouldBe(DeliveryStatus.Failed);
        first.IsSent.ShouldBeTrue();
        await _clock.AdvanceAsync(Advisor, TimeSpan.FromMinutes(2));
        var second = await RecordAsync(id, record => record.Status == DeliveryStatus.Accepted);
        second.Deliveries.ToDictionary(delivery => delivery.Channel, delivery => delivery.Attempts).ShouldBe(new Dictionary<string, int> { ["webhook"] = 1, ["teams"] = 2 }, ignoreOrder: true);
        teams.Received.Count.ShouldBe(2);
        Receiver.Received.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Claim_OfASenderThatDied_EndsByItself()
    {
        await StartAsync(Receiver.Settings);
        var notification = Sample("n1");
        var delivery = new ChannelDelivery(DeterministicId.Of("delivery", "n1"), "webhook", null);
        var claimed = new NotificationRecord(notification, DeliveryStatus.Pending, [delivery], 0, null, _clock.GetUtcNow() + TimeSpan.FromMinutes(2), _clock.GetUtcNow());
        await Records.CreateAsync(NotificationRecord.Container, s_tenant, notification.Id, claimed, TestContext.Current.CancellationToken);
        await RepeatAsync(notification.Id);
        await UntilAsync(await AcceptAsync("n2"), one => one.Status == DeliveryStatus.Accepted);
        Receiver.Received.ShouldHaveSingleItem().Body.GetProperty("notification_id").GetString().ShouldBe("n2");
        await _clock.AdvanceAsync(Advisor, TimeSpan.FromSeconds(121));
        await UntilAsync(notification.Id, one => one.Status == DeliveryStatus.Accepted);
    }

    [Fact]
    public async Task Claim_OfAMessageThatIsHandedOutAgain_IsTakenOverAtOnceAndTheFormerHolderBeginsNothingMore()
    {
        var (arrived, release) = (NewSignal(), NewSignal());
        Receiver.Before = () =>
        {
            arrived.TrySetResult();
            return release.Task;
        };
        await StartAsync([.. Receiver.Settings, ("Resilience:Notifications:MaxConcurrency", "1")]);
        var (notification, delivery) = (Sample("n1"), Advisor.Services.GetRequiredService<NotificationDelivery>());
        ChannelDelivery[] open = [new("first", "webhook", null), new("second", "webhook", null)];
        await Records.CreateAsync(NotificationRecord.Container, s_tenant, notification.Id,
            new NotificationRecord(notification, DeliveryStatus.Pending, open, 0, null, null, _clock.GetUtcNow()), TestContext.Current.CancellationToken);

        // The first has one message under way, and waits for a place to send the other, when the queue hands its message out again.
        var first = delivery.DeliverAsync(s_tenant, notification.Id, new MessageDelivery(7, 1), TestContext.Current.CancellationToken);
        await arrived.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        var second = delivery.DeliverAsync(s_tenant, notification.Id, new MessageDelivery(7, 2), TestContext.Current.CancellationToken);
        (await RecordAsync(notification.Id, record => record.ClaimedBy == new MessageDelivery(7, 2), claimed: true)).ClaimedUntil.ShouldBe(_clock.GetUtcNow() + TimeSpan.FromMinutes(2));
        await delivery.DeliverAsync(s_tenant, notification.Id, new MessageDelivery(7, 1), TestContext.Current.CancellationToken);
        release.SetResult();
        await Task.WhenAll(first, second).WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        var ended = await RecordAsync(notification.Id, record => record.Status == DeliveryStatus.Accepted);
        ended.ClaimedBy.ShouldBeNull();
        Receiver.Received.Count(hook => hook.Delivery == "second").ShouldBe(1, "the first holder saw that its claim was gone");
        Receiver.Received.Count(hook => hook.Delivery == "first").ShouldBeInRange(1, 2, "what was under way may go out twice, with one id");
        Advisor.Services.GetRequiredService<SqliteQueues>().ListQueues().ShouldBeEmpty();
    }

    [Fact]
    public async Task NextRound_WhoseMessageWasNeverSent_IsPlannedByTheRepeatedOne()
    {
        await StartAsync(Receiver.Settings);
        var notification = Sample("n1");
        var delivery = new ChannelDelivery(DeterministicId.Of("delivery", "n1"), "webhook", null, DeliveryStatus.Failed, Attempts: 1);
        var waiting = new NotificationRecord(notification, DeliveryStatus.Failed, [delivery], 1, _clock.GetUtcNow() + TimeSpan.FromMinutes(1), null, _clock.GetUtcNow());
        await Records.CreateAsync(NotificationRecord.Container, s_tenant, notification.Id, waiting, TestContext.Current.CancellationToken);
        await RepeatAsync(notification.Id);
        await UntilAsync(await AcceptAsync("n2"), one => one.Status == DeliveryStatus.Accepted);
        Receiver.Received.Count.ShouldBe(1);
        await _clock.AdvanceAsync(Advisor, TimeSpan.FromSeconds(61));
        await UntilAsync(notification.Id, one => one.Status == DeliveryStatus.Accepted);
    }

    [Fact]
    public async Task Accept_TheSameNotificationTwice_IsOne()
    {
        await StartAsync();
        await AcceptAsync("n1");
        await UntilAsync(await AcceptAsync("n1"), one => one.Status == DeliveryStatus.Accepted);
        Advisor.Outbox.Select(Path.GetFileName).Order().ShouldBe(["summary-ready-n1.json", "summary-ready-n1.txt"]);
    }

    [Fact]
    public async Task Outbox_ByDefault_HoldsTextAndJson()
    {
        await StartAsync();
        await UntilAsync(await AcceptAsync("n1"), one => one.Status == DeliveryStatus.Accepted);
        Advisor.Outbox.ShouldAllBe(file => file.Contains("/outbox/northwind/2026-01-05/"));
        (await File.ReadAllTextAsync(Advisor.Outbox.Single(file => file.EndsWith(".txt", StringComparison.Ordinal)), TestContext.Current.CancellationToken)).ShouldBe("""
            To: ann@northwind.example
            Subject: Summary ready: report

            The summary of report is ready.
            Tenant: northwind
            Company: Northwind
            Published insights: 7

            - Revenue fell.
            - Cash rose.
            and 2 more

            Read it: /api/v1/documents/d1/summary

            Every number above is computed from the document's own figures; each insight names the pages it rests on.

            """);
        var json = JsonElement.Parse(await File.ReadAllTextAsync(Advisor.Outbox.Single(file => file.EndsWith(".json", StringComparison.Ordinal)), TestContext.Current.CancellationToken));
        json.GetProperty("link").GetString().ShouldBe("/api/v1/documents/d1/summary");
    }

    [Fact]
    public async Task Teams_Card_IsPostedAsAMessageWithTheWholeLink()
    {
        await StartAsync(("Notifications:Channels:0", "teams"), ("Notifications:Teams:Url", Receiver.Url), ("Notifications:AllowLoopbackHttp", "true"), ("Notifications:PublicUrl", "https://advisor.example/"));
        await UntilAsync(await AcceptAsync("n1"), one => one.Status == DeliveryStatus.Accepted);
        var message = Receiver.Received.ShouldHaveSingleItem().Body;
        message.GetProperty("type").GetString().ShouldBe("message");
        var attachment = message.GetProperty("attachments")[0];
        attachment.GetProperty("contentType").GetString().ShouldBe("application/vnd.microsoft.card.adaptive");
        var card = attachment.GetProperty("content");
        card.GetProperty("type").GetString().ShouldBe("AdaptiveCard");
        card.GetProperty("actions")[0].GetProperty("url").GetString().ShouldBe("https://advisor.example/api/v1/documents/d1/summary");
        card.GetRawText().ShouldContain("Revenue fell.");
        card.GetRawText().ShouldContain("Tenant: northwind");
    }

    [Theory]
    [InlineData("status=lost", "status")]
    [InlineData("limit=0", "limit")]
    [InlineData("continuation=nonsense", "continuation")]
    public async Task Notifications_BadQuery_NameTheField(string query, string field)
    {
        await StartAsync();
        var answer = await Operator.GetAsync($"/api/v1/notifications?{query}");
        answer.Status.ShouldBe(HttpStatusCode.BadRequest);
        answer["errors"].TryGetProperty(field, out _).ShouldBeTrue(answer.Text);
    }

    [Fact]
    public async Task Notifications_WhoeverIsNoOperatorOfTheTenant_SeesNothing()
    {
        await StartAsync();
        var id = await AcceptAsync("n1");
        await UntilAsync(id, one => one.Status == DeliveryStatus.Accepted);
        foreach (var role in new[] { Role.Analyst, Role.Reviewer, Role.Approver, Role.Cfo })
        {
            var client = await Advisor.ClientAsync(role);
            (await client.GetAsync("/api/v1/notifications")).Status.ShouldBe(HttpStatusCode.Forbidden);
            (await client.GetAsync($"/api/v1/notifications/{id}")).Status.ShouldBe(HttpStatusCode.Forbidden);
            (await client.PostAsync($"/api/v1/notifications/{id}/resend", "")).Status.ShouldBe(HttpStatusCode.Forbidden);
        }

        var other = await Advisor.ClientOfEveryRoleAsync("somebody-else");
        (await other.GetAsync("/api/v1/notifications"))["notifications"].GetArrayLength().ShouldBe(0);
        (await other.GetAsync($"/api/v1/notifications/{id}")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await other.PostAsync($"/api/v1/notifications/{id}/resend", "")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await Operator.GetAsync($"/api/v1/notifications/{id}")).Text.ShouldNotContain("Revenue fell");
    }

    private IRecordStore Records => Advisor.Services.GetRequiredService<IRecordStore>();

    private async Task StartAsync(params (string Name, string? Value)[] settings)
    {
        _advisor = await RunningAdvisor.StartAsync(_clock, settings);
        _operator = await _advisor.ClientAsync(Role.Operator);
    }

    private Notification Sample(string id) => Notification.Create(id, s_tenant, [new Recipient("ann", "ann@northwind.example")],
        new SummaryReady("report", "Northwind", "7", "2", ["Revenue fell.", "Cash rose."]), "/api/v1/documents/d1/summary", _clock.GetUtcNow());

    private async Task<string> AcceptAsync(string id)
    {
        await Advisor.Services.GetRequiredService<NotificationDesk>().AcceptAsync(Sample(id), TestContext.Current.CancellationToken);
        return id;
    }

    private Task RepeatAsync(string id) => Advisor.Services.GetRequiredService<IMessageBus>().SendAsync(
        NotificationQueues.Due, NotificationDue.Message(s_tenant, id, 0) with { MessageId = Guid.NewGuid().ToString() }, TestContext.Current.CancellationToken);

    /// <summary>The one delivery of a notification, once it is as wanted and its round has ended.</summary>
    private async Task<ChannelDelivery> UntilAsync(string id, Func<ChannelDelivery, bool> wanted) =>
        (await RecordAsync(id, record => wanted(record.Deliveries.ShouldHaveSingleItem()))).Deliveries[0];

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task<NotificationRecord> RecordAsync(string id, Func<NotificationRecord, bool> wanted, bool claimed = false)
    {
        NotificationRecord? record = null;
        await Operator.UntilAsync($"/api/v1/notifications/{id}", _ =>
            (record = Records.FindAsync(NotificationRecord.Container, s_tenant, id, CancellationToken.None).Result!.Value).ClaimedUntil is null != claimed && wanted(record));
        return record!;
    }
}
