using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;

namespace Advisor.Kernel.Http;

/// <summary>Refuses a query parameter that the function does not read: a filter with a slip in its name would answer with everything.</summary>
public sealed class QueryMiddleware : IFunctionsWorkerMiddleware
{
    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        if (context.GetHttpContext() is { } http
            && FunctionConventions.Of(context.FunctionDefinition).QueryParameters is { } known
            && http.Request.Query.Keys.FirstOrDefault(name => !known.Contains(name, StringComparer.OrdinalIgnoreCase)) is { } unknown)
        {
            await Problem.Invalid(unknown, $"'{PlainText.Shortened(unknown)}' is no parameter of this route; it has {string.Join(", ", known)}.").ExecuteAsync(http);
            return;
        }

        await next(context);
    }
}
