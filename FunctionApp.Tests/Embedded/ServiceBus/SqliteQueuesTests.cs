using System.Text;
using Advisor.Embedded.ServiceBus;
using Advisor.Embedded.Storage;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Embedded.ServiceBus;

/// <summary>What is sent comes once, in order, and is still there in the next process.</summary>
public sealed class SqliteQueuesTests : QueueFixture
{
    [Fact]
    public async Task ReceiveAsync_MessageSent_GivesAllOfIt()
    {
        await Queues.SendAsync(Queue, Message("m1") with { Properties = new Dictionary<string, string> { ["tenant"] = "acme" } }, Cancel);

        var received = await Receive();
        received.MessageId.ShouldBe("m1");
        received.Subject.ShouldBe("test");
        Encoding.UTF8.GetString(received.Body.Span).ShouldBe("\"m1\"");
        received.Properties.ShouldBe(new Dictionary<string, string> { ["tenant"] = "acme" });
        received.EnqueuedAt.ShouldBe(Clock.GetUtcNow());
        received.DeliveryCount.ShouldBe(1);
        received.LockedUntil.ShouldBe(Clock.GetUtcNow() + TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task ReceiveAsync_SeveralMessages_GivesThemInOrderAndEachOnce()
    {
        await Queues.SendAsync(Queue, [Message("a"), Message("b")], Cancel);
        await Queues.SendAsync(Queue, Message("c"), Cancel);

        (await Receive()).MessageId.ShouldBe("a");
        (await Receive()).MessageId.ShouldBe("b");
        (await Receive()).MessageId.ShouldBe("c");
        (await Queues.TryReceiveAsync(Queue, Cancel)).ShouldBeNull();
        Queues.Count(Queue).ShouldBe(new QueueCounts(Ready: 0, Locked: 3, Scheduled: 0, DeadLettered: 0));
    }

    [Fact]
    public async Task ReceiveAsync_MessageOfAnotherQueue_IsNotGiven()
    {
        await Queues.SendAsync("other-queue", Message("a"), Cancel);

        (await Queues.TryReceiveAsync(Queue, Cancel)).ShouldBeNull();
        Queues.ListQueues().ShouldBe(["other-queue"]);
    }

    [Fact]
    public async Task ReceiveAsync_NothingThere_WaitsUntilSomethingIsSent()
    {
        var receiving = Queues.ReceiveAsync(Queue, Cancel);
        receiving.IsCompleted.ShouldBeFalse();

        await Queues.SendAsync(Queue, Message("a"), Cancel);
        (await Soon(receiving))!.MessageId.ShouldBe("a");
    }

    [Fact]
    public async Task ReceiveAsync_CancelledWhileWaiting_GivesNothing()
    {
        using var stop = new CancellationTokenSource();
        var receiving = Queues.ReceiveAsync(Queue, stop.Token);
        await stop.CancelAsync();

        (await Soon(receiving)).ShouldBeNull();
    }

    [Fact]
    public async Task SendAsync_SameIdWithinTheWindow_IsDroppedAlsoAfterCompletion()
    {
        await Queues.SendAsync(Queue, [Message("a"), Message("a")], Cancel);
        await Queues.CompleteAsync(Queue, (await Receive()).LockToken);
        Clock.Advance(TimeSpan.FromMinutes(9.9));
        await Queues.SendAsync(Queue, Message("a"), Cancel);
        (await Queues.TryReceiveAsync(Queue, Cancel)).ShouldBeNull();

        await Queues.SendAsync("other-queue", Message("a"), Cancel);
        Queues.Count("other-queue").Ready.ShouldBe(1);
        Clock.Advance(TimeSpan.FromMinutes(0.2));
        await Queues.SendAsync(Queue, Message("a"), Cancel);
        (await Receive()).MessageId.ShouldBe("a");
    }

    [Fact]
    public async Task SendAsync_QueueWithoutDuplicateDetection_TakesBoth()
    {
        var queues = new SqliteQueues(Database, Clock, _ => new QueueOptions { DuplicateWindow = TimeSpan.Zero });
        await queues.SendAsync(Queue, [Message("a"), Message("a")], Cancel);

        queues.Count(Queue).Ready.ShouldBe(2);
    }

    [Fact]
    public async Task SendAsync_OneMessageOfABatchTooBig_SendsNone()
    {
        var big = Message("big") with { Body = new byte[SqliteQueues.MaxBodyBytes + 1] };

        (await Should.ThrowAsync<ArgumentException>(Queues.SendAsync(Queue, [Message("a"), big], Cancel))).Message.ShouldContain("'big'");
        Queues.Count(Queue).Ready.ShouldBe(0);
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
            while (await Queues.ReceiveAsync(Queue, stop.Token) is { } message)
            {
                inWork.TryAdd(message.MessageId, true).ShouldBeTrue();
                await Task.Yield();
                inWork.TryRemove(message.MessageId, out _);
                if (message.DeliveryCount == 1 && message.SequenceNumber % 5 == 0)
                {
                    await Queues.AbandonAsync(Queue, message.LockToken);
                    continue;
                }

                await Queues.CompleteAsync(Queue, message.LockToken);
                done.Add(message.MessageId);
                if (done.Count == Messages)
                {
                    await stop.CancelAsync();
                }
            }
        })).ToList();

        await Parallel.ForEachAsync(Enumerable.Range(0, Messages), Cancel, async (n, cancel) => await Queues.SendAsync(Queue, Message($"m{n}"), cancel));
        await Soon(Task.WhenAll(receivers));

        done.Order().ShouldBe(Enumerable.Range(0, Messages).Select(n => $"m{n}").Order());
        Queues.Count(Queue).ShouldBe(new QueueCounts(0, 0, 0, 0));
    }

    [Fact]
    public async Task ReceiveAsync_HostKilledAndFileOpenedAgain_LosesNothingAndDoublesNothing()
    {
        await Queues.SendAsync(Queue, [Message("done"), Message("in work"), Message("waiting"), Message("bad")], Cancel);
        await Queues.SendAsync(Queue, Message("later") with { ScheduledAt = Clock.GetUtcNow() + TimeSpan.FromHours(1) }, Cancel);
        await Queues.CompleteAsync(Queue, (await Receive()).LockToken);
        var lost = await Receive();
        var held = await Receive();
        await Queues.DeadLetterAsync(Queue, (await Receive()).LockToken, "Bad", null);
        await Queues.AbandonAsync(Queue, held.LockToken);

        await using var again = new SqliteDatabase(Folder.CopyAsAfterKill("queues.db"), "");
        var queues = new SqliteQueues(again, Clock);
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
        await Queues.SendAsync(Queue, Message("a"), Cancel);
        var first = await Receive();
        await Queues.CompleteAsync(Queue, first.LockToken);

        var queues = new SqliteQueues(Database, Clock);
        await queues.SendAsync(Queue, Message("b"), Cancel);
        (await queues.TryReceiveAsync(Queue, Cancel))!.SequenceNumber.ShouldBeGreaterThan(first.SequenceNumber);
    }
}
