using System.Globalization;
using System.Text;
using Advisor.Samples.Typesetting;

namespace Advisor.Samples.Pdf;

/// <summary>The content of one Letter page. Coordinates are points from the top left corner; text stands on its baseline.</summary>
internal sealed class PdfCanvas(PdfDocument document)
{
    public const double Width = 612;
    public const double Height = 792;

    private readonly StringBuilder content = new();
    private string font = "";
    private string fill = "";
    private string stroke = "";

    public void Text(string text, Face face, Colour colour, double x, double y)
    {
        Fill(colour);
        string wanted = $"/{document.Use(face.Font, text)} {Number(face.Size)} Tf";
        content.Append("BT ");
        if (wanted != font)
        {
            content.Append(wanted).Append(' ');
            font = wanted;
        }

        content.Append(CultureInfo.InvariantCulture, $"{Number(x)} {Number(Height - y)} Td (");
        foreach (byte code in text.Select(WinAnsi.Encode))
        {
            content.Append(code switch
            {
                (byte)'(' or (byte)')' or (byte)'\\' => "\\" + (char)code,
                > 126 => "\\" + Convert.ToString(code, 8),
                _ => ((char)code).ToString(),
            });
        }

        content.Append(") Tj ET\n");
    }

    public void Line(Pen pen, double x1, double y1, double x2, double y2)
    {
        string wanted = $"{Components(pen.Colour)} RG {Number(pen.Width)} w\n";
        if (wanted != stroke)
        {
            content.Append(wanted);
            stroke = wanted;
        }

        content.Append($"{Number(x1)} {Number(Height - y1)} m {Number(x2)} {Number(Height - y2)} l S\n");
    }

    public void Rectangle(Colour colour, double x, double y, double width, double height)
    {
        Fill(colour);
        content.Append($"{Number(x)} {Number(Height - y - height)} {Number(width)} {Number(height)} re f\n");
    }

    /// <summary>Covers the whole page with a grayscale JPEG.</summary>
    public void Image(byte[] jpeg, int pixelsWide, int pixelsHigh) =>
        content.Append($"q {Number(Width)} 0 0 {Number(Height)} 0 0 cm /{document.Use(jpeg, pixelsWide, pixelsHigh)} Do Q\n");

    public byte[] ToArray() => Encoding.ASCII.GetBytes(content.ToString());

    private void Fill(Colour colour)
    {
        string wanted = $"{Components(colour)} rg\n";
        if (wanted != fill)
        {
            content.Append(wanted);
            fill = wanted;
        }
    }

    private static string Components(Colour colour) => $"{Part(colour.Red)} {Part(colour.Green)} {Part(colour.Blue)}";

    private static string Part(byte value) => (value / 255.0).ToString("0.###", CultureInfo.InvariantCulture);

    private static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
