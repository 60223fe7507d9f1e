using System.Globalization;
using Advisor.Documents.Reading.Sheets;
using Advisor.Kernel.Reasoning;
using Shouldly;
using Xunit;
using static Advisor.Tests.Documents.Reading.Sheets.XlsxFile;

namespace Advisor.Tests.Documents.Reading.Sheets;

public class WorkbookChecksTests
{
    [Fact]
    public void Plug_TypedTotalBetweenFormulas_IsNamedWithTheFormulaItLacks()
    {
        var proof = Only(Row(1, "Revenue", 10, 20, 30) + Row(2, "Cost", 4, 5, 6) + Row(3, "Profit", "=B1-B2|6", 14, "=D1-D2|24"));
        proof.Kind.ShouldBe("plug");
        Cell(proof).ShouldBe("C3");
        (proof.Expected, proof.Found, proof.Difference).ShouldBe((15, 14, -1));
        proof.Explanation.ShouldBe("Put =C1-C2 into C3 in place of the typed number.");
        proof.FactIds.ShouldBeEmpty();
        proof.Cells[0].ShouldBe(new SourceRef("doc", "book.xlsx", Sheet: "S", Cell: "C3"));
    }

    [Fact]
    public void Plug_LastOfARowOfColumnTotals_IsNamed() =>
        Cell(Only(Row(1, 1, 2, 3, 4) + Row(2, 1, 1, 1, 1) + Row(3, "=A1+A2|2", "=B1+B2|3", "=C1+C2|4", 7))).ShouldBe("D3");

    [Fact]
    public void Plug_DownAColumn_IsNamed() =>
        Cell(Only(Row(1, 1, 2, "=A1*B1|2") + Row(2, 3, 4, 13) + Row(3, 5, 6, "=A3*B3|30"))).ShouldBe("C2");

    [Fact]
    public void Plug_OpeningValueBeforeARollForward_IsNone() =>
        Check(Row(1, 100, "=A1*2|200", "=B1*2|400", "=C1*2|800", "=D1*2|1600")).Proofs.ShouldBeEmpty();

    [Fact]
    public void Plug_NeighboursWithDifferentFormulas_IsNone() =>
        Check(Row(1, 1, 2, 3) + Row(2, "=A1*2|2", 5, "=C1+1|4")).Proofs.ShouldBeEmpty();

    [Fact]
    public void ShortRange_RowAddedUnderTheRange_IsNamedWithTheLongerRange()
    {
        var proof = Only(Row(1, "a", 1) + Row(2, "b", 2) + Row(3, "c", 3) + Row(4, "Total", "=SUM(B1:B2)|3"));
        proof.Kind.ShouldBe("short_range");
        proof.Cells.Select(cell => cell.Cell).ShouldBe(["B4", "B3"]);
        (proof.Expected, proof.Found, proof.Difference).ShouldBe((6, 3, -3));
        proof.Explanation.ShouldBe("Extend B1:B2 to B1:B3: it leaves out B3.");
    }

    [Fact]
    public void ShortRange_StartsBelowWhereTheSumsBesideItStart_IsNamed()
    {
        var proof = Only(Row(1, 1, 1, 1) + Row(2, 2, 2, 2) + Row(3, 3, 3, 3) + Row(4, "=SUM(A1:A3)|6", "=SUM(B2:B3)|5", "=SUM(C1:C3)|6"));
        proof.Cells.Select(cell => cell.Cell).ShouldBe(["B4", "B1"]);
        proof.Explanation.ShouldBe("Extend B2:B3 to B1:B3: it leaves out B1.");
    }

    [Theory]
    [InlineData("=SUM(B1:B2)|3", "note")]
    [InlineData("=SUM(B1:B2)|3", "=AVERAGE(B1:B2)|1.5")]
    [InlineData("=SUM(B1:B2)|3", "=SUM(B1:B2)|3")]
    [InlineData("=SUM(B1:B2)|3", null)]
    public void ShortRange_BlockEndsOrTotalBetween_IsNone(string sum, string? between) =>
        Check(Row(1, "a", 1) + Row(2, "b", 2) + Row(3, "x", between) + Row(4, "Total", sum)).Proofs.ShouldBeEmpty();

    [Fact]
    public void ShortRange_RevenueDirectlyOverCosts_IsNone() =>
        Check(Row(1, "Revenue", 100, 90) + Row(2, "Wages", 2, 3) + Row(3, "Rent", 3, 4) + Row(4, "Costs", "=SUM(B2:B3)|5", "=SUM(C2:C3)|7")).Proofs.ShouldBeEmpty();

