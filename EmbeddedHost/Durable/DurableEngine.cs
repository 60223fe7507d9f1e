using Advisor.Embedded.Storage;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace Advisor.Embedded.Durable;

/// <summary>Runs durable orchestrations and activities in this process, journaled in SQLite.</summary>
/// <remarks>
/// What a client call, an activity or a step has caused is durable before anybody is told of it; after a crash everything goes on from there.
/// Orchestrators are replayed, activities run at least once. One engine at a time may use a database. Safe for threads.
/// </remarks>
public sealed class DurableEngine : IAsyncDisposable
{
    private readonly SqliteDatabase _database;
    private readonly IDurableFunctions _functions;
    private readonly DurableEngineOptions _options;
    private readonly TimeProvider _time;
    private readonly ILoggerFactory _loggers;
    private readonly ILogger _logger;
    private readonly Journal _journal;
    private readonly Lanes _lanes;
    private readonly ReadyInstances _ready;
    private readonly InstanceWaiters _waiters = new();
    private readonly EngineLife _life = new();
    private readonly PendingWork _pending = new();
    private readonly DurableTimers _timers;
    private RunningMarks? _marks;
    private ActivityDispatcher? _activities;
    private Task _work = Task.CompletedTask;

    /// <param name="database">A database that was opened with <see cref="Schema"/> in its schema. The caller closes it, after the engine.</param>
    public DurableEngine(
        SqliteDatabase database, IDurableFunctions functions, DurableEngineOptions options, TimeProvider time, ILoggerFactory loggers)
    {
        ArgumentNullException.ThrowIfNull(loggers);
        (_database, _functions, _options, _time, _loggers) = (database, functions, options, time, loggers);
        _logger = loggers.CreateLogger("Advisor.Durable");
        _journal = new Journal(database);
        _journal.Upgrade();
        _lanes = new Lanes(_journal, options.FairnessTag);
        _ready = new ReadyInstances(_lanes.Of);
        Writer = new JournalWriter(database, _life);
        _timers = new DurableTimers(time, due => _pending.Track(FireAsync(due)));
        Client = new EmbeddedDurableClient(Writer, _journal, options, time, _ready, _timers, _waiters, _logger);
    }

    /// <summary>The tables of the engine, as idempotent SQL.</summary>
    public static string Schema => Journal.Schema;

    /// <summary>The client; what it starts before <see cref="StartAsync"/> waits for it.</summary>
    public DurableTaskClient Client { get; }

    internal JournalWriter Writer { get; }

    /// <summary>Called when a step or fired timers are committed and passed on. A seam for tests, which would otherwise have to poll.</summary>
    internal Action? Progressed { get; set; }

    internal bool IsDead => _life.Killed.IsCancellationRequested;

    /// <summary>How many durable timers are set.</summary>
    internal int TimerCount => _timers.Count;

    /// <summary>The history of an instance's present execution, oldest first; empty when there is no such instance.</summary>
    public IReadOnlyList<HistoryEvent> ReadHistory(string instanceId) => _journal.ReadHistory(instanceId);

    /// <summary>Takes up what an earlier process left, then begins to work.</summary>
    /// <exception cref="Microsoft.Data.Sqlite.SqliteException">The journal cannot be read or written.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _marks = RunningMarks.Open(_database.Path + "-running", out var leftBehind);
        var poisoned = leftBehind.Count > 0 ? await _database.WriteAsync(connection => CountDeaths(connection, leftBehind)) : [];

        _marks.Clear();
        foreach (var damage in await _database.WriteAsync(Journal.TakeOutDamagedWork))
        {
            _logger.Damaged(_journal.AdviceOn(damage));
        }

        cancellationToken.ThrowIfCancellationRequested();
        _activities = new ActivityDispatcher(Writer, _functions, _marks, _ready, _life, _pending, _options, _time, _logger, _lanes, id => _journal.FindInstance(id)?.Version ?? string.Empty);
        var orchestrations = new OrchestrationDispatcher(
            Writer, _journal, _functions, _marks, _ready, _life, _pending, _options, _time, _loggers, _logger, poisoned, OnCommitted);
        var (ready, activities, timers) = _journal.ReadOpenWork();
        _logger.Recovered(ready.Count, activities.Count, timers.Count);
        _timers.Add(timers);
        _activities.Enqueue(activities.Where(call => call.ProcessDeaths == 0));
        var suspects = _journal.ReadSuspects();
        foreach (var id in ready.Except(suspects.Select(suspect => suspect.Id)))
        {
            _ready.Signal(id);
        }

