using Advisor.Samples.Books;
using Advisor.Samples.Typesetting;

namespace Advisor.Samples.Report;

internal static class AssetNotes
{
    public static void InventoriesAndProperty(Leaf leaf)
    {
        leaf.Heading("Note 3. Inventories");
        leaf.Text("Inventories consisted of the following:").Space(-4);
        leaf.Set(Grids.TwoYearEnds(
            Rows.First("Raw materials and purchased components", Notes.RawMaterials, 0),
            Rows.Item("Work in process", Notes.WorkInProcess, 0),
            Rows.Item("Finished goods, including demonstration equipment and instruments held by distributors on consignment", Notes.FinishedGoods, 0),
            Rows.Item("Reserve for excess and obsolete inventories", Notes.ObsolescenceReserve, 0),
            Rows.Grand("Total inventories", Notes.PrintedInventories)));
        leaf.Text($"Write-downs of {Amounts.Millions(CashFlow.WriteDowns[0])}, {Amounts.Millions(CashFlow.WriteDowns[1])} and {Amounts.Millions(CashFlow.WriteDowns[2])} were charged to cost of products in 2025, 2024 and 2023. Those of 2025 concern mainly M-Series "
            + "oscilloscopes, which the N-Series replaces, and components ordered for them.");
        leaf.Heading("Note 4. Property, plant and equipment");
        leaf.Text("The cost of property, plant and equipment and accumulated depreciation changed as follows in 2025:").Space(-4);
        Column[] columns =
        [
            new("January 1,\n2025", 60), new("Additions", 56), new("Transfers", 56), new("Disposals", 56), new("Exchange\ndifferences", 60), new("December 31,\n2025", 64),
        ];
        leaf.Set(new Table(columns,
        [
            Roll("Land and improvements", Notes.Land, Marks.Dollar),
            Roll("Buildings", Notes.Buildings, Marks.None),
            Roll("Machinery and equipment", Notes.Machinery, Marks.None),
            Roll("Computer equipment and software", Notes.Computers, Marks.None),
            Roll("Construction in progress", Notes.Construction, Marks.None),
            Roll("Total cost", Notes.PropertyCost, Marks.RuleAbove),
            Roll("Accumulated depreciation", Notes.PropertyDepreciation, Marks.None),
            Roll("Net", Notes.PropertyCost + Notes.PropertyDepreciation, Marks.RuleAbove | Marks.Dollar | Marks.DoubleRuleBelow | Marks.Strong),
        ]));
        leaf.Note("Additions to accumulated depreciation are the depreciation expense of the year.");
        leaf.Text("Balances by class were:").Space(-4);
        leaf.Set(Grids.TwoYearEnds(
            Rows.First("Land and improvements", Ends(Notes.Land), 0),
            Rows.Item("Buildings", Ends(Notes.Buildings), 0),
            Rows.Item("Machinery and equipment", Ends(Notes.Machinery), 0),
            Rows.Item("Computer equipment and software", Ends(Notes.Computers), 0),
            Rows.Item("Construction in progress", Ends(Notes.Construction), 0),
            Rows.Sum("Total, at cost", Ends(Notes.PropertyCost)),
            Rows.Item("Less accumulated depreciation", Ends(Notes.PropertyDepreciation), 0),
            Rows.Grand("Property, plant and equipment, net", Balance.Property)));
        leaf.Text($"Depreciation expense was {Amounts.Millions(CashFlow.Depreciation[0])}, {Amounts.Millions(CashFlow.Depreciation[1])} and {Amounts.Millions(CashFlow.Depreciation[2])} in 2025, 2024 and 2023. Construction in progress at December 31, 2025 consists mainly of test stations for the N-Series "
            + "production line in Limerick, which is expected to be completed in the second quarter of 2026.");
    }

