using System.Collections.Frozen;
using System.Reflection;

namespace Advisor.Kernel.Telemetry;

/// <summary>What makes each function run, as its trigger's attribute says.</summary>
public sealed class FunctionTriggers
{
    private readonly FrozenDictionary<string, Trigger> _triggers;

    public FunctionTriggers(Assembly functions)
    {
        _triggers = ProductFunction.In(functions)
            .ToFrozenDictionary(function => function.Name, function => new Trigger(function.Http?.Route, function.Queue), StringComparer.OrdinalIgnoreCase);
        Queues = [.. _triggers.Values.Select(trigger => trigger.Queue).OfType<string>().Distinct().Order(StringComparer.Ordinal)];
    }

    /// <summary>The queues that functions read, by name.</summary>
    public IReadOnlyList<string> Queues { get; }

    /// <summary>The trigger of a function; one that the product does not have is of no known kind.</summary>
    public Trigger Of(string functionName) => _triggers.GetValueOrDefault(functionName) ?? Trigger.Unknown;

    /// <param name="Route">The template of an HTTP function; null for others.</param>
    /// <param name="Queue">The queue that the function reads; null for others.</param>
    public sealed record Trigger(string? Route, string? Queue)
    {
        internal static Trigger Unknown { get; } = new(null, null);
    }
}
