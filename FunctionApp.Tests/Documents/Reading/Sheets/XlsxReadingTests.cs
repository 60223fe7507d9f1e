using Advisor.Documents.Intake;
using Advisor.Documents.Reading.Sheets;
using Shouldly;
using Xunit;
using static Advisor.Tests.Documents.Reading.Sheets.XlsxFile;

namespace Advisor.Tests.Documents.Reading.Sheets;

public class XlsxReadingTests
{
    [Fact]
    public void Read_HiddenRowsColumnsAndSheets_AreMarked()
    {
        var workbook = new XlsxFile()
            .Sheet("Shown", "<row r=\"1\"><c r=\"A1\"><v>1</v></c><c r=\"B1\"><v>2</v></c></row><row r=\"2\" hidden=\"1\"><c r=\"A2\"><v>3</v></c></row>", before: "<cols><col min=\"2\" max=\"3\" hidden=\"1\"/></cols>")
            .Sheet("Hidden", Row(1, 1), "hidden")
            .Sheet("Deep", Row(1, 1), "veryHidden")
            .Read();
        workbook.Sheets.Select(sheet => sheet.State).ShouldBe([SheetState.Visible, SheetState.Hidden, SheetState.VeryHidden]);
        var shown = workbook.Sheets[0];
        shown["A1"]!.Hidden.ShouldBeFalse();
        shown["B1"]!.Hidden.ShouldBeTrue();
        shown["A2"]!.Hidden.ShouldBeTrue();
        shown.HiddenRows.ShouldBe([2]);
        shown.HiddenColumns.ShouldBe([2, 3]);
    }

    [Fact]
    public void Read_SharedFormula_IsTheCellsOwn()
    {
        var rows = "<row r=\"1\"><c r=\"B1\"><f t=\"shared\" ref=\"B1:B3\" si=\"0\">SUM($A1:A1)*Data!C$2+LOG10(A1)&amp;\"A1\"</f><v>1</v></c></row>"
            + "<row r=\"2\"><c r=\"B2\"><f t=\"shared\" si=\"0\"/><v>2</v></c></row><row r=\"3\"><c r=\"C3\"><f t=\"shared\" si=\"0\"/><v>3</v></c></row>";
        var sheet = new XlsxFile().Sheet("S", rows).Read().Sheets[0];
        sheet["B2"]!.Formula.ShouldBe("SUM($A2:A2)*Data!C$2+LOG10(A2)&\"A1\"");
        sheet["C3"]!.Formula.ShouldBe("SUM($A3:B3)*Data!D$2+LOG10(B3)&\"A1\"");
    }

    [Theory]
    [InlineData("A1+1", "B2+1")]
    [InlineData("SUM(A:A)", "SUM(B:B)")]
    [InlineData("SUM($A:A)", "SUM($A:B)")]
    [InlineData("SUM(1:2)", "SUM(2:3)")]
    [InlineData("'A1 and B2'!A1", "'A1 and B2'!B2")]
    [InlineData("Q1!A1", "Q1!B2")]
    [InlineData("Q1:Q4!A1", "Q1:Q4!B2")]
    [InlineData("[1]Sheet1!$A$1", "[1]Sheet1!$A$1")]
    [InlineData("Table1[[#This Row],[A1]]*2", "Table1[[#This Row],[A1]]*2")]
    [InlineData("1E5+A1", "1E5+B2")]
    [InlineData("Rate_A1*XFD1048576", "Rate_A1*#REF!")]
    [InlineData("{1,2;3,4}+A1%", "{1,2;3,4}+B2%")]
    [InlineData("ATAN2(A1,B1)", "ATAN2(B2,C2)")]
    public void Shift_OneDownOneRight_MovesReferencesOnly(string formula, string moved) => new FormulaShift(formula, 1, 1).At(2, 2).ShouldBe(moved);

    [Fact]
    public void Read_NumberTypes_KeepExactText()
    {
        var sheet = new XlsxFile().Sheet("S", "<row r=\"1\"><c r=\"A1\"><v>0.30000000000000004</v></c><c r=\"B1\"><v>1.50E3</v></c><c r=\"C1\"><v>1e300</v></c><c r=\"D1\"><v>1E-40</v></c><c r=\"E1\" t=\"b\"><v>1</v></c><c r=\"F1\" t=\"e\"><v>#DIV/0!</v></c><c r=\"G1\" t=\"str\"><f>A1&amp;\"\"</f><v></v></c><c r=\"H1\"><f>A1</f></c></row>").Read().Sheets[0];
        sheet["A1"]!.Number.ShouldBe(0.30000000000000004m);
        sheet["A1"]!.Stored.ShouldBe("0.30000000000000004");
        sheet["B1"]!.Number.ShouldBe(1500m);
        sheet["B1"]!.Stored.ShouldBe("1.50E3");
        (sheet["C1"]!.Number, sheet["C1"]!.Approximate).ShouldBe((null, 1e300));
        (sheet["D1"]!.Number, sheet["D1"]!.Approximate).ShouldBe((null, 1e-40));
        (sheet["E1"]!.Boolean, sheet["E1"]!.Displayed).ShouldBe((true, "TRUE"));
        (sheet["F1"]!.Kind, sheet["F1"]!.Text).ShouldBe((CellKind.Error, "#DIV/0!"));
        (sheet["G1"]!.Kind, sheet["G1"]!.Text).ShouldBe((CellKind.Text, ""));
        (sheet["H1"]!.Kind, sheet["H1"]!.Formula).ShouldBe((CellKind.Empty, "A1"));
    }

