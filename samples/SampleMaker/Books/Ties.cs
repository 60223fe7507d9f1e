namespace Advisor.Samples.Books;

/// <summary>Proves that the books tie everywhere but at the planted fault, so that a slip of ours is never mistaken for one.</summary>
internal static class Ties
{
    /// <exception cref="InvalidOperationException">A tie does not hold; the message names it and the difference.</exception>
    public static void Prove()
    {
        Statements();
        Movements();
        NotesToStatements();
        TaxNote();
        Same("planted inventories", Notes.PrintedInventories - Balance.Inventories, new Figures(360, 0));
    }

    private static void Statements()
    {
        Same("balance sheet", Balance.Assets, Balance.LiabilitiesAndEquity);
        Same("equity statement", Balance.StockholdersEquity, new Figures(Equity.Total(2025), Equity.Total(2024)));
        Same("cash", CashFlow.Closing.Take(2), Balance.Cash);
        Same("cash roll", CashFlow.Closing, FiveYears.Cash.Take(3));
        Same("geography", Segments.Geography, Income.Revenue);
        Same("segment income", Segments.SegmentIncome + Segments.Corporate - Income.Amortization - Income.Restructuring - Income.Impairment, Income.OperatingIncome);
        Same("quarters", Segments.QuarterRevenue.Total(), Income.Revenue[0]);
        Same("quarterly gross profit", Segments.QuarterGrossProfit.Total(), Income.GrossProfit[0]);
        Same("quarterly net income", Segments.QuarterNet.Total(), Income.Net[0]);
        Same("EBITDA", Ebitda.Adjusted, Figures.Sum(Income.OperatingIncome, CashFlow.DepreciationAndAmortization, Equity.Compensation, Income.Restructuring, Income.Impairment));
    }

    // Balance sheet changes of 2025, without the exchange differences that the statement of comprehensive income takes.
    private static void Movements()
    {
        Same("deferred tax", Change(Balance.DeferredTaxAssets) - Change(Balance.DeferredTaxLiabilities), -CashFlow.DeferredTaxes[0] + 541 - 95);
        Same("lease assets", Change(Balance.LeaseAssets), CashFlow.NewLeases[0] - CashFlow.LeaseExpense[0] + 236);
        Same("lease liabilities", Change(Balance.CurrentLeases + Balance.LongTermLeases), CashFlow.NewLeases[0] + CashFlow.LeasePayments[0] + 251);
        Same("debt", Change(Notes.Debt), CashFlow.Borrowings[0] + CashFlow.Repayments[0] + CashFlow.TermLoan[0] + CashFlow.DebtCosts[0]);
        Same("capital spending", Notes.PropertyCost[1], -CashFlow.CapitalExpenditures[0] + CashFlow.UnpaidCapital[0] - CashFlow.UnpaidCapital[1]);
        Same("disposals", -Notes.PropertyCost[3] - Notes.PropertyDepreciation[3], CashFlow.Proceeds[0] + CashFlow.DisposalLoss[0]);
        decimal exchange = 1_402 + 1_655 + 94 + 919 + 236 + 1_874 + 236 + CashFlow.Exchange[0] - (812 + 174 + 388 + 131 + 251 + 95 + 106);
        Same("translation", exchange, Income.Translation[0]);
    }

    private static void NotesToStatements()
    {
        Same("inventories", Figures.Sum(Notes.RawMaterials, Notes.WorkInProcess, Notes.FinishedGoods, Notes.ObsolescenceReserve), Balance.Inventories);
        Same("property", (Notes.PropertyCost + Notes.PropertyDepreciation).Total(), Balance.Property[0]);
        Same("opening property", Notes.PropertyCost[0] + Notes.PropertyDepreciation[0], Balance.Property[1]);
        Same("transfers", Notes.PropertyCost[2], 0);
        Same("depreciation", -Notes.PropertyDepreciation[1], CashFlow.Depreciation[0]);
        Same("goodwill", new Figures(Notes.GoodwillClosing.Total(), Notes.GoodwillPrior.Total()), Balance.Goodwill);
        Figures intangibles = Figures.Sum(Notes.Customers, Notes.Technology, Notes.TradeNames);
        Same("intangibles", new Figures(intangibles[0] + intangibles[1], intangibles[2] + intangibles[3]), Balance.Intangibles);
        Same("future amortization", Notes.FutureAmortization.Total(), Balance.Intangibles[0]);
        Same("accrued", Figures.Sum(Notes.Warranty, Notes.RestructuringLiability, Notes.TaxesPayable, Notes.Rebates, Notes.AccruedInterest, Notes.OtherAccruals), Balance.AccruedOther);
        Same("warranty", Figures.Sum(Notes.WarrantyOpening, Notes.WarrantyAccruals, Notes.WarrantySettlements, Notes.WarrantyExchange), Notes.Warranty);
        Figures restructuring = Notes.Severance + Notes.Facilities;
        Same("restructuring", new Figures(restructuring.Total(), restructuring[0]), Notes.RestructuringLiability);
        Same("restructuring charge", restructuring[1], Income.Restructuring[0]);
        Same("debt on the balance sheet", Notes.Debt, Balance.CurrentDebt + Balance.LongTermDebt);
        Same("maturities", Notes.Maturities.Total(), Notes.Principal[0]);
        Same("leases", Notes.LeaseMaturities.Total() + Notes.LeaseInterest[0], (Balance.CurrentLeases + Balance.LongTermLeases)[0]);
        Same("stock compensation", Figures.Sum(Notes.AwardCost, Notes.AwardSelling, Notes.AwardResearch), Equity.Compensation);
        Same("purchases", Notes.PurchasesByYear.Total(), Notes.PurchaseObligations[0]);
        foreach (Figures line in new[] { Notes.DebtObligations, Notes.InterestObligations, Notes.LeaseObligations, Notes.PurchaseObligations })
        {
            Same("obligations", line.Total() - line[0], line[0]);
        }
    }

    private static void TaxNote()
    {
        Same("pretax", Notes.DomesticPretax + Notes.ForeignPretax, Income.Pretax);
        Figures deferred = Figures.Sum(Notes.DeferredFederal, Notes.DeferredState, Notes.DeferredForeign);
        Same("deferred provision", deferred, CashFlow.DeferredTaxes);
        Same("provision", Figures.Sum(Notes.CurrentFederal, Notes.CurrentState, Notes.CurrentForeign, deferred), Income.Tax);
        Same("statutory", Income.Pretax.Select(x => Math.Round(x * 0.21m, MidpointRounding.AwayFromZero)), Notes.Statutory);
        Same("reconciliation", Figures.Sum(Notes.Statutory, Notes.StateTaxes, Notes.ForeignRates, Notes.GoodwillEffect, Notes.ResearchCredits, Notes.AwardEffect, Notes.AllowanceEffect, Notes.OtherTax), Income.Tax);
        Same("net deferred tax", Notes.GrossTaxAssets + Notes.TaxAllowance + Notes.TaxLiabilities, Balance.DeferredTaxAssets - Balance.DeferredTaxLiabilities);
    }

    private static decimal Change(Figures balance) => balance[0] - balance[1];

    private static void Same(string what, decimal actual, decimal expected) => Same(what, new Figures(actual), new Figures(expected));

    private static void Same(string what, Figures actual, Figures expected)
    {
        Figures difference = actual - expected;
        if (actual.Count != expected.Count || difference.Values.Any(x => x != 0))
        {
            throw new InvalidOperationException($"The books do not tie at {what}: {string.Join("; ", difference.Values)}");
        }
    }
}
