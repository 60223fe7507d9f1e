using Microsoft.AspNetCore.Http;

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
            metrics.RequestServed(route, MethodOf(http.Request.Method), http.Response.StatusCode, time.GetElapsedTime(started));
        }
    }

    /// <summary>A method's name is the client's to choose; only known ones become tags.</summary>
    private static string MethodOf(string method) =>
        HttpMethods.IsGet(method) || HttpMethods.IsPost(method) || HttpMethods.IsPut(method) || HttpMethods.IsPatch(method) || HttpMethods.IsDelete(method)
        || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method) ? HttpMethods.GetCanonicalizedValue(method) : "other";
}
