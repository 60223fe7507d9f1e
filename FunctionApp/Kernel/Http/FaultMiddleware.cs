using Advisor.Kernel.Resilience;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Logging;

namespace Advisor.Kernel.Http;

/// <summary>Turns a fault of an HTTP function into a problem that tells nothing of its inside; other triggers fault as they are.</summary>
public sealed partial class FaultMiddleware(ILogger<FaultMiddleware> logger) : IFunctionsWorkerMiddleware
{
    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (context.GetHttpContext() is { RequestAborted.IsCancellationRequested: true })
        {
            // The client went away; there is nobody to answer.
        }
        catch (DependencyUnavailableException fault) when (context.GetHttpContext() is { Response.HasStarted: false })
        {
            var http = context.GetHttpContext()!;
            http.Response.Clear();
            var seconds = (int)Math.Ceiling(fault.RetryAfter.TotalSeconds);
            await new Problem(StatusCodes.Status503ServiceUnavailable, "dependency-unavailable", "Something this needs does not answer",
                $"The dependency '{fault.Dependency}' does not answer at present. Send the same request again in {seconds} s.") { RetryAfter = seconds }.ExecuteAsync(http);
        }
        catch (Exception fault) when (context.GetHttpContext() is { Response.HasStarted: false })
        {
            var http = context.GetHttpContext()!;
            Log.Faulted(logger, fault, context.FunctionDefinition.Name, context.InvocationId);
            http.Response.Clear();
            await new Problem(StatusCodes.Status500InternalServerError, "internal-error", "Something went wrong on our side",
                "The request was not carried out. Try again; if it fails again, report the trace_id to your operator.").ExecuteAsync(http);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 100, Level = LogLevel.Error, Message = "{Function} faulted (invocation {InvocationId})")]
        public static partial void Faulted(ILogger logger, Exception fault, string function, string invocationId);
    }
}
