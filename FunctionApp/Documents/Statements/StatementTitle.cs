using System.Text.RegularExpressions;
using Advisor.Documents.Tables;

namespace Advisor.Documents.Statements;

public enum StatementKind
{
    Income,
    BalanceSheet,
    CashFlow,
}

/// <summary>Recognises the title of a primary financial statement, and tells it from a mention, an index entry or a look-alike.</summary>
public static partial class StatementTitle
{
    /// <summary>Longest title in words: "Condensed Consolidated Statements of Operations and Comprehensive Income (Loss) (Unaudited)".</summary>
    private const int MaxWords = 16;

    /// <summary>The statement that the line is the title of; null when it is none.</summary>
    public static StatementKind? Of(PageLine line) => line.Words.Count > MaxWords ? null : Of(line.Text);

    /// <inheritdoc cref="Of(PageLine)"/>
    public static StatementKind? Of(string text)
    {
        if (text.Length < 11 || !MightBeTitle(text) || LookAlike().IsMatch(text))
        {
            return null;
        }

        var match = Title().Match(text);
        if (!match.Success || !IsTail(match.Groups["tail"].Value))
        {
            return null;
        }

        if (match.Groups["cash"].Success)
        {
            return StatementKind.CashFlow;
        }

        return match.Groups["balance"].Success ? StatementKind.BalanceSheet : StatementKind.Income;
    }

    /// <summary>Most lines are none: a cheap look before the expression.</summary>
    private static bool MightBeTitle(string text) =>
        text.Contains("statement", StringComparison.OrdinalIgnoreCase) || text.Contains("balance sheet", StringComparison.OrdinalIgnoreCase)
        || text.Contains("profit and loss", StringComparison.OrdinalIgnoreCase) || text.StartsWith("P&L", StringComparison.OrdinalIgnoreCase);

    /// <summary>What may follow the title on its line: a scale phrase, "(Unaudited)", "(continued)", the period.</summary>
    private static bool IsTail(string tail)
    {
        var words = tail.Split([' ', '(', ')', ',', ';', ':', '-', '–', '—', '*', '.', '/'], StringSplitOptions.RemoveEmptyEntries);
        // "Statements of Operations Data": a selection from the statement, not the statement.
        return words.Length == 0
            || (words[0].ToLowerInvariant() is not ("data" or "information")
                && (tail[0] is ' ' or '(' or ',' or ':' or ';' or '-' or '–' or '—')
                && words.All(IsTailWord));
    }

    private static bool IsTailWord(string word) =>
        s_tailWords.Contains(word) || word.All(c => char.IsAsciiDigit(c) || c is '$' or '€' or '£' or '\'' or '’');

    private static readonly HashSet<string> s_tailWords = new(StringComparer.OrdinalIgnoreCase)
    {
        "continued", "cont'd", "cont’d", "cont", "unaudited", "audited", "condensed", "consolidated", "in", "millions", "thousands", "billions", "of", "us", "u", "s",
        "dollars", "usd", "eur", "gbp", "us$", "$m", "£m", "€m", "except", "for", "as", "at", "the", "data", "amounts", "per", "share", "shares", "and", "par", "value", "values",
        "expressed", "year", "years", "three", "six", "nine", "twelve", "months", "weeks", "quarter", "quarters", "ended", "ending", "fiscal", "period", "periods",
        "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december", "figures", "information", "million", "thousand",
    };

    [GeneratedRegex(
        """
        ^\W*
        ((exhibit|schedule|table|item)\s+[\w.]{1,4}\W*\s)?
        ((interim|condensed|consolidated|audited|unaudited|combined|summary\s+of|comparative|group)\s+|\(unaudited\)\s+|[A-Z][\w.&'’,-]*\s+(?=(condensed\s+)?consolidated\s))*
        (
          (?<cash>statements?\s+of\s+(consolidated\s+)?cash\s*flows?|cash\s*flows?\s+statements?)
        | (?<balance>balance\s+sheets?|statements?\s+of\s+(consolidated\s+)?financial\s+(position|condition))
        | (?<income>statements?\s+of\s+((consolidated|net)\s+)?(income|operations|earnings|profits?(\s+(and|or)\s+loss(es)?)?|loss)(\s*\(loss(es)?\))?(\s+(and|\&)\s+(other\s+)?comprehensive\s+(income|loss|earnings)(\s*\(loss\))?)?|income\s+statements?|profit\s+and\s+loss(\s+(account|statement))?|p&l(\s+statement)?)
        )
        (?<tail>.*)$
        """,
        RegexOptions.IgnoreCase | RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 2000)]
    private static partial Regex Title();

    [GeneratedRegex(@"\b(pro\s*forma|reconciliation|parent|non-gaap|adjusted|selected|segment|supplement(al|ary)|were as follows|see\s|refer|notes to|guarantor|eliminations?|location)\b|\.{4,}|\.$|\s\d{1,3}$(?<!\s(19|20)\d\d)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 2000)]
    private static partial Regex LookAlike();
}
