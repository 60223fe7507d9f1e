namespace Advisor.Samples.Workbook;

internal static class SummarySheet
{
    public static Grid Draft()
    {
        Grid grid = new("Summary") { Frozen = "C5" };
        Layout.Heading(grid, "Summary", "F");
        string[] headers = ["Key figures", "Unit", "FY 2024", "FY 2025", "Change", "Change, %"];
        for (int i = 0; i < headers.Length; i++)
        {
            grid.Text("ABCDEF"[i].ToString(), 4, headers[i], Look.Header);
        }

        Amount(grid, 5, "Net revenue", "'Income statement'!{y}9");
        Amount(grid, 6, "Gross profit", "'Income statement'!{y}14");
        Ratio(grid, 7, "Gross margin", "{c}6/{c}5", Format.Percent, "%");
        Amount(grid, 8, "EBITDA", "'Income statement'!{y}21");
        Ratio(grid, 9, "EBITDA margin", "{c}8/{c}5", Format.Percent, "%");
        Amount(grid, 10, "Net income", "'Income statement'!{y}28");
        Amount(grid, 11, "Operating cash flow", "'Cash flow'!{y}11");
        Amount(grid, 12, "Free cash flow", "'Cash flow'!{y}13");
        Amount(grid, 13, "Net debt", "'Balance sheet'!{y}14-'Balance sheet'!{y}6");
        Ratio(grid, 14, "Net debt to EBITDA", "{c}13/{c}8", Format.Multiple, "times");
        grid.Text("A", 16, "Checks", Look.Section);
        grid.Text("A", 17, "Balance sheet balances at both year ends");
        grid.Formula("C", 17, "IF(ABS('Balance sheet'!F20)+ABS('Balance sheet'!K20)<0.5,\"OK\",\"Check\")", Format.General);
        grid.Text("A", 18, "Covenant: net debt to EBITDA at most 3.0");
        grid.Formula("C", 18, "IF(D14<=3,\"OK\",\"Breach\")", Format.General);
        return grid;
    }

    private static void Amount(Grid grid, int row, string label, string formula)
    {
        Layout.Label(grid, row, label, "USD thousands");
        grid.Formula("C", row, formula.Replace("{y}", Grid.Year2024, StringComparison.Ordinal), Format.Thousands);
        grid.Formula("D", row, formula.Replace("{y}", Grid.Year2025, StringComparison.Ordinal), Format.Thousands);
        grid.Formula("E", row, $"D{row}-C{row}", Format.Thousands);
        grid.Formula("F", row, $"E{row}/ABS(C{row})", Format.Percent);
    }

    private static void Ratio(Grid grid, int row, string label, string formula, Format format, string unit)
    {
        Layout.Label(grid, row, label, unit);
        grid.Formula("C", row, formula.Replace("{c}", "C", StringComparison.Ordinal), format);
        grid.Formula("D", row, formula.Replace("{c}", "D", StringComparison.Ordinal), format);
        grid.Formula("E", row, $"D{row}-C{row}", format);
    }
}
