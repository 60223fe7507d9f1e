using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Advisor.Kernel.Http;

/// <summary>Keeps the answer to a request that holds a claim on its <c>Idempotency-Key</c>, before the client gets it.</summary>
/// <remarks>Only success is kept. After any error the key is free, and the same request is carried out afresh under the same operation id.</remarks>
internal sealed partial class AnswerRecorder(RequestDelegate next, IdempotencyStore store, ILogger<AnswerRecorder> logger)
{
    public async Task InvokeAsync(HttpContext http)
    {
        if (!HttpMethods.IsPost(http.Request.Method) || !http.Request.Headers.ContainsKey(IdempotencyKey.Header))
        {
            await next(http);
            return;
        }

        var wire = http.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        using var body = new MemoryStream();
        var kept = new StreamResponseBodyFeature(body);
        http.Features.Set<IHttpResponseBodyFeature>(kept);
        try
        {
            await next(http);
            await kept.CompleteAsync();
        }
        catch when (http.Items.ContainsKey(IdempotencyClaim.Item))
        {
            await store.ReleaseAsync((IdempotencyClaim)http.Items[IdempotencyClaim.Item]!);
            throw;
        }
        finally
        {
            http.Features.Set(wire);
        }

        if (http.Items.TryGetValue(IdempotencyClaim.Item, out var item) && item is IdempotencyClaim claim)
        {
            await KeepAsync(claim, http.Response, body);
        }

        if (body.Length > 0)
        {
            await http.Response.Body.WriteAsync(body.GetBuffer().AsMemory(0, (int)body.Length), http.RequestAborted);
        }
    }

    private async Task KeepAsync(IdempotencyClaim claim, HttpResponse response, MemoryStream body)
    {
        try
        {
            await (response.StatusCode is >= 200 and < 300
                ? store.CompleteAsync(claim, new RecordedAnswer(
                    response.StatusCode, response.ContentType, NullIfEmpty(response.Headers.Location), NullIfEmpty(response.Headers.ETag), body.ToArray()))
                : store.ReleaseAsync(claim));
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            // What was done is done, and the answer is true. The key is free again when its lease ends, and then gives the same operation.
            Log.NotKept(logger, fault);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 140, Level = LogLevel.Error, Message = "The answer to a request with an Idempotency-Key could not be kept")]
        public static partial void NotKept(ILogger logger, Exception fault);
    }

    private static string? NullIfEmpty(Microsoft.Extensions.Primitives.StringValues header) => header.ToString() is { Length: > 0 } text ? text : null;
}