    [Fact]
    public void StaleValue_StoredValueIsNotWhatTheFormulaGives_IsNamed()
    {
        var proof = Only(Row(1, 10, 20, "=A1+B1|31"));
        (proof.Kind, Cell(proof), proof.Expected, proof.Found, proof.Difference).ShouldBe(("stale_value", "C1", 30, 31, 1));
        proof.Explanation.ShouldBe("Recalculate the workbook: C1 becomes 30.");
    }

    [Theory]
    [InlineData("A1+B1*2", "11")]
    [InlineData("-A1^2", "9")]
    [InlineData("(A1+B1)/3%", "233.333333333333")]
    [InlineData("SUM(A1:B1,5)", "12")]
    [InlineData("AVERAGE(A1:B1)", "3.5")]
    [InlineData("MAX(A1:B1)-MIN(A1:B1)", "1")]
    [InlineData("ROUND(A1/7,2)", "0.43")]
    [InlineData("ROUND(2.5,0)+ROUNDUP(1.1,0)+ROUNDDOWN(-1.9,0)", "4")]
    [InlineData("ABS(-A1)", "3")]
    [InlineData("INT(-1.5)", "-2")]
    [InlineData("COUNT(A1:F1)", "2")]
    [InlineData("PRODUCT(A1:B1)", "12")]
    [InlineData("'Other sheet'!A1+A1", "103")]
    [InlineData("SUM('Other sheet'!A:A)", "100")]
    [InlineData("A1+Z99", "3")]
    [InlineData("0.1+0.2", "0.30000000000000004")]
    [InlineData("1/3", "0.33333333333333331")]
    public void StaleValue_FormulaRecomputed_AgreesWithWhatAWorkbookStores(string formula, string stored)
    {
        var findings = WorkbookChecks.Run(Two(Row(1, 3, 4) + Row(3, $"={formula}|{stored}")), "doc", "book.xlsx", TestContext.Current.CancellationToken);
        findings.Proofs.ShouldBeEmpty();
        findings.NotRecomputed.ShouldBeEmpty();
        findings.Agreed.ShouldBe(1);
        var wrong = (double.Parse(stored, CultureInfo.InvariantCulture) + 0.001).ToString("R", CultureInfo.InvariantCulture);
        WorkbookChecks.Run(Two(Row(1, 3, 4) + Row(3, $"={formula}|{wrong}")), "doc", "book.xlsx", TestContext.Current.CancellationToken)
            .Proofs.ShouldHaveSingleItem().Kind.ShouldBe("stale_value");
    }

    [Theory]
    [InlineData("VLOOKUP(A1,B1:C2,2)", "VLOOKUP")]
    [InlineData("IF(A1>1,1,2)", "IF")]
    [InlineData("[1]Sheet1!A1+1", "[1]Sheet1!")]
    [InlineData("Rate*2", "Rate")]
    [InlineData("A1/0", "a division by zero")]
    [InlineData("Missing!A1", "a text, an error or a missing sheet among its cells")]
    [InlineData("SUM(Q1:Q4!A1)", "Q1:Q4!")]
    public void StaleValue_FormulaNotUnderstood_IsReportedAndNeverFails(string formula, string reason)
    {
        var findings = Check(Row(1, 3, 4) + Row(3, $"={formula}|99"));
        findings.Proofs.ShouldBeEmpty();
        findings.NotRecomputed.ShouldHaveSingleItem().ShouldBe(new NotRecomputed(new("doc", "book.xlsx", Sheet: "S", Cell: "A3"), reason));
    }

    [Fact]
    public void StaleValue_NeverCalculated_IsReportedAsSuch() =>
        Check(Row(1, 3, 4, "=A1+B1")).NotRecomputed.ShouldHaveSingleItem().Reason.ShouldBe("never calculated");

    [Fact]
    public void HiddenInSum_SomeRowsHidden_NamesThemAndTheirAmount()
    {
        var proof = Only(Row(1, 1) + Row(2, 5).Replace("<row ", "<row hidden=\"1\" ") + Row(3, 2) + Row(4, "=SUM(A1:A3)|8"));
        proof.Kind.ShouldBe("hidden_in_sum");
        proof.Cells.Select(cell => cell.Cell).ShouldBe(["A4", "A2"]);
        (proof.Expected, proof.Found, proof.Difference).ShouldBe((3, 8, 5));
    }

    [Fact]
    public void HiddenInSum_FoldedOutline_IsNone() =>
        Check((Row(1, 1) + Row(2, 5)).Replace("<row ", "<row hidden=\"1\" ") + Row(3, "=SUM(A1:A2)|6")).Proofs.ShouldBeEmpty();

