using System.Globalization;

namespace Advisor.Samples.Workbook;

/// <summary>What the sheets with quarters have in common: the heading, and rows that repeat one formula across the quarters.</summary>
internal static class Layout
{
    public const string AllQuarters = Grid.Quarters2024 + Grid.Quarters2025;

    /// <summary>The rows that hold the heading; the first line stands under them.</summary>
    public const int HeadingRows = 5;

    public static Grid Quarterly(string name, string title, bool flows)
    {
        Grid grid = new(name) { Frozen = "C6" };
        Heading(grid, title, "L");
        grid.Text("C", 4, "2024", Look.Header);
        grid.Text("H", 4, "2025", Look.Header);
        grid.Merges.AddRange(["C4:G4", "H4:L4"]);
        grid.Text("A", 5, "Calder Ridge Foods, Inc.", Look.Header);
        grid.Text("B", 5, "Unit", Look.Header);
        for (int i = 0; i < AllQuarters.Length; i++)
        {
            grid.Text(AllQuarters[i].ToString(), 5, $"Q{(i % 4) + 1} {2024 + (i / 4)}", Look.Header);
        }

        grid.Text(Grid.Year2024, 5, flows ? "FY 2024" : "Dec 2024", Look.Header);
        grid.Text(Grid.Year2025, 5, flows ? "FY 2025" : "Dec 2025", Look.Header);
        return grid;
    }

    public static void Heading(Grid grid, string title, string last)
    {
        grid.Text("A", 1, $"Calder Ridge Foods, Inc. — {title}", Look.Title);
        grid.Text("A", 2, "Quarterly management report, USD thousands unless stated otherwise", Look.Caption);
        grid.Merges.AddRange([$"A1:{last}1", $"A2:{last}2"]);
    }

    public static void Label(Grid grid, int row, string label, string unit, Look look = Look.Plain)
    {
        grid.Text("A", row, label, look);
        grid.Text("B", row, unit, look == Look.Plain ? Look.Caption : look);
    }

    /// <param name="formula">With {c} for the column and {p} for the column of the quarter before; the first quarter takes <paramref name="first"/>.</param>
    public static void Across(Grid grid, int row, string formula, Format format, Look look = Look.Plain, string? first = null)
    {
        for (int i = 0; i < AllQuarters.Length; i++)
        {
            string source = i == 0 && first is not null ? first : formula;
            string before = i == 0 ? "B" : AllQuarters[i - 1].ToString();
            grid.Formula(AllQuarters[i].ToString(), row, Fill(source, AllQuarters[i].ToString(), before), format, look);
        }
    }

    /// <summary>Fills the columns of the years with the sums of their quarters.</summary>
    public static void SumYears(Grid grid, int row, Format format, Look look = Look.Plain)
    {
        string at = row.ToString(CultureInfo.InvariantCulture);
        grid.Formula(Grid.Year2024, row, $"SUM(C{at}:F{at})", format, look);
        grid.Formula(Grid.Year2025, row, $"SUM(H{at}:K{at})", format, look);
    }

    /// <summary>Fills the columns of the years with a formula of their own.</summary>
    public static void Years(Grid grid, int row, string formula, Format format, Look look = Look.Plain)
    {
        grid.Formula(Grid.Year2024, row, Fill(formula, Grid.Year2024, "F"), format, look);
        grid.Formula(Grid.Year2025, row, Fill(formula, Grid.Year2025, "K"), format, look);
    }

    /// <summary>A line of amounts: its formula in each quarter, the sum in each year.</summary>
    public static void Flow(Grid grid, int row, string label, string formula, Look look = Look.Plain)
    {
        Label(grid, row, label, "USD thousands", look);
        Across(grid, row, formula, Format.Thousands, look);
        SumYears(grid, row, Format.Thousands, look);
    }

    private static string Fill(string formula, string column, string before) =>
        formula.Replace("{c}", column, StringComparison.Ordinal).Replace("{p}", before, StringComparison.Ordinal);
}
