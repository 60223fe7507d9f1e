using System.Text.RegularExpressions;
using Advisor.Documents.Tables;

namespace Advisor.Documents.Statements;

/// <summary>The last days of fiscal quarters that a document prints: in prose ("the fourth quarter ended January 1, 2023") or as a heading over a date.</summary>
/// <remarks>
/// A day in the first ten of a year closes the year before, as 52/53-week years do. A quarter for which two days are printed has none here:
/// a wrong day is worse than a missing one.
/// </remarks>
public sealed partial class FiscalCalendar
{
    private const int DaysIntoTheNextYear = 10;

    private readonly Dictionary<(int Quarter, int Year), DateOnly?> _ends = [];

    /// <summary>A calendar that knows no day.</summary>
    public static FiscalCalendar Empty { get; } = new();

    public DateOnly? QuarterEnd(int quarter, int fiscalYear) => _ends.GetValueOrDefault((quarter, fiscalYear));

    public static FiscalCalendar Of(IEnumerable<IReadOnlyList<PageLine>> pages)
    {
        var calendar = new FiscalCalendar();
        foreach (var lines in pages)
        {
            for (var i = 0; i < lines.Count; i++)
            {
                if (i + 1 == lines.Count)
                {
                    calendar.AddProse(lines[i].Text);
                    continue;
                }

                calendar.AddProse($"{lines[i].Text} {lines[i + 1].Text}");
                calendar.AddHeading(lines[i], lines[i + 1]);
            }
        }

        return calendar;
    }

    private void AddProse(string text)
    {
        if (!text.Contains("ended", StringComparison.OrdinalIgnoreCase))
        {
            return;
        }

        foreach (Match match in Prose().Matches(text))
        {
            var quarter = match.Groups["quarter"].Success ? Quarter(match.Groups["quarter"].Value) : 4;
            var date = PeriodTokens.In(match.Groups["date"].Value).Find(token => token.Kind == PeriodTokenKind.Date);
            Add(quarter, date);
        }
    }

    /// <summary>"Fourth Quarter" and, right below it, a date.</summary>
    private void AddHeading(PageLine heading, PageLine below)
    {
        if (!heading.Text.Contains("quarter", StringComparison.OrdinalIgnoreCase) || below.Top - heading.Bottom > heading.Height * 1.5)
        {
            return;
        }

        var dates = PeriodTokens.In(below).FindAll(token => token.Kind == PeriodTokenKind.Date);
        foreach (var span in PeriodTokens.In(heading).Where(token => token.Quarter > 0))
        {
            Add(span.Quarter, dates.Find(date => Math.Abs(date.Center - span.Center) < (date.Right - date.Left) / 2));
        }
    }

    private void Add(int quarter, PeriodToken? date)
    {
        if (quarter == 0 || date is null || date.Day > DateTime.DaysInMonth(date.Year, date.Month))
        {
            return;
        }

        var end = new DateOnly(date.Year, date.Month, date.Day);
        var key = (quarter, end.AddDays(-DaysIntoTheNextYear).Year);
        _ends[key] = _ends.TryGetValue(key, out var known) && known != end ? null : end;
    }

    private static int Quarter(string text) => text[..2].ToLowerInvariant() switch
    {
        "fi" => 1,
        "se" => 2,
        "th" => 3,
        _ => 4,
    };

    [GeneratedRegex(@"(?:(?<quarter>first|second|third|fourth)\s+(?:fiscal\s+)?quarter|fiscal\s+year)\s+ended\s+(?<date>[A-Za-z]{3,9}\.?\s+\d{1,2}\s*,\s*(?:19|20)\d\d)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 2000)]
    private static partial Regex Prose();
}
