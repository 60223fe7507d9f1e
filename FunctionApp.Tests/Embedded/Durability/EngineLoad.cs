using System.Globalization;
using Advisor.Embedded.Durable;
using Advisor.Embedded.ServiceBus;
using Advisor.Embedded.Storage;
using Advisor.Kernel.Messaging;
using Advisor.Tests.Embedded.Durable;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging.Abstractions;

namespace Advisor.Tests.Embedded.Durability;

/// <summary>Engine and queues on files of a folder, and a load of orders on them: what a process does until it is killed.</summary>
/// <remarks>
/// An order does two pieces of work, with a timer and an event from outside between them. Each piece has an id that the orchestrator draws,
/// leaves one row under it, and sends one message, whose receiver leaves another row. So work that was lost or done under two ids shows.
/// </remarks>
internal sealed class EngineLoad : IAsyncDisposable
{
    public const string Queue = "done";

    private static readonly QueueOptions s_options = new() { MaxDeliveryCount = 1_000, DuplicateWindow = TimeSpan.FromHours(1) };

    private readonly SqliteDatabase _journal;
    private readonly SqliteDatabase _messages;
    private readonly SqliteDatabase _effects;
    private readonly DurableEngine _engine;

    private EngineLoad(string folder)
    {
        _journal = new SqliteDatabase(Path.Combine(folder, "durable.db"), DurableEngine.Schema);
        _messages = new SqliteDatabase(Path.Combine(folder, "queues.db"), "");
        _effects = new SqliteDatabase(Path.Combine(folder, "effects.db"), """
            CREATE TABLE IF NOT EXISTS worked(id TEXT PRIMARY KEY, work TEXT NOT NULL);
            CREATE TABLE IF NOT EXISTS heard(id TEXT PRIMARY KEY);
            """);
        Queues = new SqliteQueues(_messages, TimeProvider.System, _ => s_options);
        var functions = new DelegateFunctions()
            .Activity<Work, bool>("Work", WorkAsync)
            .Orchestrator("Order", async context =>
            {
                await context.CallActivityAsync<bool>("Work", new Work($"{context.InstanceId}/1", context.NewGuid()));
                await context.CreateTimer(TimeSpan.FromMilliseconds(5), CancellationToken.None);
                await context.WaitForExternalEvent<string>("go");
                await context.CallActivityAsync<bool>("Work", new Work($"{context.InstanceId}/2", context.NewGuid()));
                return context.InstanceId;
            });
        _engine = new DurableEngine(_journal, functions, new DurableEngineOptions { MaxProcessDeaths = 1_000, SuspectHeadStart = TimeSpan.FromMilliseconds(5) }, TimeProvider.System, NullLoggerFactory.Instance);
    }

    public DurableTaskClient Client => _engine.Client;

    public SqliteQueues Queues { get; }

    public static async Task<EngineLoad> StartAsync(string folder)
    {
        var load = new EngineLoad(folder);
        await load._engine.StartAsync(CancellationToken.None);
        return load;
    }

    /// <summary>Makes orders and sends them their events, four callers at once, and never ends; what is acknowledged is noted then.</summary>
    /// <param name="acknowledged">Gets "start" or "raise" with the order's id.</param>
    public Task RunAsync(string prefix, Action<string> acknowledged) => Task.WhenAll(
        Enumerable.Range(0, 4).Select(caller => CallAsync(string.Create(CultureInfo.InvariantCulture, $"{prefix}-{caller}"), acknowledged)).Append(ListenAsync(CancellationToken.None)));

    /// <summary>Takes messages and leaves their rows, until it is cancelled.</summary>
    public async Task ListenAsync(CancellationToken cancellation)
    {
        while (await Queues.ReceiveAsync(Queue, cancellation) is { } message)
        {
            await _effects.WriteAsync(connection => connection.Run("INSERT OR IGNORE INTO heard VALUES(@id)", ("@id", message.MessageId)));
            await Queues.CompleteAsync(Queue, message.LockToken);
        }
    }

    /// <summary>The ids of the orders, with their status.</summary>
    public Dictionary<string, string> Orders() => _journal.Read(connection =>
        connection.Rows(row => (Id: row.GetString(0), Status: row.GetString(1)), "SELECT id, status FROM durable_instances").ToDictionary(row => row.Id, row => row.Status, StringComparer.Ordinal));

    /// <summary>Each piece of work that was done, by name, with the id under which it was.</summary>
    public List<(string Work, string Id)> Worked() => _effects.Read(connection => connection.Rows(row => (row.GetString(1), row.GetString(0)), "SELECT id, work FROM worked"));

    public List<string> Heard() => _effects.Read(connection => connection.Rows(row => row.GetString(0), "SELECT id FROM heard"));

    /// <summary>What the engine has still to do.</summary>
    public bool HasOpenWork() => _journal.Read(connection => connection.Rows(row => row.GetInt32(0), """
        SELECT 1 FROM durable_inbox UNION ALL SELECT 1 FROM durable_activities UNION ALL SELECT 1 FROM durable_timers LIMIT 1
        """).Count > 0);

    public async ValueTask DisposeAsync()
    {
        await _engine.StopAsync(CancellationToken.None);
        await _engine.DisposeAsync();
        await _journal.DisposeAsync();
        await _messages.DisposeAsync();
        await _effects.DisposeAsync();
    }

    private async Task CallAsync(string prefix, Action<string> acknowledged)
    {
        for (var number = 0; ; number++)
        {
            var id = string.Create(CultureInfo.InvariantCulture, $"{prefix}-{number}");
            await Client.ScheduleNewOrchestrationInstanceAsync("Order", null, new StartOrchestrationOptions(id), CancellationToken.None);
            acknowledged($"start {id}");
            await Client.RaiseEventAsync(id, "go", "go", CancellationToken.None);
            acknowledged($"raise {id}");
        }
    }

    private async Task<bool> WorkAsync(Work work, CancellationToken cancellation)
    {
        var id = work.Id.ToString();
        await _effects.WriteAsync(connection => connection.Run("INSERT OR IGNORE INTO worked VALUES(@id, @work)", ("@id", id), ("@work", work.Name)));
        await Queues.SendAsync(Queue, new BusMessage(id, new byte[] { 1 }, "done", new Dictionary<string, string>()), cancellation);
        return true;
    }

    private sealed record Work(string Name, Guid Id);
}
