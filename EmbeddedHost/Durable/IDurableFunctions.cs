using Microsoft.DurableTask;

namespace Advisor.Embedded.Durable;

/// <summary>The functions that the engine runs, as the host finds and binds them.</summary>
/// <remarks>
/// Names are case-insensitive. An orchestrator must be called on the thread that calls <see cref="RunOrchestratorAsync"/> and everything
/// between must keep the synchronization context: whatever leaves it makes the orchestration fail as not deterministic.
/// </remarks>
public interface IDurableFunctions
{
    bool HasOrchestrator(string name);

    bool HasActivity(string name);

    /// <summary>Runs the orchestrator with the engine's context; the result is its return value, null for a plain Task.</summary>
    /// <param name="traceParent">W3C trace context of what started the instance; null when that had none.</param>
    Task<object?> RunOrchestratorAsync(string name, TaskOrchestrationContext context, string? traceParent);

    /// <summary>Runs an activity at least once per call; it may run again after a crash.</summary>
    /// <param name="inputJson">The input as JSON, or null.</param>
    /// <param name="traceParent">W3C trace context of the orchestration that called it; null when that had none.</param>
    /// <returns>The JSON of the return value, or null.</returns>
    Task<string?> RunActivityAsync(string name, string instanceId, string? inputJson, string? traceParent, CancellationToken cancellationToken);
}
