namespace Advisor.Documents.Statements;

/// <summary>What a document says of its periods in general, for columns that say less.</summary>
/// <param name="Months">Length of the flows of a statement that prints none: 12 for an annual report; null when unknown.</param>
/// <param name="FiscalYearEnd">Last day of the fiscal year reported on, when the document states it.</param>
/// <param name="Calendar">Last days of fiscal quarters and years that the document prints somewhere.</param>
public sealed record PeriodDefaults(int? Months, DateOnly? FiscalYearEnd, FiscalCalendar Calendar)
{
    /// <summary>The last day of a fiscal year, when it can be known: printed somewhere, or the same month end in another year.</summary>
    public DateOnly? YearEnd(int year)
    {
        if (FiscalYearEnd is { } end)
        {
            if (end.Year == year)
            {
                return end;
            }

            if (end.Day == DateTime.DaysInMonth(end.Year, end.Month))
            {
                return new DateOnly(year, end.Month, DateTime.DaysInMonth(year, end.Month));
            }
        }

        return Calendar.QuarterEnd(4, year);
    }

    /// <summary>The last day of a span shorter than a year, when the document prints it somewhere.</summary>
    /// <param name="quarter">The quarter named with the span; null for a half or nine months.</param>
    public DateOnly? SpanEnd(int months, int? quarter, int year) => (months, quarter) switch
    {
        (3, { } named) => Calendar.QuarterEnd(named, year),
        (6, _) => Calendar.QuarterEnd(2, year),
        (9, _) => Calendar.QuarterEnd(3, year),
        _ => null,
    };
}
