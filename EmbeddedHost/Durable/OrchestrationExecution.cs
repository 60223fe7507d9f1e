using System.Diagnostics;
using System.Text.Json;
using Advisor.Kernel.Http;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Converters;
using Microsoft.Extensions.Logging;

namespace Advisor.Embedded.Durable;

/// <summary>Something that the orchestrator's code asked for in a step, as it will stand in the history.</summary>
/// <param name="Version">The version of a sub-orchestration.</param>
/// <param name="Tags">The tags of a sub-orchestration, as JSON.</param>
/// <param name="TraceParent">The span under which the orchestrator's code asked; never compared in a replay.</param>
internal sealed record OrchestratorAction(HistoryEvent Event, string? Version = null, string? Tags = null, string? TraceParent = null);

/// <summary>A call whose answer the orchestrator awaits.</summary>
internal sealed record OpenCall(int TaskId, string Name, TaskCompletionSource<string?> Answer);

/// <summary>One execution of one orchestrator in memory: its state machine, and the rules by which history and messages drive it.</summary>
/// <remarks>
/// It knows nothing of storage: <see cref="Replay"/> takes events, <see cref="Step"/> takes messages and says what must be journaled.
/// Used by one thread at a time. After a step whose outcome was not journaled it must be thrown away.
/// </remarks>
internal sealed partial class OrchestrationExecution
{
    private readonly IDurableFunctions _functions;
    private readonly OrchestrationContext _context;
    private readonly OrchestratorLoop _loop;
    private readonly Dictionary<int, OpenCall> _open = [];
    private readonly Queue<OrchestratorAction> _actions = new();
    private readonly List<int> _cancelledTimers = [];
    private readonly Queue<HistoryEvent> _heldBySuspension = new();
    private readonly List<HistoryEvent> _forNextExecution = [];
    private int _taskIds;
    private int _steps;
    private Task<object?>? _run;
    private volatile bool _intruded;
    private NextExecution? _next;
    private (bool Set, string? Json) _customStatus;
    private bool _hasOwnStatus;

    /// <param name="intruded">Called when the orchestrator awaited something foreign: the execution wants a step in which to fail.</param>
    public OrchestrationExecution(
        Instance instance, IDurableFunctions functions, string defaultVersion, ILoggerFactory loggers, Action<OrchestrationExecution> intruded)
    {
        Instance = instance;
        Version = instance.Version;
        _functions = functions;
        _context = new OrchestrationContext(this, loggers, defaultVersion);
        _loop = new OrchestratorLoop(() =>
        {
            _intruded = true;
            intruded(this);
        });
    }

    public Instance Instance { get; }

    public string Version { get; private set; }

    public string? Input { get; private set; }

    public DateTime Now { get; private set; } = DateTime.MinValue;

    public bool IsReplaying { get; private set; }

    public bool IsSuspended { get; private set; }

    public DataConverter Converter { get; } = new JsonDataConverter(AdvisorJson.Options);

    public ExternalEvents Events { get; } = new();

    /// <summary>Whether the code has returned and nothing it began is open: only then has the execution ended, as on Azure.</summary>
    private bool IsOver => _run is { IsCompleted: true } && _open.Count == 0;

    /// <summary>The value of a JSON text; none is the default of its type, for value types too, where the converter would throw.</summary>
    public static T? Read<T>(string? json) => json is null ? default : JsonSerializer.Deserialize<T>(json, AdvisorJson.Options);

    public void EnsureOwnThread()
    {
        if (!_loop.IsCurrent)
        {
            throw ForeignAwaitFault();
        }
    }

    /// <summary>Whether the caller is the orchestrator's own code. If not, that is reported: what it does could not be repeated in a replay.</summary>
    public bool OnOwnThread()
    {
        if (_loop.IsCurrent)
        {
            return true;
        }

        _loop.Post(static _ => { }, null);
        return false;
    }

    /// <summary>The fault of an orchestrator that left its thread.</summary>
    public InvalidOperationException ForeignAwaitFault() => new(
        $"The orchestrator '{Instance.Name}' (instance '{Instance.Id}') awaited something that is not a durable task: a timer, thread, request or task "
        + "of its own, or ConfigureAwait(false). Its order cannot be repeated in a replay; move it into an activity.");

