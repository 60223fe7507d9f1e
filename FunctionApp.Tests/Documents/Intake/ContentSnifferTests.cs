using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Advisor.Documents.Intake;
using Advisor.Tests.Documents.Reading.Sheets;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Documents.Intake;

public class ContentSnifferTests
{
    private const string Pdf = "%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\nxref\n0 1\ntrailer\n<< /Root 1 0 R >>\nstartxref\n45\n%%EOF\n";

    [Theory]
    [InlineData("report.pdf", null)]
    [InlineData("report", "pdf")]
    [InlineData("", null)]
    public void Sniff_Pdf_IsAccepted(string name, string? declared) => Accepted(Pdf, name, declared).Format.ShouldBe(DocumentFormat.Pdf);

    [Fact]
    public void Sniff_PdfAfterJunk_IsAccepted() => Accepted("junk\n" + Pdf, "a.pdf").Format.ShouldBe(DocumentFormat.Pdf);

    [Theory]
    [InlineData("data.csv", null, "a,b\n1,2\n")]
    [InlineData("data.tsv", null, "a\tb\n1\t2\n")]
    [InlineData("data.txt", "csv", "one\ncolumn\n")]
    [InlineData("data", null, "a;b\n1;2\n3;4\n")]
    [InlineData("data.csv", "csv", "names\nJürgen\n")]
    public void Sniff_DelimitedText_IsCsv(string name, string? declared, string text) => Accepted(text, name, declared).Format.ShouldBe(DocumentFormat.Csv);

    [Fact]
    public void Sniff_CsvInOtherEncodings_IsCsv()
    {
        foreach (var encoding in new Encoding[] { new UnicodeEncoding(false, true), new UnicodeEncoding(true, false), CodePagesEncodingProvider.Instance.GetEncoding(1252)! })
        {
            byte[] bytes = [.. encoding.GetPreamble(), .. encoding.GetBytes("name,amount\ncafé,12\nrent,13\n")];
            ContentSniffer.Sniff(bytes, "a.csv").ShouldBe(new SniffOutcome.Accepted(DocumentFormat.Csv));
        }
    }

    [Fact]
    public void Sniff_Workbook_IsAcceptedWhateverItsExcelExtension()
    {
        var bytes = new XlsxFile().Sheet("S", XlsxFile.Row(1, 1)).Bytes();
        foreach (var name in new[] { "a.xlsx", "a.xls", "a.xlsm", "a", "a.bin" })
        {
            ContentSniffer.Sniff(bytes, name, "excel").ShouldBe(new SniffOutcome.Accepted(DocumentFormat.Xlsx));
        }
    }

    [Fact]
    public void Sniff_MacroWorkbook_IsAcceptedAndSaysSo() =>
        ContentSniffer.Sniff(new XlsxFile().Sheet("S", "").Part("xl/vbaProject.bin", "x").Bytes(), "a.xlsm").ShouldBe(new SniffOutcome.Accepted(DocumentFormat.Xlsx, HasMacros: true));

    [Fact]
    public void Sniff_NoBytes_IsEmpty()
    {
        Refused([], "a.pdf").ShouldBe(new IntakeRejection.EmptyFile());
        Refused("  \r\n\r\n"u8.ToArray(), "a.csv").ShouldBe(new IntakeRejection.EmptyFile());
    }

    [Fact]
    public void Sniff_TooManyBytes_IsOversized() =>
        ContentSniffer.Sniff(new byte[11], "a.pdf", null, new() { MaxBytes = 10 }).ShouldBe(new SniffOutcome.Rejected(new IntakeRejection.OversizedFile(11, 10)));

    [Fact]
    public void Sniff_PdfCutOff_IsTruncated()
    {
        Refused(Encoding.ASCII.GetBytes(Pdf[..60]), "a.pdf").ShouldBe(new IntakeRejection.TruncatedFile(DocumentFormat.Pdf));
        var linearized = "%PDF-1.4\n1 0 obj\n<< /Linearized 1 /L 99999 /H [1 2] >>\nendobj\nstartxref\n0\n%%EOF\n";
        Refused(Encoding.ASCII.GetBytes(linearized), "a.pdf").ShouldBe(new IntakeRejection.TruncatedFile(DocumentFormat.Pdf));
    }

    [Fact]
    public void Sniff_WorkbookCutOff_IsTruncated()
    {
        var bytes = new XlsxFile().Sheet("S", string.Concat(Enumerable.Range(1, 500).Select(i => XlsxFile.Row(i, i, "x")))).Bytes();
        Refused(bytes[..(bytes.Length / 2)], "a.xlsx").ShouldBe(new IntakeRejection.TruncatedFile(DocumentFormat.Xlsx));
    }

    [Theory]
    [InlineData("a.xlsx", null, "an Excel workbook")]
    [InlineData("a.pdf", "csv", "a CSV file")]
    [InlineData("a.docx", null, "a .docx file")]
    public void Sniff_PdfUnderAnotherName_IsMislabelled(string name, string? declared, string claimed) =>
        Refused(Encoding.ASCII.GetBytes(Pdf), name, declared).ShouldBe(new IntakeRejection.MislabelledFile(claimed, "a PDF"));

    [Fact]
    public void Sniff_WorkbookAsPdf_IsMislabelled() =>
        Refused(new XlsxFile().Sheet("S", "").Bytes(), "report.pdf").ShouldBe(new IntakeRejection.MislabelledFile("a PDF", "an Excel workbook"));

    [Fact]
    public void Sniff_WebPageAsPdf_IsMislabelledAndSaysWhatItIs() =>
        Refused("<!DOCTYPE html><html>Sign in</html>"u8.ToArray(), "report.pdf").Advice
            .ShouldBe("The file is given as a PDF but its content is a web page; download the document itself, or open the page in Excel and save it as .xlsx, then upload that.");

