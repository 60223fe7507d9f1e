using Advisor.Embedded.Durable;
using Advisor.Embedded.Storage;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Advisor.Tests.Embedded.Durable;

/// <summary>A folder with a journal, and the engine that now runs on it; the engine can die and come back.</summary>
internal sealed class EngineFixture : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("durable-").FullName;
    private SqliteDatabase? _database;
    private TaskCompletionSource _progress = NewProgress();

    private EngineFixture(DelegateFunctions functions, DurableEngineOptions options, ILoggerFactory loggers)
    {
        (Functions, Options, Loggers) = (functions, options, loggers);
        Clock = new ManualTimeProvider();
        Clock.TimerSet = Progressed;
    }

    /// <summary>Every wait of a test is bounded, so that a lost wake-up fails instead of hanging.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(30);

    public DelegateFunctions Functions { get; set; }

    public DurableEngineOptions Options { get; set; }

    public ILoggerFactory Loggers { get; }

    public ManualTimeProvider Clock { get; }

    public DurableEngine Engine { get; private set; } = null!;

    public DurableTaskClient Client => Engine.Client;

    public SqliteDatabase Database => _database!;

    public static async Task<EngineFixture> StartAsync(
        DelegateFunctions functions, bool alwaysReplay = false, DurableEngineOptions? options = null, ILoggerFactory? loggers = null)
    {
        var fixture = new EngineFixture(
            functions, options ?? new DurableEngineOptions { AlwaysReplay = alwaysReplay }, loggers ?? NullLoggerFactory.Instance);
        await fixture.OpenAsync();
        return fixture;
    }

    public async Task OpenAsync(bool start = true)
    {
        _database = new SqliteDatabase(Path.Combine(_folder, "durable.db"), DurableEngine.Schema);
        Engine = new DurableEngine(_database, Functions, Options, Clock, Loggers);
        Engine.Progressed = Progressed;
        if (start)
        {
            await Engine.StartAsync(TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Ends the engine as a dying process does and opens the same journal again.</summary>
    public async Task CrashAsync(bool start = true)
    {
        Engine.Die();
        await _database!.DisposeAsync();
        await OpenAsync(start);
    }

    /// <summary>Starts an orchestration and waits for its end.</summary>
    public async Task<OrchestrationMetadata> RunAsync(string name, object? input = null, string? id = null) =>
        await EndAsync(await BeginAsync(name, input, id));

    public async Task<OrchestrationMetadata> EndAsync(string id) =>
        await Client.WaitForInstanceCompletionAsync(id, getInputsAndOutputs: true, TestContext.Current.CancellationToken)
            .WaitAsync(Patience, TestContext.Current.CancellationToken);

    /// <summary>Completes when the engine commits a step, fires timers or sets one. Take it before looking at the state.</summary>
    public Task NextProgress => Volatile.Read(ref _progress).Task;

    /// <summary>Waits until the engine has come to a state that no call announces.</summary>
    public async Task UntilAsync(Func<bool> reached)
    {
        while (true)
        {
            var progress = NextProgress;
            if (reached())
            {
                return;
            }

            await progress.WaitAsync(Patience, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Waits until the instance's history has an event of the kind.</summary>
    public Task UntilHistoryAsync(string id, string kind, int count = 1) =>
        UntilAsync(() => Engine.ReadHistory(id).Count(line => line.Kind == kind) >= count);

    /// <summary>Starts an orchestration and returns its instance id.</summary>
    public Task<string> BeginAsync(string name, object? input = null, string? id = null) => Client.ScheduleNewOrchestrationInstanceAsync(
        name, input, new Microsoft.DurableTask.StartOrchestrationOptions(id), TestContext.Current.CancellationToken);

    /// <summary>Waits until so many timers are set, then moves the clock.</summary>
    public async Task AdvanceAsync(TimeSpan by, int timers = 1)
    {
        await UntilAsync(() => Engine.TimerCount >= timers);
        Clock.Advance(by);
    }

    private static TaskCompletionSource NewProgress() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Progressed() => Interlocked.Exchange(ref _progress, NewProgress()).TrySetResult();

    public async ValueTask DisposeAsync()
    {
        await Engine.DisposeAsync();
        await _database!.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
