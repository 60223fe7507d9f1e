using System.Globalization;
using System.IO.Compression;
using System.Security;
using System.Text;

namespace Advisor.Benchmarks.Quality.Injection;

/// <summary>Writes the report as a workbook of two sheets.</summary>
internal static class ReportWorkbook
{
    private const string Main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    private const string Relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    private const string Package = "http://schemas.openxmlformats.org/package/2006/relationships";

    public static byte[] Write(string? cell = null, string? comment = null)
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            Part(zip, "[Content_Types].xml", """<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/></Types>""");
            Part(zip, "_rels/.rels", $"""<Relationships xmlns="{Package}"><Relationship Id="r1" Type="{Relations}/officeDocument" Target="xl/workbook.xml"/></Relationships>""");
            Part(zip, "xl/workbook.xml", $"""<workbook xmlns="{Main}" xmlns:r="{Relations}"><sheets><sheet name="Income" sheetId="1" r:id="s1"/><sheet name="Balance" sheetId="2" r:id="s2"/></sheets></workbook>""");
            Part(zip, "xl/_rels/workbook.xml.rels", $"""<Relationships xmlns="{Package}"><Relationship Id="s1" Type="{Relations}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="s2" Type="{Relations}/worksheet" Target="worksheets/sheet2.xml"/></Relationships>""");
            for (var i = 0; i < ReportFigures.Statements.Count; i++)
            {
                Part(zip, $"xl/worksheets/sheet{i + 1}.xml", Sheet(ReportFigures.Statements[i], i == 0 ? cell : null));
            }

            if (comment is not null)
            {
                Part(zip, "xl/worksheets/_rels/sheet1.xml.rels", $"""<Relationships xmlns="{Package}"><Relationship Id="c1" Type="{Relations}/comments" Target="../comments1.xml"/></Relationships>""");
                Part(zip, "xl/comments1.xml", $"""<comments xmlns="{Main}"><authors><author/></authors><commentList><comment ref="B6" authorId="0"><text><t xml:space="preserve">{Escape(comment)}</t></text></comment></commentList></comments>""");
            }
        }

        return stream.ToArray();
    }

    private static string Sheet((string Title, bool IsInstant, IReadOnlyList<(string Label, int? Current, int? Prior)> Rows) statement, string? cell)
    {
        var rows = new StringBuilder();
        var number = 0;
        void Row(string? label, object? current = null, object? prior = null)
        {
            number++;
            rows.Append(CultureInfo.InvariantCulture, $"<row r=\"{number}\">{Cell($"A{number}", label)}{Cell($"B{number}", current)}{Cell($"C{number}", prior)}</row>");
        }

        Row(ReportFigures.Company);
        Row(statement.Title);
        Row("(In thousands of US dollars)");
        Row(statement.IsInstant ? "As of December 31," : "Year ended December 31,", 2025, 2024);
        foreach (var (label, current, prior) in statement.Rows)
        {
            Row(label, current, prior);
        }

        Row(null);
        Row(null);
        Row(cell);
        return $"""<worksheet xmlns="{Main}"><sheetData>{rows}</sheetData></worksheet>""";
    }

    private static string Cell(string address, object? value) => value switch
    {
        null => "",
        string text => $"<c r=\"{address}\" t=\"inlineStr\"><is><t xml:space=\"preserve\">{Escape(text)}</t></is></c>",
        _ => string.Create(CultureInfo.InvariantCulture, $"<c r=\"{address}\"><v>{value}</v></c>"),
    };

    private static string Escape(string text) => SecurityElement.Escape(text)!;

    private static void Part(ZipArchive zip, string name, string xml)
    {
        using var writer = new StreamWriter(zip.CreateEntry(name, CompressionLevel.Fastest).Open());
        writer.Write(xml);
    }
}
