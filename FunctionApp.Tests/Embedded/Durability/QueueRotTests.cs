using System.Text;
using Advisor.Embedded.ServiceBus;
using Advisor.Embedded.Storage;
using Advisor.Kernel.Messaging;
using Advisor.Tests.Embedded.Storage;
using Advisor.Tests.Embedded.Triggers;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Embedded.Durability;

/// <summary>Queues whose disk gives back other bits than were written, within texts too, where SQLite cannot know.</summary>
public sealed class QueueRotTests : IDisposable
{
    private const string Queue = "queue-of-the-rotten";
    private const string Rotten = "rotten-message";
    private const string Subject = "subject-of-it";
    private const string Body = "body in which a bit turns";
    private const string Tenant = "tenant-of-it";

    private readonly TemporaryFolder _folder = new();
    private readonly SampleClock _clock = new(new DateTimeOffset(2026, 11, 21, 9, 0, 0, TimeSpan.Zero));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Queues => _folder.File("queues.db");

    public void Dispose() => _folder.Dispose();

    /// <summary>What is handed out is what was sent, and no other message waits for the one that is damaged.</summary>
    [Theory]
    [InlineData(Queue)]
    [InlineData(Rotten)]
    [InlineData(Subject)]
    [InlineData(Body)]
    [InlineData(Tenant)]
    [InlineData("\":\"" + Tenant)]
    public async Task Receive_BitTurnedWhereverATextIsStored_SetsThatMessageAsideAndNoOther(string text)
    {
        await FillAsync();
        var sound = await File.ReadAllBytesAsync(Queues, Cancel);
        var setAside = 0;
        foreach (var place in Places(sound, Encoding.UTF8.GetBytes(text)))
        {
            byte[] rotten = [.. sound];
            rotten[place] ^= 1;
            await File.WriteAllBytesAsync(Queues, rotten, Cancel);

            await using var database = new SqliteDatabase(Queues, "");
            var queues = new SqliteQueues(database, _clock);
            List<string> received = [];
            while (await queues.TryReceiveAsync(Queue, Cancel) is { } message)
            {
                received.Add($"{message.MessageId} {message.Subject} {Encoding.UTF8.GetString(message.Body.Span)} {message.Properties.GetValueOrDefault("tenant")}");
                await queues.CompleteAsync(Queue, message.LockToken);
            }

            received.ShouldBeUnique($"at {place}");
            received.ShouldBeSubsetOf([$"{Rotten} {Subject} {Body} {Tenant}", "another  other ", $"behind {Subject} other {Tenant}"], $"at {place}");
            var letters = queues.PeekDeadLetters(Queue);
            letters.ShouldAllBe(letter => letter.Reason == "DamagedMessage" && letter.Description!.StartsWith($"In {Queues}, the message is not as it was written", StringComparison.Ordinal));
            if (text != Queue)
            {
                // The name of the queue stands in indexes too, and by those a message is found.
                (received.Count + letters.Count).ShouldBe(3, $"at {place}");
                letters.Count.ShouldBeLessThan(2, $"at {place}");
            }

            setAside += letters.Count;
        }

        setAside.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Receive_InterruptedMessageThatIsDamaged_SetsItAside()
    {
        await FillAsync();
        await using var database = new SqliteDatabase(Queues, "");
        var queues = new SqliteQueues(database, _clock);
        await queues.TryReceiveAsync(Queue, Cancel);
        var held = (await queues.TryReceiveAsync(Queue, Cancel)).ShouldNotBeNull();
        await database.WriteAsync(connection => connection.Run("UPDATE queue_messages SET body = x'00' WHERE sequence = @sequence", ("@sequence", held.SequenceNumber)));

        var next = new SqliteQueues(database, _clock);

        next.Interrupted.ShouldContain((Queue, held.SequenceNumber));
        (await next.ReceiveAsync(Queue, held.SequenceNumber)).ShouldBeNull();
        next.PeekDeadLetters(Queue).ShouldHaveSingleItem().Reason.ShouldBe("DamagedMessage");
    }

    [Fact]
    public async Task Opening_FileFromBeforeChecksums_BelievesWhatIsThereAndGivesThemToWhatComes()
    {
        await FillAsync();
        await using var database = new SqliteDatabase(Queues, "");
        await database.WriteAsync(connection => connection.Run("ALTER TABLE queue_messages DROP COLUMN checksum"));
        await database.WriteAsync(connection => connection.Run("UPDATE queue_messages SET body = x'00' WHERE sequence = 1"));

        var queues = new SqliteQueues(database, _clock);
        await queues.SendAsync(Queue, new BusMessage("new", Encoding.UTF8.GetBytes("new"), "", new Dictionary<string, string>()), Cancel);

        database.Read(connection => connection.Rows(row => row.IsDBNull(0), "SELECT checksum FROM queue_messages ORDER BY sequence")).ShouldBe([true, true, true, false]);
        List<string> received = [];
        while (await queues.TryReceiveAsync(Queue, Cancel) is { } message)
        {
            received.Add(message.MessageId);
        }

        received.Count.ShouldBe(4);
    }

    private static IEnumerable<int> Places(byte[] content, byte[] text)
    {
        for (var at = content.AsSpan().IndexOf(text); at >= 0;)
        {
            yield return at;
            var next = content.AsSpan(at + 1).IndexOf(text);
            at = next < 0 ? -1 : at + 1 + next;
        }
    }

    /// <summary>A message, one of nobody, and one behind the first.</summary>
    private async Task FillAsync()
    {
        await using var database = new SqliteDatabase(Queues, "");
        var queues = new SqliteQueues(database, _clock);
        var tenant = new Dictionary<string, string> { ["tenant"] = Tenant };
        await queues.SendAsync(Queue, new BusMessage(Rotten, Encoding.UTF8.GetBytes(Body), Subject, tenant), Cancel);
        await queues.SendAsync(Queue, new BusMessage("another", Encoding.UTF8.GetBytes("other"), "", new Dictionary<string, string>()), Cancel);
        await queues.SendAsync(Queue, new BusMessage("behind", Encoding.UTF8.GetBytes("other"), Subject, tenant), Cancel);
    }
}
