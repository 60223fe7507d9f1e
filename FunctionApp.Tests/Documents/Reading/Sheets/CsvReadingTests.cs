using System.Text;
using Advisor.Documents.Intake;
using Advisor.Documents.Reading.Sheets;
using CsvHelper;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Documents.Reading.Sheets;

public class CsvReadingTests
{
    private static readonly Encoding Windows1252 = CodePagesEncodingProvider.Instance.GetEncoding(1252)!;

    [Theory]
    [InlineData("a,b\n1,2\n", ',')]
    [InlineData("a;b\n1,5;2,5\n3,5;4,25\n", ';')]
    [InlineData("a\tb\n1\t2\n", '\t')]
    [InlineData("a|b\n1|2\n", '|')]
    [InlineData("sep=;\na,x;b\n", ';')]
    [InlineData("\"a;b;c\",2\n\"d\n;e\",3\n", ',')]
    [InlineData("single\ncolumn\n", ',')]
    public void DetectDelimiter_Text_FindsTheOneRecordsAgreeOn(string text, char delimiter) => CsvDialect.DetectDelimiter(text).ShouldBe(delimiter);

    [Fact]
    public void Read_SeparatorLine_IsNotARow()
    {
        var workbook = Read("sep=;\r\nname;amount\r\nRent;1.200,50\r\n");
        workbook.Sheets[0].Cells.Select(cell => cell.ToString()).ShouldBe(["A2: name", "B2: amount", "A3: Rent", "B3: 1.200,50"]);
    }

    [Theory]
    [InlineData("1.234,56", "2,5", "1234.56", true)]
    [InlineData("1,234.56", "2.5", "1234.56", false)]
    [InlineData("1.234.567", "1.234", "1234567", true)]
    [InlineData("1,234,567", "1,234", "1234567", false)]
    [InlineData("0,125", "3", "0.125", true)]
    [InlineData("0.125", "3", "0.125", false)]
    public void Read_Column_TellsWhichMarkIsDecimal(string first, string second, string value, bool decimalComma)
    {
        var workbook = Read($"name|amount\na|{first}\nb|{second}\n");
        workbook.Sheets[0]["B2"]!.Number.ShouldBe(decimal.Parse(value));
        workbook.Csv!.DecimalCommas.Contains(2).ShouldBe(decimalComma);
    }

    [Theory]
    [InlineData("(1,234)", "-1234")]
    [InlineData("-5", "-5")]
    [InlineData("5-", "-5")]
    [InlineData("12.5%", "0.125")]
    [InlineData("$1,000.00", "1000.00")]
    [InlineData("-$3", "-3")]
    [InlineData("3 €", "3")]
    [InlineData("1 234 567", "1234567")]
    [InlineData("1E5", "100000")]
    [InlineData("+7", "7")]
    [InlineData("0", "0")]
    [InlineData(".5", "0.5")]
    public void Read_WrittenNumber_IsItsValueAndKeepsItsText(string written, string value)
    {
        var cell = Read($"name|amount\na|{written}\n").Sheets[0]["B2"]!;
        cell.Number.ShouldBe(decimal.Parse(value));
        cell.Displayed.ShouldBe(written);
        cell.Stored.ShouldBe(written);
    }

    [Theory]
    [InlineData("00123")]
    [InlineData("12-34")]
    [InlineData("1,23,4")]
    [InlineData("N/A")]
    [InlineData("-")]
    [InlineData("1.2.3")]
    [InlineData("Q1")]
    [InlineData("e5")]
    [InlineData("%")]
    [InlineData("()")]
    public void Read_NotANumber_StaysText(string written) => Read($"name|amount\na|{written}\n").Sheets[0]["B2"]!.Kind.ShouldBe(CellKind.Text);

    [Fact]
    public void Read_Dates_AreReadWhereTheColumnTellsTheirOrder()
    {
        var sheet = Read("iso,british,american,unclear\n2025-12-31,31/12/2025,12/31/2025,01/02/2025\n2025-01-02,01/02/2025,01/02/2025,03/04/2025\n").Sheets[0];
        sheet["A2"]!.Date.ShouldBe(new DateTime(2025, 12, 31));
        sheet["B3"]!.Date.ShouldBe(new DateTime(2025, 2, 1));
        sheet["C3"]!.Date.ShouldBe(new DateTime(2025, 1, 2));
        sheet["D2"]!.Kind.ShouldBe(CellKind.Text);
    }

