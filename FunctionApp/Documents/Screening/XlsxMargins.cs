using System.Text;
using System.Xml;
using Advisor.Documents.Intake;
using Advisor.Documents.Reading.Sheets;

namespace Advisor.Documents.Screening;

/// <summary>What stands in an Open Packaging workbook beside its cells: properties, defined names, threaded comments, text boxes, charts, tables, headers and footers, prompts.</summary>
internal static class XlsxMargins
{
    /// <summary>Their texts are cells, or styles of them, and are read as such.</summary>
    private static readonly string[] s_read = ["xl/sharedStrings.xml", "xl/styles.xml", "xl/calcChain.xml", "[Content_Types].xml"];

    /// <summary>A text of a part.</summary>
    /// <param name="Place"><c>metadata:title</c> for a property, else the part's name.</param>
    public readonly record struct Margin(string Place, string Text);

    /// <summary>The texts part by part. A part that is malformed, or beyond the limits, ends where it is: no reader gets more of it.</summary>
    public static IReadOnlyList<Margin> Read(ReadOnlyMemory<byte> content, IntakeLimits limits, CancellationToken cancellationToken)
    {
        var margins = new List<Margin>();
        try
        {
            using var package = new XlsxPackage(WorkbookReader.Open(content), new ReadingBudget(limits, cancellationToken));
            foreach (var part in package.Names.Where(IsMargin).Order(StringComparer.Ordinal))
            {
                try
                {
                    using var xml = package.Open(part)!;
                    ReadPart(xml, part, margins);
                }
                catch (XmlException)
                {
                    // The next part may be whole.
                }
            }
        }
        catch (Exception fault) when (fault is ReadingStoppedException or InvalidDataException or IOException)
        {
            return margins;
        }

        return margins;
    }

    private static bool IsMargin(string part) =>
        part.EndsWith(".xml", StringComparison.OrdinalIgnoreCase) && !s_read.Contains(part, StringComparer.OrdinalIgnoreCase) && !part.StartsWith("xl/theme/", StringComparison.OrdinalIgnoreCase);

    private static void ReadPart(XmlReader xml, string part, List<Margin> margins)
    {
        var isProperty = part.StartsWith("docProps/", StringComparison.OrdinalIgnoreCase);
        var text = new StringBuilder();
        var (element, inRun) = ("", false);
        while (xml.Read())
        {
            if (xml is { NodeType: XmlNodeType.Element, LocalName: "sheetData" })
            {
                XlsxText.SkipInside(xml);
                continue;
            }

            if (xml.NodeType == XmlNodeType.Element)
            {
                element = xml.LocalName;
                inRun &= element is "r" or "rPr" or "t";
                AddAttributes(xml, text);
            }
            else if (xml.NodeType is XmlNodeType.Text or XmlNodeType.CDATA)
            {
                if (isProperty)
                {
                    margins.Add(new Margin($"metadata:{element.ToLowerInvariant()}", XlsxText.Unescape(xml.Value)));
                    continue;
                }

                // A sentence may be cut into runs of different looks.
                text.Append(inRun && element == "t" ? "" : "\n").Append(XlsxText.Unescape(xml.Value));
                inRun = element == "t";
            }
        }

        if (text.Length > 0)
        {
            margins.Add(new Margin(part, text.ToString()));
        }
    }

    private static void AddAttributes(XmlReader xml, StringBuilder text)
    {
        while (xml.MoveToNextAttribute())
        {
            // Names, titles, descriptions, prompts, tooltips: whatever holds a sentence has a space or is long.
            if (xml.Prefix != "xmlns" && xml.LocalName != "xmlns" && xml.Value.Length > 8 && !xml.Value.StartsWith("http://schemas.", StringComparison.Ordinal) && !xml.Value.StartsWith('{'))
            {
                text.Append('\n').Append(XlsxText.Unescape(xml.Value));
            }
        }

        xml.MoveToElement();
    }
}
