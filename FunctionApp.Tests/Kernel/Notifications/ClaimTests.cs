using Advisor.Embedded.ServiceBus;
using Advisor.Insights.Alerts;
using Advisor.Kernel.Notifications;
using Advisor.Kernel.Records;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Kernel.Notifications;

/// <summary>One notification handled twice: by a sender that died, a message that comes again, a request that is repeated.</summary>
public sealed class ClaimTests : DeliveryHost
{
    [Fact]
    public async Task Claim_OfASenderThatDied_EndsByItself()
    {
        await StartAsync(Receiver.Settings);
        var notification = Sample("n1");
        var delivery = new ChannelDelivery(DeterministicId.Of("delivery", "n1"), "webhook", null);
        var claimed = new NotificationRecord(notification, DeliveryStatus.Pending, [delivery], 0, null, Clock.GetUtcNow() + TimeSpan.FromMinutes(2), Clock.GetUtcNow());
        await Records.CreateAsync(NotificationRecord.Container, Tenant, notification.Id, claimed, TestContext.Current.CancellationToken);
        await RepeatAsync(notification.Id);
        await UntilAsync(await AcceptAsync("n2"), one => one.Status == DeliveryStatus.Accepted);
        Receiver.Received.ShouldHaveSingleItem().Body.GetProperty("notification_id").GetString().ShouldBe("n2");
        await Clock.AdvanceAsync(Advisor, TimeSpan.FromSeconds(121));
        await UntilAsync(notification.Id, one => one.Status == DeliveryStatus.Accepted);
    }

    /// <summary>Its holder is no more or less alive for that: whoever comes takes it over, as with a message that is handed out again.</summary>
    [Fact]
    public async Task Claim_ClockSetBackAnHourSince_HoldsNobodyUp()
    {
        await StartAsync(Receiver.Settings);
        var notification = Sample("n1");
        var delivery = new ChannelDelivery(DeterministicId.Of("delivery", "n1"), "webhook", null);
        var claimed = new NotificationRecord(notification, DeliveryStatus.Pending, [delivery], 0, null, Clock.GetUtcNow() + TimeSpan.FromMinutes(2), Clock.GetUtcNow());
        await Records.CreateAsync(NotificationRecord.Container, Tenant, notification.Id, claimed, TestContext.Current.CancellationToken);
        Clock.Set(Clock.GetUtcNow() - TimeSpan.FromHours(1));
        await RepeatAsync(notification.Id);
        await UntilAsync(notification.Id, one => one.Status == DeliveryStatus.Accepted);
    }

    [Fact]
    public async Task Claim_ClockSetBackAnHourSince_HoldsUpNoDeletion()
    {
        await StartAsync(Receiver.Settings);
        var notification = Sample("n1");
        var claimed = new NotificationRecord(notification, DeliveryStatus.Pending, [], 0, null, Clock.GetUtcNow() + TimeSpan.FromMinutes(2), Clock.GetUtcNow());
        await Records.CreateAsync(NotificationRecord.Container, Tenant, notification.Id, claimed, TestContext.Current.CancellationToken);
        var alert = new AlertRecord(notification.Id, "i1", "d1", "r1", "ann", "ann@northwind.example", "bob", null, AlertStatus.Pending, Clock.GetUtcNow());
        await Records.CreateAsync(AlertRecord.Container, Tenant, alert.Id, alert, TestContext.Current.CancellationToken);
        Clock.Set(Clock.GetUtcNow() - TimeSpan.FromHours(1));

        await new DocumentAlerts(Records, Advisor.Services.GetRequiredService<IBlobStore>(), Clock)
            .RemoveAsync(Tenant, "d1", TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);

        (await Records.FindAsync(NotificationRecord.Container, Tenant, notification.Id, TestContext.Current.CancellationToken)).ShouldBeNull();
    }

    /// <summary>The clock of another replica may be a little ahead: what it has claimed or planned is no older for that.</summary>
    [Theory]
    [InlineData(2_000, true)]
    [InlineData(2_001, false)]
    public void Record_OfAReplicaWhoseClockIsAhead_IsBelievedForTwoSeconds(int milliseconds, bool believed)
    {
        var now = Clock.GetUtcNow();
        var ahead = now + TimeSpan.FromMilliseconds(milliseconds);
        var record = new NotificationRecord(
            Sample("n1"), DeliveryStatus.Failed, [], 1, ahead + TimeSpan.FromMinutes(1), ahead + NotificationRecord.ClaimLength, ahead, PlannedAt: ahead);

        (record.IsClaimed(now), record.IsEarly(now)).ShouldBe((believed, believed));
    }

    /// <summary>A minute was planned, and no more than that is waited for from then on.</summary>
    [Fact]
    public async Task NextRound_ClockSetBackAnHourSince_ComesAfterItsPause()
    {
        Receiver.Status = attempt => attempt == 1 ? 500 : 204;
        await StartAsync(Receiver.Settings);
        var id = await AcceptAsync("n1");
        await UntilAsync(id, one => one.Status == DeliveryStatus.Failed);
        Clock.Set(Clock.GetUtcNow() - TimeSpan.FromHours(1));
        await UntilAsync(await AcceptAsync("n2"), one => one.Status == DeliveryStatus.Accepted);
        Receiver.Received.Count.ShouldBe(2);
        await Clock.AdvanceAsync(Advisor, TimeSpan.FromSeconds(73));
        await UntilAsync(id, one => one.Status == DeliveryStatus.Accepted);
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
        await Records.CreateAsync(NotificationRecord.Container, Tenant, notification.Id,
            new NotificationRecord(notification, DeliveryStatus.Pending, open, 0, null, null, Clock.GetUtcNow()), TestContext.Current.CancellationToken);

        // The first has one message under way, and waits for a place to send the other, when the queue hands its message out again.
        var first = delivery.DeliverAsync(Tenant, notification.Id, new MessageDelivery(7, 1), TestContext.Current.CancellationToken);
        await arrived.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        var second = delivery.DeliverAsync(Tenant, notification.Id, new MessageDelivery(7, 2), TestContext.Current.CancellationToken);
        (await RecordAsync(notification.Id, record => record.ClaimedBy == new MessageDelivery(7, 2), claimed: true)).ClaimedUntil.ShouldBe(Clock.GetUtcNow() + TimeSpan.FromMinutes(2));
        await delivery.DeliverAsync(Tenant, notification.Id, new MessageDelivery(7, 1), TestContext.Current.CancellationToken);
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
        var waiting = new NotificationRecord(notification, DeliveryStatus.Failed, [delivery], 1, Clock.GetUtcNow() + TimeSpan.FromMinutes(1), null, Clock.GetUtcNow());
        await Records.CreateAsync(NotificationRecord.Container, Tenant, notification.Id, waiting, TestContext.Current.CancellationToken);
        await RepeatAsync(notification.Id);
        await UntilAsync(await AcceptAsync("n2"), one => one.Status == DeliveryStatus.Accepted);
        Receiver.Received.Count.ShouldBe(1);
        await Clock.AdvanceAsync(Advisor, TimeSpan.FromSeconds(61));
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
}
