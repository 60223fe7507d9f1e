using System.Globalization;
using System.Text;
using System.Xml;

namespace Advisor.Documents.Reading.Sheets;

/// <summary>Texts of a workbook: shared, inline and rich.</summary>
internal static class XlsxText
{
    /// <summary>The shared texts in order; empty where the workbook has none.</summary>
    public static List<string> ReadShared(XlsxPackage package, string? part, ReadingBudget budget)
    {
        var texts = new List<string>();
        using var xml = part is null ? null : package.Open(part);
        if (xml is null)
        {
            return texts;
        }

        xml.MoveToContent();
        while (xml.Read())
        {
            if (xml.NodeType == XmlNodeType.Element && xml.LocalName == "si")
            {
                var text = ReadRuns(xml);
                budget.Holds(text.Length + 16);
                texts.Add(text);
            }
        }

        return texts;
    }

    /// <summary>The text of an element whose runs may be formatted; reading aids of East Asian text (phonetic runs) are left out.</summary>
    /// <remarks>Leaves the reader on the element's end.</remarks>
    public static string ReadRuns(XmlReader xml)
    {
        if (xml.IsEmptyElement)
        {
            return "";
        }

        var depth = xml.Depth;
        string? single = null;
        StringBuilder? several = null;
        while (xml.Read() && xml.Depth > depth)
        {
            if (xml.NodeType != XmlNodeType.Element)
            {
                continue;
            }

            if (xml.LocalName is "rPh")
            {
                SkipInside(xml);
            }
            else if (xml.LocalName == "t")
            {
                var text = ReadText(xml);
                if (single is null)
                {
                    single = text;
                }
                else
                {
                    (several ??= new(single)).Append(text);
                }
            }
        }

        return Unescape(several?.ToString() ?? single ?? "");
    }

    /// <summary>The characters of an element without children; leaves the reader on its end.</summary>
    public static string ReadText(XmlReader xml)
    {
        if (xml.IsEmptyElement)
        {
            return "";
        }

        var depth = xml.Depth;
        string? single = null;
        StringBuilder? several = null;
        while (xml.Read() && xml.Depth > depth)
        {
            if (xml.NodeType is XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.Whitespace or XmlNodeType.SignificantWhitespace)
            {
                if (single is null)
                {
                    single = xml.Value;
                }
                else
                {
                    (several ??= new(single)).Append(xml.Value);
                }
            }
        }

        return several?.ToString() ?? single ?? "";
    }

    /// <summary>Moves to the end of the current element, so that a following Read leaves it.</summary>
    public static void SkipInside(XmlReader xml)
    {
        if (xml.IsEmptyElement)
        {
            return;
        }

        var depth = xml.Depth;
        while (xml.Read() && xml.Depth > depth)
        {
        }
    }

    /// <summary>Characters that XML cannot hold are stored as _x000D_.</summary>
    internal static string Unescape(string text)
    {
        var at = text.IndexOf("_x", StringComparison.Ordinal);
        if (at < 0)
        {
            return text;
        }

        var plain = new StringBuilder(text.Length);
        var from = 0;
        for (; at >= 0 && at + 7 <= text.Length; at = text.IndexOf("_x", at, StringComparison.Ordinal))
        {
            if (text[at + 6] == '_' && ushort.TryParse(text.AsSpan(at + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code))
            {
                plain.Append(text, from, at - from).Append((char)code);
                at += 7;
                from = at;
            }
            else
            {
                at += 2;
            }
        }

        return plain.Append(text, from, text.Length - from).ToString();
    }
}
