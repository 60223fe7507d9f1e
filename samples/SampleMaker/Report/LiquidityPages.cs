using Advisor.Samples.Books;
using Advisor.Samples.Typesetting;

namespace Advisor.Samples.Report;

internal static class LiquidityPages
{
    public static void Liquidity(Leaf leaf)
    {
        leaf.Heading("Liquidity and capital resources");
        leaf.Text($"At December 31, 2025 we had {Amounts.Millions(Balance.Cash[0])} of cash and cash equivalents, of which $29.7 million was held outside the United States, and {Amounts.Millions(150_000 - Notes.Revolver[0])} undrawn under the "
            + $"revolving credit facility of $150.0 million. The covenant limited what we could draw of that to about $10.8 million. Working capital was {Amounts.Millions(Balance.CurrentAssets[0] - Balance.CurrentLiabilities[0])}, compared with "
            + $"{Amounts.Millions(Balance.CurrentAssets[1] - Balance.CurrentLiabilities[1])} a year earlier.");
        leaf.Set(Grids.ThreeYears(
            Rows.Head("Summary of cash flows (in thousands)"),
            Rows.First("Net cash provided by operating activities", CashFlow.Operating),
            Rows.Item("Net cash used in investing activities", CashFlow.Investing),
            Rows.Item("Net cash used in financing activities", CashFlow.Financing),
            Rows.Item("Effect of exchange rate changes on cash", CashFlow.Exchange),
            Rows.Grand("Net decrease in cash and cash equivalents", CashFlow.Change)));
        leaf.Text("Operating activities.", $"Receivables absorbed {Amounts.Millions(CashFlow.Receivables[0])} because of longer terms and late payments by two distributors; inventories absorbed {Amounts.Millions(CashFlow.Inventories[0])}. "
            + $"We paid suppliers later, which released {Amounts.Millions(CashFlow.Payables[0])} and cannot be repeated.");
        leaf.Text("Investing activities.", $"Capital expenditures were {Amounts.Millions(CashFlow.CapitalExpenditures[0])}, mostly for the N-Series production line and the new laboratories. We expect $22 million to $25 million in 2026.");
        leaf.Text("Financing activities.", $"We borrowed a net {Amounts.Millions(CashFlow.Borrowings[0] + CashFlow.Repayments[0])} under the revolving credit facility, repaid {Amounts.Millions(CashFlow.TermLoan[0])} of the term loan, paid dividends of "
            + $"{Amounts.Millions(Equity.Dividends[0])} and repurchased shares for {Amounts.Millions(Equity.Repurchases[0])}.");
        leaf.Text("Covenants.", $"The credit agreement limits the ratio of total debt to adjusted EBITDA to 4.25. It was {Ebitda.Leverage(0)} at December 31, 2025, {Ebitda.Leverage(1)} at December 31, 2024 and {Ebitda.Leverage(2)} at December 31, 2023. "
            + "On February 18, 2026 the lenders agreed to a limit of 5.00 until December 31, 2026, 4.75 until June 30, 2027, and 4.25 thereafter. Under our current plan we would comply throughout. If net revenue of 2026 fell a further 8% and nothing else were done, we would not.");
        leaf.Heading("Contractual obligations");
        Column[] columns = Grids.Columns(65, "Total", "2026", "2027 and\n2028", "2029 and\n2030", "Thereafter");
        Figures total = Figures.Sum(Notes.DebtObligations, Notes.InterestObligations, Notes.LeaseObligations, Notes.PurchaseObligations);
        leaf.Set(new Table(columns,
        [
            Rows.First("Debt, principal", Notes.DebtObligations, 0),
            Rows.Item("Interest on debt", Notes.InterestObligations, 0),
            Rows.Item("Operating leases", Notes.LeaseObligations, 0),
            Rows.Item("Purchase commitments", Notes.PurchaseObligations, 0),
            Rows.Grand("Total", total),
        ])
        { Spans = [new Span("Payments due in", 1, 4)], Stub = "(in thousands)" });
        leaf.Note("Interest on floating-rate debt is estimated at the rates of December 31, 2025, after the effect of interest rate swaps. Liabilities for uncertain tax positions of $3.2 million are not included, as we cannot tell when they will be settled.");
    }

    public static void Estimates(Leaf leaf)
    {
        leaf.Heading("Critical accounting estimates");
        leaf.Text("Inventories.", "We reduce the carrying amount of inventories by the cost of items that we do not expect to use or sell within 24 months, judged by forecast demand. The reserve was "
            + $"{Amounts.Millions(Notes.ObsolescenceReserve[0])} at December 31, 2025. If forecast demand were 10% lower, it would be about $4.6 million higher.");
        leaf.Text("Goodwill.", "We test goodwill on October 1 of each year and whenever events call for it. The decline in orders from European chemical companies led to a test of Process Instrumentation at December 31, 2025. "
            + "We estimated its fair value by discounting expected cash flows at 11.5%, with revenue growing 1% to 4% a year and a terminal growth rate of 2.5%, and by comparison with similar public companies. An increase of "
            + "half a percentage point in the discount rate would have increased the impairment by about $9.8 million.");
        leaf.Text("Income taxes.", $"We have a valuation allowance of {Amounts.Millions(Notes.TaxAllowance[0])} against deferred tax assets, mostly foreign losses. Should our domestic operations continue to lose money, a valuation allowance against some or "
            + $"all of the remaining {Amounts.Millions(Balance.DeferredTaxAssets[0])} of deferred tax assets may be needed.");
        leaf.Text("Credit losses.", $"The allowance for credit losses was {Amounts.Millions(Balance.Allowance[0])}, or {Amounts.Share(Balance.Allowance[0], Balance.Receivables[0] + Balance.Allowance[0])} of gross receivables, and reflects the age of what distributors owe us and what we know of their "
            + $"condition. Amounts more than 90 days overdue were $11.9 million, compared with $4.1 million a year earlier.");
        leaf.Heading("New accounting standards");
        leaf.Text("We adopted ASU 2023-09, Improvements to Income Tax Disclosures, in 2025. We will adopt ASU 2024-03, Disaggregation of Income Statement Expenses, in our annual report for 2027, and expect it to lengthen our disclosures but not to change our results.");
        leaf.Title("Item 7A. Disclosures about market risk");
        leaf.Text("Interest rates.", $"The term loan and the revolving credit facility bear interest at floating rates. Swaps fix the rate on $120.0 million of the term loan until March 2028. An increase of one percentage point would have raised interest expense of the "
            + $"remaining {Amounts.Millions(Notes.TermLoan[0] + Notes.Revolver[0] - 120_000)} by $1.2 million a year.");
        leaf.Text("Foreign currencies.", "Our foreign subsidiaries buy and sell mostly in their own currencies. A strengthening of the dollar by 10% against all of them would have reduced net revenue of 2025 by about $26 million and operating income by about $4 million. "
            + "We hedge part of the balances between our companies with forward contracts of one month; their notional amount was $41.5 million at December 31, 2025, and their fair value was not material.");
        leaf.Text("Commodities.", "We buy copper, gold and rare-earth magnets, directly or in components. We do not hedge their prices.");
        leaf.Title("Item 8. Financial statements and supplementary data");
        leaf.Text("The report of our independent registered public accounting firm, our consolidated financial statements and the notes to them follow on pages 13 to 25.");
    }
}
