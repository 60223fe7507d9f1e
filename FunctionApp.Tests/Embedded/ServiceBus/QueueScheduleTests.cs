using Advisor.Embedded.ServiceBus;
using Advisor.Embedded.Storage;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Embedded.ServiceBus;

/// <summary>Messages for a later time, and a wall clock that somebody sets.</summary>
public sealed class QueueScheduleTests : QueueFixture
{
    [Fact]
    public async Task ReceiveAsync_ScheduledMessage_WaitsUntilItIsDueAndThenJoinsTheEnd()
    {
        var due = Clock.GetUtcNow() + TimeSpan.FromMinutes(5);
        await Queues.SendAsync(Queue, Message("later") with { ScheduledAt = due }, Cancel);
        Queues.Count(Queue).ShouldBe(new QueueCounts(0, 0, Scheduled: 1, 0));
        var receiving = Queues.ReceiveAsync(Queue, Cancel);
        await Clock.UntilArmedWithinAsync(TimeSpan.FromMinutes(6), Cancel);
        Clock.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromMilliseconds(1));
        receiving.IsCompleted.ShouldBeFalse();
        await Queues.SendAsync("other-queue", Message("noise"), Cancel);

        await Clock.UntilArmedWithinAsync(TimeSpan.FromMilliseconds(2), Cancel);
        receiving.IsCompleted.ShouldBeFalse();
        Clock.Advance(TimeSpan.FromMilliseconds(2));
        var received = (await Soon(receiving))!;
        (received.MessageId, received.EnqueuedAt).ShouldBe(("later", due));
    }

    [Fact]
    public async Task ReceiveAsync_ScheduledSentBeforeOthers_DoesNotOvertakeThem()
    {
        await Queues.SendAsync(Queue, Message("later") with { ScheduledAt = Clock.GetUtcNow() + TimeSpan.FromMinutes(1) }, Cancel);
        await Queues.SendAsync(Queue, Message("now"), Cancel);
        Clock.Advance(TimeSpan.FromMinutes(2));

        var now = await Receive();
        var later = await Receive();
        (now.MessageId, later.MessageId).ShouldBe(("now", "later"));
        later.SequenceNumber.ShouldBeGreaterThan(now.SequenceNumber);
    }

    /// <summary>Timers do not hear that a clock was set; the queue looks at it often enough.</summary>
    [Fact]
    public async Task ReceiveAsync_ClockSetForwardPastAScheduledMessage_GivesItWithinAMinute()
    {
        var time = new ClockThatIsSet(Clock);
        var queues = new SqliteQueues(Database, time);
        await queues.SendAsync(Queue, Message("later") with { ScheduledAt = Clock.GetUtcNow() + TimeSpan.FromHours(20) }, Cancel);
        var receiving = queues.ReceiveAsync(Queue, Cancel);
        await Clock.UntilArmedWithinAsync(TimeSpan.FromMinutes(2), Cancel);
        time.Shift = TimeSpan.FromHours(21);

        Clock.Advance(TimeSpan.FromMinutes(1) + TimeSpan.FromMilliseconds(1));
        (await Soon(receiving))!.MessageId.ShouldBe("later");
    }

    /// <summary>A minute was asked for, an hour ago by the clock of now.</summary>
    [Fact]
    public async Task ReceiveAsync_ClockSetBackAfterAMessageWasScheduled_WaitsNoLongerThanItWasTo()
    {
        var time = new ClockThatIsSet(Clock);
        var queues = new SqliteQueues(Database, time);
        await queues.SendAsync(Queue, Message("later") with { ScheduledAt = time.GetUtcNow() + TimeSpan.FromMinutes(1) }, Cancel);
        time.Shift = TimeSpan.FromHours(-1);
        await using var again = new SqliteDatabase(Folder.CopyAsAfterKill("queues.db"), "");
        foreach (var opened in new[] { queues, new SqliteQueues(again, time) })
        {
            (await opened.TryReceiveAsync(Queue, Cancel)).ShouldBeNull("it waits as long as it was to");
        }

        Clock.Advance(TimeSpan.FromMinutes(1));

        foreach (var opened in new[] { queues, new SqliteQueues(again, time) })
        {
            var received = (await opened.TryReceiveAsync(Queue, Cancel)).ShouldNotBeNull();
            (received.MessageId, received.EnqueuedAt).ShouldBe(("later", time.GetUtcNow()));
        }
    }

    /// <summary>Set back by less than has passed, it is no other than a message whose time is known.</summary>
    [Fact]
    public async Task ReceiveAsync_ClockSetBackByLessThanHasPassed_KeepsToTheTime()
    {
        var time = new ClockThatIsSet(Clock);
        var queues = new SqliteQueues(Database, time);
        var due = time.GetUtcNow() + TimeSpan.FromMinutes(5);
        await queues.SendAsync(Queue, Message("later") with { ScheduledAt = due }, Cancel);
        Clock.Advance(TimeSpan.FromMinutes(2));
        time.Shift = TimeSpan.FromMinutes(-1);
        (await queues.TryReceiveAsync(Queue, Cancel)).ShouldBeNull();

        Clock.Advance(TimeSpan.FromMinutes(4) - TimeSpan.FromTicks(1));
        (await queues.TryReceiveAsync(Queue, Cancel)).ShouldBeNull();
        Clock.Advance(TimeSpan.FromTicks(1));
        (await queues.TryReceiveAsync(Queue, Cancel)).ShouldNotBeNull().EnqueuedAt.ShouldBe(due);
    }

    /// <summary>Else a message that is being handled is handed out a second time, or one whose handler was lost waits an hour for the next.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public async Task ReceiveAsync_ClockSetUnderALock_EndsItNeitherEarlyNorLate(int hours)
    {
        var time = new ClockThatIsSet(Clock);
        var queues = new SqliteQueues(Database, time);
        await queues.SendAsync(Queue, [Message("a"), Message("b")], Cancel);
        await queues.TryReceiveAsync(Queue, Cancel);
        var kept = (await queues.TryReceiveAsync(Queue, Cancel)).ShouldNotBeNull();
        time.Shift = TimeSpan.FromHours(hours);
        Clock.Advance(TimeSpan.FromSeconds(59));
        queues.Count(Queue).ShouldBe(new QueueCounts(Ready: 0, Locked: 2, Scheduled: 0, DeadLettered: 0));
        (await queues.TryReceiveAsync(Queue, Cancel)).ShouldBeNull();
        (await queues.RenewLockAsync(Queue, kept.LockToken)).ShouldBe(time.GetUtcNow() + TimeSpan.FromMinutes(1));

        var receiving = queues.ReceiveAsync(Queue, Cancel);
        await Clock.UntilArmedWithinAsync(TimeSpan.FromSeconds(2), Cancel);
        Clock.Advance(TimeSpan.FromSeconds(2));

        (await Soon(receiving)).ShouldNotBeNull().MessageId.ShouldBe("a");
        await queues.CompleteAsync(Queue, kept.LockToken);
    }

    /// <summary>A window that ended an hour late would drop what was sent anew for good reason.</summary>
    [Fact]
    public async Task SendAsync_ClockSetBackWithinTheWindow_DropsDuplicatesForTheWindowFromNow()
    {
        var time = new ClockThatIsSet(Clock);
        var queues = new SqliteQueues(Database, time);
        await queues.SendAsync(Queue, Message("a"), Cancel);
        time.Shift = TimeSpan.FromHours(-1);
        await queues.SendAsync(Queue, Message("a"), Cancel);
        queues.Count(Queue).Ready.ShouldBe(1);

        Clock.Advance(TimeSpan.FromMinutes(10));
        await queues.SendAsync(Queue, Message("a"), Cancel);
        queues.Count(Queue).Ready.ShouldBe(2);
    }

    /// <summary>A clock whose time can be set while its timers run on.</summary>
    private sealed class ClockThatIsSet(TimeProvider timers) : TimeProvider
    {
        public TimeSpan Shift { get; set; }

        public override DateTimeOffset GetUtcNow() => timers.GetUtcNow() + Shift;

        public override long TimestampFrequency => timers.TimestampFrequency;

        public override long GetTimestamp() => timers.GetTimestamp();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => timers.CreateTimer(callback, state, dueTime, period);
    }
}
