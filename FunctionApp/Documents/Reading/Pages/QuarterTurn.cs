using Advisor.Kernel.Reasoning;

namespace Advisor.Documents.Reading.Pages;

/// <summary>Takes boxes from a page whose text stands sideways or upside down to the page turned upright, and back.</summary>
/// <param name="Turns">Quarter turns clockwise by which the text stands on the page: 1 to 3.</param>
/// <param name="Width">Of the page as it is shown.</param>
/// <param name="Height">Of the page as it is shown.</param>
internal readonly record struct QuarterTurn(int Turns, decimal Width, decimal Height)
{
    public decimal UprightWidth => Turns == 2 ? Width : Height;

    public decimal UprightHeight => Turns == 2 ? Height : Width;

    public Box Upright(Box box) => Turns switch
    {
        1 => new Box(box.Top, Width - box.Right, box.Bottom, Width - box.Left),
        2 => new Box(Width - box.Right, Height - box.Bottom, Width - box.Left, Height - box.Top),
        _ => new Box(Height - box.Bottom, box.Left, Height - box.Top, box.Right),
    };

    public Box Shown(Box upright) => Turns switch
    {
        1 => new Box(Width - upright.Bottom, upright.Left, Width - upright.Top, upright.Right),
        2 => Upright(upright),
        _ => new Box(upright.Top, Height - upright.Right, upright.Bottom, Height - upright.Left),
    };

    public Word Upright(Word word)
    {
        var box = Upright(new Box((decimal)word.Left, (decimal)word.Top, (decimal)word.Right, (decimal)word.Bottom));
        return word with { Left = (double)box.Left, Top = (double)box.Top, Right = (double)box.Right, Bottom = (double)box.Bottom };
    }
}