    [Theory]
    [InlineData("name,amount\nRent,5\n", 1)]
    [InlineData("Report of the year\n\nname,amount,note\nRent,5,x\nHeat,6,y\n", 3)]
    [InlineData("metric,2024,2025\nrevenue,5,6\n", 1)]
    [InlineData("1,2\n3,4\n", null)]
    public void Read_HeaderRow_IsFound(string text, int? row) => Read(text).Sheets[0].HeaderRow.ShouldBe(row);

    [Fact]
    public void Read_Sheet_IsNamedAfterTheFile() => Read("a,b\n", "folder/ledger.2025.csv").Sheets[0].Name.ShouldBe("ledger.2025");

    [Fact]
    public void Read_QuotedFields_KeepDelimitersQuotesAndLineEnds() =>
        Read("a,b\n\"x,\"\"y\"\"\r\nz\",2\n").Sheets[0]["A2"]!.Text.ShouldBe("x,\"y\"\r\nz");

    [Fact]
    public void Read_MoreCellsThanAllowed_IsRefused() =>
        WorkbookReader.Read("a,b,c\n"u8.ToArray(), DocumentFormat.Csv, "x.csv", new() { MaxCells = 2 }, TestContext.Current.CancellationToken)
            .ShouldBe(new WorkbookOutcome.Refused(new IntakeRejection.TooManyCells(2)));

    [Fact]
    public void Read_WhatWasWritten_GivesTheSameCellsUnderAnyDelimiterAndEncoding()
    {
        var field = Gen.OneOf(
            Gen.Elements("", "Rent", "1,234.56", "1.234,56", "-5", "x,y;z|t\tu", "say \"hi\"", "two\nlines", "Zürich", "£ café", " spaced "),
            Gen.Choose(-1_000_000, 1_000_000).Select(number => number.ToString()));
        var table = Gen.Choose(2, 6).SelectMany(width => Gen.Choose(2, 12).SelectMany(height =>
            Gen.ArrayOf(Gen.ArrayOf(field, width), height)));
        var written = table.SelectMany(rows => Gen.Elements(',', ';', '\t', '|').SelectMany(delimiter =>
            Gen.Choose(0, 4).Select(encoding => (rows, delimiter, encoding))));
        Prop.ForAll(written.ToArbitrary(), file => ReadsBack(file.rows, file.delimiter, file.encoding)).Check(Config.QuickThrowOnFailure.WithMaxTest(300).WithReplay(20251121UL, 7UL).WithQuietOnSuccess(true));
    }

    private static bool ReadsBack(string[][] rows, char delimiter, int encodingNumber)
    {
        Encoding encoding = encodingNumber switch
        {
            0 => new UTF8Encoding(false),
            1 => new UTF8Encoding(true),
            2 => new UnicodeEncoding(false, true),
            3 => new UnicodeEncoding(true, true),
            _ => Windows1252,
        };
        // The names of the columns, in every file a person exports, are what settles the delimiter.
        string[][] all = [[.. Enumerable.Range(1, rows[0].Length).Select(column => $"Column {column}")], .. rows];
        var stream = new MemoryStream();
        using (var text = new StreamWriter(stream, encoding, leaveOpen: true))
        using (var writer = CsvWriter.Create(text, new CsvWriterOptions { Separator = delimiter, Quoting = CsvQuoting.Always }, leaveOpen: true))
        {
            foreach (var row in all)
            {
                writer.WriteRecord(row);
            }
        }

        var outcome = (WorkbookOutcome.Read)WorkbookReader.Read(stream.ToArray(), DocumentFormat.Csv, "t.csv");
        var sheet = outcome.Workbook.Sheets[0];
        for (var row = 0; row < all.Length; row++)
        {
            for (var column = 0; column < all[row].Length; column++)
            {
                var found = sheet.At(row + 1, column + 1)?.Stored ?? "";
                if (found != all[row][column])
                {
                    throw new InvalidOperationException($"R{row + 1}C{column + 1}: '{all[row][column]}' read as '{found}' under '{outcome.Workbook.Csv}', written with '{delimiter}' and {encoding.WebName}.");
                }
            }
        }

        return true;
    }

    private static Workbook Read(string text, string fileName = "test.csv") =>
        WorkbookReader.Read(Encoding.UTF8.GetBytes(text), DocumentFormat.Csv, fileName, cancellationToken: TestContext.Current.CancellationToken)
            .ShouldBeOfType<WorkbookOutcome.Read>().Workbook;
}
