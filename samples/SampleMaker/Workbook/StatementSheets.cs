namespace Advisor.Samples.Workbook;

/// <summary>Income statement, balance sheet and cash flow, all formulas but for the one planted number.</summary>
internal static class StatementSheets
{
    /// <summary>The planted plug: a typed number among formulas that all say revenue times the rate of the assumptions.</summary>
    public const string PlugCell = "J17";
    private const double Plug = 4_315;

    public static Grid Income()
    {
        Grid grid = Layout.Quarterly("Income statement", "Income statement", flows: true);
        Layout.Flow(grid, 6, "Frozen meals", "Assumptions!{c}7*Assumptions!{c}11");
        Layout.Flow(grid, 7, "Sauces and soups", "Assumptions!{c}8*Assumptions!{c}12");
        Layout.Flow(grid, 8, "Snacks", "Assumptions!{c}9*Assumptions!{c}13");
        Layout.Flow(grid, 9, "Net revenue", "SUM({c}6:{c}8)", Look.Total);
        Layout.Flow(grid, 10, "Ingredients and packaging", "Assumptions!{c}7*Assumptions!{c}15+Assumptions!{c}8*Assumptions!{c}16+Assumptions!{c}9*Assumptions!{c}17");
        Layout.Flow(grid, 11, "Direct labor", "{c}9*Assumptions!{c}19");
        Layout.Flow(grid, 12, "Plant overhead", "Assumptions!{c}20");
        Layout.Flow(grid, 13, "Cost of revenue", "SUM({c}10:{c}12)", Look.Total);
        Layout.Flow(grid, 14, "Gross profit", "{c}9-{c}13", Look.Total);
        Ratio(grid, 15, "Gross margin", "{c}14/{c}9");
        grid.Text("A", 16, "Operating expenses", Look.Section);
        Layout.Flow(grid, 17, "Distribution and freight", "{c}9*Assumptions!{c}21");
        Layout.Flow(grid, 18, "Marketing and trade spending", "{c}9*Assumptions!{c}22");
        Layout.Flow(grid, 19, "General and administrative", "Assumptions!{c}23");
        Layout.Flow(grid, 20, "Total operating expenses", "SUM({c}17:{c}19)", Look.Total);
        Layout.Flow(grid, 21, "EBITDA", "{c}14-{c}20", Look.Total);
        Ratio(grid, 22, "EBITDA margin", "{c}21/{c}9");
        Layout.Label(grid, 23, "Depreciation", "USD thousands");
        Layout.Across(grid, 23, "'Balance sheet'!{p}10*Assumptions!{c}32", Format.Thousands, first: "Assumptions!C40*Assumptions!C32");
        Layout.SumYears(grid, 23, Format.Thousands);
        Layout.Flow(grid, 24, "Operating income", "{c}21-{c}23", Look.Total);
        Layout.Label(grid, 25, "Interest expense", "USD thousands");
        Layout.Across(
            grid, 25, "'Balance sheet'!{p}14*Assumptions!{c}24*Calendar!{c}2/Calendar!{c}3", Format.Thousands, first: "Assumptions!C42*Assumptions!C24*Calendar!C2/Calendar!C3");
        Layout.SumYears(grid, 25, Format.Thousands);
        Layout.Flow(grid, 26, "Income before taxes", "{c}24-{c}25", Look.Total);
        Layout.Flow(grid, 27, "Income taxes", "{c}26*Assumptions!{c}25");
        Layout.Flow(grid, 28, "Net income", "{c}26-{c}27", Look.Result);
        Ratio(grid, 29, "Net margin", "{c}28/{c}9");
        (int _, int row) = Reference.Parse(PlugCell);
        grid.Number(PlugCell[..1], row, Plug, Format.Thousands, Look.Plain);
        return grid;
    }

