using System.Text.Json;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Advisor.Embedded.Durable;

/// <summary>What a step did; the whole of it is journaled in one transaction, or none of it.</summary>
/// <param name="Consumed">The messages that were taken in or are out of date.</param>
/// <param name="Events">The lines to append to the history.</param>
/// <param name="Actions">The actions among them.</param>
/// <param name="CancelledTimers">Task ids of timers that are no longer wanted.</param>
/// <param name="CustomStatus">The new custom status, when it was set.</param>
/// <param name="Next">Set when the execution continues as new.</param>
internal sealed record StepOutcome(
    IReadOnlyList<Message> Consumed,
    IReadOnlyList<HistoryEvent> Events,
    IReadOnlyList<OrchestratorAction> Actions,
    IReadOnlySet<int> CancelledTimers,
    (bool Set, string? Json) CustomStatus,
    OrchestrationRuntimeStatus Status,
    DateTime At,
    string? Output = null,
    TaskFailureDetails? Failure = null,
    NextExecution? Next = null,
    bool TerminateChildren = false)
{
    public bool Ends => Instance.IsFinal(Status);
}

internal sealed partial class OrchestrationExecution
{
    /// <summary>Takes in what can be taken in of <paramref name="inbox"/>; null when nothing can.</summary>
    /// <remarks>
    /// All messages of a step see the same time. A suspended instance takes them in, and they happen to its code when it is resumed. After its
    /// end they wait: they belong to the next execution, if there is one.
    /// </remarks>
    public StepOutcome? Step(DateTime now, IReadOnlyList<Message> inbox)
    {
        IsReplaying = false;
        if (_intruded)
        {
            return Fail(now, inbox, ForeignAwaitFault());
        }

        List<Message> consumed = [];
        List<HistoryEvent> events = [];
        Now = TimeOfStep(now, inbox);
        foreach (var message in inbox)
        {
            consumed.Add(message);
            if (message.Execution is { } meant && meant != Instance.Execution)
            {
                continue;
            }

            if (message.Event.Kind == EventKind.Terminated)
            {
                return Terminate(consumed, events, message.Event);
            }

            var happened = message.Event.Kind == EventKind.Started
                ? message.Event with { Name = Instance.Name, Target = Instance.Version, Data = Instance.Input }
                : message.Event;
            events.Add(happened);
            Deliver(happened);
            if (_intruded)
            {
                return Fail(now, consumed, ForeignAwaitFault());
            }

            if (IsOver)
            {
                break;
            }
        }

        return consumed.Count == 0 ? null : KeepWhatIsLeft(Conclude(consumed, events), inbox);
    }

    /// <summary>
    /// Events that an earlier execution kept and this one did not come to, because it continued as new before: they are addressed to this
    /// execution, so the next would hold them for out of date.
    /// </summary>
    private StepOutcome KeepWhatIsLeft(StepOutcome outcome, IReadOnlyList<Message> inbox)
    {
        if (outcome.Next is not { } next)
        {
            return outcome;
        }

        Message[] left = [.. inbox.Except(outcome.Consumed).Where(message => message.Execution == Instance.Execution && message.Event.Kind == EventKind.EventRaised)];
        return outcome with
        {
            Consumed = [.. outcome.Consumed, .. left],
            Next = next.KeepEvents ? next with { Events = [.. next.Events, .. left.Select(message => message.Event)] } : next,
        };
    }

    /// <summary>Ends the instance because its code cannot or must not go on; <paramref name="inbox"/> is taken from it.</summary>
    public StepOutcome Fail(DateTime now, IReadOnlyList<Message> inbox, Exception fault)
    {
        Now = TimeOfStep(now, inbox);
        return Fail(Now, inbox, Failures.From(fault));
    }

