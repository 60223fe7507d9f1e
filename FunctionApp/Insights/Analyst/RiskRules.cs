using Advisor.Kernel.Reasoning;
using static Advisor.Insights.Analyst.Holes;

namespace Advisor.Insights.Analyst;

/// <summary>Liquidity, leverage, coverage, working capital, cash conversion, accruals, and Altman's Z'' score.</summary>
/// <remarks>The usual textbook ratios, each spelled out in its expression; Z'' after Altman (2000), whose coefficients are named constants of the claim language.</remarks>
public static class RiskRules
{
    public static AnalystReport Apply(MetricIndex index)
    {
        var proposals = new List<Proposal>();
        var missing = new List<NotComputed>();
        void Add(string rule, Proposal? proposal, string inputs)
        {
            if (proposal is not null)
            {
                proposals.Add(proposal);
            }
            else
            {
                missing.Add(new NotComputed(rule, $"it needs {inputs}, and not all of them are printed for one period"));
            }
        }

        var months = index.FlowLengths.Count > 0 ? index.FlowLengths[0] : 12;
        Add("risk/current_ratio", CurrentRatio(index), "current assets and current liabilities");
        Add("risk/leverage", Leverage(index), "total assets and total equity");
        Add("risk/coverage", Coverage(index, months), "operating income and interest expense");
        Add("risk/cash_conversion", CashConversion(index, months), "operating cash flow and net income above zero");
        Add("risk/free_cash_flow", FreeCashFlow(index, months), "operating cash flow and capital expenditure");
        Add("risk/receivable_days", Days(index, "receivables", "revenue", "Receivables", "revenue"), "receivables and a year's revenue");
        Add("risk/inventory_days", Days(index, "inventories", "cost_of_revenue", "Inventories", "cost of revenue"), "inventories and a year's cost of revenue");
        Add("risk/payable_days", Days(index, "accounts_payable", "cost_of_revenue", "Payables", "cost of revenue"), "payables and a year's cost of revenue");
        Add("risk/accruals", Accruals(index, months), "net income, operating cash flow and total assets");
        Add("risk/altman", Altman(index), "a year's operating income, current assets and liabilities, retained earnings, total assets and equity");
        return new AnalystReport(proposals, missing);
    }

    private static Proposal? CurrentRatio(MetricIndex index)
    {
        if (index.Newest("current_assets", 0) is not { } assets || index.At("current_liabilities", assets.Current.Period!) is not { Value: > 0 } liabilities)
        {
            return null;
        }

        var ratio = assets.Current.Value / liabilities.Value;
        var verb = new Verb(ratio < 1 ? "do not cover" : "cover");
        ClaimText text = $"Current assets {verb} current liabilities at {Period(assets.Current)}: the current ratio is {Ratio(assets.Current, liabilities)}";
        decimal? before = null;
        if (assets.Prior is { } priorAssets && index.At("current_liabilities", priorAssets.Period!) is { Value: > 0 } priorLiabilities)
        {
            before = priorAssets.Value / priorLiabilities.Value;
            text.AppendLiteral(Math.Round(ratio, 2) == Math.Round(before.Value, 2) ? ", as good as unchanged from " : ", against ");
            text.AppendFormatted(Ratio(priorAssets, priorLiabilities));
            text.AppendLiteral(" at ");
            text.AppendFormatted(Period(priorAssets));
        }

        text.AppendLiteral(".");
        return new Proposal("risk/current_ratio", text, Math.Abs(assets.Current.Value - liabilities.Value), [Evidence.Of("current_ratio", Math.Round(ratio, 6), Rounded(before))], []);
    }

    private static Proposal? Leverage(MetricIndex index)
    {
        if (index.Newest("total_equity", 0) is not { } equity || equity.Current.Value <= 0 || index.At("total_assets", equity.Current.Period!) is not { } assets)
        {
            return null;
        }

        ClaimText text = $"Each unit of equity carries {Raw($"ratio({assets.Id} - {equity.Current.Id}, {equity.Current.Id})")} of liabilities at {Period(equity.Current)}: assets of {Value(assets)} on equity of {Value(equity.Current)}.";
        var ratio = (assets.Value - equity.Current.Value) / equity.Current.Value;
        return new Proposal("risk/leverage", text, assets.Value - equity.Current.Value, [Evidence.Of("liabilities_to_equity", Math.Round(ratio, 6), null)], []);
    }

    private static Proposal? Coverage(MetricIndex index, int months)
    {
        if (index.Newest("operating_income", months) is not { } income || index.At("interest_expense", income.Current.Period!) is not { Value: not 0 } interest)
        {
            return null;
        }

        ClaimText text = $"Operating income of {Value(income.Current)} is {Raw($"ratio({income.Current.Id}, abs({interest.Id}))")} times the interest expense of {Size(interest)} in {Period(income.Current)}.";
        return new Proposal("risk/coverage", text, Math.Abs(interest.Value),
            [Evidence.Of("interest_coverage", Math.Round(income.Current.Value / Math.Abs(interest.Value), 6), null)], []);
    }

