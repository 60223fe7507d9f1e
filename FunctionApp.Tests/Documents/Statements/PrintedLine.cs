using Advisor.Documents.Reading.Pages;
using Advisor.Documents.Tables;

namespace Advisor.Tests.Documents.Statements;

/// <summary>Lines as a page prints them: columns are told by their character position, as in a monospaced listing.</summary>
internal static class PrintedLine
{
    private const double CharacterWidth = 5;
    private const double LineHeight = 10;

    /// <summary>The words of a listing, one line of text a line of the page.</summary>
    public static List<Word> Words(string listing)
    {
        var words = new List<Word>();
        var lines = listing.Split('\n');
        for (var y = 0; y < lines.Length; y++)
        {
            for (var x = 0; x < lines[y].Length;)
            {
                if (lines[y][x] == ' ')
                {
                    x++;
                    continue;
                }

                var end = lines[y].IndexOf(' ', x) is var space and >= 0 ? space : lines[y].Length;
                words.Add(new Word(lines[y][x..end].TrimEnd('\r'), x * CharacterWidth, y * (LineHeight + 3), end * CharacterWidth, (y * (LineHeight + 3)) + LineHeight));
                x = end;
            }
        }

        return words;
    }

    public static PageReading Page(string listing) =>
        new(1, 612, 792, Advisor.Kernel.Reasoning.ReadingMethod.TextLayer, Words(listing));

    public static List<PageLine> Lines(string listing) => PageLine.Of(Page(listing));

    public static List<PageTable> Tables(string listing) => TableFinder.Find(Page(listing), Lines(listing));
}