    public static StepOutcome Fail(DateTime at, IReadOnlyList<Message> inbox, TaskFailureDetails failure) => new(
        inbox,
        [new HistoryEvent(EventKind.Step, At: at), new HistoryEvent(EventKind.Failed, Data: Failures.ToJson(failure))],
        [],
        new HashSet<int>(),
        default,
        OrchestrationRuntimeStatus.Failed,
        at,
        Failure: failure);

    /// <summary>The time never runs backwards within an execution, and a timer that fired is never in the future.</summary>
    private DateTime TimeOfStep(DateTime now, IReadOnlyList<Message> inbox)
    {
        var time = now > Now ? now : Now;
        foreach (var message in inbox)
        {
            if (message.Event.At is { } due && due > time)
            {
                time = due;
            }
        }

        return time;
    }

    private StepOutcome Conclude(List<Message> consumed, List<HistoryEvent> happened)
    {
        var actions = _actions.ToArray();
        _actions.Clear();
        var cancelled = _cancelledTimers.ToHashSet();
        _cancelledTimers.Clear();
        var customStatus = TakeCustomStatus();
        List<HistoryEvent> events = happened.Count == 0 ? [] : [new(EventKind.Step, At: Now), .. happened, .. actions.Select(action => action.Event)];
        var outcome = new StepOutcome(consumed, events, actions, cancelled, customStatus, PresentStatus(), Now);
        if (!IsOver)
        {
            return outcome;
        }

        var (end, output, failure, next) = End();
        events.Add(end);
        return outcome with
        {
            Status = next is not null ? OrchestrationRuntimeStatus.Running
                : failure is not null ? OrchestrationRuntimeStatus.Failed
                : OrchestrationRuntimeStatus.Completed,
            Output = output,
            Failure = failure,
            Next = next,
        };
    }

    /// <summary>What to store as the custom status, if anything. One that the execution before a continue-as-new set lasts one step longer than it, as on Azure.</summary>
    private (bool Set, string? Json) TakeCustomStatus()
    {
        var status = !_hasOwnStatus && _steps == 1 ? (true, null) : _customStatus;
        _customStatus = default;
        _steps++;
        return status;
    }

    private OrchestrationRuntimeStatus PresentStatus() =>
        IsSuspended ? OrchestrationRuntimeStatus.Suspended
        : _run is null ? OrchestrationRuntimeStatus.Pending
        : OrchestrationRuntimeStatus.Running;

    private (HistoryEvent End, string? Output, TaskFailureDetails? Failure, NextExecution? Next) End()
    {
        try
        {
            var result = _run!.GetAwaiter().GetResult();
            if (_next is { } next)
            {
                var kept = next.KeepEvents
                    ? Events.Unclaimed.Select(item => new HistoryEvent(EventKind.EventRaised, Name: item.Name, Data: item.Data)).ToArray()
                    : [];
                return (new HistoryEvent(EventKind.ContinuedAsNew, Target: next.Version, Data: next.Input), null, null, next with { Events = [.. kept, .. _forNextExecution] });
            }

            var output = Converter.Serialize(result);
            return (new HistoryEvent(EventKind.Completed, Data: output), output, null, null);
        }
        catch (MissingFunctionException missing)
        {
            return Failed(Failures.Of(Failures.OrchestratorNotFound, missing.Message));
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            return Failed(Failures.From(fault));
        }

        static (HistoryEvent, string?, TaskFailureDetails?, NextExecution?) Failed(TaskFailureDetails failure) =>
            (new HistoryEvent(EventKind.Failed, Data: Failures.ToJson(failure)), null, failure, null);
    }

    private StepOutcome Terminate(List<Message> consumed, List<HistoryEvent> happened, HistoryEvent wish)
    {
        var outcome = Conclude(consumed, happened);
        if (outcome.Ends || outcome.Next is not null)
        {
            return outcome;
        }

        return outcome with
        {
            Events = [.. outcome.Events, wish],
            Status = OrchestrationRuntimeStatus.Terminated,
            Output = wish.Data,
            TerminateChildren = wish.Name is not null,
        };
    }
}
