using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Advisor.Embedded.Durable;

/// <summary>An orchestration instance as its row in the journal has it.</summary>
/// <param name="Execution">Grows with every continue-as-new, restart and reuse of the id; what carries an older number is out of date.</param>
/// <param name="ProcessDeaths">How often the process died while a step of this instance was running, since its last committed step.</param>
/// <param name="TraceParent">W3C trace context of what started it; null when that had none, or came before the journal kept it.</param>
/// <param name="HistoryLines">How many lines its history has; null where a build wrote it that did not keep that.</param>
/// <param name="Damage">What of it is not as it was written, in words; null when nothing was found.</param>
internal sealed record Instance(
    string Id,
    string Name,
    string Version,
    long Execution,
    OrchestrationRuntimeStatus Status,
    DateTime CreatedAt,
    DateTime UpdatedAt,
    string? Input,
    string? Output,
    string? CustomStatus,
    string? Failure,
    string? Tags,
    ParentCall? Parent,
    int ProcessDeaths,
    string? TraceParent = null,
    long? HistoryLines = null,
    string? Damage = null)
{
    public bool IsFinished => IsFinal(Status);

    public static bool IsFinal(OrchestrationRuntimeStatus status) =>
        status is OrchestrationRuntimeStatus.Completed or OrchestrationRuntimeStatus.Failed or OrchestrationRuntimeStatus.Terminated;
}

/// <summary>The call by which a parent orchestration waits for this one.</summary>
internal sealed record ParentCall(string Id, string Name, long Execution, int TaskId)
{
    public ParentOrchestrationInstance ToContract() => new(new TaskName(Name), Id);
}

/// <summary>A journaled message that its instance has not yet taken in.</summary>
/// <param name="Seq">Order of arrival, unique in the journal.</param>
/// <param name="Execution">The execution it is meant for; null for any.</param>
/// <param name="Damage">What is not as it was written, in words.</param>
internal sealed record Message(long Seq, long? Execution, HistoryEvent Event, string? Damage = null);

/// <summary>An activity call that waits to be run or is running.</summary>
/// <param name="ProcessDeaths">How often it was running when the process died.</param>
/// <param name="TraceParent">The span of the orchestration that called it; null when that had none.</param>
internal sealed record ActivityCall(
    long Seq, string InstanceId, long Execution, int TaskId, string Name, string? Input, int ProcessDeaths = 0, string? TraceParent = null);

/// <summary>A durable timer. Task id -1 is the delayed start of the instance itself.</summary>
internal readonly record struct TimerKey(string InstanceId, long Execution, int TaskId)
{
    public const int DelayedStart = -1;
}
