using Advisor.Documents.Reading.Pages;
using Advisor.Kernel.Reasoning;

namespace Advisor.Documents.Tables;

/// <summary>A line taken apart: the label on the left and the numbers that trail it.</summary>
/// <param name="LabelLeft">Indent of the label in points; the line's left edge when there is no label.</param>
public sealed record LineCells(PageLine Line, string Label, double LabelLeft, IReadOnlyList<NumberCell> Numbers)
{
    /// <summary>Numbers are read from the right end leftwards, so that figures inside a label ("2 shares authorized") stay in it.</summary>
    /// <param name="seen">Where the page's reader saw cells, they tell a number set close from one within a phrase.</param>
    public static LineCells Of(PageLine line, SeenCells seen)
    {
        var words = line.Words;
        var wordGap = line.Height * WordGapInHeights;
        var numbers = new List<NumberCell>();
        var end = words.Count;
        while (end > 0 && TakeNumber(words, end, wordGap, seen) is var (cell, begin) && cell is not null)
        {
            numbers.Add(cell);
            end = begin;
        }

        numbers.Reverse();
        while (end > 0 && IsLeader(words[end - 1].Text))
        {
            end--;
        }

        var label = string.Join(' ', words.Take(end).Select(w => w.Text)).TrimEnd('.', ' ', '…');
        return new LineCells(line, label, end > 0 ? words[0].Left : line.Left, numbers);
    }

    /// <summary>A gap wider than this many font heights separates cells; a space within a phrase is about a quarter.</summary>
    private const double WordGapInHeights = 0.55;

    /// <summary>Longer digit strings are account numbers and codes, not amounts.</summary>
    private const decimal LargestAmount = 1_000_000_000_000_000m;

    private static readonly HashSet<string> s_currencySigns = ["$", "€", "£", "¥", "US$", "C$", "A$"];

    private static (NumberCell? Cell, int Begin) TakeNumber(IReadOnlyList<Word> words, int end, double wordGap, SeenCells seen)
    {
        // Footnote marks after the number: an asterisk, or a small "(1)" that touches it.
        var last = end - 1;
        if (last > 0 && IsFootnoteMark(words[last].Text) && words[last].Left - words[last - 1].Right < wordGap
            && words[last - 1].Text.Any(char.IsAsciiDigit))
        {
            last--;
        }

        var first = last;
        while (first > 0 && IsSuffix(words[first].Text) && words[first].Left - words[first - 1].Right < wordGap * 3)
        {
            first--;
        }

        // An opening parenthesis that was set apart: "(" "4,378)".
        if (first > 0 && words[first - 1].Text is "(" or "$(" && words[first].Text.EndsWith(')'))
        {
            first--;
        }

        var printed = string.Concat(Enumerable.Range(first, last - first + 1).Select(i => words[i].Text));
        string? sign = null;
        foreach (var candidate in s_currencySigns)
        {
            if (printed.StartsWith(candidate, StringComparison.Ordinal) && printed.Length > candidate.Length)
            {
                (sign, printed) = (candidate, printed[candidate.Length..]);
                break;
            }
        }

        if (!PrintedNumber.TryParse(printed, out var number) || Math.Abs(number.Value) > LargestAmount)
        {
            return (null, end);
        }

        var begin = first;
        if (begin > 0 && s_currencySigns.Contains(words[begin - 1].Text))
        {
            sign = words[--begin].Text;
        }

        // A number a mere word space after a word is part of the phrase: "Class of 2022", "Note 12", "allowances of $ 23".
        if (begin > 0 && words[begin].Left - words[begin - 1].Right < wordGap
            && (begin == first || words[first].Left - words[first - 1].Right < wordGap)
            && !EndsNumber(words[begin - 1].Text) && !IsLeader(words[begin - 1].Text) && !seen.Part(words[begin - 1], words[begin]))
        {
            return (null, end);
        }

        var parts = Enumerable.Range(first, last - first + 1).Select(i => words[i]).ToList();
        var box = new Box(
            (decimal)parts.Min(w => w.Left), (decimal)parts.Min(w => w.Top), (decimal)parts.Max(w => w.Right), (decimal)parts.Max(w => w.Bottom));
        return (new NumberCell(printed, number, sign, box, parts.Min(w => w.Confidence)), begin);
    }

    private static bool EndsNumber(string text) => text.Length > 0 && (char.IsAsciiDigit(text[^1]) || text[^1] is ')' or '%' or '—' or '–' or '*');

    private static bool IsSuffix(string text) => text is ")" or "%" or ")%" or "%)" or "pts" or "pts.";

    private static bool IsFootnoteMark(string text) =>
        text is "*" or "**" or "†" or "‡" || (text.Length is 3 or 4 && text[0] == '(' && text[^1] == ')' && text[1..^1].All(c => char.IsAsciiDigit(c) || char.IsAsciiLetterLower(c)));

    private static bool IsLeader(string text) => text.Length > 1 && text.All(c => c is '.' or '…' or '_');
}
