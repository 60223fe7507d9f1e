using System.Collections.Concurrent;
using System.Text.Json;
using Advisor.Embedded.Durable;
using Advisor.Kernel.Http;
using Microsoft.DurableTask;

namespace Advisor.Tests.Embedded.Durable;

/// <summary>Orchestrators and activities made of delegates, with a count of the activity runs.</summary>
internal sealed class DelegateFunctions : IDurableFunctions
{
    private readonly Dictionary<string, Func<TaskOrchestrationContext, Task<object?>>> _orchestrators = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, Func<string, string?, CancellationToken, Task<string?>>> _activities = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>How often each activity began, by name and input.</summary>
    public ConcurrentDictionary<string, int> Runs { get; } = new();

    public DelegateFunctions Orchestrator<T>(string name, Func<TaskOrchestrationContext, Task<T>> code)
    {
        _orchestrators[name] = async context => await code(context);
        return this;
    }

    public DelegateFunctions Activity<TIn, TOut>(string name, Func<TIn, CancellationToken, Task<TOut>> code)
    {
        _activities[name] = async (_, json, cancellation) =>
        {
            Runs.AddOrUpdate($"{name}({json})", 1, (_, count) => count + 1);
            var input = json is null ? default : JsonSerializer.Deserialize<TIn>(json, AdvisorJson.Options);
            var output = await code(input!, cancellation);
            return output is null ? null : JsonSerializer.Serialize(output, AdvisorJson.Options);
        };
        return this;
    }

    public DelegateFunctions Activity<TIn, TOut>(string name, Func<TIn, TOut> code) =>
        Activity<TIn, TOut>(name, (input, _) => Task.FromResult(code(input)));

    public bool HasOrchestrator(string name) => _orchestrators.ContainsKey(name);

    public bool HasActivity(string name) => _activities.ContainsKey(name);

    /// <summary>The trace of each run of an orchestrator, replays after a crash included.</summary>
    public ConcurrentQueue<string?> Traces { get; } = new();

    public Task<object?> RunOrchestratorAsync(string name, TaskOrchestrationContext context, string? traceParent)
    {
        Traces.Enqueue(traceParent);
        return _orchestrators[name](context);
    }

    public Task<string?> RunActivityAsync(string name, string instanceId, string? inputJson, string? traceParent, CancellationToken cancellationToken) =>
        _activities[name](instanceId, inputJson, cancellationToken);
}