    private static Proposal? CashConversion(MetricIndex index, int months)
    {
        if (index.Newest("operating_cash_flow", months) is not { } cash || index.At("net_income", cash.Current.Period!) is not { Value: > 0 } income)
        {
            return null;
        }

        ClaimText text = $"Operating cash flow of {Value(cash.Current)} was {Share(cash.Current, income)} of net income of {Value(income)} in {Period(cash.Current)}.";
        return new Proposal("risk/cash_conversion", text, Math.Abs(cash.Current.Value - income.Value),
            [Evidence.Of("cash_conversion", Math.Round(cash.Current.Value / income.Value, 6), 1)], []);
    }

    private static Proposal? FreeCashFlow(MetricIndex index, int months)
    {
        if (index.Newest("operating_cash_flow", months) is not { } cash || index.At("capital_expenditure", cash.Current.Period!) is not { } spent)
        {
            return null;
        }

        var free = cash.Current.Value - Math.Abs(spent.Value);
        ClaimText text = $"Free cash flow was {Raw($"{cash.Current.Id} - abs({spent.Id})")} in {Period(cash.Current)}: {Value(cash.Current)} from operations less {Size(spent)} of capital expenditure.";
        return new Proposal("risk/free_cash_flow", text, Math.Abs(free), [Evidence.Of("free_cash_flow", free, null)], []);
    }

    private static Proposal? Days(MetricIndex index, string balance, string flow, string name, string flowName)
    {
        if (index.Newest(flow, 12) is not { Current.Value: not 0 } yearly || index.BalanceAt(balance, yearly.Current.Period!) is not { } stock)
        {
            return null;
        }

        var days = stock.Value / Math.Abs(yearly.Current.Value) * 365;
        ClaimText text = $"{new Verb(name)} of {Value(stock)} stood for {Raw($"ratio({stock.Id}, abs({yearly.Current.Id})) * days.year")} days of {new Verb(flowName)} at {Period(stock)}.";
        return new Proposal($"risk/{balance}_days", text, Math.Abs(stock.Value), [Evidence.Of($"{balance}_days", Math.Round(days, 6), null)], []);
    }

    private static Proposal? Accruals(MetricIndex index, int months)
    {
        if (index.Newest("net_income", months) is not { } income || index.At("operating_cash_flow", income.Current.Period!) is not { } cash
            || index.BalanceAt("total_assets", income.Current.Period!) is not { Value: > 0 } assets)
        {
            return null;
        }

        var accruals = income.Current.Value - cash.Value;
        var verb = new Verb(accruals > 0 ? "ahead of" : "behind");
        ClaimText text = $"Net income ran {verb} operating cash flow by {Raw($"abs({income.Current.Id} - {cash.Id})")} in {Period(income.Current)}, {Raw($"abs(share({income.Current.Id} - {cash.Id}, {assets.Id}))")} of total assets.";
        return new Proposal("risk/accruals", text, Math.Abs(accruals), [Evidence.Of("accruals_to_assets", Math.Round(accruals / assets.Value, 6), null)], []);
    }

    private static Proposal? Altman(MetricIndex index)
    {
        if (index.Newest("operating_income", 12) is not { } income || income.Current.Period is not { } period
            || index.BalanceAt("current_assets", period) is not { } currentAssets
            || index.BalanceAt("current_liabilities", period) is not { } currentLiabilities
            || index.BalanceAt("retained_earnings", period) is not { } retained
            || index.BalanceAt("total_assets", period) is not { Value: > 0 } assets
            || index.BalanceAt("total_equity", period) is not { } equity
            || assets.Value <= equity.Value)
        {
            return null;
        }

        var (ca, cl, re, ta, te, oi) = (currentAssets.Id, currentLiabilities.Id, retained.Id, assets.Id, equity.Id, income.Current.Id);
        var expression = $"altman_services.working_capital * ratio({ca} - {cl}, {ta}) + altman_services.retained_earnings * ratio({re}, {ta})"
            + $" + altman_services.ebit * ratio({oi}, {ta}) + altman_services.book_equity * ratio({te}, {ta} - {te})";
        var score = (6.56m * (currentAssets.Value - currentLiabilities.Value) / assets.Value) + (3.26m * retained.Value / assets.Value)
            + (6.72m * income.Current.Value / assets.Value) + (1.05m * equity.Value / (assets.Value - equity.Value));
        var verb = new Verb(score >= 2.60m ? "in the safe zone above" : score <= 1.10m ? "in the distress zone, far under" : "in the grey zone under");
        ClaimText text = $"Altman's Z'' score is {Raw(expression)} for {Period(income.Current)}, {verb} {Raw("altman_services.safe")}.";
        return new Proposal("risk/altman", text, null, [Evidence.Of("altman_z_double_prime", Math.Round(score, 6), 2.60m)], []);
    }

    private static decimal? Rounded(decimal? value) => value is { } number ? Math.Round(number, 6) : null;
}
