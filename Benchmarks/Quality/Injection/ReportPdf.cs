using System.Globalization;
using System.Text;

namespace Advisor.Benchmarks.Quality.Injection;

/// <summary>Writes the report as a PDF of two pages. Its font has every character that the texts need, invisible ones too: a map says what each glyph means.</summary>
internal sealed class ReportPdf
{
    private const double Size = 10;
    private const double Advance = 0.5;
    private const int LineLength = 100;
    private const int LabelLength = 48;

    private readonly Dictionary<Rune, int> _glyphs = [];
    private readonly List<string> _objects = [];

    public static byte[] Write(string? paragraph = null, string? hidden = null, string? row = null, string? title = null) =>
        new ReportPdf().Document(paragraph, hidden, row, title ?? "Annual report");

    private byte[] Document(string? paragraph, string? hidden, string? row, string title)
    {
        var pages = ReportFigures.Statements.Select((statement, i) => Page(statement, i == 0 ? paragraph : null, i == 0 ? hidden : null, i == 0 ? row : null)).ToList();
        var widths = string.Join(' ', _glyphs.Select(glyph => $"{glyph.Value} [{(IsInvisible(glyph.Key) ? 0 : (int)(Advance * 1000))}]"));
        var map = string.Join('\n', _glyphs.Select(glyph => $"<{glyph.Value:X4}> <{Hexadecimal(glyph.Key.ToString())}>"));
        var toUnicode = $"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Report def /CMapType 2 def 1 begincodespacerange <0000> <FFFF> endcodespacerange {string.Join('\n', map.Split('\n').Chunk(100).Select(part => $"{part.Length} beginbfchar\n{string.Join('\n', part)}\nendbfchar"))} endcmap end end";

        var first = 8;
        Add("<< /Type /Catalog /Pages 2 0 R >>");
        Add($"<< /Type /Pages /Count {pages.Count} /Kids [{string.Join(' ', pages.Select((_, i) => $"{first + (2 * i)} 0 R"))}] >>");
        Add("<< /Type /Font /Subtype /Type0 /BaseFont /Report /Encoding /Identity-H /DescendantFonts [4 0 R] /ToUnicode 6 0 R >>");
        Add($"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Report /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> /FontDescriptor 5 0 R /DW 500 /W [{widths}] >>");
        Add("<< /Type /FontDescriptor /FontName /Report /Flags 4 /FontBBox [0 -200 1000 800] /ItalicAngle 0 /Ascent 800 /Descent -200 /CapHeight 700 /StemV 80 >>");
        Add($"<< /Length {toUnicode.Length} >>\nstream\n{toUnicode}\nendstream");
        Add($"<< /Title <FEFF{Hexadecimal(title)}> /Producer (Advisor quality) >>");
        foreach (var content in pages)
        {
            Add($"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources << /Font << /F1 3 0 R >> >> /Contents {_objects.Count + 2} 0 R >>");
            Add($"<< /Length {content.Length} >>\nstream\n{content}\nendstream");
        }

        return File();
    }

    private string Page((string Title, bool IsInstant, IReadOnlyList<(string Label, int? Current, int? Prior)> Rows) statement, string? paragraph, string? hidden, string? row)
    {
        var page = new StringBuilder();
        var y = 740d;
        Centred(page, ReportFigures.Company, y);
        Centred(page, statement.Title, y -= 16);
        Centred(page, "(In thousands)", y -= 16);
        Line(page, statement.IsInstant ? "December 31," : "Year ended December 31,", 380, y -= 24);
        Right(page, "2025", 440, y -= 14);
        Right(page, "2024", 540, y);
        for (var i = 0; i < statement.Rows.Count; i++)
        {
            var (label, current, prior) = statement.Rows[i];
            Line(page, label, 60, y -= 15);
            Right(page, Amount(current), 440, y);
            Right(page, Amount(prior), 540, y);
            if (row is not null && i == 5)
            {
                // Set apart: a line right below a row would be the rest of its label, as printed.
                y = Block(page, row, y - Size, LabelLength, Size, 12) - Size;
            }
        }

        y -= 30;
        foreach (var line in ReportFigures.Prose)
        {
            Line(page, line, 60, y -= 14);
        }

        y -= 20;
        if (paragraph is not null)
        {
            y = Block(page, paragraph, y, LineLength, Size, 14);
        }

        if (hidden is not null)
        {
            page.Append("1 1 1 rg ");
            Block(page, hidden, y, LineLength, 1, 2);
        }

        return page.ToString();
    }

    /// <summary>Lines of a text, broken at spaces; where it has line breaks, there too.</summary>
    private double Block(StringBuilder page, string text, double y, int length, double size, double leading)
    {
        foreach (var paragraph in text.ReplaceLineEndings("\n").Split('\n'))
        {
            var line = new StringBuilder();
            foreach (var word in paragraph.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                if (line.Length > 0 && line.Length + word.Length > length)
                {
                    Line(page, line.ToString(), 60, y -= leading, size);
                    line.Clear();
                }

                line.Append(line.Length > 0 ? " " : "").Append(word);
            }

            if (line.Length > 0)
            {
                Line(page, line.ToString(), 60, y -= leading, size);
            }
        }

        return y;
    }

    private void Centred(StringBuilder page, string text, double y) => Line(page, text, 306 - (Width(text) / 2), y);

    private void Right(StringBuilder page, string text, double right, double y) => Line(page, text, right - Width(text), y);

    private void Line(StringBuilder page, string text, double x, double y, double size = Size)
    {
        if (text.Length > 0)
        {
            page.Append(CultureInfo.InvariantCulture, $"BT /F1 {size} Tf {x:0.##} {y:0.##} Td <{string.Concat(text.EnumerateRunes().Select(rune => Glyph(rune).ToString("X4", CultureInfo.InvariantCulture)))}> Tj ET\n");
        }
    }

    private int Glyph(Rune rune)
    {
        if (!_glyphs.TryGetValue(rune, out var glyph))
        {
            _glyphs[rune] = glyph = _glyphs.Count + 1;
        }

        return glyph;
    }

    private static double Width(string text) => text.EnumerateRunes().Count(rune => !IsInvisible(rune)) * Advance * Size;

    private static bool IsInvisible(Rune rune) => Rune.GetUnicodeCategory(rune) == UnicodeCategory.Format;

    private static string Amount(int? value) => value?.ToString("#,0", CultureInfo.InvariantCulture) ?? "";

    private static string Hexadecimal(string text) => Convert.ToHexString(Encoding.BigEndianUnicode.GetBytes(text));

    private void Add(string content) => _objects.Add(content);

    private byte[] File()
    {
        var file = new StringBuilder("%PDF-1.7\n");
        var offsets = new List<int>();
        for (var i = 0; i < _objects.Count; i++)
        {
            offsets.Add(file.Length);
            file.Append(CultureInfo.InvariantCulture, $"{i + 1} 0 obj\n{_objects[i]}\nendobj\n");
        }

        var table = file.Length;
        file.Append(CultureInfo.InvariantCulture, $"xref\n0 {_objects.Count + 1}\n0000000000 65535 f \n");
        foreach (var offset in offsets)
        {
            file.Append(CultureInfo.InvariantCulture, $"{offset:D10} 00000 n \n");
        }

        return Encoding.ASCII.GetBytes(file.Append(CultureInfo.InvariantCulture, $"trailer\n<< /Size {_objects.Count + 1} /Root 1 0 R /Info 7 0 R >>\nstartxref\n{table}\n%%EOF\n").ToString());
    }
}
