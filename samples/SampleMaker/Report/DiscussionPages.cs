using Advisor.Samples.Books;
using Advisor.Samples.Typesetting;

namespace Advisor.Samples.Report;

internal static class DiscussionPages
{
    public static void Overview(Leaf leaf)
    {
        leaf.Title("Item 7. Management’s discussion and analysis");
        leaf.Heading("Overview");
        leaf.Text($"Net revenue decreased by {Amounts.Millions(Income.Revenue[1] - Income.Revenue[0])}, or {Amounts.Change(Income.Revenue[0], Income.Revenue[1])}, in 2025. Gross margin decreased to "
            + $"{Amounts.Share(Income.GrossProfit[0], Income.Revenue[0])} from {Amounts.Share(Income.GrossProfit[1], Income.Revenue[1])}, since fixed manufacturing costs were spread over fewer units, tariffs raised material costs, and we "
            + "wrote down more inventory. With the impairment of goodwill and the restructuring charges, operating income was "
            + $"{Amounts.Millions(Income.OperatingIncome[0])}, compared with {Amounts.Millions(Income.OperatingIncome[1])} in 2024.");
        leaf.Text($"Working capital absorbed cash. Net cash provided by operating activities was {Amounts.Millions(CashFlow.Operating[0])}, compared with {Amounts.Millions(CashFlow.Operating[1])} in 2024, and did not cover capital "
            + $"expenditures of {Amounts.Millions(CashFlow.CapitalExpenditures[0])}.");
        leaf.Heading("Results of operations");
        leaf.Set(Changes());
        leaf.Heading("Quarterly results (unaudited)");
        leaf.Text("The table gives the quarters of 2025, in thousands. The net loss of the fourth quarter includes the impairment of goodwill.").Space(-3);
        Column[] columns = Grids.Columns(64, "March 31", "June 30", "September 30", "December 31", "Year");
        leaf.Set(new Table(columns,
        [
            Rows.First("Net revenue", Chronological(Segments.QuarterRevenue), 0),
            Rows.Item("Gross profit", Chronological(Segments.QuarterGrossProfit), 0),
            Rows.Item("Net income (loss)", Chronological(Segments.QuarterNet), 0),
        ])
        { Spans = [new Span("Quarter Ended 2025", 0, 3)] });
    }

