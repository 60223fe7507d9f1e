using Advisor.Samples.Pdf;

namespace Advisor.Samples.Typesetting;

/// <summary>Sets justified paragraphs, greedily broken, each word at its own place.</summary>
internal sealed class ParagraphPainter(PdfCanvas canvas)
{
    private sealed record Word(string Text, Face Face, double Width);

    /// <param name="leadIn">Words set in <see cref="Face.BodyLead"/> before the text; empty for none.</param>
    /// <returns>The vertical position under the last line.</returns>
    public double Paint(string leadIn, string text, Face face, double leading, double left, double top, double width)
    {
        double space = face.Width(" ");
        List<Word> line = [];
        double taken = 0;
        double y = top;
        foreach (Word word in Words(leadIn, Face.BodyLead).Concat(Words(text, face)))
        {
            if (line.Count > 0 && taken + space + word.Width > width)
            {
                y += leading;
                PaintLine(line, left, y, space + ((width - taken) / Math.Max(1, line.Count - 1)));
                line.Clear();
                taken = 0;
            }

            taken += word.Width + (line.Count > 0 ? space : 0);
            line.Add(word);
        }

        y += leading;
        PaintLine(line, left, y, space);
        return y;
    }

    private void PaintLine(List<Word> line, double left, double baseline, double gap)
    {
        double x = left;
        foreach (Word word in line)
        {
            canvas.Text(word.Text, word.Face, Ink.Text, x, baseline);
            x += word.Width + gap;
        }
    }

    private static IEnumerable<Word> Words(string text, Face face) => text
        .Split(' ', StringSplitOptions.RemoveEmptyEntries)
        .Select(word => new Word(word, face, face.Width(word)));
}
