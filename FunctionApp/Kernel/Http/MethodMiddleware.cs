using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;

namespace Advisor.Kernel.Http;

/// <summary>Answers 405 where a path's most literal route has other methods, whichever function the web server chose.</summary>
/// <remarks>
/// Both hosts look at the method while they choose: where only a less literal route has it, they take that one, and <c>GET api/v1/documents/ingest</c> would
/// ask for a document of that id; where no route has it, they take the catch-all.
/// </remarks>
internal sealed class MethodMiddleware(RouteTable routes) : IFunctionsWorkerMiddleware
{
    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        if (context.GetHttpContext() is { } http && !HttpMethods.IsOptions(http.Request.Method)
            && routes.MethodsOf(http.Request.Path) is { Count: > 0 } methods && !methods.Contains(http.Request.Method, StringComparer.OrdinalIgnoreCase))
        {
            var allowed = string.Join(", ", methods).ToUpperInvariant();
            http.Response.Headers.Allow = allowed;
            await new Problem(StatusCodes.Status405MethodNotAllowed, "method-not-allowed", "The method is not allowed here",
                $"'{http.Request.Path}' answers {allowed}, not {http.Request.Method}.").ExecuteAsync(http);
            return;
        }

        await next(context);
    }
}