    public static void Results(Leaf leaf)
    {
        leaf.Text("Net revenue.", $"Product revenue decreased {Amounts.Change(Income.ProductRevenue[0], Income.ProductRevenue[1])}: volume took away about 11 points and price added about half a point. Service revenue increased "
            + $"{Amounts.Change(Income.ServiceRevenue[0], Income.ServiceRevenue[1])}. Revenue from Asia Pacific decreased {Amounts.Change(Segments.AsiaPacific[0], Segments.AsiaPacific[1])}, mostly in China and Taiwan, and revenue from Europe, the Middle East and Africa "
            + $"{Amounts.Change(Segments.Europe[0], Segments.Europe[1])}.");
        leaf.Text("Gross profit.", $"Gross profit decreased {Amounts.Change(Income.GrossProfit[0], Income.GrossProfit[1])}. Cost of services grew faster than service revenue, since we moved eleven technicians to new laboratories in Austin and Hyderabad "
            + "before those had reached their planned volume.");
        leaf.Text("Operating expenses.", $"Selling, general and administrative expenses decreased {Amounts.Change(Income.Selling[0], Income.Selling[1])}, because of lower incentive compensation and the reduction in force, in part offset by legal fees. "
            + $"Research and development decreased {Amounts.Change(Income.Research[0], Income.Research[1])}, since the N-Series program left its most expensive phase.");
        leaf.Text("Interest and other.", $"Interest expense increased {Amounts.Change(Income.Interest[0], Income.Interest[1])} on higher borrowings under the revolving credit facility. Other expense of {Amounts.Millions(Income.Other[0])} consists of foreign currency losses, net of interest income.");
        leaf.Text("Income taxes.", $"We recorded a benefit of {Amounts.Millions(Income.Tax[0])} on a loss of {Amounts.Millions(Income.Pretax[0])}, an effective rate of {Amounts.Share(Income.Tax[0], Income.Pretax[0])}, compared with {Amounts.Share(Income.Tax[1], Income.Pretax[1])} in 2024. The impairment of goodwill cannot be deducted.");
        leaf.Heading("Segment results");
        leaf.Set(Grids.ThreeYears(
            Rows.Head("Segment operating income (in thousands)"),
            Rows.First("Test and Measurement", Segments.TestAndMeasurementIncome),
            Rows.Item("Process Instrumentation", Segments.ProcessIncome),
            Rows.Item("Calibration and Services", Segments.ServicesIncome),
            Rows.Sum("Total segment operating income", Segments.SegmentIncome),
            Rows.Item("Corporate and unallocated", Segments.Corporate),
            Rows.Item("Amortization of intangible assets", -Income.Amortization),
            Rows.Item("Restructuring charges", -Income.Restructuring),
            Rows.Item("Impairment of goodwill", -Income.Impairment),
            Rows.Grand("Operating income", Income.OperatingIncome)));
        leaf.Heading("Adjusted EBITDA");
        leaf.Text("Adjusted EBITDA is not a measure under generally accepted accounting principles. We report it because the leverage covenant of our credit agreement is defined by it.").Space(-3);
        leaf.Set(Grids.ThreeYears(
            Rows.First("Net income (loss)", Income.Net, 0),
            Rows.Item("Provision (benefit) for income taxes", Income.Tax),
            Rows.Item("Interest expense", Income.Interest),
            Rows.Item("Other expense (income), net", -Income.Other),
            Rows.Item("Depreciation and amortization", CashFlow.DepreciationAndAmortization),
            Rows.Item("Stock-based compensation", Equity.Compensation),
            Rows.Item("Restructuring charges", Income.Restructuring),
            Rows.Item("Impairment of goodwill", Income.Impairment),
            Rows.Grand("Adjusted EBITDA", Ebitda.Adjusted)));
    }

    private static Table Changes()
    {
        Column[] columns =
        [
            new("2025", 66), new("2024", 66), new("2023", 66), new("Amount", 66), new("Percent", 52, false),
        ];
        return new Table(columns,
        [
            Change("Net revenue", Income.Revenue) with { Marks = Marks.Dollar },
            Change("Cost of revenue", Income.CostOfRevenue),
            Change("Gross profit", Income.GrossProfit) with { Marks = Marks.RuleAbove },
            Change("Selling, general and administrative", Income.Selling),
            Change("Research and development", Income.Research),
            Change("Amortization of intangible assets", Income.Amortization),
            Change("Restructuring charges", Income.Restructuring),
            Change("Impairment of goodwill", Income.Impairment),
            Change("Operating income", Income.OperatingIncome) with { Marks = Marks.RuleAbove },
            Change("Interest expense", -Income.Interest),
            Change("Other income (expense), net", Income.Other),
            Change("Provision (benefit) for income taxes", Income.Tax),
            Change("Net income (loss)", Income.Net) with { Marks = Marks.RuleAbove | Marks.Dollar | Marks.DoubleRuleBelow | Marks.Strong },
        ])
        {
            Spans = [new Span("Year Ended December 31,", 0, 2), new Span("2025 over 2024", 3, 4)],
            Stub = "(in thousands)",
        };
    }

    // A percentage is given only where it means something: both years of one sign, and the earlier not nil.
    private static Row Change(string label, Figures figures)
    {
        decimal change = figures[0] - figures[1];
        string percent = figures[0] * figures[1] > 0 ? Amounts.Percent(100 * change / Math.Abs(figures[1])) : "n/m";
        return new Row(label, [.. Amounts.All(figures), Amounts.Thousands(change), percent]);
    }

    private static Figures Chronological(Figures quarters) => new([.. quarters.Values.Reverse(), quarters.Total()]);
}
