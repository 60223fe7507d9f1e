using Microsoft.AspNetCore.Http;

namespace Advisor.Kernel.Http;

/// <summary>Successful answers, written with <see cref="AdvisorJson"/>.</summary>
public static class Answer
{
    public static IResult Ok<T>(T value) => Results.Json(value, AdvisorJson.Options);

    /// <summary>202: the work is queued; <paramref name="location"/> is where to follow it.</summary>
    public static IResult Accepted<T>(string location, T value) => new LocatedJson<T>(StatusCodes.Status202Accepted, location, value);

    /// <summary>201: <paramref name="location"/> is what was made.</summary>
    public static IResult Created<T>(string location, T value) => new LocatedJson<T>(StatusCodes.Status201Created, location, value);

    private sealed class LocatedJson<T>(int status, string location, T value) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.StatusCode = status;
            httpContext.Response.Headers.Location = location;
            return httpContext.Response.WriteAsJsonAsync(value, AdvisorJson.Options, contentType: null, httpContext.RequestAborted);
        }
    }
}
