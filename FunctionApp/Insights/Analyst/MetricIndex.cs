using Advisor.Kernel.Reasoning;

namespace Advisor.Insights.Analyst;

/// <summary>A metric in the period reported on, and a year before where that is printed.</summary>
public sealed record Comparison(Fact Current, Fact? Prior);

/// <summary>A document's canonical metrics by name and period, newest first.</summary>
public sealed class MetricIndex
{
    /// <summary>A year apart, with room for 52/53-week years, in days.</summary>
    private const int YearMin = 350;

    private const int YearMax = 380;

    private readonly ILookup<string, Fact> _byMetric;

    public MetricIndex(IEnumerable<Fact> facts) => _byMetric = facts
        .Where(fact => fact is { Metric: not null, Period: not null })
        .GroupBy(fact => (fact.Metric, fact.Period))
        .Select(group => group.First())
        .ToLookup(fact => fact.Metric!);

    public bool IsEmpty => _byMetric.Count == 0;

    /// <summary>Names of the metrics that are there.</summary>
    public IEnumerable<string> Metrics => _byMetric.Select(group => group.Key);

    /// <summary>The lengths of flow periods that are printed, longest first: 12, or 6 and 3.</summary>
    public IReadOnlyList<int> FlowLengths { get => [.. _byMetric.SelectMany(group => group).Select(fact => fact.Period!.Months).Where(months => months > 0).Distinct().OrderDescending()]; }

    /// <summary>The newest value of a metric over a length of period, with the one a year before; null when it is not printed.</summary>
    /// <param name="months">0 for balances.</param>
    public Comparison? Newest(string metric, int months)
    {
        var series = Series(metric, months);
        return series.Count == 0 ? null : new Comparison(series[0], series.Skip(1).FirstOrDefault(fact => IsYearBefore(fact.Period!, series[0].Period!)));
    }

    /// <summary>All values of a metric over a length of period, newest first.</summary>
    public IReadOnlyList<Fact> Series(string metric, int months) =>
        [.. _byMetric[metric].Where(fact => fact.Period!.Months == months).OrderByDescending(fact => fact.Period!.Order)];

    /// <summary>The balance at the end of a flow's period, or null.</summary>
    public Fact? BalanceAt(string metric, Period period) =>
        _byMetric[metric].FirstOrDefault(fact => fact.Period!.Months == 0
            && (period.End is not null
                ? fact.Period.End == period.End
                : fact.Period.End is null && fact.Period.FiscalYear == period.FiscalYear && (fact.Period.Quarter ?? 4) == (period.Quarter ?? 4)));

    /// <summary>The metric for exactly this period, or null.</summary>
    public Fact? At(string metric, Period period) => _byMetric[metric].FirstOrDefault(fact => fact.Period == period);

    private static bool IsYearBefore(Period earlier, Period later)
    {
        if (earlier.End is { } a && later.End is { } b)
        {
            return b.DayNumber - a.DayNumber is >= YearMin and <= YearMax;
        }

        return earlier.FiscalYear is { } x && later.FiscalYear is { } y && y - x == 1 && earlier.Quarter == later.Quarter;
    }
}
