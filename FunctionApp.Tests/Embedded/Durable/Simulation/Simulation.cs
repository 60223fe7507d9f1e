using Advisor.Embedded.Durable;
using Advisor.Embedded.Storage;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging.Abstractions;

namespace Advisor.Tests.Embedded.Durable.Simulation;

/// <summary>What a simulation did.</summary>
/// <param name="Trace">Each turn, write, fault and movement of time: the same seed gives the same, line by line.</param>
internal sealed record SimulationReport(int Seed, int Writes, int Deaths, TimeSpan Passed, IReadOnlyList<string> Trace);

/// <summary>Runs random orchestrations on the engine, with a clock of its own and faults at its writes, and holds outcome and effects against the plan.</summary>
internal sealed class Simulation : IDisposable
{
    /// <summary>No run of the largest plan takes nearly as long.</summary>
    private static readonly TimeSpan s_longest = TimeSpan.FromDays(100);

    /// <summary>Nor does any instant of a process take as many turns, or a run as many deaths.</summary>
    private const int MostTurnsAtOnce = 8_000;
    private const int MostDeaths = 200;

    private readonly int _seed;
    private readonly Random _random;
    private readonly SimulatedTime _time = new();
    private readonly Faults _faults;
    private readonly PlanWorld _world = new();
    private readonly Cast _cast;
    private readonly List<string> _trace = [];
    private readonly DurableEngineOptions _bounds;
    private readonly string _folder;
    private readonly Action<string>? _told;
    private SimulatedProcess _process = null!;
    private SqliteDatabase _database = null!;
    private DurableEngine _engine = null!;
    private bool _dead;
    private int _writes;
    private int _deaths;
    private int _turnsAtOnce;

    private Simulation(int seed, string folder, Action<string>? told)
    {
        (_seed, _folder, _told, _random) = (seed, folder, told, new Random(seed));
        var (calm, poison) = (seed % 10 == 0, seed % 10 == 5);
        _faults = new Faults(_random, calm ? 0 : _random.Next(2, 12), mostDeaths: poison ? 0 : 40);
        _bounds = new DurableEngineOptions
        {
            // Activities of hours that nobody waits for any more must not stand in the way of others.
            MaxConcurrentActivities = poison ? _random.Next(1, 9) : 400,
            MaxConcurrentOrchestrators = _random.Next(1, 5),
            MaxLiveOrchestrations = _random.Next(3) switch { 0 => 0, 1 => 2, _ => 1_000 },
            MaxProcessDeaths = poison ? Plan.DeathsOfPoison : 1_000,
            MaxUncommitted = _random.Next(1, 5),
        };
        (_world.Note, _world.Kill) = (Note, Die);
        _cast = new Cast(_random, _time, new PlanDraw(_random, poison), Instance);
        _cast.Draw();
    }

    /// <param name="folder">Empty; the journal's.</param>
    /// <exception cref="SimulationFailedException">Names the seed and what is wrong.</exception>
    /// <param name="told">Told each turn as it comes; a seed that fails has told them all by then.</param>
    public static SimulationReport Run(int seed, string folder, Action<string>? told = null)
    {
        using var simulation = new Simulation(seed, folder, told);
        try
        {
            return simulation.Run();
        }
        catch (Exception fault)
        {
            throw new SimulationFailedException(
                $"Seed {seed}: {fault.Message}\n{simulation.StateOfAll()}\n{simulation.Now:d' days 'hh\\:mm\\:ss} after the start, {simulation._writes} writes, {simulation._deaths} deaths. The last turns:\n{string.Join('\n', simulation._trace.TakeLast(30))}\n"
                + $"Again with {SimulationTests.SeedVariable}={seed}.",
                fault);
        }
    }

    public void Dispose() => Close();

    private TimeSpan Now => _time.Now - SimulatedTime.Start;

    private bool IsDone => _cast.Callers.All(caller => caller.IsDone) && _cast.Roots.All(root => Instance(root.Id) is { IsFinished: true }) && !HasOpenWork;

    private bool HasOpenWork => _database.Read(connection =>
        connection.Number("SELECT 1 FROM durable_inbox UNION ALL SELECT 1 FROM durable_activities UNION ALL SELECT 1 FROM durable_timers LIMIT 1") is not null);

    private SimulationReport Run()
    {
        Open();
        while (_dead || !(_process.IsIdle && IsDone))
        {
            if (Now > s_longest || ++_turnsAtOnce > MostTurnsAtOnce || _deaths > MostDeaths)
            {
                throw new SimulationFailedException("It does not end.");
            }

            if (_dead)
            {
                Note("the process dies");
                Close();
                (_deaths, _turnsAtOnce) = (_deaths + 1, 0);
                foreach (var caller in _cast.Callers)
                {
                    caller.LoseConnection();
                }

                Open();
            }
            else
            {
                Turn();
            }
        }

        Judge.Of(_cast.Roots, _world, Instance, _engine.ReadHistory, exactly: _deaths == 0);
        if (UnderWay() is [var left, ..])
        {
            throw new SimulationFailedException($"{left} is left behind.");
        }

        return new SimulationReport(_seed, _writes, _deaths, Now, _trace);
    }