    [Fact]
    public void Check_LargestNumbers_NeverOverflow()
    {
        var rows = Row(1, 1e22, 9.9e28, 1e22, "=A1*A1|1E+44") + Row(2, 1e22) + "<row r=\"3\" hidden=\"1\"><c r=\"A3\"><v>10000000000000000000000</v></c></row>" + Row(4, "=SUM(A1:A2)|-1E+22", "=SUM(A1:A3)|3E+22", "=A1^1.2|3E+26");
        var workbook = new XlsxFile().Sheet("S", rows).Read();
        workbook.Sheets[0]["B1"]!.Number.ShouldBeNull();
        WorkbookChecks.Run(workbook, "doc", "x", TestContext.Current.CancellationToken).Proofs.ShouldNotBeEmpty();
    }

    [Fact]
    public void Read_RichAndPhoneticText_KeepsTheTextAlone()
    {
        var workbook = new XlsxFile()
            .SharedStrings("<si><r><t>Total </t></r><r><rPr><b/></rPr><t>assets</t></r><rPh sb=\"0\" eb=\"1\"><t>reading</t></rPh></si><si><t xml:space=\"preserve\">  indented</t></si><si><t>a_x000D_b</t></si>")
            .Sheet("S", "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"B1\" t=\"s\"><v>1</v></c><c r=\"C1\" t=\"s\"><v>2</v></c><c r=\"D1\" t=\"inlineStr\"><is><r><t>in</t></r><r><t>line</t></r></is></c></row>")
            .Read();
        workbook.Sheets[0].Cells.Select(cell => cell.Text).ShouldBe(["Total assets", "  indented", "a\rb", "inline"]);
    }

    [Fact]
    public void Read_FormatsAndDates_ShowAsTheWorkbookDoes()
    {
        var file = new XlsxFile();
        var (money, date) = (file.Format("#,##0;(#,##0)"), file.Format("yyyy-mm-dd"));
        var sheet = file.Sheet("S", $"<row r=\"1\"><c r=\"A1\" s=\"{money}\"><v>-1234</v></c><c r=\"B1\" s=\"{date}\"><v>45657</v></c><c r=\"C1\" t=\"d\"><v>2024-12-31</v></c></row>").Read().Sheets[0];
        (sheet["A1"]!.Displayed, sheet["A1"]!.NumberFormat).ShouldBe(("(1,234)", "#,##0;(#,##0)"));
        (sheet["B1"]!.Kind, sheet["B1"]!.Date, sheet["B1"]!.Displayed).ShouldBe((CellKind.Date, new DateTime(2024, 12, 31), "2024-12-31"));
        sheet["C1"]!.Date.ShouldBe(new DateTime(2024, 12, 31));
    }

    [Fact]
    public void Read_Date1904_CountsFromThere()
    {
        var file = new XlsxFile { WorkbookProperties = "<workbookPr date1904=\"1\"/>" };
        var date = file.Format("yyyy-mm-dd");
        var workbook = file.Sheet("S", $"<row r=\"1\"><c r=\"A1\" s=\"{date}\"><v>1</v></c></row>").Read();
        workbook.Date1904.ShouldBeTrue();
        workbook.Sheets[0]["A1"]!.Displayed.ShouldBe("1904-01-02");
    }

    [Theory]
    [InlineData("")]
    [InlineData("/xl/")]
    [InlineData("./")]
    [InlineData("../xl/")]
    public void Read_AnyFormOfTarget_FindsTheParts(string prefix) =>
        new XlsxFile { TargetPrefix = prefix }.Sheet("S", Row(1, "x", 1)).Read().Sheets[0]["B1"]!.Number.ShouldBe(1);

    [Fact]
    public void Read_ChartSheetAndExternalLink_AreNotedNotRead()
    {
        var relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
        var workbook = new XlsxFile { ExtraWorkbookRelations = $"<Relationship Id=\"x1\" Type=\"{relations}/externalLink\" Target=\"externalLinks/externalLink1.xml\"/>" }
            .Sheet("Data", Row(1, 1))
            .Sheet("Chart", "", type: "chartsheet")
            .Part("xl/externalLinks/externalLink1.xml", "<externalLink/>")
            .Part("xl/externalLinks/_rels/externalLink1.xml.rels", $"<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"{relations}/externalLinkPath\" Target=\"file:///C:/budget.xlsx\" TargetMode=\"External\"/></Relationships>")
            .Read();
        workbook.Sheets.Select(sheet => sheet.Name).ShouldBe(["Data"]);
        workbook.SkippedSheets.ShouldBe(["Chart"]);
        workbook.ExternalLinks.ShouldBe(["file:///C:/budget.xlsx"]);
    }

