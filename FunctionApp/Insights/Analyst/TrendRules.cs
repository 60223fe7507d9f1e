using Advisor.Kernel.Reasoning;
using static Advisor.Insights.Analyst.Holes;

namespace Advisor.Insights.Analyst;

/// <summary>How the headline metrics moved against a year before.</summary>
public static class TrendRules
{
    private static readonly string[] s_flows =
        ["revenue", "gross_profit", "operating_income", "net_income", "diluted_eps", "operating_cash_flow", "capital_expenditure", "research_and_development"];

    private static readonly string[] s_balances =
        ["total_assets", "total_equity", "cash_and_cash_equivalents", "inventories", "receivables", "long_term_debt"];

    private static readonly (string Name, string Numerator)[] s_margins =
        [("Gross margin", "gross_profit"), ("Operating margin", "operating_income"), ("Net margin", "net_income")];

    public static AnalystReport Apply(MetricIndex index)
    {
        var proposals = new List<Proposal>();
        var missing = new List<NotComputed>();
        foreach (var (metric, months) in index.FlowLengths.SelectMany(months => s_flows.Select(metric => (metric, months))).Concat(s_balances.Select(metric => (metric, 0))))
        {
            switch (index.Newest(metric, months))
            {
                case { Prior: { Value: not 0 } prior } comparison:
                    proposals.Add(Change(metric, comparison.Current, prior));
                    break;
                case { Prior: not null }:
                    missing.Add(new NotComputed($"trend/change/{metric}", "the prior value is zero"));
                    break;
                case null:
                    missing.Add(new NotComputed($"trend/change/{metric}", "the metric is not printed"));
                    break;
                default:
                    missing.Add(new NotComputed($"trend/change/{metric}", "no value of a year before is printed"));
                    break;
            }
        }

        proposals.AddRange(index.FlowLengths.SelectMany(months => s_margins.Select(margin => Margin(index, margin, months))).OfType<Proposal>());
        if (Growth(index) is { } growth)
        {
            proposals.Add(growth);
        }

        return new AnalystReport(proposals, missing);
    }

    private static Proposal Change(string metric, Fact current, Fact prior) => new(
        $"trend/change/{metric}", ChangeWords.Of(current, prior), current.Unit == Unit.Currency ? Math.Abs(current.Value - prior.Value) : null,
        [Evidence.Of(metric, current.Value, prior.Value)], []);

    private static Proposal? Margin(MetricIndex index, (string Name, string Numerator) margin, int months)
    {
        if (index.Newest(margin.Numerator, months) is not { Prior: { } priorTop } top || index.At("revenue", top.Current.Period!) is not { Value: > 0 } revenue
            || index.At("revenue", priorTop.Period!) is not { Value: > 0 } priorRevenue)
        {
            return null;
        }

        var (now, before) = (top.Current.Value / revenue.Value * 100, priorTop.Value / priorRevenue.Value * 100);
        var verb = new Verb(Math.Round(now, 1) == Math.Round(before, 1) ? "held at" : now > before ? "widened to" : "narrowed to");
        ClaimText text = $"{new Verb(margin.Name)} {verb} {Share(top.Current, revenue)} of revenue in {Period(top.Current)}, from {Share(priorTop, priorRevenue)} {In(priorTop)} {Period(priorTop)}.";
        return new Proposal($"trend/margin/{margin.Numerator}", text, Math.Abs((now - before) / 100 * revenue.Value),
            [Evidence.Of($"{margin.Numerator}_margin", Math.Round(now, 6), Math.Round(before, 6))], []);
    }

    private static Proposal? Growth(MetricIndex index)
    {
        var series = index.Series("revenue", 12);
        if (series.Count < 3 || series[0].Value <= 0 || series[^1].Value <= 0 || series[0].Period!.End is null || series[^1].Period!.End is null)
        {
            return null;
        }

        var (last, first) = (series[0], series[^1]);
        ClaimText text = $"{Label(last)} has changed by {Raw($"cagr({first.Id}, {last.Id}, years({first.Id}, {last.Id}))")} a year, compounded, since {Period(first)}.";
        return new Proposal("trend/cagr/revenue", text, Math.Abs(last.Value - first.Value), [Evidence.Of("revenue", last.Value, first.Value)], []);
    }
}
