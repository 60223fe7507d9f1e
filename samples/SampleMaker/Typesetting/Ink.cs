namespace Advisor.Samples.Typesetting;

internal sealed record Colour(byte Red, byte Green, byte Blue);

/// <param name="Width">Points.</param>
internal sealed record Pen(Colour Colour, double Width);

/// <summary>The colours and pens of every page.</summary>
internal static class Ink
{
    public static readonly Colour Text = new(20, 20, 20);
    public static readonly Colour Heading = new(23, 54, 93);
    public static readonly Colour Muted = new(95, 100, 108);
    public static readonly Colour Band = new(237, 242, 248);
    public static readonly Colour White = new(255, 255, 255);
    public static readonly Pen Rule = new(Text, 0.6);
    public static readonly Pen Hairline = new(new Colour(150, 158, 168), 0.5);
    public static readonly Pen Accent = new(Heading, 1.4);
}
