using Advisor.Documents.Reading.Pages;
using Advisor.Kernel.Reasoning;

namespace Advisor.Documents.Tables;

/// <summary>The cells that a page's reader saw, for telling words of different cells from words of one phrase.</summary>
/// <param name="cells">Null where the reader sees none; then nothing is told apart.</param>
public sealed class SeenCells(IReadOnlyList<Box>? cells)
{
    public static SeenCells None { get; } = new(null);

    /// <summary>Whether the words stand in two cells. A word in no cell is apart from nothing: the reader may have missed its cell.</summary>
    public bool Part(Word left, Word right) =>
        cells is not null && CellOf(left) is var one && CellOf(right) is var other && one >= 0 && other >= 0 && one != other;

    /// <summary>The cell that holds the word's middle, or -1.</summary>
    private int CellOf(Word word)
    {
        var (x, y) = ((decimal)((word.Left + word.Right) / 2), (decimal)word.Middle);
        for (var i = 0; i < cells!.Count; i++)
        {
            if (x >= cells[i].Left && x < cells[i].Right && y >= cells[i].Top && y < cells[i].Bottom)
            {
                return i;
            }
        }

        return -1;
    }
}
