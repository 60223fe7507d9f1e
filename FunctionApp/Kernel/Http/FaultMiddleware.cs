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
        catch (OperationCanceledException) when (context.GetHttpContext() is { RequestAborted.IsCancellationRequested: true, Response.HasStarted: false })
        {
            // The client went away; there is nobody to answer, and nothing to be taken for an answer.
            context.GetHttpContext()!.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
        }
        catch (BadHttpRequestException fault) when (context.GetHttpContext() is { Response.HasStarted: false })
        {
            var http = context.GetHttpContext()!;
            http.Response.Clear();
            await Of(fault).ExecuteAsync(http);
        }
        catch (Exception fault) when (fault is IOException or OperationCanceledException && context.GetHttpContext() is { Response.HasStarted: false } http && BodyLimit.BrokeOff(http))
        {
            // The connection is gone, and the server has not told so otherwise yet.
            context.GetHttpContext()!.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
        }
        catch (OperationCanceledException) when (context.CancellationToken.IsCancellationRequested && context.GetHttpContext() is { Response.HasStarted: false })
        {
            // This process is being stopped; another may serve already.
            var http = context.GetHttpContext()!;
            http.Response.Clear();
            await new Problem(StatusCodes.Status503ServiceUnavailable, "dependency-unavailable", "Something this needs does not answer",
                "The host was stopped before it came to an answer. Send the same request again in 1 s.") { RetryAfter = 1 }.ExecuteAsync(http);
        }
        catch (Exception fault) when (StorageUnavailableException.Behind(fault) is not null && context.GetHttpContext() is { Response.HasStarted: false })
        {
            var http = context.GetHttpContext()!;
            Log.Faulted(logger, fault, context.FunctionDefinition.Name, context.InvocationId);
            http.Response.Clear();
            await new Problem(StatusCodes.Status503ServiceUnavailable, "dependency-unavailable", "Something this needs does not answer",
                StorageUnavailableException.Behind(fault)!.Detail) { RetryAfter = (int)StorageUnavailableException.RetryAfter.TotalSeconds }.ExecuteAsync(http);
        }
        catch (DependencyUnavailableException fault) when (context.GetHttpContext() is { Response.HasStarted: false })
        {
            var http = context.GetHttpContext()!;
            http.Response.Clear();
            var seconds = Math.Max(1, (int)Math.Ceiling(fault.RetryAfter.TotalSeconds));
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

    /// <summary>A body that cannot be read, in words of ours: the server's own may quote the request.</summary>
    private static Problem Of(BadHttpRequestException fault) => fault.StatusCode == StatusCodes.Status413PayloadTooLarge
        ? new Problem(StatusCodes.Status413PayloadTooLarge, "body-too-large", "The request body is too large",
            $"A request body has at most {BodyLimit.MaxBytes / (1024 * 1024)} MB; send less in one request.")
        : Problem.Invalid("body", "The body is malformed or ended early; send the whole of it in the form that Content-Type says.");

    private static partial class Log
    {
        [LoggerMessage(EventId = 100, Level = LogLevel.Error, Message = "{Function} faulted (invocation {InvocationId})")]
        public static partial void Faulted(ILogger logger, Exception fault, string function, string invocationId);
    }
}
