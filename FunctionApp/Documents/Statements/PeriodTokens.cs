using System.Globalization;
using System.Text.RegularExpressions;
using Advisor.Documents.Reading.Pages;
using Advisor.Documents.Tables;

namespace Advisor.Documents.Statements;

public enum PeriodTokenKind
{
    /// <summary>A full date: "July 29, 2023".</summary>
    Date,

    /// <summary>A month and day whose year stands elsewhere: "December 31,".</summary>
    MonthDay,

    /// <summary>A year alone: "2022", "FY22", "fiscal 2022".</summary>
    Year,

    /// <summary>The length of a span: "Three Months Ended", "Year Ended", "Fourth Quarter".</summary>
    Span,
}

/// <summary>A phrase of a column heading that says something of its period.</summary>
/// <param name="Months">For <see cref="PeriodTokenKind.Span"/>: 12, 9, 6, 3 or 1.</param>
/// <param name="Quarter">For a span that names its quarter ("Fourth Quarter", "Q2"): 1 to 4; 0 otherwise.</param>
public sealed record PeriodToken(PeriodTokenKind Kind, double Left, double Right, int Year, int Month, int Day, int Months, int Quarter = 0)
{
    public double Center => (Left + Right) / 2;
}

/// <summary>Finds <see cref="PeriodToken"/>s in a line.</summary>
public static partial class PeriodTokens
{
    /// <summary>Lengths in weeks that companies with 52/53-week years print, and the months they stand for.</summary>
    private static readonly Dictionary<int, int> s_weeks = new()
    {
        [4] = 1, [5] = 1, [12] = 3, [13] = 3, [14] = 3, [16] = 3, [24] = 6, [26] = 6, [27] = 6, [28] = 6, [36] = 9, [39] = 9, [40] = 9, [52] = 12, [53] = 12,
    };

    private static readonly Dictionary<string, int> s_numbers = new(StringComparer.OrdinalIgnoreCase)
    {
        ["one"] = 1, ["three"] = 3, ["six"] = 6, ["nine"] = 9, ["twelve"] = 12, ["thirteen"] = 13, ["fourteen"] = 14, ["sixteen"] = 16,
        ["twenty-four"] = 24, ["twenty-six"] = 26, ["twenty-seven"] = 27, ["thirty-six"] = 36, ["thirty-nine"] = 39, ["forty"] = 40, ["fifty-two"] = 52, ["fifty-three"] = 53,
    };

    /// <summary>Most lines hold none: a cheap look before the expression.</summary>
    private static bool MightHoldTokens(string text) =>
        text.Any(char.IsAsciiDigit) || text.Contains("month", StringComparison.OrdinalIgnoreCase) || text.Contains("year", StringComparison.OrdinalIgnoreCase)
        || text.Contains("quarter", StringComparison.OrdinalIgnoreCase) || text.Contains("week", StringComparison.OrdinalIgnoreCase)
        || text.Contains("half", StringComparison.OrdinalIgnoreCase) || text.Contains("annual", StringComparison.OrdinalIgnoreCase);

