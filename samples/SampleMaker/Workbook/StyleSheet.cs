using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Spreadsheet;

namespace Advisor.Samples.Workbook;

/// <summary>The fonts, fills, borders and number formats of the workbook, one cell format for each style used.</summary>
internal sealed class StyleSheet
{
    private const uint FirstCustomFormat = 164;

    private static readonly string[] NumberFormats =
    [
        "#,##0;(#,##0);\"–\"", "0.0%;(0.0%)", "#,##0.00", "0", """0.0"x";(0.0"x")""",
    ];

    private readonly List<Style> styles = [];

    public uint Index(Style style)
    {
        int index = styles.IndexOf(style);
        if (index < 0)
        {
            index = styles.Count;
            styles.Add(style);
        }

        return (uint)index + 1;
    }

    public Stylesheet Build() => new(
        new NumberingFormats(NumberFormats.Select((code, i) => new NumberingFormat { NumberFormatId = FirstCustomFormat + (uint)i, FormatCode = code })),
        new Fonts(TextFont(10), TextFont(14, bold: true, colour: "FF17365D"), TextFont(9, italic: true, colour: "FF5F646C"), TextFont(10, bold: true, colour: "FFFFFFFF"), TextFont(10, bold: true), TextFont(10, colour: "FF1F4FD8")),
        new Fills(
            new Fill(new PatternFill { PatternType = PatternValues.None }), new Fill(new PatternFill { PatternType = PatternValues.Gray125 }),
            Solid("FF17365D"), Solid("FFEDF2F8")),
        new Borders(
            new Border(new LeftBorder(), new RightBorder(), new TopBorder(), new BottomBorder(), new DiagonalBorder()),
            new Border(new LeftBorder(), new RightBorder(), new TopBorder { Style = BorderStyleValues.Thin }, new BottomBorder(), new DiagonalBorder()),
            new Border(new LeftBorder(), new RightBorder(), new TopBorder { Style = BorderStyleValues.Thin }, new BottomBorder { Style = BorderStyleValues.Double }, new DiagonalBorder())),
        new CellStyleFormats(new CellFormat()),
        new CellFormats(styles.Select(Cell).Prepend(new CellFormat())));

    private static CellFormat Cell(Style style)
    {
        (uint font, uint fill, uint border) = style.Look switch
        {
            Look.Title => (1u, 0u, 0u),
            Look.Caption => (2u, 0u, 0u),
            Look.Header => (3u, 2u, 0u),
            Look.Section => (4u, 3u, 0u),
            Look.Input => (5u, 0u, 0u),
            Look.Total => (4u, 0u, 1u),
            Look.Result => (4u, 3u, 2u),
            _ => (0u, 0u, 0u),
        };
        CellFormat format = new()
        {
            FontId = font,
            FillId = fill,
            BorderId = border,
            NumberFormatId = style.Format == Format.General ? 0 : FirstCustomFormat + (uint)style.Format - 1,
            ApplyNumberFormat = true,
            ApplyFont = true,
            ApplyFill = true,
            ApplyBorder = true,
        };
        if (style.Look == Look.Header)
        {
            format.ApplyAlignment = true;
            format.Alignment = new Alignment { Horizontal = HorizontalAlignmentValues.Center };
        }

        return format;
    }

    private static Font TextFont(double size, bool bold = false, bool italic = false, string colour = "FF141414")
    {
        Font font = new();
        if (bold)
        {
            font.Append(new Bold());
        }

        if (italic)
        {
            font.Append(new Italic());
        }

        font.Append(new FontSize { Val = size }, new Color { Rgb = colour }, new FontName { Val = "Calibri" });
        return font;
    }

    private static Fill Solid(string colour) =>
        new(new PatternFill(new ForegroundColor { Rgb = colour }, new BackgroundColor { Indexed = 64 }) { PatternType = PatternValues.Solid });
}
