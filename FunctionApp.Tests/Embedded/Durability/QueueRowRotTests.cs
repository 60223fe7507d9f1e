using System.Text;
using Advisor.Embedded.ServiceBus;
using Advisor.Embedded.Storage;
using Advisor.Kernel.Messaging;
using Advisor.Tests.Embedded.Storage;
using Advisor.Tests.Embedded.Triggers;
using Shouldly;
using SQLitePCL;
using Xunit;

namespace Advisor.Tests.Embedded.Durability;

/// <summary>Messages whose row is damaged where no checksum looks: in its numbers, and in what says of which kind and length each value is.</summary>
public sealed class QueueRowRotTests : IDisposable
{
    private const string Queue = "queue-of-the-rotten";

    private readonly TemporaryFolder _folder = new();
    private readonly SampleClock _clock = new(new DateTimeOffset(2026, 11, 21, 9, 0, 0, TimeSpan.Zero));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Queues => _folder.File("queues.db");

    /// <summary>How the row of a message begins: its number, the queue's name, its state, no time, no lock, no deliveries, the message's name.</summary>
    private static byte[] HeaderOf(string id) => [0, (byte)(13 + (2 * Queue.Length)), 8, 0, 0, 8, (byte)(13 + (2 * id.Length))];

    public void Dispose() => _folder.Dispose();

    /// <summary>A time that none can be is shown as the nearest that can: what was sent is as it was.</summary>
    [Theory]
    [InlineData("enqueued + (1 << 62)")]
    [InlineData("enqueued - 9223372036854775807 - 1")]
    public async Task Receive_TimeThatCannotBe_DeliversTheMessage(string enqueued)
    {
        await FillAsync();
        await using var database = new SqliteDatabase(Queues, "");
        await database.WriteAsync(connection => connection.Run($"UPDATE queue_messages SET enqueued = {enqueued} WHERE message_id = 'first'"));
        var queues = new SqliteQueues(database, _clock);

        (await ReceiveAllAsync(queues)).ShouldBe(["first body one", "second body two", "the-third body three"]);
    }

    [Theory]
    [InlineData("""{"tenant":""")]
    [InlineData("null")]
    public async Task Receive_RowFromBeforeChecksumsWithDamagedProperties_SetsItAside(string properties)
    {
        await FillAsync();
        await using var database = new SqliteDatabase(Queues, "");
        await database.WriteAsync(connection => connection.Run(
            "UPDATE queue_messages SET checksum = NULL, properties = @properties, enqueued = enqueued + (1 << 62) WHERE message_id = 'first'", ("@properties", properties)));
        var queues = new SqliteQueues(database, _clock);

        (await ReceiveAllAsync(queues)).ShouldBe(["second body two", "the-third body three"]);
        var letter = queues.PeekDeadLetters(Queue).ShouldHaveSingleItem();
        (letter.MessageId, letter.Reason, letter.EnqueuedAt).ShouldBe(("first", "DamagedMessage", DateTimeOffset.MaxValue));
        letter.Properties.ShouldBeEmpty();
    }

    /// <summary>What is found by the name of its queue alone would be lost with that name when the indexes are made anew for another's sake.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Receive_SecondMessageDamagedInWhatItIsFoundBy_IsSetAsideWithTheFirst(bool byState)
    {
        await FillAsync();
        var content = await File.ReadAllBytesAsync(Queues, Cancel);
        content[Place(content, "body one"u8.ToArray())] ^= 1;
        content[byState ? Place(content, HeaderOf("the-third")) + 2 : Place(content, Encoding.UTF8.GetBytes(Queue + "the-thirdsubject"))] ^= 1;
        await File.WriteAllBytesAsync(Queues, content, Cancel);
        await using var database = new SqliteDatabase(Queues, "");
        var queues = new SqliteQueues(database, _clock);

        (await ReceiveAllAsync(queues)).ShouldBe(["second body two"]);
        queues.PeekDeadLetters(Queue).Select(letter => (letter.MessageId, letter.Reason)).ShouldBe([("first", "DamagedMessage"), ("the-third", "DamagedMessage")]);
        queues.ListQueues().ShouldBe([Queue]);
    }