    public static bool IsYear(string text)
    {
        var digits = text.AsSpan().TrimEnd(",.*");
        return digits.Length == 4 && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var year) && year is >= 1990 and <= 2099;
    }

    /// <summary>The tokens of a line from left to right.</summary>
    public static List<PeriodToken> In(PageLine line) => In(line.Words);

    /// <summary>The tokens of a text without places, such as a cell of a sheet.</summary>
    public static List<PeriodToken> In(string text) =>
        In([.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select((word, i) => new Word(word, i, 0, i + 1, 1))]);

    private static List<PeriodToken> In(IReadOnlyList<Word> words)
    {
        var (text, starts) = Joined(words);
        var tokens = new List<PeriodToken>();
        if (!MightHoldTokens(text))
        {
            return tokens;
        }

        foreach (Match match in Token().Matches(text))
        {
            if (Parse(match) is { } token)
            {
                var first = WordAt(starts, match.Index);
                var last = WordAt(starts, match.Index + match.Length - 1);
                tokens.Add(token with { Left = words[first].Left, Right = words[last].Right });
            }
        }

        return tokens;
    }

    private static (string Text, int[] Starts) Joined(IReadOnlyList<Word> words)
    {
        var starts = new int[words.Count];
        var text = new System.Text.StringBuilder();
        for (var i = 0; i < words.Count; i++)
        {
            if (i > 0)
            {
                text.Append(' ');
            }

            starts[i] = text.Length;
            text.Append(words[i].Text);
        }

        return (text.ToString(), starts);
    }

    private static int WordAt(int[] starts, int position)
    {
        var index = Array.BinarySearch(starts, position);
        return index >= 0 ? index : ~index - 1;
    }

    private static PeriodToken? Parse(Match match)
    {
        if (match.Groups["month"].Success)
        {
            var month = MonthOf(match.Groups["month"].Value);
            var day = match.Groups["day"].Success ? Int(match.Groups["day"].Value) : 0;
            var year = match.Groups["dyear"].Success ? YearOf(match.Groups["dyear"].Value) : 0;
            if (day == 0 && year > 0)
            {
                day = DateTime.DaysInMonth(year, month);
            }

            return day is < 1 or > 31
                ? null
                : new PeriodToken(year > 0 ? PeriodTokenKind.Date : PeriodTokenKind.MonthDay, 0, 0, year, month, day, 0);
        }

        if (match.Groups["iso"].Success)
        {
            return DateOnly.TryParse(match.Groups["iso"].Value, CultureInfo.InvariantCulture, out var date) && date.Year is >= 1990 and <= 2099
                ? new PeriodToken(PeriodTokenKind.Date, 0, 0, date.Year, date.Month, date.Day, 0)
                : null;
        }

        if (match.Groups["quarter"].Success)
        {
            return new PeriodToken(PeriodTokenKind.Span, 0, 0, 0, 0, 0, 3, QuarterOf(match.Groups["quarter"].Value));
        }

        if (match.Groups["half"].Success)
        {
            return new PeriodToken(PeriodTokenKind.Span, 0, 0, 0, 0, 0, 6);
        }

        if (match.Groups["count"].Success)
        {
            var word = match.Groups["count"].Value;
            var count = s_numbers.TryGetValue(word, out var named) ? named : int.TryParse(word, CultureInfo.InvariantCulture, out var digits) ? digits : 0;
            var weeks = match.Groups["unit"].Value.StartsWith("week", StringComparison.OrdinalIgnoreCase);
            var months = weeks ? s_weeks.GetValueOrDefault(count) : count is 1 or 3 or 6 or 9 or 12 ? count : 0;
            return months == 0 ? null : new PeriodToken(PeriodTokenKind.Span, 0, 0, 0, 0, 0, months);
        }

        if (match.Groups["span"].Success)
        {
            return new PeriodToken(PeriodTokenKind.Span, 0, 0, 0, 0, 0, 12);
        }

        return new PeriodToken(PeriodTokenKind.Year, 0, 0, YearOf(match.Groups["year"].Value), 0, 0, 0);
    }

    private static int QuarterOf(string text) => text[..2].ToLowerInvariant() switch
    {
        "fi" or "1s" or "q1" => 1,
        "se" or "2n" or "q2" => 2,
        "th" or "3r" or "q3" when !text.StartsWith("three", StringComparison.OrdinalIgnoreCase) => 3,
        "fo" or "4t" or "q4" => 4,
        _ => 0,
    };

    private static int Int(string text) => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);

    private static int YearOf(string text)
    {
        var year = Int(text);
        return year < 100 ? 2000 + year : year;
    }

    private static int MonthOf(string name) => name[..3].ToLowerInvariant() switch
    {
        "jan" => 1, "feb" => 2, "mar" => 3, "apr" => 4, "may" => 5, "jun" => 6,
        "jul" => 7, "aug" => 8, "sep" => 9, "oct" => 10, "nov" => 11, _ => 12,
    };

    [GeneratedRegex(
        """
        (?<![\w.])(?:
          (?<month>january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug|sept|sep|oct|nov|dec)\.?\s+(?<day>\d{1,2})(?:\s*,?\s*(?<dyear>(?:19|20)\d\d)(?!\d)|\s*,|(?!\d))
        | (?<day>\d{1,2})\s+(?<month>january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug|sept|sep|oct|nov|dec)\.?(?:\s*,?\s*(?<dyear>(?:19|20)\d\d)(?!\d))?
        | (?<month>january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug|sept|sep|oct|nov|dec)\.?[\s\-–'’]+(?<dyear>(?:19|20)\d\d|\d\d)(?!\d)
        | (?<iso>(?:19|20)\d\d-\d\d-\d\d|\d{1,2}/\d{1,2}/(?:19|20)\d\d)
        | (?<quarter>(?:first|second|third|fourth|1st|2nd|3rd|4th)\s+(?:fiscal\s+)?quarter|three\s*-?\s*month\s+period|quarters?\s+end(?:ed|ing)|q[1-4](?!\w))
        | (?<half>(?:first|second)\s+half|half\s+year|h[12](?!\w))
        | (?<count>one|three|six|nine|twelve|thirteen|fourteen|sixteen|twenty-four|twenty-six|twenty-seven|thirty-six|thirty-nine|forty|fifty-two|fifty-three|\d{1,2})[\s\-]+(?<unit>months?|weeks?)(?!\w)(?:\s+(?:period\s+)?end(?:ed|ing))?
        | (?<span>(?:fiscal\s+)?years?\s+end(?:ed|ing)|full\s+year|annual|year\s+to\s+date\s+12)
        | (?:fy|fiscal(?:\s+years?)?)\s*['’]?(?<year>(?:19|20)\d\d|\d\d)(?!\d)
        | (?<year>(?:19|20)\d\d)(?![\d/\-]|,\d|\.\d)
        )
        """,
        RegexOptions.IgnoreCase | RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 2000)]
    private static partial Regex Token();
}
