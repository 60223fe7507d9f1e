using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Advisor.Kernel.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Advisor.Kernel.Caching;

/// <summary>A JSON answer as it is kept: compressed once, with the strong ETag of its text.</summary>
internal sealed class KeptAnswer
{
    private const int ETagLength = 34;

    private KeptAnswer(byte[] stored) => Stored = stored;

    /// <summary>ETag, in quotes, then the gzipped JSON.</summary>
    public byte[] Stored { get; }

    public static KeptAnswer Of<T>(T value)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(value, AdvisorJson.Options);
        using var stored = new MemoryStream((json.Length / 4) + 256);
        stored.Write(Encoding.ASCII.GetBytes($"\"{Convert.ToHexStringLower(SHA256.HashData(json).AsSpan(0, 16))}\""));
        using (var gzip = new GZipStream(stored, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(json);
        }

        return new KeptAnswer(stored.ToArray());
    }

    public static KeptAnswer Restore(byte[] stored) => new(stored);

    /// <summary>The answer to a request: 304 where the client has it already, compressed where it takes gzip.</summary>
    /// <param name="cacheStatus">Value of <c>Cache-Status</c> (RFC 9211).</param>
    public IResult Answer(string cacheStatus) => new Result(Stored, cacheStatus);

    private sealed class Result(byte[] stored, string cacheStatus) : IResult
    {
        private string ETag { get; } = Encoding.ASCII.GetString(stored, 0, ETagLength);

        public async Task ExecuteAsync(HttpContext httpContext)
        {
            var (request, response) = (httpContext.Request, httpContext.Response);
            response.Headers.ETag = ETag;
            response.Headers["Cache-Status"] = cacheStatus;

            // The client may keep it, but must ask each time whether it still holds.
            response.Headers.CacheControl = "private, no-cache";
            response.Headers.AppendCommaSeparatedValues(HeaderNames.Vary, HeaderNames.Authorization, HeaderNames.AcceptEncoding);
            if (Matches(request.Headers.IfNoneMatch))
            {
                response.StatusCode = StatusCodes.Status304NotModified;
                return;
            }

            response.ContentType = "application/json; charset=utf-8";
            if (TakesGzip(request.Headers.AcceptEncoding))
            {
                response.Headers.ContentEncoding = "gzip";
                response.ContentLength = stored.Length - ETagLength;
                await response.Body.WriteAsync(stored.AsMemory(ETagLength), httpContext.RequestAborted);
                return;
            }

            await using var gzip = new GZipStream(new MemoryStream(stored, ETagLength, stored.Length - ETagLength), CompressionMode.Decompress);
            await gzip.CopyToAsync(response.Body, httpContext.RequestAborted);
        }

        /// <summary>Weak and strong tags of the same text are the same here (RFC 9110, 13.1.2).</summary>
        private bool Matches(StringValues ifNoneMatch) =>
            EntityTagHeaderValue.TryParseList([.. ifNoneMatch.OfType<string>()], out var tags)
            && tags.Any(tag => tag.Equals(EntityTagHeaderValue.Any) || tag.Tag == ETag);

        private static bool TakesGzip(StringValues acceptEncoding) =>
            StringWithQualityHeaderValue.TryParseList([.. acceptEncoding.OfType<string>()], out var codings)
            && codings.Any(coding => coding.Value.Equals("gzip", StringComparison.OrdinalIgnoreCase) && coding.Quality != 0);
    }
}
