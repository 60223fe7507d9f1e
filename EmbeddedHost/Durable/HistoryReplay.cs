using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging.Abstractions;

namespace Advisor.Embedded.Durable;

/// <summary>Runs today's code over a recorded history: the proof that a change may be deployed while instances of it are under way.</summary>
public static class HistoryReplay
{
    /// <summary>Replays a history, finished or not. No activity runs and nothing is stored.</summary>
    /// <param name="parent">The caller, for an orchestrator that looks at <see cref="TaskOrchestrationContext.Parent"/>.</param>
    /// <exception cref="NonDeterministicOrchestrationException">The code does not do what the history has; the message says where.</exception>
    /// <exception cref="ArgumentException">The history has no beginning.</exception>
    public static void Check(
        IDurableFunctions functions,
        string instanceId,
        IReadOnlyList<HistoryEvent> history,
        string defaultVersion = "",
        ParentOrchestrationInstance? parent = null)
    {
        var start = history.FirstOrDefault(line => line.Kind == EventKind.Started)
            ?? throw new ArgumentException("The history has no 'started' event.", nameof(history));
        var instance = new Instance(
            instanceId,
            start.Name!,
            start.Target ?? string.Empty,
            1,
            OrchestrationRuntimeStatus.Running,
            DateTime.MinValue,
            DateTime.MinValue,
            start.Data,
            null,
            null,
            null,
            null,
            parent is null ? null : new ParentCall(parent.InstanceId, parent.Name.Name, 1, 0),
            0);
        new OrchestrationExecution(instance, functions, defaultVersion, NullLoggerFactory.Instance, _ => { }).Replay(history);
    }
}