    /// <summary>Records an action whose answer is awaited.</summary>
    public OpenCall Begin(Func<int, OrchestratorAction> action)
    {
        var done = Do(action);
        var call = new OpenCall(done.Event.TaskId, done.Event.Name ?? "timer", new TaskCompletionSource<string?>());
        _open.Add(call.TaskId, call);
        return call;
    }

    /// <summary>Records an action.</summary>
    public OrchestratorAction Do(Func<int, OrchestratorAction> action)
    {
        EnsureOwnThread();
        var made = action(_taskIds++) with { TraceParent = Activity.Current?.Id };
        _actions.Enqueue(made);
        return made;
    }

    public void CancelTimer(int taskId)
    {
        _open.Remove(taskId);
        _cancelledTimers.Add(taskId);
    }

    public void SetCustomStatus(string? json)
    {
        _customStatus = (true, json);
        _hasOwnStatus = true;
    }

    public void ContinueAsNew(string? input, bool keepEvents, string? version) =>
        _next = new NextExecution(input, string.IsNullOrWhiteSpace(version) ? Version : version, keepEvents, []);

    /// <summary>Lets one event happen to the orchestrator and runs its code as far as it comes; a suspended one sees it when it is resumed.</summary>
    private void Deliver(HistoryEvent happened)
    {
        if (IsSuspended && happened.Kind is not (EventKind.Suspended or EventKind.Resumed))
        {
            _heldBySuspension.Enqueue(happened);
            return;
        }

        switch (happened.Kind)
        {
            case EventKind.Started:
                Input = happened.Data;
                Version = happened.Target ?? string.Empty;
                _loop.Run(Start);
                break;
            case EventKind.ActivityCompleted or EventKind.ChildCompleted or EventKind.TimerFired:
                if (_open.Remove(happened.TaskId, out var answered))
                {
                    _loop.Run(() => answered.Answer.TrySetResult(happened.Data));
                }

                break;
            case EventKind.ActivityFailed or EventKind.ChildFailed:
                if (_open.Remove(happened.TaskId, out var failed))
                {
                    var details = Failures.FromJson(happened.Data!);
                    var failure = happened.Kind == EventKind.ActivityFailed
                        ? new TaskFailedException(failed.Name, failed.TaskId, Failures.ToCoreException(details))
                        : new TaskFailedException(failed.Name, failed.TaskId, details);
                    _loop.Run(() => failed.Answer.TrySetException(failure));
                }

                break;
            case EventKind.EventRaised when _next is not null:
                _forNextExecution.Add(happened);
                break;
            case EventKind.EventRaised:
                _loop.Run(() => Events.Raise(happened.Name!, happened.Data));
                break;
            case EventKind.Suspended:
                IsSuspended = true;
                break;
            case EventKind.Resumed:
                IsSuspended = false;
                while (!IsSuspended && _heldBySuspension.TryDequeue(out var held))
                {
                    Deliver(held);
                }

                break;
            default:
                throw new InvalidOperationException($"The journal of '{Instance.Id}' holds an event of the unknown kind '{happened.Kind}'.");
        }
    }

    private void Start()
    {
        try
        {
            _run = _functions.HasOrchestrator(Instance.Name)
                ? _functions.RunOrchestratorAsync(Instance.Name, _context, Instance.TraceParent)
                : Task.FromException<object?>(new MissingFunctionException(Instance.Name, Instance.Version));
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            _run = Task.FromException<object?>(fault);
        }

        // Host code around the orchestrator may have left its thread: then the end comes unseen, from elsewhere.
        _ = _run.ContinueWith(
            _ => OnOwnThread(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }
}

/// <summary>What follows a continue-as-new.</summary>
/// <param name="Events">Events to hand over, in order of arrival.</param>
internal sealed record NextExecution(string? Input, string Version, bool KeepEvents, IReadOnlyList<HistoryEvent> Events);

/// <summary>The host has no orchestrator of that name.</summary>
internal sealed class MissingFunctionException(string name, string version)
    : InvalidOperationException(Failures.NotFound("orchestrator", name, version));
