using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Net.Http.Headers;

namespace Advisor.Kernel.Http;

/// <summary>Refuses a body in a media type that the function does not read (415), and a request for one in which it cannot answer (406).</summary>
/// <remarks>Problems are exempt: they are always <c>application/problem+json</c>, whatever the request accepts.</remarks>
public sealed class MediaTypeMiddleware : IFunctionsWorkerMiddleware
{
    private const string Anything = "*/*";

    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        if (context.GetHttpContext() is { } http && Refusal(http.Request, FunctionConventions.Of(context.FunctionDefinition)) is { } refusal)
        {
            await refusal.ExecuteAsync(http);
            return;
        }

        await next(context);
    }

    private static Problem? Refusal(HttpRequest request, FunctionConventions function)
    {
        if (HasBody(request) && !Reads(request, function.Reads))
        {
            return Problem.UnsupportedMediaType($"Send the body as {string.Join(" or ", function.Reads)}, and say so in Content-Type.");
        }

        return CanAnswer(request.Headers.Accept, function.AnswersIn) ? null : new Problem(
            StatusCodes.Status406NotAcceptable, "not-acceptable", "No such representation",
            $"The answer comes as {string.Join(" or ", function.AnswersIn)}; name {(function.AnswersIn.Count == 1 ? "that" : "one of them")} in Accept, or leave Accept out.");
    }

    private static bool HasBody(HttpRequest request) =>
        (HttpMethods.IsPost(request.Method) || HttpMethods.IsPut(request.Method) || HttpMethods.IsPatch(request.Method))
        && request.HttpContext.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody == true;

    private static bool Reads(HttpRequest request, IReadOnlyList<string> mediaTypes) => mediaTypes.Any(mediaType => mediaType switch
    {
        Anything => true,
        "application/json" => request.HasJsonContentType(),
        _ => MediaTypeHeaderValue.TryParse(request.ContentType, out var sent) && sent.MediaType.Equals(mediaType, StringComparison.OrdinalIgnoreCase),
    });

    private static bool CanAnswer(Microsoft.Extensions.Primitives.StringValues accept, IReadOnlyList<string> mediaTypes)
    {
        if (mediaTypes.Contains(Anything) || !MediaTypeHeaderValue.TryParseList(accept, out var ranges) || ranges.Count == 0)
        {
            return true;
        }

        return mediaTypes.Append("application/problem+json").Any(mediaType => Quality(new MediaTypeHeaderValue(mediaType), ranges) > 0);
    }

    /// <summary>As the most specific range that covers the type has it; 0 where none does.</summary>
    private static double Quality(MediaTypeHeaderValue mediaType, IList<MediaTypeHeaderValue> ranges) => ranges
        .Where(range => mediaType.IsSubsetOf(new MediaTypeHeaderValue(range.MediaType)))
        .OrderBy(range => range.MatchesAllTypes ? 2 : range.MatchesAllSubTypes ? 1 : 0)
        .Select(range => range.Quality ?? 1)
        .FirstOrDefault();
}
