using Advisor.Samples.Pdf;

namespace Advisor.Samples.Typesetting;

/// <summary>One page being filled from the top. Everything set moves the cursor down.</summary>
internal sealed class Leaf(PdfCanvas canvas, int number)
{
    public const double Left = 66;
    public const double Right = 546;
    public const double Top = 76;
    public const double Bottom = 728;
    public const double Width = Right - Left;

    public PdfCanvas Canvas => canvas;

    public int Number => number;

    public double Y { get; private set; } = Top;

    public Leaf Space(double points)
    {
        Y += points;
        return this;
    }

    public Leaf Title(string text)
    {
        Y += Y > Top ? 36 : 14;
        canvas.Text(text, Face.Title, Ink.Heading, Left, Y);
        canvas.Line(Ink.Accent, Left, Y + 7, Left + 48, Y + 7);
        Y += 14;
        return Checked();
    }

    public Leaf Heading(string text)
    {
        Y += 21;
        canvas.Text(text, Face.Heading, Ink.Heading, Left, Y);
        Y += 3;
        return Checked();
    }

    public Leaf Subheading(string text)
    {
        Y += 18;
        canvas.Text(text, Face.Subheading, Ink.Heading, Left, Y);
        Y += 2;
        return Checked();
    }

    public Leaf Text(string text) => Text("", text);

    public Leaf Text(string leadIn, string text)
    {
        Y = new ParagraphPainter(canvas).Paint(leadIn, text, Face.Body, 12.9, Left, Y + 3.5, Width);
        Y += 3;
        return Checked();
    }

    public Leaf Bullet(string text)
    {
        canvas.Text("•", Face.Body, Ink.Text, Left + 8, Y + 14.9);
        Y = new ParagraphPainter(canvas).Paint("", text, Face.Body, 12.9, Left + 20, Y + 2, Width - 20);
        Y += 2;
        return Checked();
    }

    /// <summary>A footnote or a legend, in small type.</summary>
    public Leaf Note(string text)
    {
        Y = new ParagraphPainter(canvas).Paint("", text, Face.Small, 10.6, Left, Y + 3, Width);
        Y += 2;
        return Checked();
    }

    public Leaf Centred(string text, Face face, Colour brush, double advance)
    {
        Y += advance;
        canvas.Text(text, face, brush, ((Left + Right) / 2) - (face.Width(text) / 2), Y);
        return Checked();
    }

    /// <param name="outdent">How far a wide table reaches into both margins.</param>
    public Leaf Set(Table table, double outdent = 0)
    {
        Y = new TablePainter(canvas, Left - outdent, Width + (2 * outdent)).Paint(table, Y + 6);
        Y += 7;
        return Checked();
    }

    private Leaf Checked() => Y <= Bottom
        ? this
        : throw new InvalidOperationException($"Page {number} runs {Y - Bottom:0.0} points over its foot.");
}
