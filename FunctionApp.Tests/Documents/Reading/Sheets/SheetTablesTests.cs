using Advisor.Documents.Reading.Sheets;
using Shouldly;
using Xunit;
using static Advisor.Tests.Documents.Reading.Sheets.XlsxFile;

namespace Advisor.Tests.Documents.Reading.Sheets;

public class SheetTablesTests
{
    [Fact]
    public void Find_Statement_GivesHeadersLabelsIndentAndHints()
    {
        var table = Tables(
            Row(1, "Income statement") + Row(2, "(in millions of U.S. dollars)")
            + Row(4, null, 2024, 2023)
            + Row(5, "Revenue", 100, 90) + Row(6, "  Product", 60, 50) + Row(7, "  Service", 40, 40)
            + Row(9, "Expenses") + Row(10, "Total expenses", 70, 60)).ShouldHaveSingleItem();
        table.Titles.ShouldBe(["Income statement", "(in millions of U.S. dollars)"]);
        table.Columns.ShouldBe([new SheetColumn(2, "2024"), new SheetColumn(3, "2023")]);
        table.Rows.Select(row => (row.Label, row.Indent, row.RowNumber)).ShouldBe([("Revenue", 0, 5), ("Product", 1, 6), ("Service", 1, 7), ("Expenses", 0, 9), ("Total expenses", 0, 10)]);
        table.Rows[0].Cells[2].Number.ShouldBe(100);
        table.HeaderRows.ShouldBe([4]);
        table.Range.ToString().ShouldBe("A4:C10");
        var hint = table.Hints.ShouldHaveSingleItem();
        (hint.Scale, hint.Currency, hint.Address).ShouldBe((1_000_000m, "USD", "A2"));
    }

    [Fact]
    public void Find_MergedAndGroupedHeaders_JoinTopDown()
    {
        var sheet = new XlsxFile().Sheet("S",
            Row(1, null, "Three months ended", null, "Six months ended", null) + Row(2, "£m", "30 June 2024", "30 June 2023", "30 June 2024", "30 June 2023") + Row(3, "Revenue", 1, 2, 3, 4),
            after: "<mergeCells><mergeCell ref=\"B1:C1\"/></mergeCells>").Read().Sheets[0];
        var table = SheetTables.Find(sheet, TestContext.Current.CancellationToken).ShouldHaveSingleItem();
        table.Columns.Select(column => column.Header).ShouldBe(
            ["Three months ended 30 June 2024", "Three months ended 30 June 2023", "Six months ended 30 June 2024", "Six months ended 30 June 2023"]);
        table.Hints.ShouldHaveSingleItem().ShouldBe(new UnitHint("£m", "A2", 1_000_000m, "GBP", false));
    }

    [Fact]
    public void Find_TwoTablesBelowEachOther_AreTwo()
    {
        var tables = Tables(Row(1, "Cash", "2024") + Row(2, "Opening", 1) + Row(3, "Closing", 2) + Row(5, "Debt", "2024") + Row(6, "Bonds", 5));
        tables.Select(table => table.Rows.Count).ShouldBe([2, 1]);
    }

    [Fact]
    public void Find_TablesSideBySide_PartAtTheBlankColumn()
    {
        var tables = Tables(Row(1, "A", "2024", null, "B", "2024") + Row(2, "x", 1, null, "y", 2) + Row(3, "z", 3, null, "w", 4));
        tables.Select(table => table.Range.ToString()).ShouldBe(["A1:B3", "D1:E3"]);
    }

    [Fact]
    public void Find_SpacerColumns_DoNotPartATable()
    {
        var table = Tables(Row(1, null, null, 2024, null, 2023) + Row(2, "Revenue", null, 5, null, 6)).ShouldHaveSingleItem();
        table.Columns.Select(column => (column.Column, column.Header)).ShouldBe([(3, "2024"), (5, "2023")]);
    }

    [Fact]
    public void Find_TitleMergedOverTheWholeTable_IsATitle()
    {
        var sheet = new XlsxFile().Sheet("S", Row(1, "Cash") + Row(2, "Item", "2024") + Row(3, "Opening", 5), after: "<mergeCells><mergeCell ref=\"A1:B1\"/></mergeCells>").Read().Sheets[0];
        var table = SheetTables.Find(sheet, TestContext.Current.CancellationToken).ShouldHaveSingleItem();
        table.Columns.ShouldBe([new SheetColumn(2, "2024")]);
        table.Titles.ShouldBe(["Cash"]);
    }

    [Fact]
    public void Find_CountsThatCouldBeYears_AreNumbers()
    {
        var table = Tables(Row(1, null, "North", "South") + Row(2, "Staff", 1950, 2010) + Row(3, "Shops", 40, 50)).ShouldHaveSingleItem();
        table.Rows.Select(row => row.Label).ShouldBe(["Staff", "Shops"]);
    }

    [Fact]
    public void Find_TextOnly_GivesNone() => Tables(Row(1, "a", "b") + Row(2, "c", "d")).ShouldBeEmpty();

    [Fact]
    public void Find_NumbersWithoutHeadersOrLabels_IsATableOfNumbers()
    {
        var table = Tables(Row(1, 1, 2) + Row(2, 3, 4)).ShouldHaveSingleItem();
        table.Columns.Select(column => column.Header).ShouldBe(["", ""]);
        table.Rows.Count.ShouldBe(2);
    }

    [Fact]
    public void Find_LabelsInTwoColumns_IndentTheSecond()
    {
        var table = Tables(Row(1, null, null, "FY24") + Row(2, "Assets", null) + Row(3, null, "Cash", 4) + Row(4, "Total", null, 4)).ShouldHaveSingleItem();
        table.Rows.Select(row => (row.Label, row.Indent)).ShouldBe([("Assets", 0), ("Cash", 1), ("Total", 0)]);
    }

    [Theory]
    [InlineData("in millions", 1_000_000, null)]
    [InlineData("£m", 1_000_000, "GBP")]
    [InlineData("USD thousands", 1_000, "USD")]
    [InlineData("($000)", 1_000, "USD")]
    [InlineData("(In millions, except per share data)", 1_000_000, null)]
    [InlineData("€ bn", 1_000_000_000, "EUR")]
    [InlineData("Amounts in '000", 1_000, null)]
    [InlineData("(dollars in thousands)", 1_000, "USD")]
    public void Hint_ScaleInWordsOrSigns_IsRead(string text, int scale, string? currency)
    {
        var hint = UnitHint.In(text, "A1").ShouldNotBeNull();
        (hint.Scale, hint.Currency).ShouldBe((scale, currency));
    }

    [Theory]
    [InlineData("%")]
    [InlineData("Margin (%)")]
    [InlineData("in %")]
    [InlineData("percentage of revenue")]
    public void Hint_Percent_IsRead(string text) => UnitHint.In(text, "A1").ShouldNotBeNull().Percent.ShouldBeTrue();

    [Theory]
    [InlineData("Revenue")]
    [InlineData("Kilometres")]
    [InlineData("Q1 m")]
    [InlineData("12 months ended")]
    [InlineData("pounds of coffee")]
    public void Hint_OtherText_IsNone(string text) => UnitHint.In(text, "A1").ShouldBeNull();

    private static IReadOnlyList<SheetTable> Tables(string rows) => SheetTables.Find(new XlsxFile().Sheet("S", rows).Read().Sheets[0], TestContext.Current.CancellationToken);
}
