using System.Diagnostics;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.DependencyInjection;

namespace Advisor.Embedded.Triggers;

/// <summary>Runs functions: a scope and a context for each invocation, and the worker's middleware around the method.</summary>
/// <remarks>What a function throws is thrown on: the trigger knows what a failure means, and logs it.</remarks>
internal sealed class FunctionRunner
{
    private static readonly ActivitySource Source = new("Advisor.Functions");

    private readonly IServiceScopeFactory _scopes;
    private readonly FunctionExecutionDelegate _pipeline;

    public FunctionRunner(WorkerPipeline pipeline, IServiceScopeFactory scopes)
    {
        _scopes = scopes;
        _pipeline = pipeline.Build(ExecuteAsync);
    }

    /// <summary>Runs a function in a scope of its own.</summary>
    /// <param name="traceParent">W3C trace context of what caused it; null begins a new trace.</param>
    /// <returns>What the method returned.</returns>
    public async Task<object?> RunAsync(
        FunctionMethod function,
        object trigger,
        IReadOnlyDictionary<string, object?> bindingData,
        string? traceParent,
        CancellationToken cancellationToken)
    {
        using var activity = StartTrace(function.Name, traceParent);
        await using var scope = _scopes.CreateAsyncScope();
        var context = new InvocationContext(function, trigger, bindingData, scope.ServiceProvider, cancellationToken);
        return await RunAsync(context);
    }

    /// <summary>Runs the pipeline over a context that its caller made.</summary>
    public async Task<object?> RunAsync(InvocationContext context)
    {
        await _pipeline(context);
        return context.Features.Get<InvocationState>()!.Result;
    }

    /// <summary>A span that listeners get when there are any; without them it still carries the trace on.</summary>
    private static Activity StartTrace(string name, string? parent)
    {
        if (Source.StartActivity(ActivityKind.Consumer, name: name, parentContext: ActivityContext.TryParse(parent, null, out var context) ? context : default) is { } heard)
        {
            return heard;
        }

        var activity = new Activity(name);
        if (parent is not null)
        {
            activity.SetParentId(parent);
        }

        return activity.Start();
    }

    private static async Task ExecuteAsync(FunctionContext context)
    {
        var state = context.Features.Get<InvocationState>()!;
        state.Result = await state.Function.InvokeAsync(context, state.Trigger);
    }
}

/// <summary>The worker's middleware, collected in the order it is added: the first is the outermost.</summary>
internal sealed class WorkerPipeline(IServiceCollection services) : IFunctionsWorkerApplicationBuilder
{
    private readonly List<Func<FunctionExecutionDelegate, FunctionExecutionDelegate>> _middleware = [];

    public IServiceCollection Services => services;

    public IFunctionsWorkerApplicationBuilder Use(Func<FunctionExecutionDelegate, FunctionExecutionDelegate> middleware)
    {
        _middleware.Add(middleware);
        return this;
    }

    /// <summary>The whole pipeline around <paramref name="function"/>.</summary>
    public FunctionExecutionDelegate Build(FunctionExecutionDelegate function) =>
        Enumerable.Reverse(_middleware).Aggregate(function, (next, middleware) => middleware(next));
}
