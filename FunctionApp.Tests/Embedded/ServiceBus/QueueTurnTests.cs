using Advisor.Embedded.ServiceBus;
using Advisor.Embedded.Storage;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Embedded.ServiceBus;

/// <summary>Tenants take turns at the head of a queue.</summary>
public sealed class QueueTurnTests : QueueFixture
{
    [Theory]
    [InlineData(QueueTable.HeadFrom, ">")]
    [InlineData(QueueTable.HeadBehind, ">")]
    public void Receive_LongBacklog_FindsTheHeadByIndexAlone(string head, string comparison)
    {
        var plan = Database.Read(connection => connection.Rows(row => row.GetString(3), "EXPLAIN QUERY PLAN " + head, ("@queue", Queue), ("@tenant", "")));

        plan.ShouldHaveSingleItem().ShouldEndWith($"USING INDEX queue_lanes (queue=? AND <expr>{comparison}?)");
    }

    [Fact]
    public async Task ReceiveAsync_BatchOfOneTenant_TakesTurnsWithTheOthers()
    {
        await Queues.SendAsync(Queue, [Message("m1", "many"), Message("m2", "many"), Message("m3", "many")], Cancel);
        await Queues.SendAsync(Queue, [Message("f1", "few"), Message("n1"), Message("n2")], Cancel);

        (await ReceiveAllAsync(Queues)).ShouldBe(["n1", "f1", "m1", "n2", "m2", "m3"]);
    }

    /// <summary>Else a process that dies again and again would serve the first by name alone.</summary>
    [Fact]
    public async Task ReceiveAsync_FileOpenedAgain_GoesOnWithTheNextTurn()
    {
        await Queues.SendAsync(Queue, [Message("a1", "a"), Message("a2", "a"), Message("b1", "b")], Cancel);
        await Queues.CompleteAsync(Queue, (await Receive()).LockToken);

        await using var again = new SqliteDatabase(Folder.CopyAsAfterKill("queues.db"), "");
        (await ReceiveAllAsync(new SqliteQueues(again, Clock))).ShouldBe(["b1", "a2"]);
    }

    [Fact]
    public async Task ReceiveAsync_MessageGivenBack_ComesFirstInItsTenantsNextTurn()
    {
        await Queues.SendAsync(Queue, [Message("a1", "a"), Message("a2", "a"), Message("b1", "b"), Message("b2", "b")], Cancel);
        await Queues.AbandonAsync(Queue, (await Receive()).LockToken);

        (await ReceiveAllAsync(Queues)).ShouldBe(["b1", "a1", "b2", "a2"]);
    }

    [Fact]
    public async Task ReceiveAsync_TenantPassedOver_WaitsUntilItMayHaveATurn()
    {
        string? passOver = "a";
        await Queues.SendAsync(Queue, [Message("a1", "a"), Message("b1", "b")], Cancel);
        (await Queues.ReceiveAsync(Queue, () => passOver, Cancel))!.MessageId.ShouldBe("b1");

        var receiving = Queues.ReceiveAsync(Queue, () => passOver, Cancel);
        await Clock.UntilArmedWithinAsync(TimeSpan.FromMinutes(2), Cancel);
        receiving.IsCompleted.ShouldBeFalse();
        passOver = null;
        Queues.LookAgain(Queue);
        (await Soon(receiving))!.MessageId.ShouldBe("a1");
    }

    [Fact]
    public async Task Opening_FileFromBeforeTheTurns_GivesEachTenantItsOwn()
    {
        await Queues.SendAsync(Queue, [Message("a1", "a"), Message("a2", "a"), Message("b1", "b")], Cancel);
        await Database.WriteAsync(connection => connection.Run("DROP INDEX queue_lanes; DROP TABLE queue_turns"));

        (await ReceiveAllAsync(new SqliteQueues(Database, Clock))).ShouldBe(["a1", "b1", "a2"]);
    }
}