    private void Turn()
    {
        if (_process.RunOne() is { } drawn)
        {
            Note($"runs {drawn}");
        }
        else if (!_cast.Callers.Any(caller => caller.Wants <= _time.Now))
        {
            if (!_time.Advance(_cast.Callers.Min(caller => caller.Wants)))
            {
                throw new SimulationFailedException($"Nothing will happen any more, and {_cast.Callers.Count(caller => !caller.IsDone)} callers wait.");
            }

            _turnsAtOnce = 0;
            Note($"it is {Now}");
        }

        // Callers come in whatever order they have; the process' own turns are drawn.
        foreach (var caller in _cast.Callers.TakeWhile(_ => !_dead))
        {
            caller.Turn(_process, _engine.Client, Note);
        }
    }

    private void Open()
    {
        _dead = false;
        _process = new SimulatedProcess(_random, _time);
        _world.Clock = _process.Clock;
        _database = new SqliteDatabase(Path.Combine(_folder, "durable.db"), DurableEngine.Schema);
        _engine = new DurableEngine(_database, _world.Functions, BoundsIn(_process), _process.Clock, NullLoggerFactory.Instance);
        _engine.Writer.Writing = OnWriting;
        _engine.Writer.Turn = OnWrittenAsync;
        _process.RunUntil(_process.Do(() => _engine.StartAsync(CancellationToken.None)));
    }

    private void Close()
    {
        _process.Kill();
        _engine.Die();
        _database.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }

    private DurableEngineOptions BoundsIn(SimulatedProcess process) => new()
    {
        MaxConcurrentActivities = _bounds.MaxConcurrentActivities,
        MaxConcurrentOrchestrators = _bounds.MaxConcurrentOrchestrators,
        MaxLiveOrchestrations = _bounds.MaxLiveOrchestrations,
        MaxProcessDeaths = _bounds.MaxProcessDeaths,
        MaxUncommitted = _bounds.MaxUncommitted,
        Begin = process.BeginLaterAsync,
    };

    private Fault _next;

    private void OnWriting(int number)
    {
        _writes++;
        _next = _faults.Draw();
        Note($"write {number}: {_next}");
        if (_next == Fault.Failure)
        {
            throw new IOException("The write failed.");
        }

        if (_next == Fault.DeathBefore)
        {
            Die();
        }
    }

    private Task OnWrittenAsync(int number)
    {
        if (_next == Fault.DeathAfter)
        {
            Die();
        }

        return _process.YieldAsync(_next == Fault.Delay ? _random.Next(5, 50) : 0);
    }

    /// <summary>What now follows in this turn is told that the engine is gone; what waits never runs.</summary>
    private void Die()
    {
        _dead = true;
        _process.Kill();
        _engine.Die();
    }

    private Instance? Instance(string id) => _database.Read(connection => Journal.FindInstance(connection, id));

    private string StateOfAll() => string.Join('\n', _cast.Roots.Select(root => $"{root.Id} ({root.Fate}): {root.Plan}")) + "\n" + string.Join('\n', UnderWay().Select(id =>
        $"{id} ({Instance(id)?.Name}, execution {Instance(id)?.Execution}) is {Instance(id)?.Status}; it has done\n{string.Join('\n', _engine.ReadHistory(id).Select(LineOf))}\nand not yet taken in\n{string.Join('\n', InboxOf(id))}"));

    private List<string> UnderWay() => _database.Read(connection =>
        connection.Query("SELECT id FROM durable_instances WHERE status IN ('pending', 'running', 'suspended') ORDER BY created_at, id", row => row.GetString(0)));

    private List<string> InboxOf(string id) => _database.Read(connection => connection.Query(
        "SELECT kind || ' #' || task_id || ' ' || coalesce(name, '') || ' for execution ' || coalesce(execution, 'any') FROM durable_inbox WHERE instance_id = $0 ORDER BY seq", row => $"  {row.GetString(0)}", id));

    /// <summary>Inputs repeat the plan, and failures name lines of code.</summary>
    private static string LineOf(HistoryEvent line) => $"  {line.Kind} #{line.TaskId} {line.Name} {line.Target} {line.At:d HH:mm:ss} {(line.Data?.Length < 100 ? line.Data : null)}";

    private void Note(string what)
    {
        _trace.Add(what);
        _told?.Invoke(what);
    }
}
