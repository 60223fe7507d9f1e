using Advisor.Samples.Pdf;

namespace Advisor.Samples.Typesetting;

/// <summary>
/// Sets a financial table: labels wrap with a hanging indent, values stand on the last line of their label, digits align on the right,
/// and a closing parenthesis or percent sign hangs outside the column of digits.
/// </summary>
internal sealed class TablePainter(PdfCanvas canvas, double left, double width)
{
    private const double Gap = 12;
    private const double Hang = 7;
    private const double IndentStep = 10;

    /// <returns>The vertical position under the table.</returns>
    public double Paint(Table table, double top)
    {
        double labelWidth = width - table.Columns.Sum(column => column.Width);
        double y = PaintHeader(table, top, labelWidth);
        bool banded = true;
        foreach (Row row in table.Rows)
        {
            y = PaintRow(table, row, y, labelWidth, banded);
            banded = !banded;
        }

        return y;
    }

    private double PaintHeader(Table table, double top, double labelWidth)
    {
        const double line = 10.6;
        double y = top;
        if (table.Spans.Count > 0)
        {
            y += line;
            foreach (Span span in table.Spans)
            {
                (double from, _) = Extent(table, span.First, labelWidth);
                (_, double to) = Extent(table, span.Last, labelWidth);
                Centre(span.Text, from, to, y);
                canvas.Line(Ink.Rule, from, y + 3, to, y + 3);
            }

            y += 3.5;
        }

        int lines = table.Columns.Max(column => column.Header.Split('\n').Length);
        y += line * lines;
        for (int index = 0; index < table.Columns.Count; index++)
        {
            (double from, double to) = Extent(table, index, labelWidth);
            string[] header = table.Columns[index].Header.Split('\n');
            for (int i = 0; i < header.Length; i++)
            {
                Centre(header[i], from, to, y - (line * (header.Length - 1 - i)));
            }

            if (table.Columns[index].Header.Length > 0)
            {
                canvas.Line(Ink.Rule, from, y + 3, to, y + 3);
            }
        }

        if (table.Stub.Length > 0)
        {
            canvas.Text(table.Stub, Face.TableHead, Ink.Text, left, y);
        }

        return y + 4;
    }

    private double PaintRow(Table table, Row row, double top, double labelWidth, bool banded)
    {
        Face face = row.Marks.HasFlag(Marks.Strong) ? Face.TableStrong : Face.Table;
        double indent = row.Indent * IndentStep;
        List<string> lines = Wrap(row.Label, face, labelWidth - indent - 6);
        double under = row.Marks.HasFlag(Marks.DoubleRuleBelow) ? 3 : 0;
        double height = row.SpaceBefore + (lines.Count * table.LineHeight) + under;
        if (banded)
        {
            canvas.Rectangle(Ink.Band, left - 4, top + row.SpaceBefore, width + 8, height - row.SpaceBefore);
        }

        double baseline = top + row.SpaceBefore + table.LineHeight - 3.2;
        for (int i = 0; i < lines.Count; i++)
        {
            double hanging = i == 0 ? 0 : IndentStep;
            canvas.Text(lines[i], face, Ink.Text, left + indent + hanging, baseline + (i * table.LineHeight));
        }

        baseline += (lines.Count - 1) * table.LineHeight;
        for (int index = 0; index < row.Cells.Count; index++)
        {
            PaintCell(table, row, index, face, baseline, labelWidth);
        }

        return top + height;
    }

    private void PaintCell(Table table, Row row, int index, Face face, double baseline, double labelWidth)
    {
        string text = row.Cells[index];
        if (text.Length == 0)
        {
            return;
        }

        (double from, double to) = Extent(table, index, labelWidth);
        string digits = text.TrimEnd(')', '%');
        canvas.Text(text, face, Ink.Text, to - Hang - face.Width(digits), baseline);
        if (row.Marks.HasFlag(Marks.Dollar) && table.Columns[index].Dollars)
        {
            canvas.Text("$", face, Ink.Text, from + 1, baseline);
        }

        if (row.Marks.HasFlag(Marks.RuleAbove))
        {
            double rule = baseline - table.LineHeight + 3.4;
            canvas.Line(Ink.Rule, from, rule, to, rule);
        }

        if (row.Marks.HasFlag(Marks.DoubleRuleBelow))
        {
            canvas.Line(Ink.Rule, from, baseline + 3, to, baseline + 3);
            canvas.Line(Ink.Rule, from, baseline + 4.8, to, baseline + 4.8);
        }
    }

    private (double From, double To) Extent(Table table, int index, double labelWidth)
    {
        double right = left + labelWidth + table.Columns.Take(index + 1).Sum(column => column.Width);
        return (right - table.Columns[index].Width + Gap, right);
    }

    private void Centre(string text, double from, double to, double baseline)
    {
        double x = ((from + to) / 2) - (Face.TableHead.Width(text) / 2);
        canvas.Text(text, Face.TableHead, Ink.Text, x, baseline);
    }

    private static List<string> Wrap(string label, Face face, double available)
    {
        List<string> lines = [];
        string line = "";
        foreach (string word in label.Split(' '))
        {
            string longer = line.Length == 0 ? word : $"{line} {word}";
            double room = lines.Count == 0 ? available : available - IndentStep;
            if (line.Length > 0 && face.Width(longer) > room)
            {
                lines.Add(line);
                line = word;
            }
            else
            {
                line = longer;
            }
        }

        lines.Add(line);
        return lines;
    }
}
