using System.Diagnostics;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.DependencyInjection;

namespace Advisor.Embedded.Triggers;

/// <summary>Runs functions: a scope and a context for each invocation, and the worker's middleware around the method.</summary>
/// <remarks>What a function throws is thrown on: the trigger knows what a failure means, and logs it.</remarks>
internal sealed class FunctionRunner
{
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
        using var activity = new Activity(function.Name);
        if (traceParent is not null)
        {
            activity.SetParentId(traceParent);
        }

        activity.Start();
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
