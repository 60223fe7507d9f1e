using System.Collections.Frozen;
using System.Reflection;
using Microsoft.Azure.Functions.Worker;

namespace Advisor.Kernel.Telemetry;

/// <summary>What makes each function run, as its trigger's attribute says.</summary>
public sealed class FunctionTriggers
{
    private readonly FrozenDictionary<string, Trigger> _triggers;

    public FunctionTriggers(Assembly functions)
    {
        var found = from type in functions.GetTypes()
                    from method in type.GetMethods(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
                    let function = method.GetCustomAttribute<FunctionAttribute>()
                    where function is not null
                    select (function.Name, Trigger: Of(method));
        _triggers = found.ToFrozenDictionary(item => item.Name, item => item.Trigger, StringComparer.OrdinalIgnoreCase);
        Queues = [.. _triggers.Values.Select(trigger => trigger.Queue).OfType<string>().Distinct().Order(StringComparer.Ordinal)];
    }

    /// <summary>The queues that functions read, by name.</summary>
    public IReadOnlyList<string> Queues { get; }

    /// <summary>The trigger of a function; one that the product does not have is of no known kind.</summary>
    public Trigger Of(string functionName) => _triggers.GetValueOrDefault(functionName) ?? Trigger.Unknown;

    private static Trigger Of(MethodInfo method)
    {
        foreach (var parameter in method.GetParameters())
        {
            if (parameter.GetCustomAttribute<HttpTriggerAttribute>() is { } http)
            {
                return new Trigger(http.Route, null);
            }

            if (parameter.GetCustomAttribute<ServiceBusTriggerAttribute>() is { } bus)
            {
                return new Trigger(null, bus.QueueName);
            }
        }

        return Trigger.Unknown;
    }

    /// <param name="Route">The template of an HTTP function; null for others.</param>
    /// <param name="Queue">The queue that the function reads; null for others.</param>
    public sealed record Trigger(string? Route, string? Queue)
    {
        internal static Trigger Unknown { get; } = new(null, null);
    }
}
