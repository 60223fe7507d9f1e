using System.Globalization;
using System.Xml;
using Advisor.Documents.Reading.Pages;

namespace Advisor.Documents.Screening;

/// <summary>What a PDF says of itself: its Info dictionary, own entries included, and its XMP packet.</summary>
internal static class PdfMetadata
{
    /// <summary>Characters beyond which metadata is not read: no program writes so much.</summary>
    private const int Longest = 1_000_000;

    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(30);

    /// <summary>Entries by lower-case name. What cannot be read is left out: it reaches no reasoner either.</summary>
    public static async Task<IReadOnlyList<(string Name, string Value)>> ReadAsync(string file, CancellationToken cancellationToken)
    {
        var outputs = await Task.WhenAll(PrintAsync([file], cancellationToken), PrintAsync(["-custom", file], cancellationToken), PrintAsync(["-meta", file], cancellationToken));
        return [.. Info(outputs[0]), .. Info(outputs[1]), .. Packet(outputs[2])];
    }

    private static async Task<string> PrintAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var (output, exitCode, _) = await ChildProcess.RunAsync("pdfinfo", "poppler-utils", arguments, s_timeout, ReadSome, cancellationToken);
        return exitCode == 0 ? output : "";
    }

    private static string ReadSome(StreamReader reader)
    {
        var buffer = new char[Longest];
        var read = reader.ReadBlock(buffer);
        // The rest is taken off the pipe, so that the tool can end.
        while (reader.Read(buffer.AsSpan(read == Longest ? 0 : read)) > 0 && read == Longest)
        {
        }

        return new string(buffer, 0, read);
    }

    /// <summary>Lines <c>Name: value</c>; a line without a name goes on the value before it.</summary>
    private static List<(string Name, string Value)> Info(string output)
    {
        var entries = new List<(string Name, string Value)>();
        foreach (var line in output.Split('\n'))
        {
            var colon = line.IndexOf(':');
            if (colon > 0 && !line.AsSpan(0, colon).Contains(' ') || colon > 0 && entries.Count == 0)
            {
                entries.Add((line[..colon].ToLowerInvariant(), line[(colon + 1)..].Trim()));
            }
            else if (entries.Count > 0)
            {
                entries[^1] = (entries[^1].Name, $"{entries[^1].Value}\n{line}");
            }
        }

        // A value may hold what looks like the next entry: the whole is looked at too.
        return [.. entries, ("info", string.Join('\n', entries.Select(entry => entry.Value)))];
    }

    private static List<(string Name, string Value)> Packet(string xmp)
    {
        var entries = new List<(string Name, string Value)>();
        try
        {
            using var xml = XmlReader.Create(new StringReader(xmp), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, CheckCharacters = false });
            var names = new Stack<string>();
            while (xml.Read())
            {
                switch (xml.NodeType)
                {
                    case XmlNodeType.Element when !xml.IsEmptyElement:
                        names.Push(xml.LocalName);
                        AddAttributes(xml, entries);
                        break;
                    case XmlNodeType.Element:
                        AddAttributes(xml, entries);
                        break;
                    case XmlNodeType.EndElement:
                        names.Pop();
                        break;
                    case XmlNodeType.Text or XmlNodeType.CDATA:
                        entries.Add((names.FirstOrDefault(name => name is not ("li" or "Alt" or "Bag" or "Seq"), "xmp").ToLower(CultureInfo.InvariantCulture), xml.Value));
                        break;
                    default:
                        break;
                }
            }
        }
        catch (XmlException)
        {
            // A packet that breaks off is still text.
            entries.Add(("xmp", xmp));
        }

        return entries;
    }

    private static void AddAttributes(XmlReader xml, List<(string Name, string Value)> entries)
    {
        while (xml.MoveToNextAttribute())
        {
            if (xml.Prefix != "xmlns")
            {
                entries.Add((xml.LocalName.ToLowerInvariant(), xml.Value));
            }
        }

        xml.MoveToElement();
    }
}