        _work = WorkAsync(orchestrations, _activities, suspects, activities.Where(call => call.ProcessDeaths > 0));
    }

    /// <summary>Begins nothing new, waits for what is running within <see cref="DurableEngineOptions.DrainTimeout"/>, then cancels the rest.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _life.Halt();
        _timers.Dispose();
        using var drain = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var deadline = Task.Delay(_options.DrainTimeout, _time, drain.Token);
        var done = DrainAsync();
        if (await Task.WhenAny(done, deadline) == done)
        {
            await drain.CancelAsync();
            await done;
        }
        else
        {
            _logger.DrainTimedOut(_activities?.Running ?? 0);
        }

        Close(forgetMarks: true);
    }

    /// <summary>Ends at once. What was running is cancelled and not recorded; the next engine on this database takes it up.</summary>
    public ValueTask DisposeAsync()
    {
        Close(forgetMarks: true);
        _life.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Ends as a dying process does: what was running is held against it at the next start.</summary>
    internal void Die() => Close(forgetMarks: false);

    /// <summary>What ran when the last process died, one by one; then all the rest.</summary>
    private async Task WorkAsync(
        OrchestrationDispatcher orchestrations, ActivityDispatcher activities, IReadOnlyCollection<(string Id, int Deaths)> steps, IEnumerable<ActivityCall> calls)
    {
        var firstSlot = _options.MaxConcurrentOrchestrators;
        await orchestrations.TryAsync(steps);
        await activities.TryAsync(firstSlot, calls);
        _options.Suspects.EndEngine();
        if (!_options.Suspects.MessagesTried.IsCompleted)
        {
            await _options.Suspects.MessagesTried.WaitAsync(_life.Halted).ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
        }

        await Task.WhenAll(orchestrations.RunAsync(), activities.RunAsync(firstSlot));
    }

    private async Task DrainAsync()
    {
        await _work;
        await _pending.WhenDoneAsync();
    }

    private void Close(bool forgetMarks)
    {
        if (_life.Killed.IsCancellationRequested)
        {
            return;
        }

        _life.Kill();
        _timers.Dispose();
        _waiters.Close(new ObjectDisposedException(nameof(DurableEngine), "The durable engine has been stopped."));
        if (forgetMarks)
        {
            _marks?.Clear();
        }

        _marks?.Dispose();
    }

    /// <summary>Counts the death against all that ran then. Only one that ran alone is proven to be poisoned by it.</summary>
    /// <returns>Instances whose next step is to fail.</returns>
    private HashSet<string> CountDeaths(Microsoft.Data.Sqlite.SqliteConnection connection, IReadOnlyList<RunningWork> leftBehind)
    {
        HashSet<string> poisoned = [];
        var alone = leftBehind.Count + _options.Suspects.Messages == 1;
        foreach (var work in leftBehind)
        {
            var deaths = Journal.CountDeath(connection, work);
            if (!alone || deaths < _options.MaxProcessDeaths)
            {
                continue;
            }

            if (work.Activity is { } seq)
            {
                Journal.QuarantineActivity(connection, seq, call =>
                {
                    _logger.Quarantined($"The activity {call.Name} (#{call.TaskId}) of {call.InstanceId}", deaths);
                    return Failures.Of(
                        Failures.Poisoned,
                        $"The activity '{call.Name}' is quarantined: it was running each of the {deaths} times that the process died.");
                });
            }
            else
            {
                poisoned.Add(work.InstanceId!);
            }
        }

        return poisoned;
    }

    private void OnCommitted(LiveOrchestration live, StepOutcome outcome, StepEffects effects)
    {
        var id = live.Instance.Id;
        if (outcome.Ends || outcome.Next is not null)
        {
            _timers.CancelAll(id, live.Instance.Execution);
        }
        else
        {
            foreach (var taskId in outcome.CancelledTimers)
            {
                _timers.Cancel(new TimerKey(id, live.Instance.Execution, taskId));
            }

            _timers.Add(effects.Timers);
        }

        _activities!.Enqueue(effects.Activities);
        foreach (var woken in effects.Wake)
        {
            _ready.Signal(woken);
        }

        if (outcome.Next is not null)
        {
            _ready.Signal(id);
        }

        if (outcome.Ends)
        {
            _lanes.Forget(id);
        }

        if (outcome.Status != live.Status)
        {
            _waiters.Changed(id);
        }

        if (outcome.Failure is { } failure)
        {
            _logger.OrchestrationFailed(live.Instance.Name, id, failure.ErrorType);
        }
        else if (outcome.Ends)
        {
            _logger.Ended(live.Instance.Name, id, outcome.Status.ToString());
        }

        Progressed?.Invoke();
    }

    private async Task FireAsync(IReadOnlyList<(TimerKey Key, DateTime Due)> due)
    {
        try
        {
            var woken = await Writer.WriteAsync(connection => Journal.FireTimers(connection, due));
            woken.ForEach(_ready.Signal);
            Progressed?.Invoke();
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            if (!_life.Killed.IsCancellationRequested)
            {
                _logger.WriteFailed(fault, "due timers");
                var again = _time.GetUtcNow().UtcDateTime + _options.WriteRetryDelay;
                _timers.Add([.. due.Select(timer => (timer.Key, again))]);
            }
        }
    }
}
