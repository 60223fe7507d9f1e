using Advisor.Documents.Tables;
using Advisor.Kernel.Reasoning;

namespace Advisor.Documents.Statements;

/// <summary>Works out which period each amount column of a table is for, from the lines above it.</summary>
public static class ColumnPeriods
{
    /// <summary>Periods by column index; a column whose period is not certain is left out.</summary>
    /// <param name="caption">Lines above the table, top-down.</param>
    /// <param name="instants">The table shows balances: a length of span printed above does not apply.</param>
    /// <param name="defaults">What the document says where the columns are silent.</param>
    public static IReadOnlyDictionary<int, Period> Resolve(
        IReadOnlyList<TableColumn> columns, IReadOnlyList<PageLine> caption, bool instants, PeriodDefaults defaults)
    {
        var amounts = columns.Where(column => !column.IsPercent).ToList();
        var periods = new Dictionary<int, Period>();
        if (amounts.Count == 0)
        {
            return periods;
        }

        var lines = caption.Select(PeriodTokens.In).ToList();
        var dates = Assign(lines, amounts, PeriodTokenKind.Date);
        var days = Assign(lines, amounts, PeriodTokenKind.MonthDay);
        var years = Assign(lines, amounts, PeriodTokenKind.Year);
        var spans = Assign(lines, amounts, PeriodTokenKind.Span);
        if (IsOneDayOfManyYears(dates, years))
        {
            // "September 30, 2025 and 2024" above the columns "2025  2024": the day is common, the year is the column's own.
            (days, dates) = (dates, new PeriodToken?[amounts.Count]);
        }

        for (var i = 0; i < amounts.Count; i++)
        {
            if (Combine(dates[i], days[i], years[i], spans[i], instants, defaults) is { } period)
            {
                periods[amounts[i].Index] = period;
            }
        }

        return Distinct(periods);
    }

    private static Period? Combine(PeriodToken? date, PeriodToken? day, PeriodToken? year, PeriodToken? span, bool instants, PeriodDefaults defaults)
    {
        var months = instants ? 0 : span?.Months ?? defaults.Months;
        if (months is null)
        {
            return null;
        }

        if (date is not null)
        {
            return Day(date.Year, date.Month, date.Day) is { } end ? new Period(end, months.Value, Fiscal(end, months.Value, year, defaults)) : null;
        }

        if (year is null)
        {
            return null;
        }

        if (day is not null)
        {
            return Day(year.Year, day.Month, day.Day) is { } end ? new Period(end, months.Value, Fiscal(end, months.Value, null, defaults)) : null;
        }

        if (instants && defaults.Months != 12)
        {
            return null;
        }

        var quarter = span is { Quarter: > 0 } ? span.Quarter : (int?)null;
        var known = months is 0 or 12 ? defaults.YearEnd(year.Year) : defaults.SpanEnd(months.Value, quarter, year.Year);
        return new Period(known, months.Value, year.Year, known is null ? quarter : null);
    }

    private static bool IsOneDayOfManyYears(PeriodToken?[] dates, PeriodToken?[] years) =>
        dates[0] is { } day && Array.TrueForAll(dates, date => ReferenceEquals(date, day))
        && Array.TrueForAll(years, year => year is not null) && years.DistinctBy(year => year!.Year).Count() == years.Length
        && years.Length > 1 && Array.Exists(years, year => year!.Year == day.Year);

    /// <summary>The name of a year whose end leaves it open: as printed over the column, else as the document calls it.</summary>
    private static int? Fiscal(DateOnly end, int months, PeriodToken? year, PeriodDefaults defaults)
    {
        if (year is not null && Math.Abs(year.Year - end.Year) <= 1 && year.Year != end.Year)
        {
            return year.Year;
        }

        return months == 12 && end is { Month: < 6 } and not { Month: 1, Day: <= 10 } ? defaults.Calendar.NameOf(end) : null;
    }

    private static DateOnly? Day(int year, int month, int day) =>
        day <= DateTime.DaysInMonth(year, month) ? new DateOnly(year, month, day) : null;

    /// <summary>Two columns must not claim the same period: where they do, none of them has one.</summary>
    private static Dictionary<int, Period> Distinct(Dictionary<int, Period> periods) =>
        periods.GroupBy(p => p.Value.Label).Where(group => group.Count() == 1).SelectMany(group => group).ToDictionary(p => p.Key, p => p.Value);

    /// <summary>
    /// One token per column, or null. The line nearest the numbers that has a token for every column decides; else the one nearest with
    /// several, each column taking the token it stands under; a single token goes to all.
    /// </summary>
    private static PeriodToken?[] Assign(List<List<PeriodToken>> lines, List<TableColumn> columns, PeriodTokenKind kind)
    {
        var candidates = lines.Select(line => line.Where(token => token.Kind == kind).ToList()).Where(line => line.Count > 0).Reverse().ToList();
        var result = new PeriodToken?[columns.Count];
        var best = candidates.Find(line => line.Count == columns.Count)
            ?? candidates.Find(line => line.Count > 1 && line.Count < columns.Count && columns.Count % line.Count == 0)
            ?? candidates.FirstOrDefault();
        if (best is null)
        {
            return result;
        }

        if (best.Count == columns.Count)
        {
            return [.. best];
        }

        if (best.Count > columns.Count && kind != PeriodTokenKind.Span)
        {
            // More tokens than columns: a sentence. Only a token that stands right above a column counts.
            return [.. columns.Select(column => best.Find(token => token.Left < column.Right + 5 && token.Right > column.Left - 5))];
        }

        for (var i = 0; i < columns.Count; i++)
        {
            result[i] = best.MinBy(token => Math.Abs(token.Center - columns[i].Center));
        }

        return result;
    }
}
