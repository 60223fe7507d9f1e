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
    private readonly Dictionary<int, int> _mentions = [];
    private int? _first;
    private DateOnly _latest;

    /// <summary>A calendar that knows no day.</summary>
    public static FiscalCalendar Empty { get; } = new();

    public DateOnly? QuarterEnd(int quarter, int fiscalYear) => _ends.GetValueOrDefault((quarter, fiscalYear));

    /// <summary>
    /// The fiscal year that a year ending on this day is called by: a document names first the year it reports on, so that name belongs to
    /// the latest end it prints, and the others follow. Null where the document names none, names it once only, or the two do not fit. A rule of thumb, tried on few documents.
    /// </summary>
    public int? NameOf(DateOnly end)
    {
        return _first is { } first && _mentions[first] > 1 && first - _latest.Year is (0 or -1) ? end.Year + first - _latest.Year : null;
    }

    public static FiscalCalendar Of(IEnumerable<IReadOnlyList<PageLine>> pages)
    {
        var calendar = new FiscalCalendar();
        foreach (var lines in pages)
        {
            for (var i = 0; i < lines.Count; i++)
            {
                calendar.AddMentions(lines[i].Text);
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

        foreach (Match match in Ended().Matches(text))
        {
            if (PeriodTokens.In(match.Groups["date"].Value).Find(token => token.Kind == PeriodTokenKind.Date) is { } date
                && date.Day <= DateTime.DaysInMonth(date.Year, date.Month) && new DateOnly(date.Year, date.Month, date.Day) is var end && end > _latest)
            {
                _latest = end;
            }
        }

        foreach (Match match in Prose().Matches(text))
        {
            var quarter = match.Groups["quarter"].Success ? Quarter(match.Groups["quarter"].Value) : 4;
            var date = PeriodTokens.In(match.Groups["date"].Value).Find(token => token.Kind == PeriodTokenKind.Date);
            Add(quarter, date);
        }
    }

    private void AddMentions(string text)
    {
        if (text.Contains("fiscal", StringComparison.OrdinalIgnoreCase))
        {
            foreach (Match match in Named().Matches(text))
            {
                var year = int.Parse(match.Groups["year"].ValueSpan, System.Globalization.CultureInfo.InvariantCulture);
                _first ??= year;
                _mentions[year] = _mentions.GetValueOrDefault(year) + 1;
            }
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

    [GeneratedRegex(@"\bfiscal\s+(?:year\s+)?(?<year>(?:19|20)\d\d)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 2000)]
    private static partial Regex Named();

    [GeneratedRegex(@"\bended\s+(?<date>[A-Za-z]{3,9}\.?\s+\d{1,2}\s*,\s*(?:19|20)\d\d)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 2000)]
    private static partial Regex Ended();

    [GeneratedRegex(@"(?:(?<quarter>first|second|third|fourth)\s+(?:fiscal\s+)?quarter|fiscal\s+year)\s+ended\s+(?<date>[A-Za-z]{3,9}\.?\s+\d{1,2}\s*,\s*(?:19|20)\d\d)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 2000)]
    private static partial Regex Prose();
}
