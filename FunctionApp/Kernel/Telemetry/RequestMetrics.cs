using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Advisor.Kernel.Telemetry;

/// <summary>Measures every request from outside: until its whole answer is written, under its route's template.</summary>
internal sealed class RequestMetrics(RequestDelegate next, AdvisorMetrics metrics, FunctionTriggers triggers, TimeProvider time)
{
    /// <summary>The route of a request that no function took.</summary>
    public const string NoRoute = "none";

    public async Task InvokeAsync(HttpContext http)
    {
        var started = time.GetTimestamp();
        try
        {
            await next(http);
        }
        finally
        {
            var route = InvocationSpans.FunctionOf(http) is { } function ? triggers.Of(function).Route ?? NoRoute : NoRoute;
            var method = MethodOf(http.Request.Method);
            metrics.RequestServed(route, method, http.Response.StatusCode, time.GetElapsedTime(started));
            Tell(http.Features.Get<IHttpActivityFeature>()?.Activity, method, route, http.Response.StatusCode);
        }
    }

    /// <summary>The server's span tells by which request it was and how it ended: requests are counted by it, and alerts ask for it.</summary>
    private static void Tell(Activity? span, string method, string route, int status)
    {
        span?.SetTag("http.request.method", method).SetTag("http.route", route).SetTag("http.response.status_code", status);
        if (status >= StatusCodes.Status500InternalServerError)
        {
            span?.SetStatus(ActivityStatusCode.Error);
        }
    }

    /// <summary>A method's name is the client's to choose; only known ones become tags.</summary>
    private static string MethodOf(string method) =>
        HttpMethods.IsGet(method) || HttpMethods.IsPost(method) || HttpMethods.IsPut(method) || HttpMethods.IsPatch(method) || HttpMethods.IsDelete(method)
        || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method) ? HttpMethods.GetCanonicalizedValue(method) : "other";
}
