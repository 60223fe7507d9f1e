using System.IO.Compression;
using System.Xml;

namespace Advisor.Documents.Reading.Sheets;

/// <summary>What one part of a package says about another.</summary>
internal readonly record struct Relationship(string Type, string Target, bool External);

/// <summary>The parts of an Open Packaging file by name, read as XML without entities or outside fetches.</summary>
internal sealed class XlsxPackage : IDisposable
{
    private static readonly XmlReaderSettings Settings = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
        CloseInput = true,
    };

    private readonly ZipArchive _archive;
    private readonly ReadingBudget _budget;
    private readonly Dictionary<string, ZipArchiveEntry> _parts = new(StringComparer.OrdinalIgnoreCase);

    public XlsxPackage(Stream content, ReadingBudget budget)
    {
        _budget = budget;
        _archive = new(content, ZipArchiveMode.Read);
        foreach (var entry in _archive.Entries)
        {
            _parts.TryAdd(entry.FullName.Replace('\\', '/').TrimStart('/'), entry);
        }
    }

    /// <summary>The names of all parts.</summary>
    public IEnumerable<string> Names => _parts.Keys;

    public bool Has(string part) => _parts.ContainsKey(part);

    /// <summary>The part's XML, or null where there is no such part.</summary>
    public XmlReader? Open(string part) =>
        _parts.TryGetValue(part, out var entry) ? XmlReader.Create(new BufferedStream(new CountedStream(entry.Open(), _budget), 128 * 1024), Settings) : null;

    /// <summary>The relationships of a part by id; an empty name stands for the package itself.</summary>
    public Dictionary<string, Relationship> Relationships(string part)
    {
        var found = new Dictionary<string, Relationship>(StringComparer.Ordinal);
        var slash = part.LastIndexOf('/');
        using var xml = Open($"{part[..(slash + 1)]}_rels/{part[(slash + 1)..]}.rels");
        while (xml is not null && xml.Read())
        {
            if (xml.NodeType != XmlNodeType.Element || xml.LocalName != "Relationship")
            {
                continue;
            }

            var external = string.Equals(xml.GetAttribute("TargetMode"), "External", StringComparison.OrdinalIgnoreCase);
            var target = xml.GetAttribute("Target") ?? "";
            var type = xml.GetAttribute("Type") ?? "";
            found.TryAdd(xml.GetAttribute("Id") ?? "", new(type[(type.LastIndexOf('/') + 1)..], external ? target : Resolve(part, target), external));
        }

        return found;
    }

    public void Dispose() => _archive.Dispose();

    /// <summary>The part that a target names: from the package's root after a slash, else beside the part that names it.</summary>
    private static string Resolve(string part, string target)
    {
        target = Uri.UnescapeDataString(target.Replace('\\', '/'));
        var folders = new List<string>();
        var path = target.StartsWith('/') ? target : part[..(part.LastIndexOf('/') + 1)] + target;
        foreach (var step in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (step == "..")
            {
                folders.RemoveRange(Math.Max(0, folders.Count - 1), Math.Min(1, folders.Count));
            }
            else if (step != ".")
            {
                folders.Add(step);
            }
        }

        return string.Join('/', folders);
    }
}
