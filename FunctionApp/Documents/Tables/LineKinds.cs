using System.Text.RegularExpressions;
using Advisor.Documents.Statements;

namespace Advisor.Documents.Tables;

/// <summary>What a line is to a table.</summary>
public enum LineKind
{
    /// <summary>A label or heading without numbers.</summary>
    Text,

    /// <summary>Running text.</summary>
    Prose,

    /// <summary>A row with numbers in columns.</summary>
    Data,

    /// <summary>Column headings: periods, "Amount", "%".</summary>
    Header,

    /// <summary>The title of a financial statement.</summary>
    StatementTitle,
}

/// <summary>Tells the kinds of lines apart.</summary>
public static partial class LineKinds
{
    /// <summary>A line wider than this share of the page, with this many words and no numbers, is running text.</summary>
    private const double ProseWidth = 0.62;

    private const int ProseWords = 11;

    public static LineKind Of(LineCells line, double pageWidth)
    {
        var text = line.Line.Text;
        if (StatementTitle.Of(line.Line) is not null)
        {
            return LineKind.StatementTitle;
        }

        if (IsHeader(line, text))
        {
            return LineKind.Header;
        }

        var words = line.Line.Words.Count;
        var wide = line.Line.Right - line.Line.Left > pageWidth * ProseWidth;
        if (line.Numbers.Count > 0)
        {
            return line.Numbers.Count == 1 && wide && line.Label.Length > 90 && line.Numbers[0].Left - LabelRight(line) < line.Line.Height
                ? LineKind.Prose
                : LineKind.Data;
        }

        return wide && words >= ProseWords ? LineKind.Prose : LineKind.Text;
    }

    /// <summary>A heading row within a table: words only, nothing that belongs above a column.</summary>
    public static bool IsSectionHeading(PageLine line) =>
        !line.Text.Any(char.IsAsciiDigit) && !line.Text.StartsWith('(') && StatementTitle.Of(line) is null
        && (line.Text.EndsWith(':') || SectionWords().IsMatch(line.Text));

    private static double LabelRight(LineCells line) =>
        line.Line.Words.Where(w => w.Right <= line.Numbers[0].Left).Select(w => w.Right).DefaultIfEmpty(line.Line.Left).Max();

    private static readonly HashSet<string> s_headerWords = new(StringComparer.OrdinalIgnoreCase)
    {
        "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december",
        "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec",
        "fiscal", "year", "years", "quarter", "quarters", "ended", "ending", "as", "of", "at", "for", "the", "month", "months", "week", "weeks",
        "one", "three", "six", "nine", "twelve", "thirteen", "first", "second", "third", "fourth", "full", "half", "q1", "q2", "q3", "q4", "and",
        "amount", "amounts", "percent", "change", "increase", "decrease", "unaudited", "in", "millions", "thousands", "billions", "except",
        "per", "share", "shares", "data", "dollar", "dollars", "us", "u", "s", "note", "notes", "figures", "period", "periods",
    };

    private static bool IsHeaderLabel(string label) =>
        label.Split([' ', '(', ')', ',', ';', ':', '.', '-', '–', '—', '/', '%', '$', '*'], StringSplitOptions.RemoveEmptyEntries)
            .All(word => s_headerWords.Contains(word) || word.All(char.IsAsciiDigit));

    private static bool IsHeader(LineCells line, string text)
    {
        if (line.Numbers.Count > 0)
        {
            // "2022 2021 2020", "December 31, 2022 December 31, 2021": only years, days and months. A label with years
            // ("Balance at December 31, 2022   14,797") is data.
            var tokens = PeriodTokens.In(line.Line);
            var years = line.Numbers.Count(n => PeriodTokens.IsYear(n.Printed));
            return tokens.Count > 0 && years == line.Numbers.Count && (line.Label.Length == 0 || IsHeaderLabel(line.Label));
        }

        return HeaderText().IsMatch(text) && text.Length < 140;
    }

    [GeneratedRegex(@"^\W*((for\s+the\s+)?(fiscal\s+)?(three|six|nine|twelve|13|14|26|27|39|40|52|53|thirteen|fourteen|twenty-six|thirty-nine|fifty-two|fifty-three)\s+(months|weeks)|(fiscal\s+)?years?\s+end(ed|ing)|quarters?\s+end(ed|ing)|(first|second|third|fourth)\s+quarter|as\s+(of|at)\s+(january|february|march|april|may|june|july|august|september|october|november|december)|(january|february|march|april|may|june|july|august|september|october|november|december)\s+\d{1,2},?(\s|$))", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 2000)]
    private static partial Regex HeaderText();

    [GeneratedRegex(@"^\W*(assets|liabilities|liabilities and .*equity|equity|revenues?|net revenues?|costs? and expenses|operating expenses|expenses|income|(cash flows from )?(operating|investing|financing) activities)\W*$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 2000)]
    private static partial Regex SectionWords();
}
