using System.Globalization;
using System.Xml;

namespace Advisor.Documents.Reading.Sheets;

/// <summary>The cell styles of a workbook, as far as they decide how a number is shown.</summary>
internal static class XlsxStyles
{
    private const int MaxStyles = 65_536;

    /// <summary>By style number; empty where the workbook has no styles.</summary>
    public static List<CellStyle> Read(XlsxPackage package, string? part, bool date1904)
    {
        var codes = new Dictionary<int, string>();
        var styles = new List<CellStyle>();
        using var xml = part is null ? null : package.Open(part);
        var inCellFormats = false;
        while (xml is not null && xml.Read())
        {
            if (xml.LocalName == "cellXfs")
            {
                inCellFormats = xml.NodeType == XmlNodeType.Element && !xml.IsEmptyElement;
            }
            else if (xml.NodeType == XmlNodeType.Element && xml.LocalName == "numFmt" && xml.GetAttribute("formatCode") is { } code)
            {
                codes.TryAdd(Number(xml.GetAttribute("numFmtId")), code);
            }
            else if (xml.NodeType == XmlNodeType.Element && inCellFormats && xml.LocalName == "alignment" && styles.Count > 0)
            {
                styles[^1] = styles[^1] with { Indent = Math.Clamp(Number(xml.GetAttribute("indent")), 0, 250) };
            }
            else if (xml.NodeType == XmlNodeType.Element && inCellFormats && xml.LocalName == "xf" && styles.Count < MaxStyles)
            {
                var id = Number(xml.GetAttribute("numFmtId"));
                styles.Add(new(codes.TryGetValue(id, out var own) ? NumberFormat.Parse(own) : NumberFormat.BuiltIn(id), date1904));
            }
        }

        return styles;
    }

    private static int Number(string? text) => int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
