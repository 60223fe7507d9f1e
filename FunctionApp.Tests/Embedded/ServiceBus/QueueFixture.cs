using System.Text;
using Advisor.Embedded.ServiceBus;
using Advisor.Embedded.Storage;
using Advisor.Kernel.Messaging;
using Advisor.Tests.Embedded.Storage;
using Advisor.Tests.Embedded.Triggers;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Embedded.ServiceBus;

/// <summary>Queues in a file of one test's own, under a clock that the test moves.</summary>
public abstract class QueueFixture : IAsyncDisposable
{
    protected const string Queue = "ingestion-queue";

    protected QueueFixture()
    {
        Database = new SqliteDatabase(Folder.File("queues.db"), "");
        Queues = new SqliteQueues(Database, Clock);
    }

    protected TemporaryFolder Folder { get; } = new();

    protected SampleClock Clock { get; } = new(new DateTimeOffset(2026, 11, 21, 9, 0, 0, TimeSpan.Zero));

    protected SqliteDatabase Database { get; }

    protected SqliteQueues Queues { get; }

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        Folder.Dispose();
        GC.SuppressFinalize(this);
    }

    protected static BusMessage Message(string id, string tenant) => Message(id) with { Properties = new Dictionary<string, string> { ["tenant"] = tenant } };

    protected static BusMessage Message(string id) => new(id, Encoding.UTF8.GetBytes($"\"{id}\""), "test", new Dictionary<string, string>());

    protected static Task<T> Soon<T>(Task<T> task) => task.WaitAsync(TimeSpan.FromSeconds(30), Cancel);

    protected static Task Soon(Task task) => task.WaitAsync(TimeSpan.FromSeconds(60), Cancel);

    protected async Task<LockedMessage> Receive() => (await Queues.TryReceiveAsync(Queue, Cancel)).ShouldNotBeNull();

    protected static async Task<List<string>> ReceiveAllAsync(SqliteQueues queues)
    {
        List<string> received = [];
        while (await queues.TryReceiveAsync(Queue, Cancel) is { } message)
        {
            received.Add(message.MessageId);
        }

        return received;
    }
}
