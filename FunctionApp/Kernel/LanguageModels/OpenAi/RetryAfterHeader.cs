using System.Globalization;

namespace Advisor.Kernel.LanguageModels.OpenAi;

/// <summary>How long a server wants to be left alone: <c>retry-after-ms</c>, or <c>Retry-After</c> in seconds or as a date (RFC 9110).</summary>
internal static class RetryAfterHeader
{
    /// <summary>Longer ones mean the same: not in time for this call.</summary>
    private static readonly TimeSpan s_longest = TimeSpan.FromDays(1);

    /// <param name="header">A header's value by its name, null where it is not there.</param>
    /// <returns>From zero to a day; null where nothing readable is said.</returns>
    public static TimeSpan? Read(Func<string, string?> header, DateTimeOffset now)
    {
        if (Number(header("retry-after-ms")) is { } milliseconds)
        {
            return Within(milliseconds / 1_000);
        }

        var text = header("Retry-After");
        return Number(text) is { } seconds ? Within(seconds)
            : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? Within((decimal)(at - now).TotalSeconds)
            : null;
    }

    private static decimal? Number(string? text) =>
        decimal.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static TimeSpan Within(decimal seconds) => seconds <= 0 ? TimeSpan.Zero
        : seconds >= (decimal)s_longest.TotalSeconds ? s_longest
        : TimeSpan.FromMilliseconds((double)(seconds * 1_000));
}
