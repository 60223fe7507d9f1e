using System.Text;
using Advisor.Embedded.ServiceBus;
using Advisor.Embedded.Storage;
using Advisor.Kernel.Messaging;
using Advisor.Tests.Embedded.Storage;
using Advisor.Tests.Embedded.Triggers;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Embedded.ServiceBus;

public sealed class SqliteQueuesTests : IAsyncDisposable
{
    private const string Queue = "ingestion-queue";

    private readonly TemporaryFolder _folder = new();
    private readonly SampleClock _clock = new(new DateTimeOffset(2026, 11, 21, 9, 0, 0, TimeSpan.Zero));
    private readonly SqliteDatabase _database;
    private readonly SqliteQueues _queues;

    public SqliteQueuesTests()
    {
        _database = new SqliteDatabase(_folder.File("queues.db"), "");
        _queues = new SqliteQueues(_database, _clock);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task ReceiveAsync_MessageSent_GivesAllOfIt()
    {
        await _queues.SendAsync(Queue, Message("m1") with { Properties = new Dictionary<string, string> { ["tenant"] = "acme" } }, Cancel);

        var received = await Receive();
        received.MessageId.ShouldBe("m1");
        received.Subject.ShouldBe("test");
        Encoding.UTF8.GetString(received.Body.Span).ShouldBe("\"m1\"");
        received.Properties.ShouldBe(new Dictionary<string, string> { ["tenant"] = "acme" });
        received.EnqueuedAt.ShouldBe(_clock.GetUtcNow());
        received.DeliveryCount.ShouldBe(1);
        received.LockedUntil.ShouldBe(_clock.GetUtcNow() + TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task ReceiveAsync_SeveralMessages_GivesThemInOrderAndEachOnce()
    {
        await _queues.SendAsync(Queue, [Message("a"), Message("b")], Cancel);
        await _queues.SendAsync(Queue, Message("c"), Cancel);

        (await Receive()).MessageId.ShouldBe("a");
        (await Receive()).MessageId.ShouldBe("b");
        (await Receive()).MessageId.ShouldBe("c");
        (await _queues.TryReceiveAsync(Queue, Cancel)).ShouldBeNull();
        _queues.Count(Queue).ShouldBe(new QueueCounts(Ready: 0, Locked: 3, Scheduled: 0, DeadLettered: 0));
    }

    [Fact]
    public async Task ReceiveAsync_MessageOfAnotherQueue_IsNotGiven()
    {
        await _queues.SendAsync("other-queue", Message("a"), Cancel);

        (await _queues.TryReceiveAsync(Queue, Cancel)).ShouldBeNull();
        _queues.ListQueues().ShouldBe(["other-queue"]);
    }

    [Fact]
    public async Task ReceiveAsync_NothingThere_WaitsUntilSomethingIsSent()
    {
        var receiving = _queues.ReceiveAsync(Queue, Cancel);
        receiving.IsCompleted.ShouldBeFalse();

        await _queues.SendAsync(Queue, Message("a"), Cancel);
        (await Soon(receiving))!.MessageId.ShouldBe("a");
    }

    [Fact]
    public async Task ReceiveAsync_CancelledWhileWaiting_GivesNothing()
    {
        using var stop = new CancellationTokenSource();
        var receiving = _queues.ReceiveAsync(Queue, stop.Token);
        await stop.CancelAsync();

        (await Soon(receiving)).ShouldBeNull();
    }

    [Fact]
    public async Task ReceiveAsync_LockEnds_DeliversAgainBeforeLaterMessages()
    {
        await _queues.SendAsync(Queue, [Message("a"), Message("b")], Cancel);
        await Receive();
        await _queues.CompleteAsync(Queue, (await Receive()).LockToken);
        await _queues.SendAsync(Queue, Message("c"), Cancel);
        await _queues.CompleteAsync(Queue, (await Receive()).LockToken);

        var receiving = _queues.ReceiveAsync(Queue, Cancel);
        await _clock.UntilArmedWithinAsync(TimeSpan.FromMinutes(2), Cancel);
        _clock.Advance(TimeSpan.FromMinutes(1) + TimeSpan.FromMilliseconds(1));

        var again = (await Soon(receiving))!;
        again.MessageId.ShouldBe("a");
        again.DeliveryCount.ShouldBe(2);
    }

    [Fact]
    public async Task RenewLockAsync_BeforeItEnds_ExtendsIt()
    {
        await _queues.SendAsync(Queue, Message("a"), Cancel);
        var received = await Receive();
        _clock.Advance(TimeSpan.FromSeconds(50));
        (await _queues.RenewLockAsync(Queue, received.LockToken)).ShouldBe(_clock.GetUtcNow() + TimeSpan.FromMinutes(1));
        _clock.Advance(TimeSpan.FromSeconds(50));

        (await _queues.TryReceiveAsync(Queue, Cancel)).ShouldBeNull();
        await _queues.CompleteAsync(Queue, received.LockToken);
        _queues.Count(Queue).ShouldBe(new QueueCounts(0, 0, 0, 0));
    }

    [Fact]
    public async Task Settling_AfterTheLockEnded_TellsThatItIsLost()
    {
        await _queues.SendAsync(Queue, Message("a"), Cancel);
        var token = (await Receive()).LockToken;
        _clock.Advance(TimeSpan.FromMinutes(1));

        await Should.ThrowAsync<MessageLockLostException>(_queues.CompleteAsync(Queue, token));
        await Should.ThrowAsync<MessageLockLostException>(_queues.AbandonAsync(Queue, token));
        await Should.ThrowAsync<MessageLockLostException>(_queues.DeadLetterAsync(Queue, token, "Bad", null));
        await Should.ThrowAsync<MessageLockLostException>(_queues.RenewLockAsync(Queue, token));
        (await Receive()).DeliveryCount.ShouldBe(2);
        await Should.ThrowAsync<MessageLockLostException>(_queues.CompleteAsync(Queue, token));
    }

    [Fact]
    public async Task Settling_TwiceOrUnderAnotherQueue_TellsThatTheLockIsLost()
    {
        await _queues.SendAsync(Queue, Message("a"), Cancel);
        var token = (await Receive()).LockToken;

        await Should.ThrowAsync<MessageLockLostException>(_queues.CompleteAsync("other-queue", token));
        await _queues.CompleteAsync(Queue, token);
        await Should.ThrowAsync<MessageLockLostException>(_queues.CompleteAsync(Queue, token));
    }

    [Fact]
    public async Task AbandonAsync_WithAReceiverWaiting_DeliversAgainAtOnce()
    {
        await _queues.SendAsync(Queue, Message("a"), Cancel);
        var first = await Receive();
        var receiving = _queues.ReceiveAsync(Queue, Cancel);
        await _queues.AbandonAsync(Queue, first.LockToken);

        var again = (await Soon(receiving))!;
        again.DeliveryCount.ShouldBe(2);
        again.SequenceNumber.ShouldBe(first.SequenceNumber);
        again.LockToken.ShouldNotBe(first.LockToken);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ReceiveAsync_DeliveredTenTimesInVain_DeadLetters(bool abandoned)
    {
        await _queues.SendAsync(Queue, [Message("a"), Message("b")], Cancel);
        for (var delivery = 1; delivery <= 10; delivery++)
        {
            var received = await Receive();
            (received.MessageId, received.DeliveryCount).ShouldBe(("a", delivery));
            if (abandoned)
            {
                await _queues.AbandonAsync(Queue, received.LockToken);
            }
            else
            {
                _clock.Advance(TimeSpan.FromMinutes(1));
            }
        }

        (await Receive()).MessageId.ShouldBe("b");
        var dead = _queues.PeekDeadLetters(Queue).ShouldHaveSingleItem();
        (dead.MessageId, dead.Reason, dead.DeliveryCount).ShouldBe(("a", "MaxDeliveryCountExceeded", 10));
        dead.DeadLetteredAt.ShouldBe(_clock.GetUtcNow());
    }

    [Fact]
    public async Task DeadLetterAsync_WithReason_SetsTheMessageAside()
    {
        await _queues.SendAsync(Queue, Message("a"), Cancel);
        await _queues.DeadLetterAsync(Queue, (await Receive()).LockToken, "InvalidMessage", "The body is not JSON.");

        (await _queues.TryReceiveAsync(Queue, Cancel)).ShouldBeNull();
        var dead = _queues.PeekDeadLetters(Queue).ShouldHaveSingleItem();
        (dead.Reason, dead.Description).ShouldBe(("InvalidMessage", "The body is not JSON."));
        Encoding.UTF8.GetString(dead.Body.Span).ShouldBe("\"a\"");
        _queues.Count(Queue).ShouldBe(new QueueCounts(0, 0, 0, DeadLettered: 1));
    }

    [Fact]
    public async Task ResubmitAsync_DeadLetter_IsDeliveredAsIfNewAfterTheOthers()
    {
        await _queues.SendAsync(Queue, Message("a"), Cancel);
        await _queues.DeadLetterAsync(Queue, (await Receive()).LockToken, "Bad", null);
        await _queues.SendAsync(Queue, Message("b"), Cancel);
        var sequence = _queues.PeekDeadLetters(Queue)[0].SequenceNumber;

        (await _queues.ResubmitAsync("other-queue", sequence)).ShouldBeFalse();
        (await _queues.ResubmitAsync(Queue, sequence)).ShouldBeTrue();
        (await _queues.ResubmitAsync(Queue, sequence)).ShouldBeFalse();
        (await Receive()).MessageId.ShouldBe("b");
        var again = await Receive();
        (again.MessageId, again.DeliveryCount).ShouldBe(("a", 1));
        _queues.PeekDeadLetters(Queue).ShouldBeEmpty();
    }

    [Fact]
    public async Task SendAsync_SameIdWithinTheWindow_IsDroppedAlsoAfterCompletion()
    {
        await _queues.SendAsync(Queue, [Message("a"), Message("a")], Cancel);
        await _queues.CompleteAsync(Queue, (await Receive()).LockToken);
        _clock.Advance(TimeSpan.FromMinutes(9.9));
        await _queues.SendAsync(Queue, Message("a"), Cancel);
        (await _queues.TryReceiveAsync(Queue, Cancel)).ShouldBeNull();

        await _queues.SendAsync("other-queue", Message("a"), Cancel);
        _queues.Count("other-queue").Ready.ShouldBe(1);
        _clock.Advance(TimeSpan.FromMinutes(0.2));
        await _queues.SendAsync(Queue, Message("a"), Cancel);
        (await Receive()).MessageId.ShouldBe("a");
    }

    [Fact]
    public async Task SendAsync_QueueWithoutDuplicateDetection_TakesBoth()
    {
        var queues = new SqliteQueues(_database, _clock, _ => new QueueOptions { DuplicateWindow = TimeSpan.Zero });
        await queues.SendAsync(Queue, [Message("a"), Message("a")], Cancel);

        queues.Count(Queue).Ready.ShouldBe(2);
    }

    [Fact]
    public async Task SendAsync_OneMessageOfABatchTooBig_SendsNone()
    {
        var big = Message("big") with { Body = new byte[SqliteQueues.MaxBodyBytes + 1] };

        (await Should.ThrowAsync<ArgumentException>(_queues.SendAsync(Queue, [Message("a"), big], Cancel))).Message.ShouldContain("'big'");
        _queues.Count(Queue).Ready.ShouldBe(0);
    }

    [Fact]
    public async Task ReceiveAsync_ScheduledMessage_WaitsUntilItIsDueAndThenJoinsTheEnd()
    {
        var due = _clock.GetUtcNow() + TimeSpan.FromMinutes(5);
        await _queues.SendAsync(Queue, Message("later") with { ScheduledAt = due }, Cancel);
        _queues.Count(Queue).ShouldBe(new QueueCounts(0, 0, Scheduled: 1, 0));
        var receiving = _queues.ReceiveAsync(Queue, Cancel);
        await _clock.UntilArmedWithinAsync(TimeSpan.FromMinutes(6), Cancel);
        _clock.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromMilliseconds(1));
        receiving.IsCompleted.ShouldBeFalse();
        await _queues.SendAsync("other-queue", Message("noise"), Cancel);

        await _clock.UntilArmedWithinAsync(TimeSpan.FromMilliseconds(2), Cancel);
        receiving.IsCompleted.ShouldBeFalse();
        _clock.Advance(TimeSpan.FromMilliseconds(2));
        var received = (await Soon(receiving))!;
        (received.MessageId, received.EnqueuedAt).ShouldBe(("later", due));
    }

    [Fact]
    public async Task ReceiveAsync_ScheduledSentBeforeOthers_DoesNotOvertakeThem()
    {
        await _queues.SendAsync(Queue, Message("later") with { ScheduledAt = _clock.GetUtcNow() + TimeSpan.FromMinutes(1) }, Cancel);
        await _queues.SendAsync(Queue, Message("now"), Cancel);
        _clock.Advance(TimeSpan.FromMinutes(2));

        var now = await Receive();
        var later = await Receive();
        (now.MessageId, later.MessageId).ShouldBe(("now", "later"));
        later.SequenceNumber.ShouldBeGreaterThan(now.SequenceNumber);
    }

    [Fact]
    public async Task ReceiveAsync_ManySendersAndReceivers_DeliversEachOnceAndNeverTwoAtATime()
    {
        const int Messages = 400;
        var inWork = new System.Collections.Concurrent.ConcurrentDictionary<string, bool>();
        var done = new System.Collections.Concurrent.ConcurrentBag<string>();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var receivers = Enumerable.Range(0, 8).Select(receiver => Task.Run(async () =>
        {
            while (await _queues.ReceiveAsync(Queue, stop.Token) is { } message)
            {
                inWork.TryAdd(message.MessageId, true).ShouldBeTrue();
                await Task.Yield();
                inWork.TryRemove(message.MessageId, out _);
                if (message.DeliveryCount == 1 && message.SequenceNumber % 5 == 0)
                {
                    await _queues.AbandonAsync(Queue, message.LockToken);
                    continue;
                }

                await _queues.CompleteAsync(Queue, message.LockToken);
                done.Add(message.MessageId);
                if (done.Count == Messages)
                {
                    await stop.CancelAsync();
                }
            }
        })).ToList();

        await Parallel.ForEachAsync(Enumerable.Range(0, Messages), Cancel, async (n, cancel) => await _queues.SendAsync(Queue, Message($"m{n}"), cancel));
        await Soon(Task.WhenAll(receivers));

        done.Order().ShouldBe(Enumerable.Range(0, Messages).Select(n => $"m{n}").Order());
        _queues.Count(Queue).ShouldBe(new QueueCounts(0, 0, 0, 0));
    }

    [Fact]
    public async Task ReceiveAsync_HostKilledAndFileOpenedAgain_LosesNothingAndDoublesNothing()
    {
        await _queues.SendAsync(Queue, [Message("done"), Message("in work"), Message("waiting"), Message("bad")], Cancel);
        await _queues.SendAsync(Queue, Message("later") with { ScheduledAt = _clock.GetUtcNow() + TimeSpan.FromHours(1) }, Cancel);
        await _queues.CompleteAsync(Queue, (await Receive()).LockToken);
        var lost = await Receive();
        var held = await Receive();
        await _queues.DeadLetterAsync(Queue, (await Receive()).LockToken, "Bad", null);
        await _queues.AbandonAsync(Queue, held.LockToken);

        await using var again = new SqliteDatabase(_folder.CopyAsAfterKill("queues.db"), "");
        var queues = new SqliteQueues(again, _clock);
        queues.Count(Queue).ShouldBe(new QueueCounts(Ready: 2, Locked: 0, Scheduled: 1, DeadLettered: 1));
        await queues.SendAsync(Queue, [Message("done"), Message("waiting"), Message("new")], Cancel);
        await Should.ThrowAsync<MessageLockLostException>(queues.CompleteAsync(Queue, lost.LockToken));

        var received = new List<(string, int)>();
        while (await queues.TryReceiveAsync(Queue, Cancel) is { } message)
        {
            received.Add((message.MessageId, message.DeliveryCount));
        }

        received.ShouldBe([("in work", 2), ("waiting", 2), ("new", 1)]);
    }

    [Fact]
    public async Task SendAsync_FileOpenedAgainAfterAllWasCompleted_GoesOnWithTheSequence()
    {
        await _queues.SendAsync(Queue, Message("a"), Cancel);
        var first = await Receive();
        await _queues.CompleteAsync(Queue, first.LockToken);

        var queues = new SqliteQueues(_database, _clock);
        await queues.SendAsync(Queue, Message("b"), Cancel);
        (await queues.TryReceiveAsync(Queue, Cancel))!.SequenceNumber.ShouldBeGreaterThan(first.SequenceNumber);
    }

    [Theory]
    [InlineData(QueueTable.HeadFrom, ">")]
    [InlineData(QueueTable.HeadBehind, ">")]
    public void Receive_LongBacklog_FindsTheHeadByIndexAlone(string head, string comparison)
    {
        var plan = _database.Read(connection => connection.Rows(row => row.GetString(3), "EXPLAIN QUERY PLAN " + head, ("@queue", Queue), ("@tenant", "")));

        plan.ShouldHaveSingleItem().ShouldEndWith($"USING INDEX queue_tenants (queue=? AND <expr>{comparison}?)");
    }

    [Fact]
    public async Task ReceiveAsync_BatchOfOneTenant_TakesTurnsWithTheOthers()
    {
        await _queues.SendAsync(Queue, [Message("m1", "many"), Message("m2", "many"), Message("m3", "many")], Cancel);
        await _queues.SendAsync(Queue, [Message("f1", "few"), Message("n1"), Message("n2")], Cancel);

        (await ReceiveAllAsync(_queues)).ShouldBe(["n1", "f1", "m1", "n2", "m2", "m3"]);
    }

    /// <summary>Else a process that dies again and again would serve the first by name alone.</summary>
    [Fact]
    public async Task ReceiveAsync_FileOpenedAgain_GoesOnWithTheNextTurn()
    {
        await _queues.SendAsync(Queue, [Message("a1", "a"), Message("a2", "a"), Message("b1", "b")], Cancel);
        await _queues.CompleteAsync(Queue, (await Receive()).LockToken);

        await using var again = new SqliteDatabase(_folder.CopyAsAfterKill("queues.db"), "");
        (await ReceiveAllAsync(new SqliteQueues(again, _clock))).ShouldBe(["b1", "a2"]);
    }

    [Fact]
    public async Task ReceiveAsync_MessageGivenBack_ComesFirstInItsTenantsNextTurn()
    {
        await _queues.SendAsync(Queue, [Message("a1", "a"), Message("a2", "a"), Message("b1", "b"), Message("b2", "b")], Cancel);
        await _queues.AbandonAsync(Queue, (await Receive()).LockToken);

        (await ReceiveAllAsync(_queues)).ShouldBe(["b1", "a1", "b2", "a2"]);
    }

    [Fact]
    public async Task ReceiveAsync_TenantPassedOver_WaitsUntilItMayHaveATurn()
    {
        string? passOver = "a";
        await _queues.SendAsync(Queue, [Message("a1", "a"), Message("b1", "b")], Cancel);
        (await _queues.ReceiveAsync(Queue, () => passOver, Cancel))!.MessageId.ShouldBe("b1");

        var receiving = _queues.ReceiveAsync(Queue, () => passOver, Cancel);
        await _clock.UntilArmedWithinAsync(TimeSpan.FromMinutes(2), Cancel);
        receiving.IsCompleted.ShouldBeFalse();
        passOver = null;
        _queues.LookAgain(Queue);
        (await Soon(receiving))!.MessageId.ShouldBe("a1");
    }

    /// <summary>Timers do not hear that a clock was set; the queue looks at it often enough.</summary>
    [Fact]
    public async Task ReceiveAsync_ClockSetForwardPastAScheduledMessage_GivesItWithinAMinute()
    {
        var time = new ClockThatIsSet(_clock);
        var queues = new SqliteQueues(_database, time);
        await queues.SendAsync(Queue, Message("later") with { ScheduledAt = _clock.GetUtcNow() + TimeSpan.FromHours(20) }, Cancel);
        var receiving = queues.ReceiveAsync(Queue, Cancel);
        await _clock.UntilArmedWithinAsync(TimeSpan.FromMinutes(2), Cancel);
        time.Shift = TimeSpan.FromHours(21);

        _clock.Advance(TimeSpan.FromMinutes(1) + TimeSpan.FromMilliseconds(1));
        (await Soon(receiving))!.MessageId.ShouldBe("later");
    }

    [Fact]
    public async Task Opening_FileFromBeforeTheTurns_GivesEachTenantItsOwn()
    {
        await _queues.SendAsync(Queue, [Message("a1", "a"), Message("a2", "a"), Message("b1", "b")], Cancel);
        await _database.WriteAsync(connection => connection.Run("DROP INDEX queue_tenants; DROP TABLE queue_turns"));

        (await ReceiveAllAsync(new SqliteQueues(_database, _clock))).ShouldBe(["a1", "b1", "a2"]);
    }

    private static async Task<List<string>> ReceiveAllAsync(SqliteQueues queues)
    {
        List<string> received = [];
        while (await queues.TryReceiveAsync(Queue, Cancel) is { } message)
        {
            received.Add(message.MessageId);
        }

        return received;
    }

    private static BusMessage Message(string id, string tenant) => Message(id) with { Properties = new Dictionary<string, string> { ["tenant"] = tenant } };

    private static BusMessage Message(string id) =>
        new(id, Encoding.UTF8.GetBytes($"\"{id}\""), "test", new Dictionary<string, string>());

    private static Task<T> Soon<T>(Task<T> task) => task.WaitAsync(TimeSpan.FromSeconds(30), Cancel);

    private static Task Soon(Task task) => task.WaitAsync(TimeSpan.FromSeconds(60), Cancel);

    private async Task<LockedMessage> Receive() => (await _queues.TryReceiveAsync(Queue, Cancel)).ShouldNotBeNull();

    /// <summary>A clock whose time can be set while its timers run on.</summary>
    private sealed class ClockThatIsSet(TimeProvider timers) : TimeProvider
    {
        public TimeSpan Shift { get; set; }

        public override DateTimeOffset GetUtcNow() => timers.GetUtcNow() + Shift;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => timers.CreateTimer(callback, state, dueTime, period);
    }
}
