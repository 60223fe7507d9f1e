namespace Advisor.Documents.Tables;

/// <summary>Makes rows of lines: numbers into columns, wrapped labels joined, headings kept as sections.</summary>
public static class RowAssembler
{
    public static IReadOnlyList<TableRow> Assemble(IReadOnlyList<LineCells> lines, IReadOnlyList<ColumnBands.Band> bands)
    {
        var rows = new List<TableRow>();
        string? section = null;
        var pending = (Text: "", Left: 0d, Bottom: 0d);
        for (var i = 0; i < lines.Count; i++)
        {
            var line = lines[i];
            if (line.Numbers.Count == 0)
            {
                if (rows.Count > 0 && ContinuesRowAbove(line, lines[i - 1]))
                {
                    rows[^1] = rows[^1] with { Label = $"{rows[^1].Label} {line.Label}" };
                    continue;
                }

                if (pending.Text.Length > 0)
                {
                    rows.Add(new TableRow(rows.Count + 1, pending.Text, pending.Left, section, EmptyCells));
                    section = SectionName(pending.Text);
                }

                pending = (line.Label, line.LabelLeft, line.Line.Bottom);
                continue;
            }

            var label = line.Label;
            var indent = line.LabelLeft;
            if (pending.Text.Length > 0)
            {
                if (WrapsInto(pending.Text, pending.Left, line, pending.Bottom))
                {
                    (label, indent) = ($"{pending.Text} {label}".Trim(), pending.Left);
                }
                else
                {
                    rows.Add(new TableRow(rows.Count + 1, pending.Text, pending.Left, section, EmptyCells));
                    section = SectionName(pending.Text);
                }

                pending = ("", 0, 0);
            }

            var cells = new Dictionary<int, NumberCell>();
            foreach (var number in line.Numbers)
            {
                if (ColumnBands.IndexOf(bands, number) is var column && column >= 0)
                {
                    cells.TryAdd(column, number);
                }
            }

            rows.Add(new TableRow(rows.Count + 1, label, indent, section, cells));
        }

        return rows;
    }

    private static readonly Dictionary<int, NumberCell> s_empty = [];

    private static IReadOnlyDictionary<int, NumberCell> EmptyCells => s_empty;

    private static string SectionName(string text) => text.TrimEnd(':', ' ');

    /// <summary>The text line above is the first part of this row's label.</summary>
    private static bool WrapsInto(string above, double aboveLeft, LineCells line, double aboveBottom)
    {
        if (above.EndsWith(':') || line.Line.Top - aboveBottom > line.Line.Height * 0.9)
        {
            return false;
        }

        return line.Label.Length == 0
            ? above.Length > 0 && !IsShouting(above)
            : char.IsLower(line.Label[0]) || above.EndsWith(',') || EndsOpen(above)
                || (line.LabelLeft - aboveLeft > 2 && above.Length > 45 && !IsShouting(above));
    }

    /// <summary>This text line is the rest of the label of the row above.</summary>
    private static bool ContinuesRowAbove(LineCells line, LineCells above) =>
        above.Numbers.Count > 0 && line.Label.Length > 0 && char.IsLower(line.Label[0]) && !line.Label.EndsWith(':')
        && line.Line.Top - above.Line.Bottom < line.Line.Height * 0.9 && above.Label.Length > 20;

    private static bool EndsOpen(string text)
    {
        var last = text.Split(' ')[^1].ToLowerInvariant();
        return last is "and" or "of" or "to" or "for" or "in" or "the" or "by" or "from" or "on" or "or" or "with" or "net" or "attributable" or "-" or "–";
    }

    private static bool IsShouting(string text) => text.Any(char.IsLetter) && !text.Any(char.IsLower);
}
