using System.Diagnostics;
using Advisor.Embedded.ServiceBus;
using Advisor.Embedded.Storage;
using Advisor.Kernel.Messaging;
using Advisor.Tests.Embedded.Storage;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Embedded.ServiceBus;

/// <summary>The head of a queue is as near with a million messages behind it as with a thousand.</summary>
public sealed class QueueBacklogTests(ITestOutputHelper output) : IAsyncDisposable
{
    private const string Queue = "ingestion-queue";
    private const string Tenant = "t0";
    private const int Short = 1_000;
    private const int Long = 1_000_000;
    private const int SampleLong = 100_000;
    private const int Rounds = 100;

    /// <summary>Passing the backlog even once for a receive would cost a thousand times as much; this leaves room for a busy machine.</summary>
    private const double MostSlower = 10;

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData("ready", 0, 1)]
    [InlineData("ready, each of another tenant", 0, Long)]
    [InlineData("ready, of a tenant without a turn", 0, 1, Tenant)]
    [InlineData("scheduled", 2, 1)]
    [InlineData("dead-lettered", 3, 1)]
    public async Task ReceiveAndComplete_LongBacklog_TakesAsLongAsWithAShortOne(string name, int state, int tenants, string? passOver = null)
    {
        var few = await QuickestAsync("few.db", Short, state, tenants, passOver);
        var many = await QuickestAsync("many.db", TestDepth.IsSample ? SampleLong : Long, state, tenants, passOver);

        output.WriteLine($"Send, receive and complete with {Short:N0} {name}: {few.TotalMicroseconds:f0} us; with {(TestDepth.IsSample ? SampleLong : Long):N0}: {many.TotalMicroseconds:f0} us.");
        (many / few).ShouldBeLessThan(MostSlower);
    }

    private async Task<TimeSpan> QuickestAsync(string file, int backlog, int state, int tenants, string? passOver)
    {
        await using var database = new SqliteDatabase(_folder.File(file), "PRAGMA synchronous=OFF");
        var queues = new SqliteQueues(database, TimeProvider.System);
        await database.WriteAsync(connection =>
        {
            connection.Run(
                """
                WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < @count)
                INSERT INTO queue_messages(sequence, queue, state, due, message_id, subject, properties, body, enqueued, reason, died)
                SELECT n, @queue, @state, CASE @state WHEN 2 THEN 4000000000000000000 + n END, 'm' || n, 'test', json_object('tenant', 't' || (n % @tenants)), x'00', 0, CASE @state WHEN 3 THEN 'Bad' END, CASE @state WHEN 3 THEN 0 END
                FROM numbers
                """,
                ("@count", backlog), ("@queue", Queue), ("@state", state), ("@tenants", tenants));
            connection.Run("UPDATE queue_sequence SET last = @count", ("@count", backlog));
        });
        List<TimeSpan> taken = [];
        for (var round = 0; round < Rounds; round++)
        {
            var begun = Stopwatch.GetTimestamp();
            await queues.SendAsync(Queue, new BusMessage($"r{round}", new byte[] { 1 }, "test", new Dictionary<string, string>()), Cancel);
            var received = await queues.ReceiveAsync(Queue, () => passOver, Cancel);
            await queues.CompleteAsync(Queue, received!.LockToken);
            taken.Add(Stopwatch.GetElapsedTime(begun));
        }

        // What else the machine does only adds to a round, so the quickest tells most of the queue.
        return taken.Min();
    }
}