    /// <summary>Also where the two are in different queues.</summary>
    [Fact]
    public async Task Receive_MessageOfAnotherQueueDamagedInItsQueue_IsSetAsideInThatQueue()
    {
        await FillAsync();
        await using (var database = new SqliteDatabase(Queues, ""))
        {
            await new SqliteQueues(database, _clock).SendAsync("another-queue", Message("fourth", "four"), Cancel);
        }

        var content = await File.ReadAllBytesAsync(Queues, Cancel);
        content[Place(content, "body one"u8.ToArray())] ^= 1;
        content[Place(content, "another-queuefourthsubject"u8.ToArray())] ^= 1;
        await File.WriteAllBytesAsync(Queues, content, Cancel);
        await using var again = new SqliteDatabase(Queues, "");
        var queues = new SqliteQueues(again, _clock);

        (await ReceiveAllAsync(queues)).ShouldBe(["second body two", "the-third body three"]);
        queues.PeekDeadLetters("another-queue").ShouldHaveSingleItem().MessageId.ShouldBe("fourth");
    }

    [Fact]
    public async Task Receive_ManyDamaged_MakesTheIndexesAnewOnce()
    {
        await FillAsync();
        await using var database = new SqliteDatabase(Queues, "");
        await database.WriteAsync(connection => connection.Run("UPDATE queue_messages SET body = x'00' WHERE message_id <> 'the-third'"));
        var queues = new SqliteQueues(database, _clock);
        var made = await CountIndexesMadeAsync(database);

        (await ReceiveAllAsync(queues)).ShouldBe(["the-third body three"]);
        made().ShouldBe(1);
    }

    [Fact]
    public async Task Receive_InterruptedMessageThatWasDeliveredTooOften_IsNoDamage()
    {
        await FillAsync();
        await using var database = new SqliteDatabase(Queues, "");
        var options = new QueueOptions { MaxDeliveryCount = 1 };
        var held = (await new SqliteQueues(database, _clock, _ => options).TryReceiveAsync(Queue, Cancel)).ShouldNotBeNull();
        var next = new SqliteQueues(database, _clock, _ => options);
        var made = await CountIndexesMadeAsync(database);

        (await next.ReceiveAsync(Queue, held.SequenceNumber)).ShouldBeNull();
        made().ShouldBe(0);
        next.PeekDeadLetters(Queue).ShouldHaveSingleItem().Reason.ShouldBe("MaxDeliveryCountExceeded");
    }

    private static async Task<Func<int>> CountIndexesMadeAsync(SqliteDatabase database)
    {
        var made = 0;
        await database.WriteAsync(connection => raw.sqlite3_trace(
            connection.Handle,
            (_, sql) => made += sql.StartsWith("REINDEX", StringComparison.Ordinal) || sql.Contains("INDEX IF NOT EXISTS queue_heads", StringComparison.Ordinal) ? 1 : 0,
            null));
        return () => made;
    }

    private static int Place(byte[] content, byte[] text)
    {
        var at = content.AsSpan().IndexOf(text);
        at.ShouldBeGreaterThan(0);
        content.AsSpan(at + 1).IndexOf(text).ShouldBe(-1, "it is in one place");
        return at;
    }

    private static async Task<List<string>> ReceiveAllAsync(SqliteQueues queues)
    {
        List<string> received = [];
        while (await queues.TryReceiveAsync(Queue, Cancel) is { } message)
        {
            received.Add($"{message.MessageId} {Encoding.UTF8.GetString(message.Body.Span)}");
        }

        return received;
    }

    private static BusMessage Message(string id, string body) => new(id, Encoding.UTF8.GetBytes(body), "subject", new Dictionary<string, string>());

    private async Task FillAsync()
    {
        await using var database = new SqliteDatabase(Queues, "");
        await new SqliteQueues(database, _clock).SendAsync(Queue, [Message("first", "body one"), Message("second", "body two"), Message("the-third", "body three")], Cancel);
    }
}
