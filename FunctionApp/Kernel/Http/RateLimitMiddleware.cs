using Advisor.Kernel.Tenancy;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;

namespace Advisor.Kernel.Http;

/// <summary>Refuses an HTTP invocation of a caller who makes too many; stands inside the <see cref="CallerMiddleware"/>, which counts those it does not let in.</summary>
public sealed class RateLimitMiddleware(RateLimits limits) : IFunctionsWorkerMiddleware
{
    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        if (context.GetHttpContext() is { } http && FunctionConventions.Of(context.FunctionDefinition).RateLimited)
        {
            var refusal = CallerMiddleware.SenderOf(http) is { } caller ? limits.Count(caller) : limits.CountStranger(http);
            if (refusal is not null)
            {
                await refusal.ExecuteAsync(http);
                return;
            }
        }

        await next(context);
    }
}
