using System.IO.Compression;
using System.Security;
using System.Text;
using Advisor.Documents.Intake;
using Advisor.Documents.Reading.Sheets;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Documents.Reading.Sheets;

/// <summary>Writes workbooks part by part, so that a test can make exactly the oddity it is about.</summary>
internal sealed class XlsxFile
{
    private const string Main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    private const string Relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    private readonly Dictionary<string, string> _parts = [];
    private readonly List<(string Name, string State, string Xml, string Type)> _sheets = [];
    private readonly List<string> _formats = [];
    private string? _sharedStrings;

    public string WorkbookProperties { get; set; } = "";

    public string TargetPrefix { get; set; } = "";

    public string ExtraWorkbookRelations { get; set; } = "";

    /// <summary>A style number that shows numbers by this code.</summary>
    public int Format(string code)
    {
        _formats.Add(code);
        return _formats.Count;
    }

    public XlsxFile Sheet(string name, string rows, string state = "visible", string before = "", string after = "", string type = "worksheet")
    {
        var xml = $"""<worksheet xmlns="{Main}" xmlns:r="{Relations}">{before}<sheetData>{rows}</sheetData>{after}</worksheet>""";
        _sheets.Add((name, state, xml, type));
        return this;
    }

    public XlsxFile SharedStrings(string items)
    {
        _sharedStrings = $"""<sst xmlns="{Main}">{items}</sst>""";
        return this;
    }

    public XlsxFile Part(string name, string xml)
    {
        _parts[name] = xml;
        return this;
    }

    /// <summary>One row of plain cells: numbers, texts, or formulas with their cached value as "=formula|value".</summary>
    public static string Row(int number, params object?[] values)
    {
        var row = new StringBuilder($"<row r=\"{number}\">");
        for (var i = 0; i < values.Length; i++)
        {
            var address = CellAddress.Format(number, i + 1);
            row.Append(values[i] switch
            {
                null => "",
                string text when text.StartsWith('=') && text.Split('|') is var parts => $"<c r=\"{address}\"><f>{SecurityElement.Escape(parts[0][1..])}</f>{(parts.Length > 1 ? $"<v>{parts[1]}</v>" : "")}</c>",
                string text => $"<c r=\"{address}\" t=\"inlineStr\"><is><t xml:space=\"preserve\">{SecurityElement.Escape(text)}</t></is></c>",
                var number_ => FormattableString.Invariant($"<c r=\"{address}\"><v>{number_}</v></c>"),
            });
        }

        return row.Append("</row>").ToString();
    }

    public byte[] Bytes()
    {
        var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            Write(zip, "[Content_Types].xml", """<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>""");
            Write(zip, "_rels/.rels", $"""<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="{Relations}/officeDocument" Target="xl/workbook.xml"/></Relationships>""");
            var sheets = new StringBuilder();
            var relations = new StringBuilder();
            for (var i = 0; i < _sheets.Count; i++)
            {
                var (name, state, xml, type) = _sheets[i];
                sheets.Append($"""<sheet name="{SecurityElement.Escape(name)}" sheetId="{i + 1}" state="{state}" r:id="s{i + 1}"/>""");
                relations.Append($"""<Relationship Id="s{i + 1}" Type="{Relations}/{type}" Target="{TargetPrefix}worksheets/sheet{i + 1}.xml"/>""");
                Write(zip, $"xl/worksheets/sheet{i + 1}.xml", xml);
            }

            if (_sharedStrings is not null)
            {
                relations.Append($"""<Relationship Id="t1" Type="{Relations}/sharedStrings" Target="{TargetPrefix}sharedStrings.xml"/>""");
                Write(zip, "xl/sharedStrings.xml", _sharedStrings);
            }

            relations.Append($"""<Relationship Id="y1" Type="{Relations}/styles" Target="{TargetPrefix}styles.xml"/>""").Append(ExtraWorkbookRelations);
            Write(zip, "xl/styles.xml", Styles());
            Write(zip, "xl/workbook.xml", $"""<workbook xmlns="{Main}" xmlns:r="{Relations}">{WorkbookProperties}<sheets>{sheets}</sheets></workbook>""");
            Write(zip, "xl/_rels/workbook.xml.rels", $"""<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{relations}</Relationships>""");
            foreach (var (name, xml) in _parts)
            {
                Write(zip, name, xml);
            }
        }

        return stream.ToArray();
    }

    public Workbook Read() =>
        WorkbookReader.Read(Bytes(), DocumentFormat.Xlsx, "test.xlsx", cancellationToken: TestContext.Current.CancellationToken)
            .ShouldBeOfType<WorkbookOutcome.Read>().Workbook;

    private static void Write(ZipArchive zip, string name, string xml)
    {
        using var writer = new StreamWriter(zip.CreateEntry(name, CompressionLevel.Fastest).Open());
        writer.Write(xml);
    }

    private string Styles()
    {
        var formats = string.Concat(_formats.Select((code, i) => $"""<numFmt numFmtId="{200 + i}" formatCode="{SecurityElement.Escape(code)}"/>"""));
        var cells = string.Concat(_formats.Select((_, i) => $"""<xf numFmtId="{200 + i}"/>"""));
        return $"""<styleSheet xmlns="{Main}"><numFmts>{formats}</numFmts><cellStyleXfs><xf numFmtId="9"/></cellStyleXfs><cellXfs><xf numFmtId="0"/>{cells}</cellXfs></styleSheet>""";
    }
}