    public static void Goodwill(Leaf leaf)
    {
        leaf.Heading("Note 5. Goodwill and intangible assets");
        leaf.Text("The carrying amount of goodwill changed as follows:").Space(-4);
        Column[] segments = [new("Test and\nMeasurement", 74), new("Process\nInstrumentation", 80), new("Calibration\nand Services", 76), new("Total", 70)];
        leaf.Set(new Table(segments,
        [
            Rows.First("Balance at December 31, 2023", WithTotal(Notes.GoodwillOpening), 0),
            Rows.Item("Exchange differences", WithTotal(Notes.GoodwillExchangePrior)),
            Rows.Sum("Balance at December 31, 2024", WithTotal(Notes.GoodwillPrior)),
            Rows.Item("Impairment", WithTotal(Notes.GoodwillImpairment)),
            Rows.Item("Exchange differences", WithTotal(Notes.GoodwillExchange)),
            Rows.Grand("Balance at December 31, 2025", WithTotal(Notes.GoodwillClosing)),
        ])
        { LineHeight = 11.6 });
        leaf.Text($"In the fourth quarter of 2025 orders of Process Instrumentation from European chemical companies fell below the level that the Company had assumed in October. It tested the goodwill of that reporting unit at December 31, 2025, and recognized an impairment of "
            + $"{Amounts.Millions(Income.Impairment[0])}, the amount by which carrying amount exceeded fair value. Fair value was determined from discounted cash flows and from multiples of comparable companies (level 3), at a discount rate of 11.5%.");
        leaf.Text("Intangible assets consisted of the following:").Space(-4);
        Column[] columns = Grids.Columns(62, "Gross", "Accumulated\namortization", "Net", "Gross", "Accumulated\namortization", "Net");
        leaf.Set(new Table(columns,
        [
            Rows.First("Customer relationships", WithNet(Notes.Customers), 0),
            Rows.Item("Developed technology", WithNet(Notes.Technology), 0),
            Rows.Item("Trade names", WithNet(Notes.TradeNames), 0),
            Rows.Grand("Total", WithNet(Figures.Sum(Notes.Customers, Notes.Technology, Notes.TradeNames))),
        ])
        { Spans = [new Span("December 31, 2025", 0, 2), new Span("December 31, 2024", 3, 5)] });
        leaf.Text("Amortization expected in the coming years is:").Space(-4);
        leaf.Set(AcrossYears("Amortization", Notes.FutureAmortization));
        leaf.Heading("Note 6. Accrued and other current liabilities");
        leaf.Set(Grids.TwoYearEnds(
            Rows.First("Product warranty", Notes.Warranty, 0),
            Rows.Item("Restructuring", Notes.RestructuringLiability, 0),
            Rows.Item("Income taxes payable", Notes.TaxesPayable, 0),
            Rows.Item("Customer rebates and returns", Notes.Rebates, 0),
            Rows.Item("Interest", Notes.AccruedInterest, 0),
            Rows.Item("Other", Notes.OtherAccruals, 0),
            Rows.Grand("Total accrued and other current liabilities", Balance.AccruedOther)) with { LineHeight = 11.6 });
        leaf.Text("The liability for product warranty changed as follows:").Space(-4);
        leaf.Set(new Table(Grids.Columns(76, "2025", "2024"),
        [
            Rows.First("Balance at beginning of year", Notes.WarrantyOpening, 0),
            Rows.Item("Accruals for warranties issued", Notes.WarrantyAccruals),
            Rows.Item("Settlements", Notes.WarrantySettlements),
            Rows.Item("Exchange differences", Notes.WarrantyExchange),
            Rows.Grand("Balance at end of year", Notes.Warranty),
        ])
        { LineHeight = 11.6 });
    }

    internal static Table AcrossYears(string label, Figures years) =>
        new(Grids.Columns(57, "2026", "2027", "2028", "2029", "2030", "Thereafter", "Total"), [Rows.First(label, WithTotal(years), 0)]);

    internal static Table ByYear(Figures years, string total) => new(Grids.Columns(84, "Amount"),
    [
        Rows.First("2026", new Figures(years[0]), 0),
        Rows.Item("2027", new Figures(years[1]), 0),
        Rows.Item("2028", new Figures(years[2]), 0),
        Rows.Item("2029", new Figures(years[3]), 0),
        Rows.Item("2030", new Figures(years[4]), 0),
        Rows.Item("Thereafter", new Figures(years[5]), 0),
        Rows.Grand(total, new Figures(years.Total())),
    ])
    { Stub = "Year ending December 31," };

    private static Row Roll(string label, Figures movements, Marks marks) =>
        new(label, Amounts.All(new Figures([.. movements.Values, movements.Total()]))) { Marks = marks };

    private static Figures Ends(Figures movements) => new(movements.Total(), movements[0]);

    private static Figures WithTotal(Figures figures) => new([.. figures.Values, figures.Total()]);

    private static Figures WithNet(Figures pairs) =>
        new(pairs[0], pairs[1], pairs[0] + pairs[1], pairs[2], pairs[3], pairs[2] + pairs[3]);
}
