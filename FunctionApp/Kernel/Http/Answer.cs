using Microsoft.AspNetCore.Http;

namespace Advisor.Kernel.Http;

/// <summary>Successful answers, written with <see cref="AdvisorJson"/>.</summary>
public static class Answer
{
    public static IResult Ok<T>(T value) => Results.Json(value, AdvisorJson.Options);

    /// <summary>202: the work is queued; <paramref name="location"/> is where to follow it.</summary>
    public static IResult Accepted<T>(string location, T value) => new AcceptedJson<T>(location, value);

    private sealed class AcceptedJson<T>(string location, T value) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.StatusCode = StatusCodes.Status202Accepted;
            httpContext.Response.Headers.Location = location;
            return httpContext.Response.WriteAsJsonAsync(value, AdvisorJson.Options, contentType: null, httpContext.RequestAborted);
        }
    }
}
