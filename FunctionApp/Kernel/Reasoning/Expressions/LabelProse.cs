using System.Buffers;

namespace Advisor.Kernel.Reasoning.Expressions;

/// <summary>Makes a printed label fit for prose: amounts inside it ("net of allowances of $23 and $16") go, names with digits ("3M") stay.</summary>
/// <remarks>
/// An amount in a label is in the document's scale and would read as if it were whole units. The label is cut before the clause that holds
/// the first amount: at the last comma, semicolon, parenthesis or dash before it, else right before the word that leads to it.
/// </remarks>
public static class LabelProse
{
    private static readonly SearchValues<char> s_numberCharacters = SearchValues.Create("0123456789,.");

    private static readonly char[] s_clauseMarks = [',', ';', '(', '—', '–'];

    /// <returns>The label without amounts; never empty unless the label was.</returns>
    public static string Of(string label)
    {
        var start = 0;
        foreach (var word in label.Split(' '))
        {
            if (IsAmount(word))
            {
                var before = label[..start];
                var mark = word[0] == '(' ? before.Length : before.LastIndexOfAny(s_clauseMarks);
                var cut = (mark > 0 ? before[..mark] : before).TrimEnd(' ', ',', ';', ':', '(', '-', '$', '€', '£');
                return cut.Length > 0 ? cut : "This row";
            }

            start += word.Length + 1;
        }

        return label;
    }

    /// <summary>A number that stands alone or behind a currency sign and is no year; "401(k)" and "3M" are names.</summary>
    private static bool IsAmount(string word)
    {
        var text = word.AsSpan().Trim("(),;:$€£¥%.");
        if (text.IsEmpty || !char.IsAsciiDigit(text[0]) || text.ContainsAnyExcept(s_numberCharacters))
        {
            return false;
        }

        var isYear = text.Length == 4 && (text.StartsWith("19") || text.StartsWith("20"));
        return !isYear || word.Contains('$') || word.Contains('€') || word.Contains('£');
    }
}
