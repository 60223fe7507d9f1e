using Advisor.Samples.Typesetting;

namespace Advisor.Samples.Report;

/// <summary>The column layouts that recur.</summary>
internal static class Grids
{
    public static Table ThreeYears(params Row[] rows) => new(Columns(72, "2025", "2024", "2023"), rows)
    {
        Spans = [new Span("Year Ended December 31,", 0, 2)],
    };

    public static Table TwoYearEnds(params Row[] rows) => new(Columns(76, "2025", "2024"), rows)
    {
        Spans = [new Span("December 31,", 0, 1)],
    };

    public static Column[] Columns(double width, params string[] headers) => [.. headers.Select(header => new Column(header, width))];
}
