using System.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace Advisor.Kernel.Http;

/// <summary>An error as a client sees it, in the form of RFC 9457: what happened, where, what to do next.</summary>
/// <param name="Slug">Stable, kebab-case; <c>type</c> is <c>urn:advisor:problem:{slug}</c>.</param>
/// <param name="Title">The kind of problem in a few words; the same for every occurrence.</param>
/// <param name="Detail">What is wrong here and what to do about it.</param>
public sealed record Problem(int Status, string Slug, string Title, string Detail) : IResult
{
    /// <summary>What is wrong with which field, by its snake_case name; null when the problem is not about fields.</summary>
    public IReadOnlyDictionary<string, string[]>? Errors { get; init; }

    /// <summary>Seconds to wait before trying again, with 429 and 503.</summary>
    public int? RetryAfter { get; init; }

    public static Problem Invalid(string field, string message) =>
        new(StatusCodes.Status400BadRequest, "invalid-request", "The request is not valid", message)
        {
            Errors = new Dictionary<string, string[]> { [field] = [message] },
        };

    /// <param name="advice">Which media types are read, and what to do.</param>
    public static Problem UnsupportedMediaType(string advice) =>
        new(StatusCodes.Status415UnsupportedMediaType, "unsupported-media-type", "The media type is not read here", advice);

    /// <param name="what">"document", "insight", ...</param>
    public static Problem NotFound(string what, string id) =>
        new(StatusCodes.Status404NotFound, "not-found", "There is no such thing", $"There is no {what} with the id '{id}'. Check the id, or list what there is.");

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = Status;
        if (RetryAfter is { } seconds)
        {
            response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        await response.WriteAsJsonAsync(
            new Body($"urn:advisor:problem:{Slug}", Title, Status, PlainText.Of(Detail), httpContext.Request.Path.ToUriComponent(), Activity.Current?.TraceId.ToHexString() ?? httpContext.TraceIdentifier,
                Errors?.ToDictionary(error => PlainText.Of(error.Key), error => Array.ConvertAll(error.Value, PlainText.Of))),
            AdvisorJson.Options,
            "application/problem+json",
            httpContext.RequestAborted);
    }

    private sealed record Body(string Type, string Title, int Status, string Detail, string Instance, string TraceId, IReadOnlyDictionary<string, string[]>? Errors);
}
