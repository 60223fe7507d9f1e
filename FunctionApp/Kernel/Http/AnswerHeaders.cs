using System.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace Advisor.Kernel.Http;

/// <summary>The headers that every answer carries, unless its function set them otherwise.</summary>
internal static class AnswerHeaders
{
    public static Task InvokeAsync(HttpContext http, RequestDelegate next)
    {
        // Taken now: the callback may run outside the request's own activity.
        var trace = Activity.Current;
        http.Response.OnStarting(() =>
        {
            Set(http, trace);
            return Task.CompletedTask;
        });
        return next(http);
    }

    private static void Set(HttpContext http, Activity? trace)
    {
        var headers = http.Response.Headers;
        headers.TryAdd("X-Content-Type-Options", "nosniff");
        headers.TryAdd("Referrer-Policy", "no-referrer");
        if (trace is { IdFormat: ActivityIdFormat.W3C, Id: { } id })
        {
            // W3C Trace Context, level 2: the same form as traceparent.
            headers.TryAdd("traceresponse", id);
        }

        if (IsOfTheApi(http))
        {
            headers.TryAdd("Cache-Control", "no-store");
            headers.TryAdd("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
        }
    }

    /// <summary>The web application's own files have policies of their own.</summary>
    private static bool IsOfTheApi(HttpContext http) =>
        http.Request.Path.StartsWithSegments("/api") || http.Response.ContentType?.Contains("json", StringComparison.Ordinal) == true;
}
