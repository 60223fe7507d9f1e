using Advisor.Samples.Books;
using Advisor.Samples.Typesetting;

namespace Advisor.Samples.Report;

internal static class EquityPage
{
    public static void Fill(Leaf leaf)
    {
        StatementPages.Head(leaf, "Consolidated Statements of Stockholders’ Equity", "(in thousands, except per share data)");
        Column[] columns =
        [
            new("Shares", 44, false), new("Amount", 42), new("Additional\nPaid-In\nCapital", 58), new("Retained\nEarnings", 56),
            new("Treasury\nStock", 62), new("Accumulated\nOther\nComprehensive\nLoss", 68), new("Total\nStockholders’\nEquity", 62),
        ];
        List<Row> rows = [BalanceRow("Balance at December 31, 2022", 2022, first: true)];
        foreach (int year in new[] { 2023, 2024, 2025 })
        {
            rows.AddRange(Movements(year));
            rows.Add(BalanceRow($"Balance at December 31, {year}", year, first: false));
        }

        leaf.Set(new Table(columns, rows) { Spans = [new Span("Common Stock", 0, 1)] }, outdent: 22);
        leaf.Space(8);
        leaf.Note("Shares are those outstanding. Repurchased shares are held in treasury; the par value of issued shares is unchanged by repurchases.");
    }

    private static Row[] Movements(int year)
    {
        int index = 2025 - year;
        decimal dividend = Income.DividendsPerShare[index];
        return
        [
            Line(Income.Net[index] < 0 ? "Net loss" : "Net income", 0, 0, 0, Income.Net[index], 0, 0),
            Line("Other comprehensive income (loss)", 0, 0, 0, 0, 0, Income.OtherComprehensive[index]),
            Line($"Dividends declared (${Amounts.PerShare(dividend)} per share)", 0, 0, 0, -Equity.Dividends[index], 0, 0),
            Line("Repurchases of common stock", -Equity.SharesRepurchased[index], 0, 0, 0, -Equity.Repurchases[index], 0),
            Line("Shares issued under employee plans", Equity.SharesIssued[index], Equity.IssuedPar[index], Equity.Issued[index] - Equity.IssuedPar[index], 0, 0, 0),
            Line("Shares withheld for taxes", 0, 0, -Equity.Withheld[index], 0, 0, 0),
            Line("Stock-based compensation", 0, 0, Equity.Compensation[index], 0, 0, 0),
        ];
    }

    private static Row Line(string label, decimal shares, params decimal[] amounts) =>
        new(label, Amounts.All(new Figures([shares, .. amounts, amounts.Sum()]))) { Indent = 1 };

    private static Row BalanceRow(string label, int year, bool first)
    {
        Figures figures = new(
            Equity.Shares(year), Equity.CommonStock(year), Equity.PaidIn(year), Equity.Retained(year),
            Equity.Treasury(year), Equity.Accumulated(year), Equity.Total(year));
        Marks marks = Marks.Strong | (first ? Marks.Dollar : Marks.RuleAbove)
            | (year == 2025 ? Marks.Dollar | Marks.DoubleRuleBelow : Marks.None);
        return new Row(label, Amounts.All(figures)) { Marks = marks };
    }
}