    [Theory]
    [InlineData("a.png", new byte[] { 0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A })]
    [InlineData("a.jpg", new byte[] { 0xFF, 0xD8, 0xFF, 0xE0, 0, 0 })]
    [InlineData("a.exe", new byte[] { 0x4D, 0x5A, 0x90, 0, 3, 0, 0, 0 })]
    [InlineData("a.html", new byte[] { 0x3C, 0x68, 0x74, 0x6D, 0x6C, 0x3E })]
    [InlineData("a.json", new byte[] { 0x7B, 0x22, 0x61, 0x22, 0x3A, 0x31, 0x7D })]
    [InlineData("a.bin", new byte[] { 1, 2, 3, 4, 5, 0, 7, 8 })]
    [InlineData("a.txt", new byte[] { 0x68, 0x65, 0x6C, 0x6C, 0x6F })]
    public void Sniff_OtherKinds_AreUnsupportedWithAdvice(string name, byte[] bytes)
    {
        var refusal = Refused(bytes, name).ShouldBeOfType<IntakeRejection.UnsupportedFile>();
        refusal.Slug.ShouldBe("unsupported-file");
        refusal.Advice.ShouldEndWith(".");
    }

    [Theory]
    [InlineData("word/document.xml", "a Word document")]
    [InlineData("ppt/presentation.xml", "a PowerPoint presentation")]
    [InlineData("xl/workbook.bin", "a binary Excel workbook (.xlsb)")]
    [InlineData("readme.txt", "a zip archive")]
    public void Sniff_OtherPackages_AreUnsupported(string entry, string kind) =>
        Refused(Zip((entry, 10)), "a").ShouldBeOfType<IntakeRejection.UnsupportedFile>().Kind.ShouldBe(kind);

    [Fact]
    public void Sniff_PackageThatClaimsToUnpackToTooMuch_IsABomb()
    {
        var bytes = Zip(("xl/workbook.xml", 10), ("xl/worksheets/sheet1.xml", 40_000_000));
        Refused(bytes, "a.xlsx").ShouldBe(new IntakeRejection.ZipBomb(IntakeLimits.Default.MaxUnzippedBytes));
        ContentSniffer.Sniff(Zip(("xl/workbook.xml", 10), ("xl/worksheets/sheet1.xml", 4_000_000)), "a.xlsx", null, new() { MaxUnzippedBytes = 3_000_000 })
            .ShouldBe(new SniffOutcome.Rejected(new IntakeRejection.ZipBomb(3_000_000)));
    }

    [Fact]
    public void Sniff_EncryptedZipEntry_NeedsAPassword()
    {
        var bytes = Zip(("xl/workbook.xml", 10));
        var directory = bytes.AsSpan().IndexOf("PK\u0001\u0002"u8);
        bytes[directory + 8] |= 1;
        Refused(bytes, "a.xlsx").ShouldBe(new IntakeRejection.PasswordProtectedWorkbook());
    }

    [Fact]
    public void Sniff_Zip64EndWithNegativePlace_IsTruncated()
    {
        var bytes = Zip(("xl/workbook.xml", 10));
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(bytes.Length - 6), 0xFFFFFFF0);
        Refused(bytes, "a.xlsx").ShouldBe(new IntakeRejection.TruncatedFile(DocumentFormat.Xlsx));
    }

    [Fact]
    public void Rejections_All_HaveAStableSlugATitleAndOneSentenceOfAdvice()
    {
        IntakeRejection[] all =
        [
            new IntakeRejection.EmptyFile(), new IntakeRejection.TruncatedFile(DocumentFormat.Pdf), new IntakeRejection.DamagedFile(DocumentFormat.Xlsx),
            new IntakeRejection.EncryptedPdf(), new IntakeRejection.PasswordProtectedWorkbook(), new IntakeRejection.MislabelledFile("a PDF", "a CSV file"),
            new IntakeRejection.UnsupportedFile("a picture", "Put it into a PDF and upload that."), new IntakeRejection.OversizedFile(1, 50 << 20),
            new IntakeRejection.ZipBomb(512 << 20), new IntakeRejection.TooMuchText(128 << 20), new IntakeRejection.TooManyCells(2_000_000),
        ];
        all.Select(rejection => rejection.Slug).ShouldBe(
            ["empty-file", "truncated-file", "damaged-file", "encrypted-pdf", "password-protected-workbook", "mislabelled-file", "unsupported-file", "oversized-file", "zip-bomb", "too-much-text", "too-many-cells"]);
        all.ShouldAllBe(rejection => rejection.Title.Length > 0 && rejection.Advice.EndsWith('.') && !rejection.Advice.TrimEnd('.').Contains(". "));
        all[^1].Advice.ShouldContain("2,000,000");
    }

    private static SniffOutcome.Accepted Accepted(string text, string name, string? declared = null) =>
        ContentSniffer.Sniff(Encoding.UTF8.GetBytes(text), name, declared).ShouldBeOfType<SniffOutcome.Accepted>();

    private static IntakeRejection Refused(byte[] bytes, string name, string? declared = null) =>
        ContentSniffer.Sniff(bytes, name, declared).ShouldBeOfType<SniffOutcome.Rejected>().Reason;

    private static byte[] Zip(params (string Name, int Length)[] entries)
    {
        var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, length) in entries)
            {
                using var entry = zip.CreateEntry(name, CompressionLevel.Optimal).Open();
                entry.Write(new byte[length]);
            }
        }

        return stream.ToArray();
    }
}
