namespace Advisor.Samples.Pdf;

/// <summary>The objects of one embedded simple font: dictionary, descriptor, font file.</summary>
internal static class PdfFont
{
    private const int Serif = 2;
    private const int Nonsymbolic = 32;
    private const int Italic = 64;

    /// <returns>A reference to the font dictionary.</returns>
    public static string Add(PdfObjects objects, TrueTypeFont font, SortedSet<char> used, char tag)
    {
        byte[] subset = font.Subset(used);
        int file = objects.AddStream($"/Length1 {subset.Length}", subset, compress: true);
        string name = $"ADVSR{tag}+{font.Name}";
        bool italic = font.Name.Contains("Italic", StringComparison.Ordinal);
        bool bold = font.Name.Contains("Bold", StringComparison.Ordinal);
        int flags = Nonsymbolic | (italic ? Italic : 0) | (font.Name.Contains("Serif", StringComparison.Ordinal) ? Serif : 0);
        string descriptor = objects.Add(
            $"<< /Type /FontDescriptor /FontName /{name} /Flags {flags} /FontBBox [{string.Join(' ', font.Bounds.Select(PerMille))}] "
            + $"/ItalicAngle {(italic ? -12 : 0)} /Ascent {PerMille(font.Ascent)} /Descent {PerMille(font.Descent)} /CapHeight 662 "
            + $"/StemV {(bold ? 140 : 80)} /FontFile2 {file} 0 R >>");
        Dictionary<int, int> widths = used.ToDictionary(c => (int)WinAnsi.Encode(c), c => PerMille(font.Advance(c)));
        int first = widths.Keys.Min();
        int last = widths.Keys.Max();
        string row = string.Join(' ', Enumerable.Range(first, last - first + 1).Select(code => widths.GetValueOrDefault(code)));
        return objects.Add(
            $"<< /Type /Font /Subtype /TrueType /BaseFont /{name} /Encoding /WinAnsiEncoding /FirstChar {first} /LastChar {last} "
            + $"/Widths [{row}] /FontDescriptor {descriptor} >>");

        int PerMille(int units) => (int)Math.Round(units * 1000.0 / font.UnitsPerEm);
    }
}
