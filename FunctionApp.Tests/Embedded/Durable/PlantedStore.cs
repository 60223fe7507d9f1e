using Advisor.Embedded.Durable;
using Advisor.Embedded.Storage;
using Microsoft.DurableTask;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Advisor.Tests.Embedded.Durable;

/// <summary>A data folder in whose journal orchestrations are under way that were begun by other code than this build's.</summary>
internal sealed class PlantedStore : IAsyncDisposable
{
    private readonly DurableEngine _engine;
    private readonly SqliteDatabase _database;
    private TaskCompletionSource _progress = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _stopped;

    private PlantedStore(string folder, DelegateFunctions functions)
    {
        Folder = new DataFolder(folder);
        _database = new SqliteDatabase(Folder.Journal, DurableEngine.Schema);
        _engine = new DurableEngine(_database, functions, new DurableEngineOptions { MaxConcurrentActivities = 100, DrainTimeout = TimeSpan.Zero }, TimeProvider.System, NullLoggerFactory.Instance)
        {
            Progressed = () => Interlocked.Exchange(ref _progress, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult(),
        };
    }

    public DataFolder Folder { get; }

    public static async Task<PlantedStore> StartAsync(string folder, DelegateFunctions functions)
    {
        var store = new PlantedStore(folder, functions);
        await store._engine.StartAsync(TestContext.Current.CancellationToken);
        return store;
    }

    /// <summary>Begins an instance and waits until its history has so many calls.</summary>
    public async Task BeginAsync(string orchestrator, string id, string version, object? input = null, int calls = 1, DateTimeOffset? at = null)
    {
        await _engine.Client.ScheduleNewOrchestrationInstanceAsync(
            orchestrator, input, new StartOrchestrationOptions(id, at) { Version = new TaskVersion(version) }, TestContext.Current.CancellationToken);
        while (true)
        {
            var progress = Volatile.Read(ref _progress).Task;
            if (_engine.ReadHistory(id).Count(line => line.IsAction) >= calls)
            {
                return;
            }

            await progress.WaitAsync(EngineFixture.Patience, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Ends the engine and closes the journal, as a host that stops.</summary>
    public async Task StopAsync()
    {
        if (!_stopped)
        {
            _stopped = true;
            await _engine.DisposeAsync();
            await _database.DisposeAsync();
        }
    }

    public async ValueTask DisposeAsync() => await StopAsync();
}
