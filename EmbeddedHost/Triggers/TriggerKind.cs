using System.Reflection;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;

namespace Advisor.Embedded.Triggers;

/// <summary>What a kind of trigger binds.</summary>
/// <param name="BindingType">The name of the binding in function metadata.</param>
/// <param name="BindTrigger">Binder of the trigger's own parameter; null where its type cannot be bound.</param>
/// <param name="BindOther">Binder of a further parameter; null where there is nothing to bind it to.</param>
internal sealed record TriggerKind(
    string BindingType,
    Func<ParameterInfo, TriggerBindingAttribute, ParameterBinder?> BindTrigger,
    Func<ParameterInfo, TriggerBindingAttribute, ParameterBinder?> BindOther)
{
    /// <summary>The kind of an attribute, or null when this host does not know it.</summary>
    public static TriggerKind? Of(TriggerBindingAttribute trigger) => trigger switch
    {
        HttpTriggerAttribute => HttpBinding.Kind,
        TimerTriggerAttribute => TimerTriggers.Kind,
        ServiceBusTriggerAttribute => QueueBinding.Kind,
        OrchestrationTriggerAttribute => DurableBinding.Orchestration,
        ActivityTriggerAttribute => DurableBinding.Activity,
        _ => null,
    };
}

/// <summary>Parameters that every kind of function may have.</summary>
internal static class CommonBinders
{
    public static ParameterBinder? Bind(ParameterInfo parameter)
    {
        if (parameter.ParameterType == typeof(FunctionContext))
        {
            return (context, _) => context;
        }

        if (parameter.ParameterType == typeof(CancellationToken))
        {
            return (context, _) => context.CancellationToken;
        }

        if (parameter.ParameterType == typeof(DurableTaskClient) && parameter.IsDefined(typeof(DurableClientAttribute), inherit: false))
        {
            return (context, _) => context.InstanceServices.GetRequiredService<DurableTaskClient>();
        }

        return null;
    }
}
