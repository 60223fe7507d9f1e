using System.Net;
using System.Text.Json;
using Advisor.Kernel.Notifications;
using Advisor.Kernel.Tenancy;
using Advisor.Tests.Documents.EndToEnd;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Kernel.Notifications;

/// <summary>Notifications on their way through a running host: attempts, pauses, dead ones, and who sees them.</summary>
public sealed class DeliveryTests : DeliveryHost
{
    [Fact]
    public async Task Webhook_ReceiverThatFailsTwice_GetsItSignedAtTheThirdAttemptAndNeverAgain()
    {
        Receiver.Status = count => count <= 2 ? 503 : 204;
        await StartAsync(Receiver.Settings);
        var id = await AcceptAsync("n1");
        (await UntilAsync(id, one => one.Attempts == 1)).ShouldSatisfyAllConditions(
            one => one.Status.ShouldBe(DeliveryStatus.Failed),
            one => one.LastError.ShouldBe("The receiver answered HTTP 503."));
        await Clock.AdvanceAsync(Advisor, TimeSpan.FromSeconds(47));
        Receiver.Received.Count.ShouldBe(1);
        await Clock.AdvanceAsync(Advisor, TimeSpan.FromSeconds(30));
        await UntilAsync(id, one => one.Attempts == 2);
        await Clock.AdvanceAsync(Advisor, TimeSpan.FromMinutes(4));
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
        await Clock.AdvanceAsync(Advisor, TimeSpan.FromMinutes(2));
        await UntilAsync(id, one => one.Status == DeliveryStatus.Dead);
        (await Operator.AllAsync<NotificationView>("/api/v1/notifications?status=dead", "notifications")).ShouldHaveSingleItem().Id.ShouldBe(id);
        (await Operator.AllAsync<NotificationView>("/api/v1/notifications?status=pending&kind=summary-ready", "notifications")).ShouldBeEmpty();
        var complaint = Advisor.Complaints.Lines.Where(line => line.Contains(id)).ShouldHaveSingleItem();
        complaint.ShouldContain("is dead on webhook after 2 attempts");
        complaint.ShouldNotContain("ann@");
        await Clock.AdvanceAsync(Advisor, TimeSpan.FromMinutes(20));

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
        await Clock.AdvanceAsync(Advisor, TimeSpan.FromSeconds(10));
        (await UntilAsync(id, one => one.Attempts == 1)).LastError.ShouldBe("The receiver did not answer within 10 seconds.");
        release.SetResult();
        await Clock.AdvanceAsync(Advisor, TimeSpan.FromMinutes(2));
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
        Clock.Advance(new DateTimeOffset(2026, 1, 5, 9, 0, 0, TimeSpan.Zero) - Clock.GetUtcNow());
        (Receiver.Status, Receiver.RetryAfter) = (count => count == 1 ? status : 204, header);
        await StartAsync(Receiver.Settings);
        var id = await AcceptAsync("n1");
        var refused = await RecordAsync(id, record => record.Deliveries[0].Attempts == 1);
        refused.NextAttemptAt.ShouldBe(Clock.GetUtcNow() + (seconds > 0 ? TimeSpan.FromSeconds(seconds) : Backoff.After(id, 1)));
        await Clock.AdvanceAsync(Advisor, refused.NextAttemptAt!.Value - Clock.GetUtcNow());
        await UntilAsync(id, one => one.Status == DeliveryStatus.Accepted);
    }

    [Fact]
    public async Task OutboxPurge_AtNight_RemovesWhatIsOlderThanTheSetting()
    {
        await StartAsync(("Notifications:OutboxDays", "30"));
        var purge = ActivatorUtilities.CreateInstance<OutboxPurge>(Advisor.Services);
        await UntilAsync(await AcceptAsync("n1"), one => one.Status == DeliveryStatus.Accepted);
        Clock.Advance(TimeSpan.FromDays(30));
        await UntilAsync(await AcceptAsync("n2"), one => one.Status == DeliveryStatus.Accepted);
        await purge.RunAsync(new TimerInfo(), TestContext.Current.CancellationToken);
        Advisor.Outbox.Count.ShouldBe(4, "thirty days are kept");
        Clock.Advance(TimeSpan.FromDays(1));
        await purge.RunAsync(new TimerInfo(), TestContext.Current.CancellationToken);
        Advisor.Outbox.Select(Path.GetFileName).Order().ShouldBe(["summary-ready-n2.json", "summary-ready-n2.txt"]);
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
}
