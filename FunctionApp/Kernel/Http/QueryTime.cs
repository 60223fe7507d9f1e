using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Advisor.Kernel.Http;

/// <summary>Reads points in time from a query.</summary>
public static class QueryTime
{
    /// <summary>Nothing here is older.</summary>
    private const int FirstYear = 1900;

    private static readonly string[] s_forms =
    [
        "yyyy-MM-dd", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK",
    ];

    /// <summary>An ISO 8601 date (its first instant) or date-time, UTC where it names no offset; null when the query has none.</summary>
    /// <returns>The time, or the problem with it, which names the field.</returns>
    public static (DateTimeOffset? Time, Problem? Problem) Read(HttpRequest request, string field)
    {
        // A '+' that was not escaped arrives as a space.
        var text = request.Query[field].ToString().Replace(' ', '+');
        return text.Length == 0 ? (null, null)
            : DateTimeOffset.TryParseExact(text, s_forms, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) && time.Year >= FirstYear ? (time, null)
            : (null, Problem.Invalid(field, $"'{field}' is a date or date-time of ISO 8601, such as 2026-03-31 or 2026-03-31T12:00:00Z."));
    }

    /// <summary>The time as records hold it: such texts of UTC times sort as the times do.</summary>
    public static string Stored(DateTimeOffset time) => JsonSerializer.SerializeToElement(time.ToUniversalTime(), AdvisorJson.Options).GetString()!;
}