    [Fact]
    public void MixedUnits_PercentAmongAmountsInASum_IsNamed()
    {
        var file = new XlsxFile();
        var percent = file.Format("0.0%");
        var proof = WorkbookChecks.Run(file.Sheet("S", Row(1, 100) + Row(2, 50) + Row(3, 0.5).Replace("<c ", $"<c s=\"{percent}\" ") + Row(4, "=SUM(A1:A3)|150.5")).Read(), "doc", "book.xlsx", TestContext.Current.CancellationToken)
            .Proofs.ShouldHaveSingleItem();
        proof.Kind.ShouldBe("mixed_units");
        proof.Cells.Select(cell => cell.Cell).ShouldBe(["A4", "A3"]);
    }

    [Fact]
    public void MixedUnits_TwoCurrenciesInAColumn_IsNamed()
    {
        var file = new XlsxFile();
        var (dollars, euros) = (file.Format("$#,##0"), file.Format("[$€-407] #,##0"));
        var rows = Row(1, "Item", "Amount") + string.Concat(Enumerable.Range(2, 4).Select(row => $"<row r=\"{row}\"><c r=\"A{row}\" t=\"inlineStr\"><is><t>x{row}</t></is></c><c r=\"B{row}\" s=\"{(row == 4 ? euros : dollars)}\"><v>5</v></c></row>"));
        var proof = WorkbookChecks.Run(file.Sheet("S", rows).Read(), "doc", "book.xlsx", TestContext.Current.CancellationToken).Proofs.ShouldHaveSingleItem();
        (proof.Kind, Cell(proof)).ShouldBe(("mixed_units", "B4"));
    }

    [Fact]
    public void MixedUnits_CurrencySignOnFirstAndLastRowAlone_IsNone()
    {
        var file = new XlsxFile();
        var (dollars, plain) = (file.Format("$#,##0"), file.Format("#,##0"));
        var rows = Row(1, "Item", "Amount") + string.Concat(Enumerable.Range(2, 4).Select(row => $"<row r=\"{row}\"><c r=\"A{row}\" t=\"inlineStr\"><is><t>x{row}</t></is></c><c r=\"B{row}\" s=\"{(row is 2 or 5 ? dollars : plain)}\"><v>5000</v></c></row>"));
        WorkbookChecks.Run(file.Sheet("S", rows).Read(), "doc", "book.xlsx", TestContext.Current.CancellationToken).Proofs.ShouldBeEmpty();
    }

    [Fact]
    public void Run_RealWorkbooks_RaiseNoFalseAlarm()
    {
        foreach (var file in Directory.GetFiles(Evals.Folder("workbooks"), "*.xls*").Where(file => !file.EndsWith(".json", StringComparison.Ordinal) && !file.Contains("password", StringComparison.Ordinal)))
        {
            WorkbookChecks.Run(WorkbookGoldTests.Read(file), "doc", Path.GetFileName(file), TestContext.Current.CancellationToken).Proofs.ShouldBeEmpty(Path.GetFileName(file));
        }
    }

    [Fact]
    public void Run_Twice_GivesTheSameIds()
    {
        var rows = Row(1, 10, 20, "=A1+B1|31");
        Check(rows).Proofs[0].Id.ShouldBe(Check(rows).Proofs[0].Id);
        Check(rows).Proofs[0].Id.ShouldMatch("^p[0-9a-f]{20}$");
    }

    [Theory]
    [InlineData("A1+B$2", 3, 3, "R[-2]C[-2]+R2C[-1]")]
    [InlineData("sum( $A1 : A1 )", 1, 2, "SUM(R[0]C1:R[0]C[-1])")]
    [InlineData("SUM(A:A)&\"A1\"", 1, 2, "SUM(C[-1]:C[-1])&\"A1\"")]
    public void Pattern_Formula_IsRelativeToItsCell(string formula, int row, int column, string pattern) => FormulaPattern.Of(formula, row, column).ShouldBe(pattern);

    private static string Cell(Proof proof) => proof.Cells[0].Cell!;

    private static Proof Only(string rows) => Check(rows).Proofs.ShouldHaveSingleItem();

    private static WorkbookFindings Check(string rows) => WorkbookChecks.Run(new XlsxFile().Sheet("S", rows).Read(), "doc", "book.xlsx", TestContext.Current.CancellationToken);

    private static Workbook Two(string rows) => new XlsxFile().Sheet("S", rows).Sheet("Other sheet", Row(1, 100)).Read();
}
