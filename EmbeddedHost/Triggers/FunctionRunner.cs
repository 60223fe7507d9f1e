using System.Diagnostics;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.DependencyInjection;

namespace Advisor.Embedded.Triggers;

/// <summary>Runs functions: a scope and a context for each invocation, and the worker's middleware around the method.</summary>
/// <remarks>What a function throws is thrown on: the trigger knows what a failure means, and logs it.</remarks>
internal sealed class FunctionRunner
{
    /// <summary>The host's own spans: the beginning of what no caller began, such as a timer's run.</summary>
    public const string SourceName = "Advisor.Functions";

    private static readonly ActivitySource Source = new(SourceName);

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
        // What happens to be current here belongs to the host, not to what caused the invocation.
        Activity.Current = null;
        using var root = traceParent is null ? StartTrace(function.Name) : null;
        await using var scope = _scopes.CreateAsyncScope();
        var context = new InvocationContext(function, trigger, bindingData, scope.ServiceProvider, cancellationToken, traceParent);
        return await RunAsync(context);
    }

    /// <summary>Runs the pipeline over a context that its caller made.</summary>
    public async Task<object?> RunAsync(InvocationContext context)
    {
        await _pipeline(context);
        return context.Features.Get<InvocationState>()!.Result;
    }

    /// <summary>The root of a trace that nothing before it began. Listeners get it when there are any; without them it still carries the trace on.</summary>
    private static Activity StartTrace(string name) =>
        Source.StartActivity(name, ActivityKind.Internal) ?? new Activity(name).Start();

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
