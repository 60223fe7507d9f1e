using System.Text.Json.Serialization;
using Advisor.Kernel.Records;
using Microsoft.AspNetCore.Http;

namespace Advisor.Kernel.Http;

/// <summary>Where the next page is: a relative URL, or null on the last page.</summary>
public sealed record Pagination([property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Next);

/// <summary>Reads and writes the paging of list routes: <c>limit</c> (1 to 500, default 100) and the opaque <c>continuation</c>.</summary>
public static class Paging
{
    public const int DefaultLimit = 100;

    public const int MaxLimit = 500;

    /// <param name="unasked">What it is when the request does not say.</param>
    /// <returns>The limit, or the problem with it.</returns>
    public static (int Limit, Problem? Problem) Limit(HttpRequest request, int unasked = DefaultLimit)
    {
        var text = request.Query["limit"].ToString();
        if (text.Length == 0)
        {
            return (unasked, null);
        }

        return int.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var limit) && limit is >= 1 and <= MaxLimit
            ? (limit, null)
            : (0, Problem.Invalid("limit", $"'limit' is a whole number from 1 to {MaxLimit}."));
    }

    public static string? Continuation(HttpRequest request) => request.Query["continuation"].ToString() is { Length: > 0 } token ? token : null;

    /// <summary>A page of a list that is made anew for each request; the continuation is where the page begins.</summary>
    public static (IReadOnlyList<T> Items, Pagination Pagination, Problem? Problem) Slice<T>(HttpRequest request, IEnumerable<T> all, int limit)
    {
        var offset = 0;
        if (Continuation(request) is { } token && !int.TryParse(token, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out offset))
        {
            return ([], new Pagination(null), BadContinuation(new InvalidContinuationException()));
        }

        var page = all.Skip(offset).Take(limit + 1).ToList();
        return page.Count <= limit
            ? (page, new Pagination(null), null)
            : (page[..limit], Next(request, (offset + limit).ToString(System.Globalization.CultureInfo.InvariantCulture)), null);
    }

    public static Problem BadContinuation(InvalidContinuationException fault) => Problem.Invalid("continuation", fault.Message);

    /// <summary>The same request with another continuation.</summary>
    public static Pagination Next(HttpRequest request, string? continuation) => NextOf(request)(continuation);

    /// <summary><see cref="Next"/> for an answer that is computed for others too: they may outstay the request that asked first.</summary>
    public static Func<string?, Pagination> NextOf(HttpRequest request)
    {
        var path = request.Path;
        var query = request.Query.Where(pair => !pair.Key.Equals("continuation", StringComparison.OrdinalIgnoreCase))
            .SelectMany(pair => pair.Value.Select(value => KeyValuePair.Create(pair.Key, value)))
            .ToList();
        return continuation => new Pagination(
            continuation is null ? null : path + QueryString.Create(query.Append(KeyValuePair.Create("continuation", (string?)continuation))));
    }
}
