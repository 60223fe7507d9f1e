using System.Globalization;
using System.Text;

namespace Advisor.Samples.Pdf;

/// <summary>
/// Writes the small part of PDF 1.7 that the samples need: text in embedded subsets, lines, rectangles, one image a page, outlines.
/// Dates and identifiers are fixed, so the same content gives the same bytes.
/// </summary>
internal sealed class PdfDocument(string title, string author, string subject)
{
    private const string Written = "D:20260227090000Z";

    private readonly List<PdfCanvas> pages = [];
    private readonly List<(string Title, int Page)> outlines = [];
    private readonly List<(TrueTypeFont Font, SortedSet<char> Used)> fonts = [];
    private readonly List<(byte[] Jpeg, int Width, int Height)> images = [];

    public PdfCanvas AddPage()
    {
        PdfCanvas page = new(this);
        pages.Add(page);
        return page;
    }

    /// <param name="page">Counted from 0.</param>
    public void AddOutline(string text, int page) => outlines.Add((text, page));

    /// <returns>The resource name of the font, with the characters of the text added to its subset.</returns>
    public string Use(TrueTypeFont font, string text)
    {
        int index = fonts.FindIndex(known => known.Font == font);
        if (index < 0)
        {
            index = fonts.Count;
            fonts.Add((font, []));
        }

        fonts[index].Used.UnionWith(text);
        return $"F{index + 1}";
    }

    public string Use(byte[] jpeg, int width, int height)
    {
        images.Add((jpeg, width, height));
        return $"I{images.Count}";
    }

    public byte[] ToArray()
    {
        PdfObjects objects = new();
        int catalog = objects.Reserve();
        int tree = objects.Reserve();
        string resources = objects.Add(Resources(objects));
        int[] pageIds = [.. pages.Select(_ => objects.Reserve())];
        for (int i = 0; i < pages.Count; i++)
        {
            int content = objects.AddStream("", pages[i].ToArray(), compress: true);
            objects.Set(pageIds[i], $"<< /Type /Page /Parent {tree} 0 R /Resources {resources} /MediaBox [0 0 612 792] /Contents {content} 0 R >>");
        }

        objects.Set(tree, $"<< /Type /Pages /Count {pages.Count} /Kids [{string.Join(' ', pageIds.Select(id => $"{id} 0 R"))}] >>");
        string outline = outlines.Count == 0 ? "" : $" /Outlines {Outlines(objects, pageIds)} 0 R";
        objects.Set(catalog, $"<< /Type /Catalog /Pages {tree} 0 R /Lang (en-US){outline} >>");
        string info = objects.Add($"<< /Title {Text(title)} /Author {Text(author)} /Subject {Text(subject)} /Creator (Advisor sample maker) /CreationDate ({Written}) /ModDate ({Written}) >>");
        return objects.ToArray($"{catalog} 0 R", info);
    }

    private string Resources(PdfObjects objects)
    {
        StringBuilder text = new("<< /ProcSet [/PDF /Text /ImageB] /Font <<");
        for (int i = 0; i < fonts.Count; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $" /F{i + 1} {PdfFont.Add(objects, fonts[i].Font, fonts[i].Used, (char)('A' + i))}");
        }

        text.Append(" >> /XObject <<");
        for (int i = 0; i < images.Count; i++)
        {
            (byte[] jpeg, int width, int height) = images[i];
            int id = objects.AddStream(
                $"/Type /XObject /Subtype /Image /Width {width} /Height {height} /ColorSpace /DeviceGray /BitsPerComponent 8 /Filter /DCTDecode", jpeg, compress: false);
            text.Append(CultureInfo.InvariantCulture, $" /I{i + 1} {id} 0 R");
        }

        return text.Append(" >> >>").ToString();
    }

    private int Outlines(PdfObjects objects, int[] pageIds)
    {
        int root = objects.Reserve();
        int[] ids = [.. outlines.Select(_ => objects.Reserve())];
        for (int i = 0; i < ids.Length; i++)
        {
            string previous = i > 0 ? $" /Prev {ids[i - 1]} 0 R" : "";
            string next = i + 1 < ids.Length ? $" /Next {ids[i + 1]} 0 R" : "";
            objects.Set(ids[i], $"<< /Title {Text(outlines[i].Title)} /Parent {root} 0 R{previous}{next} /Dest [{pageIds[outlines[i].Page]} 0 R /Fit] >>");
        }

        objects.Set(root, $"<< /Type /Outlines /Count {ids.Length} /First {ids[0]} 0 R /Last {ids[^1]} 0 R >>");
        return root;
    }

    private static string Text(string text) => $"<FEFF{Convert.ToHexString(Encoding.BigEndianUnicode.GetBytes(text))}>";
}
