using Advisor.Samples.Books;
using Advisor.Samples.Typesetting;

namespace Advisor.Samples.Report;

internal static class StatementPages
{
    public static void Income(Leaf leaf)
    {
        Head(leaf, "Consolidated Statements of Income", "(in thousands, except per share data)");
        leaf.Set(Grids.ThreeYears(
            Rows.Head("Net revenue:"),
            Rows.First("Products", Books.Income.ProductRevenue),
            Rows.Item("Services", Books.Income.ServiceRevenue),
            Rows.Sum("Total net revenue", Books.Income.Revenue, 2),
            Rows.Head("Cost of revenue:"),
            Rows.Item("Cost of products", Books.Income.ProductCost),
            Rows.Item("Cost of services", Books.Income.ServiceCost),
            Rows.Sum("Total cost of revenue", Books.Income.CostOfRevenue, 2),
            Rows.Sum("Gross profit", Books.Income.GrossProfit),
            Rows.Head("Operating expenses:"),
            Rows.Item("Selling, general and administrative", Books.Income.Selling),
            Rows.Item("Research and development", Books.Income.Research),
            Rows.Item("Amortization of intangible assets", Books.Income.Amortization),
            Rows.Item("Restructuring charges", Books.Income.Restructuring),
            Rows.Item("Impairment of goodwill", Books.Income.Impairment),
            Rows.Sum("Total operating expenses", Books.Income.OperatingExpenses, 2),
            Rows.Sum("Operating income", Books.Income.OperatingIncome),
            Rows.Item("Interest expense", -Books.Income.Interest),
            Rows.Item("Other income (expense), net", Books.Income.Other),
            Rows.Sum("Income (loss) before income taxes", Books.Income.Pretax, 0),
            Rows.Item("Provision (benefit) for income taxes", Books.Income.Tax),
            Rows.Grand("Net income (loss)", Books.Income.Net),
            Rows.Head("Earnings (loss) per share:", 5),
            Rows.PerShare("Basic", Books.Income.BasicPerShare),
            Rows.PerShare("Diluted", Books.Income.DilutedPerShare),
            Rows.Head("Weighted average shares outstanding:"),
            Rows.Item("Basic", Books.Income.BasicShares),
            Rows.Item("Diluted", Books.Income.DilutedShares)));
        leaf.Space(14);
        Head(leaf, "Consolidated Statements of Comprehensive Income", "(in thousands)");
        leaf.Set(Grids.ThreeYears(
            Rows.First("Net income (loss)", Books.Income.Net, 0),
            Rows.Head("Other comprehensive income (loss):"),
            Rows.Item("Foreign currency translation adjustments", Books.Income.Translation),
            Rows.Item("Change in fair value of interest rate swaps designated as cash flow hedges, net of tax of $541, $298 and $232", Books.Income.Hedges),
            Rows.Sum("Total other comprehensive income (loss)", Books.Income.OtherComprehensive, 2),
            Rows.Grand("Comprehensive income (loss)", Books.Income.Comprehensive)));
    }

    public static void BalanceSheet(Leaf leaf)
    {
        Head(leaf, "Consolidated Balance Sheets", "(in thousands, except per share data)");
        leaf.Set(Grids.TwoYearEnds(
            Rows.Head("Assets"),
            Rows.Head("Current assets:"),
            Rows.First("Cash and cash equivalents", Balance.Cash),
            Rows.Item("Accounts receivable, net of allowance for credit losses of $4,312 and $2,986", Balance.Receivables),
            Rows.Item("Inventories", Balance.Inventories),
            Rows.Item("Prepaid expenses and other current assets", Balance.Prepaid),
            Rows.Sum("Total current assets", Balance.CurrentAssets, 2),
            Rows.Item("Property, plant and equipment, net", Balance.Property, 0),
            Rows.Item("Operating lease right-of-use assets", Balance.LeaseAssets, 0),
            Rows.Item("Goodwill", Balance.Goodwill, 0),
            Rows.Item("Intangible assets, net", Balance.Intangibles, 0),
            Rows.Item("Deferred income taxes", Balance.DeferredTaxAssets, 0),
            Rows.Item("Other assets", Balance.OtherAssets, 0),
            Rows.Grand("Total assets", Balance.Assets),
            Rows.Head("Liabilities and stockholders’ equity", 8),
            Rows.Head("Current liabilities:"),
            Rows.First("Current portion of long-term debt", Balance.CurrentDebt),
            Rows.Item("Accounts payable", Balance.Payables),
            Rows.Item("Accrued compensation and benefits", Balance.AccruedCompensation),
            Rows.Item("Accrued and other current liabilities", Balance.AccruedOther),
            Rows.Item("Contract liabilities", Balance.ContractLiabilities),
            Rows.Item("Current portion of operating lease liabilities", Balance.CurrentLeases),
            Rows.Sum("Total current liabilities", Balance.CurrentLiabilities, 2),
            Rows.Item("Long-term debt, less current portion", Balance.LongTermDebt, 0),
            Rows.Item("Operating lease liabilities, less current portion", Balance.LongTermLeases, 0),
            Rows.Item("Deferred income taxes", Balance.DeferredTaxLiabilities, 0),
            Rows.Item("Other long-term liabilities", Balance.OtherLiabilities, 0),
            Rows.Sum("Total liabilities", Balance.Liabilities, 2),
            Rows.Head("Commitments and contingencies (Note 13)"),
            Rows.Head("Stockholders’ equity:"),
            Rows.Item("Common stock, $0.01 par value; 120,000 shares authorized; 37,020 and 38,032 shares outstanding at December 31, 2025 and 2024, respectively", Balance.CommonStock),
            Rows.Item("Additional paid-in capital", Balance.PaidIn),
            Rows.Item("Retained earnings", Balance.Retained),
            Rows.Item("Treasury stock, at cost", Balance.Treasury),
            Rows.Item("Accumulated other comprehensive loss", Balance.Accumulated),
            Rows.Sum("Total stockholders’ equity", Balance.StockholdersEquity, 2),
            Rows.Grand("Total liabilities and stockholders’ equity", Balance.LiabilitiesAndEquity)));
    }

    public static void CashFlows(Leaf leaf)
    {
        Head(leaf, "Consolidated Statements of Cash Flows", "(in thousands)");
        leaf.Set(Grids.ThreeYears(CashFlowRows.All()) with { LineHeight = 11.6 });
    }

    internal static void Head(Leaf leaf, string name, string units)
    {
        leaf.Centred(Company.Name, Face.Subheading, Ink.Text, 12);
        leaf.Centred(name, Face.Heading, Ink.Heading, 15);
        leaf.Centred(units, Face.SmallItalic, Ink.Text, 12).Space(2);
    }
}
