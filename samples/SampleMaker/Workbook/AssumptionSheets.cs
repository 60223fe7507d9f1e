namespace Advisor.Samples.Workbook;

/// <summary>The drivers by quarter, and the hidden calendar behind them.</summary>
internal static class AssumptionSheets
{
    public static Grid Drivers()
    {
        Grid grid = Layout.Quarterly("Assumptions", "Assumptions", flows: true);
        grid.Text("A", 6, "Volumes", Look.Section);
        Line(grid, 7, "Frozen meals", "thousand cases", Format.Thousands, 842, 861, 858, 904, 838, 846, 829, 861);
        Line(grid, 8, "Sauces and soups", "thousand cases", Format.Thousands, 611, 588, 597, 702, 618, 594, 601, 711);
        Line(grid, 9, "Snacks", "thousand cases", Format.Thousands, 274, 301, 338, 372, 396, 431, 468, 497);
        grid.Text("A", 10, "Net price", Look.Section);
        Line(grid, 11, "Frozen meals", "USD per case", Format.Price, 31.4, 31.4, 31.8, 31.8, 32.1, 32.1, 32.4, 32.4);
        Line(grid, 12, "Sauces and soups", "USD per case", Format.Price, 22.6, 22.6, 22.6, 22.9, 22.9, 23.1, 23.1, 23.1);
        Line(grid, 13, "Snacks", "USD per case", Format.Price, 18.2, 18.2, 18.5, 18.5, 18.4, 18.3, 18.1, 18.1);
        grid.Text("A", 14, "Ingredients and packaging", Look.Section);
        Line(grid, 15, "Frozen meals", "USD per case", Format.Price, 16.9, 17.1, 17.4, 17.6, 18.1, 18.5, 18.8, 19.1);
        Line(grid, 16, "Sauces and soups", "USD per case", Format.Price, 11.8, 11.8, 11.9, 12.1, 12.3, 12.6, 12.8, 12.9);
        Line(grid, 17, "Snacks", "USD per case", Format.Price, 11.1, 11.1, 11.2, 11.4, 11.5, 11.7, 11.8, 11.9);
        grid.Text("A", 18, "Costs", Look.Section);
        Line(grid, 19, "Direct labor", "% of revenue", Format.Percent, 0.082, 0.082, 0.083, 0.081, 0.085, 0.086, 0.086, 0.084);
        Line(grid, 20, "Plant overhead", "USD thousands", Format.Thousands, 3_420, 3_440, 3_465, 3_510, 3_580, 3_610, 3_650, 3_690);
        Line(grid, 21, "Distribution and freight", "% of revenue", Format.Percent, 0.091, 0.092, 0.092, 0.094, 0.097, 0.099, 0.101, 0.102);
        Line(grid, 22, "Marketing and trade spending", "% of revenue", Format.Percent, 0.046, 0.047, 0.051, 0.049, 0.052, 0.053, 0.054, 0.055);
        Line(grid, 23, "General and administrative", "USD thousands", Format.Thousands, 2_860, 2_890, 2_905, 2_980, 3_020, 3_045, 3_060, 3_110);
        Line(grid, 24, "Interest rate", "% a year", Format.Percent, 0.0645, 0.0645, 0.0645, 0.066, 0.066, 0.0672, 0.0672, 0.0672);
        Line(grid, 25, "Tax rate", "% of profit", Format.Percent, 0.245, 0.245, 0.245, 0.245, 0.25, 0.25, 0.25, 0.25);
        grid.Text("A", 26, "Working capital", Look.Section);
        Line(grid, 27, "Days of sales in receivables", "days", Format.Days, 34, 35, 35, 36, 38, 40, 42, 44);
        Line(grid, 28, "Days of cost in inventories", "days", Format.Days, 47, 48, 47, 45, 52, 55, 58, 57);
        Line(grid, 29, "Days of cost in payables", "days", Format.Days, 39, 39, 40, 40, 42, 43, 45, 46);
        grid.Text("A", 30, "Investment and financing", Look.Section);
        Line(grid, 31, "Capital expenditures", "USD thousands", Format.Thousands, 1_650, 1_720, 2_140, 2_480, 3_150, 3_420, 2_260, 1_780);
        Line(grid, 32, "Depreciation", "% of opening fixed assets", Format.Percent, 0.024, 0.024, 0.024, 0.024, 0.0245, 0.0245, 0.0245, 0.0245);
        Line(grid, 33, "Borrowing (repayment)", "USD thousands", Format.Thousands, -1_000, -1_000, -1_000, -1_000, 5_000, 4_500, 3_000, 2_500);
        Line(grid, 34, "Dividends", "USD thousands", Format.Thousands, 900, 900, 900, 900, 900, 900, 900, 900);
        Opening(grid);
        return grid;
    }

    public static Grid Calendar()
    {
        Grid grid = new("Calendar") { Hidden = true };
        grid.Text("A", 1, "Days in the quarter and in the year", Look.Title);
        double[] days = [91, 91, 92, 92, 90, 91, 92, 92];
        grid.Text("A", 2, "Days in the quarter", Look.Plain);
        grid.Text("A", 3, "Days in the year", Look.Plain);
        for (int i = 0; i < days.Length; i++)
        {
            grid.Number(Layout.AllQuarters[i].ToString(), 2, days[i], Format.Days);
        }

        for (int i = 0; i < days.Length; i++)
        {
            string range = i < 4 ? "C2:F2" : "H2:K2";
            grid.Formula(Layout.AllQuarters[i].ToString(), 3, $"SUM({range})", Format.Days);
        }

        return grid;
    }

    private static void Opening(Grid grid)
    {
        grid.Text("A", 36, "Opening balance sheet, December 31, 2023", Look.Section);
        (string Label, double Amount)[] lines =
        [
            ("Cash", 6_240), ("Receivables", 17_150), ("Inventories", 16_480), ("Property, plant and equipment", 74_300),
            ("Payables", 13_620), ("Debt", 42_000), ("Share capital", 20_000), ("Retained earnings", 38_550),
        ];
        for (int i = 0; i < lines.Length; i++)
        {
            Layout.Label(grid, 37 + i, lines[i].Label, "USD thousands");
            grid.Number("C", 37 + i, lines[i].Amount, Format.Thousands);
        }
    }

    private static void Line(Grid grid, int row, string label, string unit, Format format, params double[] values)
    {
        Layout.Label(grid, row, label, unit);
        for (int i = 0; i < values.Length; i++)
        {
            grid.Number(Layout.AllQuarters[i].ToString(), row, values[i], format);
        }
    }
}
