using System.Collections.Immutable;
using System.Reflection;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;
using Microsoft.Extensions.DependencyInjection;

namespace Advisor.Embedded.Triggers;

/// <summary>Gives a parameter its value.</summary>
/// <param name="trigger">What made the function run: the request, the message, the orchestration.</param>
internal delegate object? ParameterBinder(FunctionContext context, object trigger);

/// <summary>A function found in the code: its method, its trigger, and how to call it.</summary>
internal sealed class FunctionMethod : FunctionDefinition
{
    private readonly MethodInvoker _invoker;
    private readonly ObjectFactory? _factory;
    private readonly Func<object?, Task<object?>> _completion;
    private readonly ParameterBinder[] _binders;

    /// <param name="trigger">The attribute on the parameter that makes it run.</param>
    /// <param name="bindings">Type of binding by parameter name, the trigger's among them.</param>
    /// <param name="binders">One for each parameter, in order.</param>
    public FunctionMethod(
        string name,
        MethodInfo method,
        TriggerBindingAttribute trigger,
        ParameterInfo triggerParameter,
        IReadOnlyDictionary<string, string> bindings,
        ParameterBinder[] binders)
    {
        Name = name;
        Method = method;
        Trigger = trigger;
        TriggerParameter = triggerParameter;
        _binders = binders;
        _invoker = MethodInvoker.Create(method);
        _factory = method.IsStatic ? null : ActivatorUtilities.CreateFactory(method.DeclaringType!, Type.EmptyTypes);
        _completion = MethodReturn.Completion(method);
        Parameters = [.. method.GetParameters().Select(parameter => new FunctionParameter(parameter.Name!, parameter.ParameterType))];
        InputBindings = bindings.ToImmutableDictionary(
            pair => pair.Key, BindingMetadata (pair) => new Binding(pair.Key, pair.Value, BindingDirection.In));
        OutputBindings = trigger is HttpTriggerAttribute
            ? ImmutableDictionary<string, BindingMetadata>.Empty.Add("$return", new Binding("$return", "http", BindingDirection.Out))
            : ImmutableDictionary<string, BindingMetadata>.Empty;
    }

    public MethodInfo Method { get; }

    public TriggerBindingAttribute Trigger { get; }

    public ParameterInfo TriggerParameter { get; }

    public override string Name { get; }

    public override string Id => Name;

    public override string EntryPoint => $"{Method.DeclaringType!.FullName}.{Method.Name}";

    public override string PathToAssembly => Method.Module.FullyQualifiedName;

    public override ImmutableArray<FunctionParameter> Parameters { get; }

    public override IImmutableDictionary<string, BindingMetadata> InputBindings { get; }

    public override IImmutableDictionary<string, BindingMetadata> OutputBindings { get; }

    /// <summary>Binds the parameters, makes the instance from the invocation's services, and calls the method.</summary>
    /// <returns>What the method returned, without its task; null where it returns nothing.</returns>
    public async Task<object?> InvokeAsync(FunctionContext context, object trigger)
    {
        var arguments = new object?[_binders.Length];
        for (var i = 0; i < arguments.Length; i++)
        {
            arguments[i] = _binders[i](context, trigger);
        }

        var instance = _factory?.Invoke(context.InstanceServices, null);
        try
        {
            return await _completion(_invoker.Invoke(instance, arguments.AsSpan()));
        }
        finally
        {
            switch (instance)
            {
                case IAsyncDisposable disposable:
                    await disposable.DisposeAsync();
                    break;
                case IDisposable disposable:
                    disposable.Dispose();
                    break;
            }
        }
    }

    private sealed class Binding(string name, string type, BindingDirection direction) : BindingMetadata
    {
        public override string Name => name;

        public override string Type => type;

        public override BindingDirection Direction => direction;
    }
}

/// <summary>How to wait for what a function's method returns.</summary>
internal static class MethodReturn
{
    private static readonly MethodInfo AwaitOpen = ((Func<object?, Task<object?>>)AwaitAsync<object>).Method.GetGenericMethodDefinition();

    /// <exception cref="InvalidOperationException">The method returns what the Functions worker cannot wait for.</exception>
    public static Func<object?, Task<object?>> Completion(MethodInfo method)
    {
        var type = method.ReturnType;
        if (type == typeof(Task))
        {
            return AwaitAsync;
        }

        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Task<>))
        {
            return AwaitOpen.MakeGenericMethod(type.GetGenericArguments()).CreateDelegate<Func<object?, Task<object?>>>();
        }

        if (type == typeof(ValueTask) || (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ValueTask<>)))
        {
            throw new InvalidOperationException($"{method.DeclaringType}.{method.Name} returns a ValueTask, which the Functions worker does not await: return a Task.");
        }

        return Task.FromResult;
    }

    private static async Task<object?> AwaitAsync(object? task)
    {
        await (Task)task!;
        return null;
    }

    private static async Task<object?> AwaitAsync<T>(object? task) => await (Task<T>)task!;
}
