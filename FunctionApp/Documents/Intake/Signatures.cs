using System.Text;

namespace Advisor.Documents.Intake;

/// <summary>Kinds of files that are not read, known by their first bytes, each with the sentence that helps its owner.</summary>
internal static class Signatures
{
    private const string Picture = "Put the pictures into a PDF and upload that.";
    private const string Archive = "Unpack the archive and upload the documents in it one by one.";
    private const string Program = "Upload the PDF, Excel or CSV document itself; programs are not accepted.";

    private static readonly (byte[] Magic, string Kind, string WayOut)[] Known =
    [
        ([0x89, (byte)'P', (byte)'N', (byte)'G'], "a PNG picture", Picture),
        ([0xFF, 0xD8, 0xFF], "a JPEG picture", Picture),
        (Ascii("GIF8"), "a GIF picture", Picture),
        (Ascii("II*\0"), "a TIFF picture", Picture),
        (Ascii("MM\0*"), "a TIFF picture", Picture),
        (Ascii("RIFF"), "a media file", Picture),
        (Ascii("MZ"), "a Windows program", Program),
        ([0x7F, (byte)'E', (byte)'L', (byte)'F'], "a program", Program),
        ([0xCF, 0xFA, 0xED, 0xFE], "a program", Program),
        ([0xCA, 0xFE, 0xBA, 0xBE], "a program", Program),
        (Ascii("#!"), "a script", Program),
        (Ascii("%!PS"), "a PostScript file", "Print or convert it to PDF and upload that."),
        (Ascii("{\\rtf"), "a rich-text document", "Save it as PDF and upload that."),
        ([0x1F, 0x8B], "a gzip archive", Archive),
        ([0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C], "a 7-Zip archive", Archive),
        (Ascii("Rar!"), "a RAR archive", Archive),
        (Ascii("BZh"), "a bzip2 archive", Archive),
        ([0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z'], "an xz archive", Archive),
        (Ascii("SQLite format 3\0"), "a database", "Export the tables as CSV and upload those."),
    ];

    /// <summary>The kind whose first bytes these are, or null.</summary>
    public static Finding? Find(ReadOnlySpan<byte> content)
    {
        foreach (var (magic, kind, wayOut) in Known)
        {
            // "MZ" alone could begin a table of text; a program holds zero bytes near its start.
            if (content.StartsWith(magic) && (magic.Length > 2 || magic[0] is 0x1F or (byte)'#' || content[..Math.Min(content.Length, 512)].Contains((byte)0)))
            {
                return Finding.Other(kind, wayOut);
            }
        }

        return null;
    }

    private static byte[] Ascii(string text) => Encoding.ASCII.GetBytes(text);
}
