using Advisor.Samples.Books;
using Advisor.Samples.Typesetting;

namespace Advisor.Samples.Report;

internal static class TaxNote
{
    public static void Fill(Leaf leaf)
    {
        leaf.Heading("Note 9. Income taxes");
        leaf.Text("Income (loss) before income taxes and the provision (benefit) for income taxes consisted of:").Space(-4);
        Figures current = Figures.Sum(Notes.CurrentFederal, Notes.CurrentState, Notes.CurrentForeign);
        Figures deferred = Figures.Sum(Notes.DeferredFederal, Notes.DeferredState, Notes.DeferredForeign);
        leaf.Set(Grids.ThreeYears(
            Rows.First("Domestic", Notes.DomesticPretax, 0),
            Rows.Item("Foreign", Notes.ForeignPretax, 0),
            Rows.Grand("Income (loss) before income taxes", Income.Pretax),
            Rows.Head("Current:", 3),
            Rows.First("Federal", Notes.CurrentFederal),
            Rows.Item("State", Notes.CurrentState),
            Rows.Item("Foreign", Notes.CurrentForeign),
            Rows.Sum("Total current", current, 2),
            Rows.Head("Deferred:"),
            Rows.Item("Federal", Notes.DeferredFederal),
            Rows.Item("State", Notes.DeferredState),
            Rows.Item("Foreign", Notes.DeferredForeign),
            Rows.Sum("Total deferred", deferred, 2),
            Rows.Grand("Provision (benefit) for income taxes", Income.Tax)) with { LineHeight = 11.2 });
        leaf.Text("The provision differs from the amount at the federal statutory rate of 21% as follows:").Space(-4);
        leaf.Set(Grids.ThreeYears(
            Rows.First("Tax at the federal statutory rate", Notes.Statutory, 0),
            Rows.Item("State taxes, net of federal benefit", Notes.StateTaxes, 0),
            Rows.Item("Foreign earnings taxed at other rates", Notes.ForeignRates, 0),
            Rows.Item("Impairment of goodwill that cannot be deducted", Notes.GoodwillEffect, 0),
            Rows.Item("Research and development credits", Notes.ResearchCredits, 0),
            Rows.Item("Stock-based compensation", Notes.AwardEffect, 0),
            Rows.Item("Change in valuation allowance", Notes.AllowanceEffect, 0),
            Rows.Item("Other", Notes.OtherTax, 0),
            Rows.Grand("Provision (benefit) for income taxes", Income.Tax)) with { LineHeight = 11.2 });
        leaf.Text("Deferred tax assets and liabilities consisted of:").Space(-4);
        leaf.Set(Grids.TwoYearEnds(
            Rows.First("Inventories", Notes.TaxInventories, 0),
            Rows.Item("Accrued liabilities and warranty", Notes.TaxAccruals, 0),
            Rows.Item("Stock-based compensation", Notes.TaxAwards, 0),
            Rows.Item("Operating lease liabilities", Notes.TaxLeases, 0),
            Rows.Item("Net operating losses and tax credits", Notes.TaxLosses, 0),
            Rows.Item("Capitalized research and development", Notes.TaxResearch, 0),
            Rows.Item("Interest rate swaps", Notes.TaxHedges, 0),
            Rows.Sum("Gross deferred tax assets", Notes.GrossTaxAssets),
            Rows.Item("Valuation allowance", Notes.TaxAllowance, 0),
            Rows.Sum("Deferred tax assets, net of valuation allowance", Notes.GrossTaxAssets + Notes.TaxAllowance),
            Rows.Item("Property, plant and equipment", Notes.TaxProperty, 0),
            Rows.Item("Goodwill and intangible assets", Notes.TaxIntangibles, 0),
            Rows.Item("Right-of-use assets", Notes.TaxLeaseAssets, 0),
            Rows.Sum("Deferred tax liabilities", Notes.TaxLiabilities),
            Rows.Grand("Net deferred tax assets (liabilities)", Balance.DeferredTaxAssets - Balance.DeferredTaxLiabilities)) with { LineHeight = 11.2 });
    }
}
