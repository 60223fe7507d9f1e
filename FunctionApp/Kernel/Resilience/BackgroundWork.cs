using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;

namespace Advisor.Kernel.Resilience;

/// <summary>Tells work that nobody waits for, of queues, activities and timers, from requests: it may wait for a dependency to come back.</summary>
public sealed class BackgroundWork : IFunctionsWorkerMiddleware
{
    private static readonly AsyncLocal<bool> s_current = new();

    /// <summary>Whether the caller works in the background.</summary>
    public static bool IsCurrent => s_current.Value;

    /// <summary>Marks what the caller does from here on, and what it starts.</summary>
    internal static void Begin() => s_current.Value = true;

    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        if (context.GetHttpContext() is null)
        {
            Begin();
        }

        await next(context);
    }
}
