using Advisor.Samples.Pdf;

namespace Advisor.Samples.Typesetting;

/// <summary>A font at a size in points.</summary>
internal sealed class Face(string fontName, double size)
{
    public static readonly Face Body = new("LiberationSerif-Regular", 10);
    public static readonly Face BodyLead = new("LiberationSerif-BoldItalic", 10);
    public static readonly Face Small = new("LiberationSerif-Regular", 8.5);
    public static readonly Face SmallItalic = new("LiberationSerif-Italic", 8.5);
    public static readonly Face Table = new("LiberationSerif-Regular", 9.2);
    public static readonly Face TableStrong = new("LiberationSerif-Bold", 9.2);
    public static readonly Face TableHead = new("LiberationSerif-Bold", 8.4);
    public static readonly Face Running = new("LiberationSans-Regular", 7.5);
    public static readonly Face Title = new("LiberationSans-Bold", 15);
    public static readonly Face Heading = new("LiberationSans-Bold", 11);
    public static readonly Face Subheading = new("LiberationSans-Bold", 9.5);

    public TrueTypeFont Font { get; } = LiberationFonts.Load(fontName);

    public double Size => size;

    /// <summary>The advance width of the text in points.</summary>
    public double Width(string text) => text.Sum(Font.Advance) * size / Font.UnitsPerEm;
}
