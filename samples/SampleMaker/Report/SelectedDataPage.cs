using Advisor.Samples.Books;
using Advisor.Samples.Typesetting;

namespace Advisor.Samples.Report;

internal static class SelectedDataPage
{
    public static void Fill(Leaf leaf)
    {
        leaf.Title("Items 5 and 6");
        leaf.Heading("Item 5. Market for our common stock");
        leaf.Text("Our common stock trades under the symbol NWIX. On February 20, 2026 there were 1,318 holders of record. We paid quarterly dividends of $0.13 per share in 2025 and 2024, and of "
            + "$0.12 per share in 2023. The amended credit agreement allows dividends at the present rate as long as our leverage ratio does not exceed 4.75.");
        leaf.Text($"We repurchased 1,600 thousand shares for {Amounts.Millions(Equity.Repurchases[0])} in 2025, all of them before the end of September, 268 thousand shares for {Amounts.Millions(Equity.Repurchases[1])} in 2024 and 1,560 "
            + $"thousand shares for {Amounts.Millions(Equity.Repurchases[2])} in 2023. Dividends and repurchases together were {Amounts.Millions(Equity.Dividends[0] + Equity.Repurchases[0])} in 2025, and exceeded cash provided by operating "
            + $"activities less capital expenditures by {Amounts.Millions(Equity.Dividends[0] + Equity.Repurchases[0] - CashFlow.Operating[0] - CashFlow.CapitalExpenditures[0])}.");
        Column[] quarter = [new("Total shares\npurchased", 84, false), new("Average price\nper share", 84), new("Remaining\nauthorization", 90)];
        leaf.Subheading("Issuer purchases in the fourth quarter of 2025 (shares in thousands)");
        leaf.Set(new Table(quarter,
        [
            new Row("October 1 to October 31", ["—", "—", "41,838"]) { Marks = Marks.Dollar },
            new Row("November 1 to November 30", ["—", "—", "41,838"]),
            new Row("December 1 to December 31", ["—", "—", "41,838"]),
        ]));
        leaf.Heading("Item 6. Selected financial data");
        leaf.Text("(in thousands, except per share data)").Space(-4);
        Column[] columns = Grids.Columns(58, "2025", "2024", "2023", "2022", "2021");
        leaf.Set(new Table(columns,
        [
            Rows.Head("Operations"),
            Rows.First("Net revenue", FiveYears.Revenue),
            Rows.Item("Gross profit", FiveYears.GrossProfit),
            Rows.Item("Operating income", FiveYears.OperatingIncome),
            Rows.Item("Net income (loss)", FiveYears.Net),
            Rows.PerShare("Diluted earnings (loss) per share", FiveYears.DilutedPerShare),
            Rows.PerShare("Dividends declared per share", FiveYears.DividendsPerShare),
            Rows.Head("Cash flows", 4),
            Rows.First("Net cash provided by operating activities", FiveYears.OperatingCashFlow),
            Rows.Item("Capital expenditures", FiveYears.CapitalExpenditures),
            Rows.Head("Financial position at December 31", 4),
            Rows.First("Cash and cash equivalents", FiveYears.Cash),
            Rows.Item("Total assets", FiveYears.Assets),
            Rows.Item("Long-term debt, less current portion", FiveYears.LongTermDebt),
            Rows.Item("Total stockholders’ equity", FiveYears.StockholdersEquity),
        ])
        { Spans = [new Span("Year Ended December 31,", 0, 4)] });
        leaf.Note("The net loss of 2025 includes a goodwill impairment of $14.2 million, which has no tax effect, and restructuring charges of $11.9 million before taxes.");
        leaf.Note("The acquisition of Sable Ridge Calibration in May 2023 is included from that date.");
    }
}
