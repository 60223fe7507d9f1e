using System.Text;
using Advisor.Embedded.ServiceBus;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Embedded.ServiceBus;

/// <summary>Locks, what settles them, and what comes of a message that is never settled.</summary>
public sealed class QueueLockTests : QueueFixture
{
    [Fact]
    public async Task ReceiveAsync_LockEnds_DeliversAgainBeforeLaterMessages()
    {
        await Queues.SendAsync(Queue, [Message("a"), Message("b")], Cancel);
        await Receive();
        await Queues.CompleteAsync(Queue, (await Receive()).LockToken);
        await Queues.SendAsync(Queue, Message("c"), Cancel);
        await Queues.CompleteAsync(Queue, (await Receive()).LockToken);

        var receiving = Queues.ReceiveAsync(Queue, Cancel);
        await Clock.UntilArmedWithinAsync(TimeSpan.FromMinutes(2), Cancel);
        Clock.Advance(TimeSpan.FromMinutes(1) + TimeSpan.FromMilliseconds(1));

        var again = (await Soon(receiving))!;
        again.MessageId.ShouldBe("a");
        again.DeliveryCount.ShouldBe(2);
    }

    [Fact]
    public async Task RenewLockAsync_BeforeItEnds_ExtendsIt()
    {
        await Queues.SendAsync(Queue, Message("a"), Cancel);
        var received = await Receive();
        Clock.Advance(TimeSpan.FromSeconds(50));
        (await Queues.RenewLockAsync(Queue, received.LockToken)).ShouldBe(Clock.GetUtcNow() + TimeSpan.FromMinutes(1));
        Clock.Advance(TimeSpan.FromSeconds(50));

        (await Queues.TryReceiveAsync(Queue, Cancel)).ShouldBeNull();
        await Queues.CompleteAsync(Queue, received.LockToken);
        Queues.Count(Queue).ShouldBe(new QueueCounts(0, 0, 0, 0));
    }

    [Fact]
    public async Task Settling_AfterTheLockEnded_TellsThatItIsLost()
    {
        await Queues.SendAsync(Queue, Message("a"), Cancel);
        var token = (await Receive()).LockToken;
        Clock.Advance(TimeSpan.FromMinutes(1));

        await Should.ThrowAsync<MessageLockLostException>(Queues.CompleteAsync(Queue, token));
        await Should.ThrowAsync<MessageLockLostException>(Queues.AbandonAsync(Queue, token));
        await Should.ThrowAsync<MessageLockLostException>(Queues.DeadLetterAsync(Queue, token, "Bad", null));
        await Should.ThrowAsync<MessageLockLostException>(Queues.RenewLockAsync(Queue, token));
        (await Receive()).DeliveryCount.ShouldBe(2);
        await Should.ThrowAsync<MessageLockLostException>(Queues.CompleteAsync(Queue, token));
    }

    [Fact]
    public async Task Settling_TwiceOrUnderAnotherQueue_TellsThatTheLockIsLost()
    {
        await Queues.SendAsync(Queue, Message("a"), Cancel);
        var token = (await Receive()).LockToken;

        await Should.ThrowAsync<MessageLockLostException>(Queues.CompleteAsync("other-queue", token));
        await Queues.CompleteAsync(Queue, token);
        await Should.ThrowAsync<MessageLockLostException>(Queues.CompleteAsync(Queue, token));
    }

    [Fact]
    public async Task AbandonAsync_WithAReceiverWaiting_DeliversAgainAtOnce()
    {
        await Queues.SendAsync(Queue, Message("a"), Cancel);
        var first = await Receive();
        var receiving = Queues.ReceiveAsync(Queue, Cancel);
        await Queues.AbandonAsync(Queue, first.LockToken);

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
        await Queues.SendAsync(Queue, [Message("a"), Message("b")], Cancel);
        for (var delivery = 1; delivery <= 10; delivery++)
        {
            var received = await Receive();
            (received.MessageId, received.DeliveryCount).ShouldBe(("a", delivery));
            if (abandoned)
            {
                await Queues.AbandonAsync(Queue, received.LockToken);
            }
            else
            {
                Clock.Advance(TimeSpan.FromMinutes(1));
            }
        }

        (await Receive()).MessageId.ShouldBe("b");
        var dead = Queues.PeekDeadLetters(Queue).ShouldHaveSingleItem();
        (dead.MessageId, dead.Reason, dead.DeliveryCount).ShouldBe(("a", "MaxDeliveryCountExceeded", 10));
        dead.DeadLetteredAt.ShouldBe(Clock.GetUtcNow());
    }

    [Fact]
    public async Task DeadLetterAsync_WithReason_SetsTheMessageAside()
    {
        await Queues.SendAsync(Queue, Message("a"), Cancel);
        await Queues.DeadLetterAsync(Queue, (await Receive()).LockToken, "InvalidMessage", "The body is not JSON.");

        (await Queues.TryReceiveAsync(Queue, Cancel)).ShouldBeNull();
        var dead = Queues.PeekDeadLetters(Queue).ShouldHaveSingleItem();
        (dead.Reason, dead.Description).ShouldBe(("InvalidMessage", "The body is not JSON."));
        Encoding.UTF8.GetString(dead.Body.Span).ShouldBe("\"a\"");
        Queues.Count(Queue).ShouldBe(new QueueCounts(0, 0, 0, DeadLettered: 1));
    }

    [Fact]
    public async Task ResubmitAsync_DeadLetter_IsDeliveredAsIfNewAfterTheOthers()
    {
        await Queues.SendAsync(Queue, Message("a"), Cancel);
        await Queues.DeadLetterAsync(Queue, (await Receive()).LockToken, "Bad", null);
        await Queues.SendAsync(Queue, Message("b"), Cancel);
        var sequence = Queues.PeekDeadLetters(Queue)[0].SequenceNumber;

        (await Queues.ResubmitAsync("other-queue", sequence)).ShouldBeFalse();
        (await Queues.ResubmitAsync(Queue, sequence)).ShouldBeTrue();
        (await Queues.ResubmitAsync(Queue, sequence)).ShouldBeFalse();
        (await Receive()).MessageId.ShouldBe("b");
        var again = await Receive();
        (again.MessageId, again.DeliveryCount).ShouldBe(("a", 1));
        Queues.PeekDeadLetters(Queue).ShouldBeEmpty();
    }

    /// <summary>Commits take time, and the lock begins before its own.</summary>
    [Fact]
    public async Task RenewLockAsync_SlowCommit_TellsWhenTheLockEnds()
    {
        await Queues.SendAsync(Queue, Message("a"), Cancel);
        var received = await Receive();
        var (busy, released) = (new TaskCompletionSource(), new ManualResetEventSlim());
        var first = Database.WriteAsync(_ =>
        {
            busy.SetResult();
            released.Wait(Cancel);
        });
        await busy.Task;
        var renewing = Queues.RenewLockAsync(Queue, received.LockToken);
        var slow = Database.WriteAsync(_ => Clock.Advance(TimeSpan.FromSeconds(30)));
        var began = Clock.GetUtcNow();

        released.Set();

        await Soon(Task.WhenAll(first, slow));
        (await Soon(renewing)).ShouldBe(began + TimeSpan.FromMinutes(1));
    }
}
