using Advisor.Documents.Reading.Pages;

namespace Advisor.Documents.Tables;

/// <summary>Words that stand on one line across the whole page, left to right.</summary>
public sealed class PageLine
{
    private readonly Lazy<string> _text;

    public PageLine(IReadOnlyList<Word> words)
    {
        Words = words;
        Left = words[0].Left;
        Right = words.Max(w => w.Right);
        Top = words.Min(w => w.Top);
        Bottom = words.Max(w => w.Bottom);
        Height = words.Average(w => w.Height);
        _text = new Lazy<string>(() => string.Join(' ', Words.Select(w => w.Text)));
    }

    public IReadOnlyList<Word> Words { get; }

    public double Left { get; }

    public double Right { get; }

    public double Top { get; }

    public double Bottom { get; }

    /// <summary>Mean word height, about the font size, in points.</summary>
    public double Height { get; }

    public double Middle => (Top + Bottom) / 2;

    /// <summary>The words with single spaces between them.</summary>
    public string Text => _text.Value;

    /// <summary>The lines of a page, turned upright, from top to bottom. Words belong to one line when their middles lie within each other's height.</summary>
    public static List<PageLine> Of(PageReading page)
    {
        page = page.Upright();
        var lines = new List<PageLine>();
        var current = new List<Word>();
        double top = 0, bottom = 0;
        foreach (var word in page.Words.OrderBy(w => w.Middle - (page.Skew * w.Left)).ThenBy(w => w.Left))
        {
            var fall = page.Skew * word.Left;
            var middle = word.Middle - fall;
            if (current.Count > 0 && !(middle < bottom && middle > top))
            {
                lines.Add(Line(current));
                current.Clear();
            }

            if (current.Count == 0)
            {
                // A raised footnote mark must not stretch the line: the band is the middle half of the word that opens it.
                var inset = word.Height * 0.2;
                (top, bottom) = (word.Top - fall + inset, word.Bottom - fall - inset);
            }

            current.Add(word);
        }

        if (current.Count > 0)
        {
            lines.Add(Line(current));
        }

        return lines;
    }

    private static PageLine Line(List<Word> words) => new([.. words.OrderBy(w => w.Left)]);
}
