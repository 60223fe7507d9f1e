using System.Globalization;
using System.Text.Json.Serialization;

namespace Advisor.Kernel.Reasoning;

/// <summary>The time a value is for: an instant (a balance) or a span that ends on a day (a flow).</summary>
/// <param name="End">Last day, inclusive; null when only the fiscal year is printed.</param>
/// <param name="Months">Length of the span; 0 for an instant; 12, 9, 6, 3 or 1 as printed.</param>
/// <param name="FiscalYear">Fiscal year as printed, four digits; null when none is printed.</param>
/// <param name="Quarter">Fiscal quarter, 1 to 4, when the quarter is printed instead of a last day; null otherwise.</param>
/// <remarks>Two periods are equal when all parts agree. <see cref="Label"/> is unique among the periods of one document.</remarks>
public sealed record Period(DateOnly? End, int Months, int? FiscalYear, int? Quarter = null)
{
    /// <summary>For people and filters: <c>FY2022</c>, <c>3M to 2023-07-29</c>, <c>2023-07-29</c> (an instant), <c>FY2022 end</c> (an instant without a day).</summary>
    [JsonIgnore]
    public string Label => (End, Months) switch
    {
        ({ } end, 0) => Iso(end),
        ({ } end, 12) => (FiscalYear ?? UsualName(end)) is { } year ? $"FY{year}" : $"12M to {Iso(end)}",
        ({ } end, _) => $"{Months}M to {Iso(end)}",
        (null, 0) when Quarter is not null => $"Q{Quarter} FY{FiscalYear} end",
        (null, 0) => $"FY{FiscalYear} end",
        (null, 3) when Quarter is not null => $"Q{Quarter} FY{FiscalYear}",
        (null, 12) => $"FY{FiscalYear}",
        (null, _) => $"{Months}M FY{FiscalYear}",
    };

    /// <summary>Sorts periods of one document by their end; a period without a printed day ends with its fiscal quarter or year.</summary>
    [JsonIgnore]
    public int Order => End?.DayNumber ?? new DateOnly(FiscalYear ?? 1, (Quarter ?? 4) * 3, 28).DayNumber;

    /// <summary>
    /// Fiscal years that end from June on are named after that year, and those that end in the first ten days of January after the year
    /// before; between, companies differ, so without a printed name there is none.
    /// </summary>
    private static int? UsualName(DateOnly end) => end switch
    {
        { Month: >= 6 } => end.Year,
        { Month: 1, Day: <= 10 } => end.Year - 1,
        _ => null,
    };

    private static string Iso(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
