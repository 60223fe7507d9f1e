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
/// <param name="Width">Points, of the page as it is shown.</param>
/// <param name="Height">Points, of the page as it is shown.</param>
/// <param name="ReadBy">Text layer, or what recognised a page that has none.</param>
/// <param name="Skew">How far lines of text fall for each point to the right, in points: a page laid askew on the scanner. 0 for a text layer.</param>
public sealed record PageReading(int Number, double Width, double Height, ReadingMethod ReadBy, IReadOnlyList<Word> Words, double Skew = 0)
{
    /// <summary>The program or service that gave the words, with its version; null for a page stored before readings named it.</summary>
    public string? Engine { get; init; }

    /// <summary>
    /// Quarter turns clockwise by which the text stands on the page as it is shown: 1 reads downwards, 3 upwards. Boxes lie where the words are shown all the
    /// same; <see cref="Skew"/> is that of the page turned <see cref="Upright"/>.
    /// </summary>
    public int Turn { get; init; }

    /// <summary>Cells of tables, where the reader sees them and they hold text; null where it sees none.</summary>
    public IReadOnlyList<Box>? Cells { get; init; }

    /// <summary>The page turned so that its text reads from left to right, its boxes with it; itself where it does already.</summary>
    public PageReading Upright()
    {
        if (Turn == 0)
        {
            return this;
        }

        var turn = new QuarterTurn(Turn, (decimal)Width, (decimal)Height);
        return this with
        {
            Width = (double)turn.UprightWidth,
            Height = (double)turn.UprightHeight,
            Words = [.. Words.Select(word => turn.Upright(word))],
            Cells = Cells is null ? null : [.. Cells.Select(turn.Upright)],
            Turn = 0,
        };
    }

    /// <summary>Where a box of the page turned <see cref="Upright"/> lies on the page as it is shown.</summary>
    public Box Shown(Box upright) => Turn == 0 ? upright : new QuarterTurn(Turn, (decimal)Width, (decimal)Height).Shown(upright);
}
