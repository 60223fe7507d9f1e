using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Advisor.Kernel.Http;

/// <summary>Entity tags of what people edit (RFC 9110, 13): a version to compare with, so that nobody overwrites what they have not seen.</summary>
public static class Preconditions
{
    /// <summary>The answer with its strong entity tag; 304 without a body when the request's <c>If-None-Match</c> has the tag already.</summary>
    /// <param name="version">A record's ETag: it must change whenever the answer does.</param>
    public static IResult Ok<T>(HttpRequest request, string version, T value)
    {
        var response = request.HttpContext.Response;
        response.Headers.ETag = Tag(version).ToString();
        response.Headers.CacheControl = "private, no-cache";
        return request.GetTypedHeaders().IfNoneMatch.Any(known => known.Equals(EntityTagHeaderValue.Any) || known.Compare(Tag(version), useStrongComparison: false))
            ? Results.StatusCode(StatusCodes.Status304NotModified)
            : Answer.Ok(value);
    }

    /// <summary>Null when the request's <c>If-Match</c> names this version; 428 when the request names none, 412 when it names another.</summary>
    /// <param name="what">"document", ...</param>
    public static Problem? Unmet(HttpRequest request, string version, string what)
    {
        var wanted = request.GetTypedHeaders().IfMatch;
        if (wanted.Count == 0)
        {
            return new Problem(StatusCodes.Status428PreconditionRequired, "precondition-required", "Say which version you change",
                $"Read the {what}, and send its ETag as 'If-Match' with the change.");
        }

        if (wanted.All(tag => tag.IsWeak))
        {
            return new Problem(StatusCodes.Status412PreconditionFailed, "weak-tag", "A weak tag names no version",
                $"Something on the way made the {what}'s ETag weak; send it as 'If-Match' without the leading W/.");
        }

        return wanted.Any(tag => tag.Equals(EntityTagHeaderValue.Any) || tag.Compare(Tag(version), useStrongComparison: true)) ? null : Changed(what);
    }

    /// <summary>What is answered when somebody else's change came first.</summary>
    public static Problem Changed(string what) => new(StatusCodes.Status412PreconditionFailed, "changed", "It was changed meanwhile",
        $"Somebody changed the {what} after you read it; read it again, and repeat your change on what is there now.");

    private static EntityTagHeaderValue Tag(string version) => new($"\"{version}\"");
}
