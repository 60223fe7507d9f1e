using System.Diagnostics;
using System.Text;
using Advisor.Documents.Intake;
using Advisor.Documents.Reading.Sheets;
using Advisor.Tests.Documents.Reading.Sheets;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Documents.Intake;

/// <summary>Damaged and hostile bytes: the answer is always a document or a typed refusal, and comes soon.</summary>
public class MutatedFileTests
{
    private static readonly IntakeLimits Limits = new() { MaxCells = 100_000, MaxUnzippedBytes = 32 << 20, MaxTextCharacters = 4 << 20 };

    [Theory]
    [InlineData("xlsx", 1)]
    [InlineData("xls", 2)]
    [InlineData("csv", 3)]
    [InlineData("pdf", 4)]
    [InlineData("password", 5)]
    public void SniffAndRead_MutatedBytes_NeverThrowAndNeverHang(string kind, int seed)
    {
        var original = Original(kind);
        var random = new Random(seed);
        for (var round = 0; round < Rounds; round++)
        {
            var bytes = Mutate(original, random);
            var watch = Stopwatch.StartNew();
            foreach (var format in Formats(bytes, kind))
            {
                // Reading must stand by itself too: a sniffed file can be damaged anywhere inside.
                Should.NotThrow(() => WorkbookReader.Read(bytes, format, "x", Limits, TestContext.Current.CancellationToken), $"{kind}, seed {seed}, round {round}, read as {format}");
            }

            watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(10), $"{kind}, seed {seed}, round {round}");
        }
    }

    [Fact]
    public void Read_XmlWithMutatedParts_NeverThrows()
    {
        // Mutating the packed bytes mostly breaks their checksums; mutating the XML itself reaches the parser of cells.
        var random = new Random(6);
        var rows = XlsxFile.Row(1, "label", 1.5, "=SUM(B1:B2)|3") + "<row r=\"2\" hidden=\"1\"><c r=\"A2\" s=\"1\" t=\"s\"><f t=\"shared\" ref=\"A2:A3\" si=\"0\">B2*2</f><v>0</v></c><c r=\"A3\"><f t=\"shared\" si=\"0\"/></c></row>";
        for (var round = 0; round < Rounds; round++)
        {
            var mutated = Encoding.Latin1.GetString(Mutate(Encoding.Latin1.GetBytes(rows), random));
            var file = new XlsxFile().SharedStrings("<si><t>x</t></si>").Sheet("S", mutated);
            file.Format(Encoding.Latin1.GetString(Mutate(Encoding.ASCII.GetBytes("#,##0.00_);[Red](#,##0.00);\"-\"@"), random))).ShouldBeGreaterThan(0);
            var bytes = file.Bytes();
            Should.NotThrow(() =>
            {
                if (WorkbookReader.Read(bytes, DocumentFormat.Xlsx, "x", Limits) is WorkbookOutcome.Read read)
                {
                    _ = read.Workbook.Sheets.SelectMany(sheet => sheet.Cells).Sum(cell => cell.Displayed.Length + cell.Address.Length + (cell.Formula?.Length ?? 0));
                    WorkbookChecks.Run(read.Workbook, "doc", "x").Proofs.ShouldNotBeNull();
                    read.Workbook.Sheets.Sum(sheet => SheetTables.Find(sheet).Count).ShouldBeGreaterThanOrEqualTo(0);
                }
            }, $"round {round}");
        }
    }

    [Theory]
    [InlineData("running totals", 20_000)]
    [InlineData("one long formula", 200_000)]
    [InlineData("repeated columns", 50_000)]
    [InlineData("text in pieces", 300_000)]
    [InlineData("long format", 500_000)]
    [InlineData("sums over one block", 20_000)]
    public void ReadAndCheck_CraftedWorkbook_EndsSoon(string kind, int size)
    {
        var file = new XlsxFile();
        var rows = kind switch
        {
            "running totals" => string.Concat(Enumerable.Range(1, size).Select(i => $"<row r=\"{i}\"><c r=\"A{i}\"><v>1</v></c><c r=\"B{i}\"><f>SUM(A$1:A{i})</f><v>{i}</v></c></row>")),
            "one long formula" => XlsxFile.Row(1, "=1" + string.Concat(Enumerable.Repeat("+1", size)) + "|5"),
            "text in pieces" => "<row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>" + string.Concat(Enumerable.Repeat("<![CDATA[x]]>", size)) + "</t></is></c></row>",
            "sums over one block" => string.Concat(Enumerable.Range(1, size).Select(i => $"<row r=\"{i}\"><c r=\"A{i}\"><v>1</v></c></row>")) + string.Concat(Enumerable.Range(size + 1, size).Select(i => $"<row r=\"{i}\"><c r=\"A{i}\"><f>SUM(A1:A2)</f><v>2</v></c></row>")),
            _ => $"<row r=\"1\"><c r=\"A1\" s=\"{file.Format(new string('0', kind == "long format" ? size : 1))}\"><v>1</v></c></row>",
        };
        var columns = kind == "repeated columns" ? $"<cols>{string.Concat(Enumerable.Repeat("<col min=\"1\" max=\"16384\" hidden=\"1\"/>", size))}</cols>" : "";
        var bytes = file.Sheet("S", rows, before: columns).Bytes();
        var watch = Stopwatch.StartNew();
        var workbook = WorkbookReader.Read(bytes, DocumentFormat.Xlsx, "x", cancellationToken: TestContext.Current.CancellationToken).ShouldBeOfType<WorkbookOutcome.Read>().Workbook;
        WorkbookChecks.Run(workbook, "doc", "x", TestContext.Current.CancellationToken);
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(15));
    }

    private static int Rounds => Environment.GetEnvironmentVariable("ADVISOR_FUZZ_ROUNDS") is { Length: > 0 } rounds ? int.Parse(rounds) : 300;

    private static IEnumerable<DocumentFormat> Formats(byte[] bytes, string kind)
    {
        if (ContentSniffer.Sniff(bytes, "x") is SniffOutcome.Accepted { Format: not DocumentFormat.Pdf } accepted)
        {
            yield return accepted.Format;
        }

        yield return kind switch { "xlsx" => DocumentFormat.Xlsx, "csv" or "pdf" => DocumentFormat.Csv, _ => DocumentFormat.Xls };
    }

    private static byte[] Original(string kind) => kind switch
    {
        "xlsx" => new XlsxFile().SharedStrings("<si><t>a</t></si><si><t>b</t></si>").Sheet("S", string.Concat(Enumerable.Range(1, 40).Select(i => XlsxFile.Row(i, "x", i, $"=A{i}*2|{i}")))).Bytes(),
        "xls" => File.ReadAllBytes(Path.Combine(Evals.Folder("workbooks"), "tests-example.xls")),
        "password" => File.ReadAllBytes(Path.Combine(Evals.Folder("workbooks"), "password_protected.xlsx")),
        "csv" => Encoding.UTF8.GetBytes("name,amount,when\n" + string.Concat(Enumerable.Range(1, 200).Select(i => $"\"Item {i}\",\"1,{i:000}.50\",2025-01-{(i % 28) + 1:00}\n"))),
        _ => Encoding.ASCII.GetBytes("%PDF-1.4\n4 0 obj\n<< /Filter /Standard /V 2 /R 3 /Length 128 /P -44 /O (" + new string('o', 32) + ") /U <" + new string('a', 64) + "> >>\nendobj\ntrailer\n<< /Encrypt 4 0 R /ID [<0102> <0102>] >>\nstartxref\n9\n%%EOF\n"),
    };

    private static byte[] Mutate(byte[] original, Random random)
    {
        var bytes = (byte[])original.Clone();
        switch (random.Next(6))
        {
            case 0:
                return bytes[..random.Next(bytes.Length + 1)];
            case 1:
                var from = random.Next(bytes.Length);
                return [.. bytes[..from], .. bytes[Math.Min(bytes.Length, from + random.Next(64))..]];
            case 2:
                random.NextBytes(bytes.AsSpan(random.Next(bytes.Length - 4), 4));
                return bytes;
            case 3:
                var at = random.Next(bytes.Length);
                return [.. bytes[..at], .. bytes[random.Next(at + 1)..at], .. bytes[at..]];
            default:
                for (var flips = random.Next(1, 12); flips > 0; flips--)
                {
                    bytes[random.Next(bytes.Length)] = random.Next(3) == 0 ? (byte)0xFF : (byte)random.Next(256);
                }

                return bytes;
        }
    }
}
