using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Advisor.Kernel.Http;

/// <summary>Gives the compressed form of an answer a strong tag of its own, and takes that tag back as the answer's.</summary>
/// <remarks>
/// A strong tag names one representation (RFC 9110, 8.8.3): <c>"v"</c> as it is, <c>"v-br"</c> and <c>"v-gzip"</c> compressed. Functions know only the
/// first: whichever of the three a client was given, <c>If-None-Match</c> and <c>If-Match</c> mean the same version.
/// </remarks>
internal static class EntityTags
{
    private static readonly string[] s_codings = ["br", "gzip"];

    public static Task InvokeAsync(HttpContext http, RequestDelegate next)
    {
        var asked = http.Request.Headers.IfNoneMatch;
        http.Request.Headers.IfNoneMatch = Plain(asked);
        http.Request.Headers.IfMatch = Plain(http.Request.Headers.IfMatch);

        // The coding is known when the answer starts, not before.
        http.Response.OnStarting(() =>
        {
            Set(http.Response, asked);
            return Task.CompletedTask;
        });
        return next(http);
    }

    private static void Set(HttpResponse response, StringValues asked)
    {
        var tag = response.Headers.ETag.ToString();
        if (!tag.StartsWith('"'))
        {
            return;
        }

        // 304 speaks of the form that the client has.
        var form = response.StatusCode == StatusCodes.Status304NotModified
            ? TagsOf(asked).Select(known => known.Tag.ToString()).FirstOrDefault(known => PlainOf(known) == tag)
            : s_codings.Contains(response.Headers.ContentEncoding.ToString()) ? Coded(tag, response.Headers.ContentEncoding.ToString()) : null;
        if (form is not null)
        {
            response.Headers.ETag = form;
        }
    }

    /// <summary>A header as it was, where none of its tags is of a compressed form.</summary>
    private static StringValues Plain(StringValues header)
    {
        var tags = TagsOf(header);
        return tags.All(tag => PlainOf(tag.Tag.ToString()) == tag.Tag)
            ? header
            : string.Join(", ", tags.Select(tag => new EntityTagHeaderValue(PlainOf(tag.Tag.ToString()), tag.IsWeak)));
    }

    private static IList<EntityTagHeaderValue> TagsOf(StringValues header) =>
        EntityTagHeaderValue.TryParseList([.. header.OfType<string>()], out var tags) ? tags : [];

    private static string Coded(string tag, string coding) => $"{tag[..^1]}-{coding}\"";

    private static string PlainOf(string tag) =>
        s_codings.FirstOrDefault(coding => tag.EndsWith($"-{coding}\"", StringComparison.Ordinal)) is { } coding ? $"{tag[..^(coding.Length + 2)]}\"" : tag;
}
