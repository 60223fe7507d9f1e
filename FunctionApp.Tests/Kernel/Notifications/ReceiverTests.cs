using Advisor.Embedded.ServiceBus;
using Advisor.Kernel.Notifications;
using Advisor.Kernel.Resilience;
using Advisor.Kernel.Tenancy;
using Advisor.Tests.Documents.EndToEnd;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Kernel.Notifications;

/// <summary>Several receivers at once: none waits for another, is told twice or is closed for another.</summary>
public sealed class ReceiverTests : DeliveryHost
{
    [Fact]
    public async Task Channels_ReceiverThatAsksForTime_DoesNotKeepTheOthersWaiting()
    {
        await using var teams = await WebhookReceiver.StartAsync();
        teams.Status = count => count == 1 ? 500 : 204;
        (Receiver.Status, Receiver.RetryAfter) = (count => count == 1 ? 429 : 204, "3600");
        await StartAsync([.. Receiver.Settings, ("Notifications:Channels:1", "teams"), ("Notifications:Teams:Url", teams.Url), ("Notifications:PublicUrl", "https://advisor.example")]);
        var id = await AcceptAsync("n1");
        await RecordAsync(id, record => record.Deliveries.All(delivery => delivery.Attempts == 1));
        await Clock.AdvanceAsync(Advisor, TimeSpan.FromMinutes(2));
        (await RecordAsync(id, record => record.IsSent)).Deliveries.Single(delivery => delivery.Channel == "webhook").Attempts.ShouldBe(1);
        await Clock.AdvanceAsync(Advisor, TimeSpan.FromHours(1));
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

        // The message goes back after its record says so.
        var queues = Advisor.Services.GetRequiredService<SqliteQueues>();
        await Operator.UntilAsync("/health", _ => queues.Count(NotificationQueues.Due) == new QueueCounts(Ready: 0, Locked: 0, Scheduled: 5, DeadLettered: 0));

        var health = (await Operator.GetAsync("/health/dependencies"))["dependencies"].EnumerateArray().ToDictionary(one => one.GetProperty("name").GetString()!);
        var (webhook, other) = (health["notifications-webhook"], health["notifications-teams"]);
        (webhook.GetProperty("status").GetString(), webhook.GetProperty("circuit").GetString(), webhook.GetProperty("last_error").GetString()).ShouldBe(("degraded", "open", "ReceiverDownException"));
        (other.GetProperty("status").GetString(), other.GetProperty("circuit").GetString(), other.TryGetProperty("latency_ms", out _)).ShouldBe(("healthy", "closed", false));

        Receiver.Status = _ => 204;
        await Clock.AdvanceAsync(Advisor, TimeSpan.FromMinutes(2));
        await Operator.UntilAsync("/api/v1/notifications?status=accepted", answer => answer["notifications"].GetArrayLength() > 0);

        // What met the circuit's trial under way is held once more; the clock goes on when it is back in the queue.
        await Operator.UntilAsync("/health", _ => queues.Count(NotificationQueues.Due) is { Ready: 0, Locked: 0 });
        await Clock.AdvanceAsync(Advisor, TimeSpan.FromMinutes(10));
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

        (await Operator.GetAsync("/health/dependencies")).Text.ShouldNotContain("contoso", Case.Insensitive, "another tenant's own receiver");
        (await (await Advisor.ClientAsync(Role.Operator, "contoso")).GetAsync("/health/dependencies")).Text.ShouldContain("notifications-webhook-contoso");
        Receiver.Received.Select(hook => hook.Body.GetProperty("tenant").GetString()).ShouldBe([RunningAdvisor.Tenant]);
        own.Received.Select(hook => (hook.Body.GetProperty("tenant").GetString(), hook.SignatureHolds)).ShouldBe([("contoso", true)]);
        Advisor.Outbox.ShouldAllBe(file => file.Contains("/outbox/fabrikam/"));
        Advisor.Outbox.Count.ShouldBe(2);
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
        await Clock.AdvanceAsync(Advisor, TimeSpan.FromMinutes(2));
        var second = await RecordAsync(id, record => record.Status == DeliveryStatus.Accepted);
        second.Deliveries.ToDictionary(delivery => delivery.Channel, delivery => delivery.Attempts).ShouldBe(new Dictionary<string, int> { ["webhook"] = 1, ["teams"] = 2 }, ignoreOrder: true);
        teams.Received.Count.ShouldBe(2);
        Receiver.Received.ShouldHaveSingleItem();
    }
}
