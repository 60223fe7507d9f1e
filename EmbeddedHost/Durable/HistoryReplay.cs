using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging.Abstractions;

namespace Advisor.Embedded.Durable;

/// <summary>Runs today's code over a recorded history: the proof that a change may be deployed while instances of it are under way.</summary>
public static class HistoryReplay
{
    /// <summary>Replays a history, finished or not. No activity runs and nothing is stored.</summary>
    /// <param name="parent">The caller, for an orchestrator that looks at <see cref="TaskOrchestrationContext.Parent"/>.</param>
    /// <exception cref="NonDeterministicOrchestrationException">The code does not do what the history has, be it only another input; the message says where.</exception>
    /// <exception cref="ArgumentException">The history has no beginning.</exception>
    public static void Check(
        IDurableFunctions functions,
        string instanceId,
        IReadOnlyList<HistoryEvent> history,
        string defaultVersion = "",
        ParentOrchestrationInstance? parent = null)
    {
        var recorded = new RecordedHistory(instanceId, history, parent is null ? null : new RecordedParent(parent.InstanceId, parent.Name.Name));
        if (Differences(functions, recorded, defaultVersion) is [var first, ..])
        {
            throw new NonDeterministicOrchestrationException(first);
        }
    }

    /// <summary>Where the code parts from a history, in order: what differs without consequence, then at most one difference that ends the replay.</summary>
    /// <param name="defaultVersion">What a sub-orchestration call without a version would be given.</param>
    public static IReadOnlyList<ReplayDifference> Differences(IDurableFunctions functions, RecordedHistory recorded, string defaultVersion = "")
    {
        if (!functions.HasOrchestrator(recorded.Orchestrator))
        {
            return [AtTheStart(recorded, DifferenceCode.OrchestratorMissing, ReplayDifference.Describe(recorded.Start), "has no orchestrator of that name")];
        }

        List<ReplayDifference> found = [];
        var instance = new Instance(
            recorded.InstanceId,
            recorded.Orchestrator,
            recorded.Version,
            1,
            OrchestrationRuntimeStatus.Running,
            DateTime.MinValue,
            DateTime.MinValue,
            recorded.Start.Data,
            null,
            null,
            null,
            null,
            recorded.Parent is { } parent ? new ParentCall(parent.InstanceId, parent.Name, 1, 0) : null,
            0);
        try
        {
            new OrchestrationExecution(instance, functions, defaultVersion, NullLoggerFactory.Instance, _ => { }).Replay(recorded.Events, found.Add);
        }
        catch (NonDeterministicOrchestrationException different)
        {
            found.Add(different.Difference);
        }

        return found;
    }

    /// <summary>A difference that shows before any code runs.</summary>
    internal static ReplayDifference AtTheStart(RecordedHistory recorded, string code, string expected, string did) =>
        new(code, recorded.InstanceId, recorded.Orchestrator, recorded.Version, 0, 0, expected, did, recorded.Start);
}
