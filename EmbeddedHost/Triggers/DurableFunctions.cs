using System.Reflection;
using System.Text.Json;
using Advisor.Embedded.Durable;
using Advisor.Kernel.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;
using Microsoft.DurableTask;

namespace Advisor.Embedded.Triggers;

/// <summary>The orchestrators and activities of the app, called by the engine through the worker's middleware.</summary>
internal sealed class DurableFunctions(FunctionCatalog catalog, FunctionRunner runner) : IDurableFunctions
{
    private readonly Dictionary<string, FunctionMethod> _orchestrators = catalog.With<OrchestrationTriggerAttribute>()
        .ToDictionary(item => item.Trigger.Orchestration ?? item.Function.Name, item => item.Function, StringComparer.OrdinalIgnoreCase);

    private readonly Dictionary<string, FunctionMethod> _activities = catalog.With<ActivityTriggerAttribute>()
        .ToDictionary(item => item.Trigger.Activity ?? item.Function.Name, item => item.Function, StringComparer.OrdinalIgnoreCase);

    public bool HasOrchestrator(string name) => _orchestrators.ContainsKey(name);

    public bool HasActivity(string name) => _activities.ContainsKey(name);

    /// <inheritdoc />
    /// <remarks>Nothing on the way leaves the caller's synchronization context: the pipeline only awaits what the orchestrator awaits.</remarks>
    public Task<object?> RunOrchestratorAsync(string name, TaskOrchestrationContext context, string? traceParent) => runner.RunAsync(
        _orchestrators[name], context, Data(context.InstanceId), traceParent, CancellationToken.None);

    public async Task<string?> RunActivityAsync(string name, string instanceId, string? inputJson, string? traceParent, CancellationToken cancellationToken)
    {
        var result = await runner.RunAsync(
            _activities[name], new ActivityCall(instanceId, inputJson), Data(instanceId), traceParent, cancellationToken);
        return result is null ? null : JsonSerializer.Serialize(result, AdvisorJson.Options);
    }

    private static Dictionary<string, object?> Data(string instanceId) => new(StringComparer.OrdinalIgnoreCase) { ["instanceId"] = instanceId };
}

/// <summary>One call of an activity.</summary>
internal sealed record ActivityCall(string InstanceId, string? InputJson);

/// <summary>Binds the parameters of orchestrators and activities as the durable extension of the worker does.</summary>
internal static class DurableBinding
{
    private static readonly MethodInfo GetInput = typeof(TaskOrchestrationContext).GetMethod(nameof(TaskOrchestrationContext.GetInput))!;

    public static TriggerKind Orchestration { get; } = new("orchestrationTrigger", BindOrchestration, BindInput);

    public static TriggerKind Activity { get; } = new("activityTrigger", BindActivity, BindInstanceId);

    private static ParameterBinder? BindOrchestration(ParameterInfo parameter, TriggerBindingAttribute trigger) =>
        parameter.ParameterType == typeof(TaskOrchestrationContext) ? (_, orchestration) => orchestration : null;

    /// <summary>A further parameter of an orchestrator is its input.</summary>
    private static ParameterBinder BindInput(ParameterInfo parameter, TriggerBindingAttribute trigger)
    {
        var get = GetInput.MakeGenericMethod(parameter.ParameterType);
        return (_, orchestration) => get.Invoke(orchestration, BindingFlags.DoNotWrapExceptions, binder: null, [], culture: null);
    }

    private static ParameterBinder BindActivity(ParameterInfo parameter, TriggerBindingAttribute trigger)
    {
        var type = parameter.ParameterType;
        if (type == typeof(FunctionContext))
        {
            return (context, _) => context;
        }

        var absent = type.IsValueType ? Activator.CreateInstance(type) : null;
        return (_, call) => ((ActivityCall)call).InputJson is { } json ? JsonSerializer.Deserialize(json, type, AdvisorJson.Options) : absent;
    }

    private static ParameterBinder? BindInstanceId(ParameterInfo parameter, TriggerBindingAttribute trigger) =>
        parameter.ParameterType == typeof(string) && parameter.Name == "instanceId" ? (_, call) => ((ActivityCall)call).InstanceId : null;
}