    public static Grid Balance()
    {
        Grid grid = Layout.Quarterly("Balance sheet", "Balance sheet", flows: false);
        Stock(grid, 6, "Cash", "'Cash flow'!{c}20");
        Stock(grid, 7, "Receivables", "'Income statement'!{c}9*Assumptions!{c}27/Calendar!{c}2");
        Stock(grid, 8, "Inventories", "'Income statement'!{c}13*Assumptions!{c}28/Calendar!{c}2");
        Stock(grid, 9, "Current assets", "SUM({c}6:{c}8)", Look.Total);
        Stock(grid, 10, "Property, plant and equipment", "{p}10+Assumptions!{c}31-'Income statement'!{c}23", first: "Assumptions!C40+Assumptions!C31-'Income statement'!C23");
        Stock(grid, 11, "Total assets", "{c}9+{c}10", Look.Result);
        grid.Text("A", 12, "Liabilities and equity", Look.Section);
        Stock(grid, 13, "Payables", "'Income statement'!{c}13*Assumptions!{c}29/Calendar!{c}2");
        Stock(grid, 14, "Debt", "{p}14+Assumptions!{c}33", first: "Assumptions!C42+Assumptions!C33");
        Stock(grid, 15, "Total liabilities", "SUM({c}13:{c}14)", Look.Total);
        Stock(grid, 16, "Share capital", "{p}16", first: "Assumptions!C43");
        Stock(grid, 17, "Retained earnings", "{p}17+'Income statement'!{c}28-Assumptions!{c}34", first: "Assumptions!C44+'Income statement'!C28-Assumptions!C34");
        Stock(grid, 18, "Total equity", "SUM({c}16:{c}17)", Look.Total);
        Stock(grid, 19, "Total liabilities and equity", "{c}15+{c}18", Look.Result);
        Stock(grid, 20, "Check: assets less liabilities and equity", "ROUND({c}11-{c}19,3)");
        return grid;
    }

    public static Grid CashFlow()
    {
        Grid grid = Layout.Quarterly("Cash flow", "Cash flow", flows: true);
        Layout.Flow(grid, 6, "Net income", "'Income statement'!{c}28");
        Layout.Flow(grid, 7, "Depreciation", "'Income statement'!{c}23");
        Change(grid, 8, "Change in receivables", "'Balance sheet'!{p}7-'Balance sheet'!{c}7", "Assumptions!C38-'Balance sheet'!C7");
        Change(grid, 9, "Change in inventories", "'Balance sheet'!{p}8-'Balance sheet'!{c}8", "Assumptions!C39-'Balance sheet'!C8");
        Change(grid, 10, "Change in payables", "'Balance sheet'!{c}13-'Balance sheet'!{p}13", "'Balance sheet'!C13-Assumptions!C41");
        Layout.Flow(grid, 11, "Operating cash flow", "SUM({c}6:{c}10)", Look.Total);
        Layout.Flow(grid, 12, "Capital expenditures", "-Assumptions!{c}31");
        Layout.Flow(grid, 13, "Free cash flow", "{c}11+{c}12", Look.Total);
        Layout.Flow(grid, 14, "Borrowing (repayment)", "Assumptions!{c}33");
        Layout.Flow(grid, 15, "Dividends", "-Assumptions!{c}34");
        Layout.Flow(grid, 16, "Financing cash flow", "SUM({c}14:{c}15)", Look.Total);
        Layout.Flow(grid, 17, "Change in cash", "{c}13+{c}16", Look.Result);
        grid.Text("A", 18, "Cash", Look.Section);
        Layout.Label(grid, 19, "Opening cash", "USD thousands");
        Layout.Across(grid, 19, "{p}20", Format.Thousands, first: "Assumptions!C37");
        grid.Formula(Grid.Year2024, 19, "C19", Format.Thousands);
        grid.Formula(Grid.Year2025, 19, "H19", Format.Thousands);
        Layout.Label(grid, 20, "Closing cash", "USD thousands", Look.Result);
        Layout.Across(grid, 20, "{c}19+{c}17", Format.Thousands, Look.Result);
        Layout.Years(grid, 20, "{c}19+{c}17", Format.Thousands, Look.Result);
        return grid;
    }

    private static void Ratio(Grid grid, int row, string label, string formula)
    {
        Layout.Label(grid, row, label, "%");
        Layout.Across(grid, row, formula, Format.Percent);
        Layout.Years(grid, row, formula, Format.Percent);
    }

    private static void Stock(Grid grid, int row, string label, string formula, Look look = Look.Plain, string? first = null)
    {
        Layout.Label(grid, row, label, "USD thousands", look);
        Layout.Across(grid, row, formula, Format.Thousands, look, first);
        Layout.Years(grid, row, $"{{p}}{row}", Format.Thousands, look);
    }

    private static void Change(Grid grid, int row, string label, string formula, string first)
    {
        Layout.Label(grid, row, label, "USD thousands");
        Layout.Across(grid, row, formula, Format.Thousands, first: first);
        Layout.SumYears(grid, row, Format.Thousands);
    }
}
