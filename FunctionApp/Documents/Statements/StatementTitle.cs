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
        if (text.Length < 13 || LookAlike().IsMatch(text))
        {
            return null;
        }

        var match = Title().Match(text);
        if (!match.Success)
        {
            return null;
        }

        if (match.Groups["cash"].Success)
        {
            return StatementKind.CashFlow;
        }

        return match.Groups["balance"].Success ? StatementKind.BalanceSheet : StatementKind.Income;
    }

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
        \W*
        ((continued|cont['’]?d|unaudited|audited|condensed|consolidated|in\s+(u\.?s\.?\s+)?(millions|thousands|billions).*|\$?\s*(millions|thousands|in).*|usd.*|us\$.*|(for|as)\s+(the|of|at)\s.*|data|three|six|nine|years?\s.*|(expressed|amounts|dollars)\s+in.*|-|–|—|\d{4})\W*)*$
        """,
        RegexOptions.IgnoreCase | RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant)]
    private static partial Regex Title();

    [GeneratedRegex(@"\b(pro\s*forma|reconciliation|parent|non-gaap|adjusted|selected|segment|supplement(al|ary)|were as follows|see\s|refer|notes to|guarantor|eliminations?|location)\b|\.{4,}|\.$|\s\d{1,3}$(?<!\s(19|20)\d\d)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex LookAlike();
}
