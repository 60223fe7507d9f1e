using Advisor.Documents.Reading.Pages;

namespace Advisor.Documents.Tables;

/// <summary>Finds the tables of a page: runs of lines whose trailing numbers stand in common columns, with the header lines above.</summary>
public static class TableFinder
{
    /// <summary>Most lines above a table that are taken as its caption.</summary>
    private const int MaxCaptionLines = 9;

    /// <summary>Most lines without a number that a table runs through (section headings, wrapped labels).</summary>
    private const int MaxTextRun = 5;

    /// <summary>A vertical gap of this many line heights ends a table.</summary>
    private const double MaxGapInHeights = 5;

    /// <param name="pageLines">The page's lines, from <see cref="PageLine.Of"/>: places are those of the page turned upright.</param>
    public static List<PageTable> Find(PageReading page, List<PageLine> pageLines)
    {
        page = page.Upright();
        var seen = new SeenCells(page.Cells);
        var lines = WithoutPageNumbers(pageLines.ConvertAll(line => LineCells.Of(line, seen)), page.Height);
        var kinds = lines.ConvertAll(line => LineKinds.Of(line, page.Width));
        var tables = new List<PageTable>();
        var index = 0;
        var free = 0;
        while (index < lines.Count)
        {
            if (kinds[index] != LineKind.Data)
            {
                index++;
                continue;
            }

            var end = EndOfTable(lines, kinds, index);
            var caption = Caption(lines, kinds, free, index);
            if (Build(page.Number, tables.Count + 1, caption, lines.GetRange(index, end - index)) is { } table)
            {
                tables.Add(table);
            }

            (index, free) = (end, end);
        }

        return tables;
    }

    private static List<LineCells> WithoutPageNumbers(List<LineCells> lines, double pageHeight)
    {
        static bool IsPageWord(string word) => word is "-" or "–" or "—" or "|" or "of" || word.Equals("page", StringComparison.OrdinalIgnoreCase);

        static bool IsBareNumber(LineCells line) => line.Line.Words.Count <= 4
            && line.Line.Words.All(w => IsPageWord(w.Text) || (w.Text.All(char.IsAsciiDigit) && w.Text.Length <= 3));

        return lines.FindAll(line => !(IsBareNumber(line) && (line.Line.Top > pageHeight * 0.92 || line.Line.Bottom < pageHeight * 0.06)));
    }

    private static int EndOfTable(List<LineCells> lines, List<LineKind> kinds, int start)
    {
        var end = start + 1;
        for (var i = start + 1; i < lines.Count; i++)
        {
            if (kinds[i] == LineKind.Header || kinds[i] == LineKind.StatementTitle
                || lines[i].Line.Top - lines[i - 1].Line.Bottom > MaxGapInHeights * lines[i].Line.Height
                || (kinds[i] == LineKind.Prose && kinds[i - 1] == LineKind.Prose)
                || i - end >= MaxTextRun)
            {
                break;
            }

            if (kinds[i] == LineKind.Data)
            {
                end = i + 1;
            }
        }

        return end;
    }

    private static List<PageLine> Caption(List<LineCells> lines, List<LineKind> kinds, int free, int start)
    {
        var first = start;
        while (first > free && start - first < MaxCaptionLines && kinds[first - 1] != LineKind.Prose)
        {
            first--;
        }

        return lines.GetRange(first, start - first).ConvertAll(line => line.Line);
    }

    private static PageTable? Build(int page, int number, List<PageLine> caption, List<LineCells> lines)
    {
        var bands = ColumnBands.Of(lines);
        if (bands.Count == 0 || lines.Count(line => line.Numbers.Count > 0) < 2)
        {
            return null;
        }

        // The last caption line may be the heading of the first section: "ASSETS", "Current assets:".
        var leading = caption.Count;
        while (leading > 0 && LineKinds.IsSectionHeading(caption[leading - 1]) && bands[0].Left - caption[leading - 1].Right > 0)
        {
            leading--;
        }

        var sections = caption.Skip(leading).Select(line => LineCells.Of(line, SeenCells.None)).Select(cells => cells with { Numbers = [], Label = cells.Line.Text });
        var rows = RowAssembler.Assemble([.. sections, .. lines], bands);
        var headerLines = caption.Take(leading).ToList();
        return new PageTable(page, number, caption, ColumnHeaders.Of(bands, headerLines, rows), rows);
    }
}
