using System.Reflection;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Advisor.Embedded.Triggers;

/// <summary>The functions of an app, found by reflection.</summary>
internal sealed class FunctionCatalog
{
    private FunctionCatalog(IReadOnlyList<FunctionMethod> functions) => Functions = functions;

    public IReadOnlyList<FunctionMethod> Functions { get; }

    /// <summary>Finds every public method marked with <see cref="FunctionAttribute"/> on the given types.</summary>
    /// <exception cref="InvalidOperationException">Two functions share a name, or one cannot be bound; the message names it.</exception>
    public static FunctionCatalog Of(IEnumerable<Type> types)
    {
        var functions = new Dictionary<string, FunctionMethod>(StringComparer.OrdinalIgnoreCase);
        foreach (var type in types.Where(type => type.IsClass && !type.IsGenericTypeDefinition))
        {
            foreach (var method in type.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly))
            {
                if (method.GetCustomAttribute<FunctionAttribute>() is { } attribute
                    && !functions.TryAdd(attribute.Name, Describe(attribute.Name, method)))
                {
                    throw new InvalidOperationException($"Two functions are named '{attribute.Name}'; the second is {Place(method)}.");
                }
            }
        }

        return new FunctionCatalog([.. functions.Values]);
    }

    /// <summary>The functions whose trigger is <typeparamref name="T"/>, with it.</summary>
    public IEnumerable<(FunctionMethod Function, T Trigger)> With<T>()
        where T : TriggerBindingAttribute =>
        Functions.Where(function => function.Trigger is T).Select(function => (function, (T)function.Trigger));

    private static FunctionMethod Describe(string name, MethodInfo method)
    {
        // Asked for once: while another host of the process starts, a second call may give other instances for the same parameters.
        var parameters = method.GetParameters();
        var triggers = parameters.Where(parameter => parameter.GetCustomAttribute<TriggerBindingAttribute>() is not null).ToList();
        if (triggers is not [var triggerParameter])
        {
            throw new InvalidOperationException($"The function '{name}' ({Place(method)}) has {triggers.Count} triggers; it needs exactly one.");
        }

        var trigger = triggerParameter.GetCustomAttribute<TriggerBindingAttribute>()!;
        var kind = TriggerKind.Of(trigger)
            ?? throw new InvalidOperationException($"The function '{name}' ({Place(method)}) has a {trigger.GetType().Name}, which this host does not know.");
        var bindings = new Dictionary<string, string> { [triggerParameter.Name!] = kind.BindingType };
        var binders = parameters.Select(parameter =>
        {
            if (parameter.IsDefined(typeof(DurableClientAttribute), inherit: false))
            {
                bindings[parameter.Name!] = "durableClient";
            }

            return (parameter == triggerParameter ? kind.BindTrigger(parameter, trigger) : CommonBinders.Bind(parameter) ?? kind.BindOther(parameter, trigger))
                ?? throw new InvalidOperationException(
                    $"The parameter '{parameter.Name}' ({parameter.ParameterType.Name}) of the function '{name}' ({Place(method)}) has nothing to be bound to.");
        }).ToArray();
        return new FunctionMethod(name, method, trigger, triggerParameter, bindings, binders);
    }

    private static string Place(MethodInfo method) => $"{method.DeclaringType?.FullName}.{method.Name}";
}