    [Fact]
    public void Read_Comments_BelongToTheirCells()
    {
        var relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
        var sheet = new XlsxFile().Sheet("S", Row(1, 5))
            .Part("xl/worksheets/_rels/sheet1.xml.rels", $"<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"c\" Type=\"{relations}/comments\" Target=\"../comments1.xml\"/></Relationships>")
            .Part("xl/comments1.xml", "<comments><commentList><comment ref=\"A1\"><text><r><t>check </t></r><r><t>this</t></r></text></comment><comment ref=\"A3\"><text><t>alone</t></text></comment></commentList></comments>")
            .Read().Sheets[0];
        sheet["A1"]!.Comment.ShouldBe("check this");
        (sheet["A3"]!.Kind, sheet["A3"]!.Comment).ShouldBe((CellKind.Empty, "alone"));
    }

    [Fact]
    public void Read_CellsWithoutAddresses_FollowEachOther()
    {
        var sheet = new XlsxFile().Sheet("S", "<row><c><v>1</v></c><c><v>2</v></c></row><row><c><v>3</v></c></row>").Read().Sheets[0];
        sheet.Cells.Select(cell => cell.Address).ShouldBe(["A1", "B1", "A2"]);
    }

    [Fact]
    public void Read_CellsOutOfOrder_AreSortedAndTheLastOfTwoCounts()
    {
        var sheet = new XlsxFile().Sheet("S", Row(2, 1) + Row(1, 2, 3) + Row(2, 4)).Read().Sheets[0];
        sheet.Cells.Select(cell => cell.ToString()).ShouldBe(["A1: 2", "B1: 3", "A2: 4"]);
    }

    [Fact]
    public void Read_DocumentTypeDeclaration_IsRefused()
    {
        var file = new XlsxFile().Sheet("S", Row(1, 1)).Part("xl/sharedStrings.xml", "<!DOCTYPE sst [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><sst><si><t>&x;</t></si></sst>");
        file.ExtraWorkbookRelations = "<Relationship Id=\"q\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings\" Target=\"sharedStrings.xml\"/>";
        WorkbookReader.Read(file.Bytes(), DocumentFormat.Xlsx, "x.xlsx", cancellationToken: TestContext.Current.CancellationToken)
            .ShouldBe(new WorkbookOutcome.Refused(new IntakeRejection.DamagedFile(DocumentFormat.Xlsx)));
    }

    [Fact]
    public void Read_MoreCellsThanAllowed_IsRefused()
    {
        var bytes = new XlsxFile().Sheet("A", Row(1, 1, 2, 3)).Sheet("B", Row(1, 1, 2)).Bytes();
        WorkbookReader.Read(bytes, DocumentFormat.Xlsx, "x.xlsx", new() { MaxCells = 4 }, TestContext.Current.CancellationToken)
            .ShouldBe(new WorkbookOutcome.Refused(new IntakeRejection.TooManyCells(4)));
        WorkbookReader.Read(bytes, DocumentFormat.Xlsx, "x.xlsx", new() { MaxCells = 5 }, TestContext.Current.CancellationToken).ShouldBeOfType<WorkbookOutcome.Read>();
    }

    [Fact]
    public void Read_PartsThatUnpackToTooMuch_StopWhileUnpacking()
    {
        var bytes = new XlsxFile().Sheet("A", string.Concat(Enumerable.Range(1, 2000).Select(i => Row(i, "the same text in every row", i)))).Bytes();
        WorkbookReader.Read(bytes, DocumentFormat.Xlsx, "x.xlsx", new() { MaxUnzippedBytes = 20_000 }, TestContext.Current.CancellationToken)
            .ShouldBe(new WorkbookOutcome.Refused(new IntakeRejection.ZipBomb(20_000)));
    }

    [Fact]
    public void Read_Cancelled_Throws()
    {
        var bytes = new XlsxFile().Sheet("A", Row(1, 1)).Bytes();
        Should.Throw<OperationCanceledException>(() => WorkbookReader.Read(bytes, DocumentFormat.Xlsx, "x.xlsx", cancellationToken: new(canceled: true)));
    }

    [Fact]
    public void At_PlacesWithoutCells_AreNull()
    {
        var sheet = new XlsxFile().Sheet("S", Row(1, 1, null, 3) + Row(3, null, 5), after: "<mergeCells><mergeCell ref=\"A1:B2\"/></mergeCells>").Read().Sheets[0];
        (sheet["B1"], sheet["A2"], sheet["nonsense"], sheet["ZZZ1"]).ShouldBe((null, null, null, null));
        sheet["C1"]!.Number.ShouldBe(3);
        sheet.Used.ShouldBe(new CellRange(1, 1, 3, 3));
        sheet.MergeAt(2, 2).ShouldBe(new CellRange(1, 1, 2, 2));
        sheet.MergeAt(3, 2).ShouldBeNull();
    }
}
