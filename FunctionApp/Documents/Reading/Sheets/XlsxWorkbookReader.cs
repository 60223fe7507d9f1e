using System.IO.Compression;
using System.Xml;
using Advisor.Documents.Intake;

namespace Advisor.Documents.Reading.Sheets;

/// <summary>Reads Open Packaging workbooks cell by cell, straight from their parts.</summary>
/// <remarks>ECMA-376 part 1, 18 (SpreadsheetML), transitional and strict alike: elements are told by their local names.</remarks>
internal static class XlsxWorkbookReader
{
    public static Workbook Read(Stream content, ReadingBudget budget)
    {
        using var package = new XlsxPackage(content, budget);
        var main = package.Relationships("").Values.FirstOrDefault(found => found.Type == "officeDocument" && package.Has(found.Target)).Target ?? "xl/workbook.xml";
        var relations = package.Relationships(main);
        var listing = ReadListing(package, main);
        var styles = XlsxStyles.Read(package, Part(relations, "styles"), listing.Date1904);
        var texts = XlsxText.ReadShared(package, Part(relations, "sharedStrings"), budget);

        var sheets = new List<Sheet>();
        var skipped = new List<string>();
        foreach (var entry in listing.Sheets)
        {
            if (!relations.TryGetValue(entry.RelationId, out var relation) || relation.External || !package.Has(relation.Target))
            {
                skipped.Add(entry.Name);
                continue;
            }

            if (relation.Type != "worksheet")
            {
                skipped.Add(entry.Name);
                continue;
            }

            var comments = XlsxComments.Read(package, relation.Target, budget);
            using var xml = package.Open(relation.Target)!;
            sheets.Add(new XlsxSheetReader(xml, styles, texts, comments, listing.Date1904, budget).Read(entry.Name, entry.State));
        }

        return new()
        {
            Format = DocumentFormat.Xlsx,
            Sheets = sheets,
            SkippedSheets = skipped,
            Date1904 = listing.Date1904,
            HasMacros = relations.Values.Any(relation => relation.Type == "vbaProject"),
            ExternalLinks = ReadExternalLinks(package, relations),
        };
    }

    private static string? Part(Dictionary<string, Relationship> relations, string type) =>
        relations.Values.FirstOrDefault(relation => relation.Type == type && !relation.External).Target;

    private static List<string> ReadExternalLinks(XlsxPackage package, Dictionary<string, Relationship> relations)
    {
        var links = new List<string>();
        foreach (var relation in relations.Values.Where(relation => relation.Type == "externalLink" && !relation.External))
        {
            links.AddRange(package.Relationships(relation.Target).Values.Where(link => link.External).Select(link => link.Target));
        }

        return links;
    }

    private static Listing ReadListing(XlsxPackage package, string main)
    {
        using var xml = package.Open(main) ?? throw new InvalidDataException("The package has no workbook part.");
        var sheets = new List<SheetEntry>();
        var date1904 = false;
        while (xml.Read())
        {
            if (xml.NodeType != XmlNodeType.Element)
            {
                continue;
            }

            if (xml.LocalName == "workbookPr")
            {
                date1904 = xml.GetAttribute("date1904") is "1" or "true" or "on";
            }
            else if (xml.LocalName == "sheet" && xml.Depth == 2)
            {
                sheets.Add(Entry(xml));
            }
        }

        return new(sheets, date1904);
    }

    private static SheetEntry Entry(XmlReader xml)
    {
        var (name, id, state) = ("", "", SheetState.Visible);
        while (xml.MoveToNextAttribute())
        {
            switch (xml.LocalName)
            {
                case "name":
                    name = XlsxText.Unescape(xml.Value);
                    break;
                case "id":
                    id = xml.Value;
                    break;
                case "state":
                    state = xml.Value switch { "hidden" => SheetState.Hidden, "veryHidden" => SheetState.VeryHidden, _ => SheetState.Visible };
                    break;
                default:
                    break;
            }
        }

        xml.MoveToElement();
        return new(name, id, state);
    }

    private readonly record struct SheetEntry(string Name, string RelationId, SheetState State);

    private sealed record Listing(List<SheetEntry> Sheets, bool Date1904);
}

/// <summary>The comments on the cells of a sheet.</summary>
internal static class XlsxComments
{
    /// <summary>Texts by A1 address; empty where the sheet has none.</summary>
    public static Dictionary<string, string> Read(XlsxPackage package, string sheetPart, ReadingBudget budget)
    {
        var comments = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var relation in package.Relationships(sheetPart).Values.Where(relation => relation.Type == "comments" && !relation.External))
        {
            using var xml = package.Open(relation.Target);
            while (xml is not null && xml.Read())
            {
                if (xml.NodeType == XmlNodeType.Element && xml.LocalName == "comment" && xml.GetAttribute("ref") is { } address)
                {
                    var text = XlsxText.ReadRuns(xml);
                    budget.Holds(text.Length + 16);
                    comments.TryAdd(address, text);
                }
            }
        }

        return comments;
    }
}
