using System.Text.Json.Serialization;
using Advisor.Kernel.Reasoning;

namespace Advisor.Documents.Reading.Pages;

/// <summary>A word as printed, with its box in points from the page's top left.</summary>
/// <remarks>Stored by <see cref="WordConverter"/>, which keeps hundredths of a point: the readers give no finer ones.</remarks>
/// <param name="Confidence">OCR word confidence in [0,1]; null for a text layer, which states none.</param>
[JsonConverter(typeof(WordConverter))]
public readonly record struct Word(string Text, double Left, double Top, double Right, double Bottom, double? Confidence = null)
{
    public double Height => Bottom - Top;

    public double Middle => (Top + Bottom) / 2;
}

/// <summary>The words of one page, in the reader's order.</summary>
/// <param name="Number">From 1, the page's place in the file, not the number printed on it.</param>
/// <param name="Width">Points.</param>
/// <param name="Height">Points.</param>
/// <param name="ReadBy">Text layer, or OCR for a page that has none.</param>
/// <param name="Skew">How far lines of text fall for each point to the right, in points: a page laid askew on the scanner. 0 for a text layer.</param>
public sealed record PageReading(int Number, double Width, double Height, ReadingMethod ReadBy, IReadOnlyList<Word> Words, double Skew = 0);
