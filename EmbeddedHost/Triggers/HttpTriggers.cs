using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Routing;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;

namespace Advisor.Embedded.Triggers;

/// <summary>The endpoints of the HTTP functions, and what happens around one.</summary>
/// <remarks>
/// As on Azure: the result is executed after the whole middleware has returned, so middleware sees a response that has not started; an
/// exception that leaves the middleware is a 500 without a body; a path that matches only under another method is a 404.
/// </remarks>
internal sealed partial class HttpTriggers(FunctionCatalog catalog, FunctionRunner runner, HostSettings settings, HostStopping stopping, ILogger<HttpTriggers> logger)
    : EndpointDataSource
{
    /// <summary>Where ASP.NET Core integration keeps the request; the real <c>GetHttpContext</c> reads it there.</summary>
    private const string HttpContextKey = "HttpRequestContext";

    private IReadOnlyList<Endpoint>? _endpoints;

    public override IReadOnlyList<Endpoint> Endpoints => _endpoints ??= [.. catalog.With<HttpTriggerAttribute>().Select(Map)];

    public override IChangeToken GetChangeToken() => NullChangeToken.Singleton;

    /// <summary>Answers 404 where routing found the path but not the method, as the Functions host does.</summary>
    public static Task HideWrongMethodAsync(HttpContext http, RequestDelegate next)
    {
        if (http.GetEndpoint() is RouteEndpoint)
        {
            return next(http);
        }

        http.SetEndpoint(null);
        http.Response.Headers.Allow = default;
        http.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }

    private RouteEndpoint Map((FunctionMethod Function, HttpTriggerAttribute Trigger) item)
    {
        var builder = new RouteEndpointBuilder(
            http => InvokeAsync(item.Function, http),
            HttpBinding.Pattern(settings.RoutePrefix, item.Trigger, item.Function.Name),
            order: 0)
        {
            DisplayName = item.Function.Name,
        };
        builder.Metadata.Add(new HttpMethodMetadata(item.Trigger.Methods ?? []));
        return (RouteEndpoint)builder.Build();
    }

    private async Task InvokeAsync(FunctionMethod function, HttpContext http)
    {
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, stopping.Overdue);
        try
        {
            var context = new InvocationContext(
                function, http, new Dictionary<string, object?>(http.Request.RouteValues), http.RequestServices, cancellation.Token);
            context.Items[HttpContextKey] = http;
            var result = await runner.RunAsync(context);
            await ExecuteAsync(result, http, function);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            Fail(http, StatusCodes.Status499ClientClosedRequest);
        }
        catch (OperationCanceledException) when (stopping.Overdue.IsCancellationRequested)
        {
            Fail(http, StatusCodes.Status503ServiceUnavailable);
        }
        catch (BadHttpRequestException fault)
        {
            Fail(http, fault.StatusCode);
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            LogFailed(fault, function.Name);
            Fail(http, StatusCodes.Status500InternalServerError);
        }
    }

    private async Task ExecuteAsync(object? result, HttpContext http, FunctionMethod function)
    {
        switch (result)
        {
            case IActionResult action:
                await action.ExecuteResultAsync(new ActionContext(http, http.GetRouteData(), new ActionDescriptor()));
                break;
            case IResult response:
                await response.ExecuteAsync(http);
                break;
            default:
                LogNoResult(function.Name);
                break;
        }
    }

    private static void Fail(HttpContext http, int status)
    {
        if (http.Response.HasStarted)
        {
            http.Abort();
            return;
        }

        http.Response.Clear();
        http.Response.StatusCode = status;
    }

    [LoggerMessage(9001, LogLevel.Error, "The HTTP function {Function} failed, or its result could not be written")]
    private partial void LogFailed(Exception fault, string function);

    [LoggerMessage(9003, LogLevel.Debug, "The function {Function} returned no HTTP result; its response is what it wrote itself")]
    private partial void LogNoResult(string function);
}
