using System.Text.RegularExpressions;

namespace Advisor.Documents.Statements;

/// <summary>The scale and currency printed above a table.</summary>
/// <param name="Money">1, 1000, 1000000 or 1000000000.</param>
/// <param name="Shares">Scale of share counts.</param>
/// <param name="Currency">ISO 4217, or null when none is printed.</param>
/// <param name="IsPrinted">False when no phrase was found and 1 is assumed.</param>
public sealed partial record MoneyScale(decimal Money, decimal Shares, string? Currency, bool IsPrinted)
{
    /// <summary>No phrase was found.</summary>
    public static MoneyScale None { get; } = new(1, 1, null, IsPrinted: false);

    /// <summary>Reads the phrase nearest the table: "(In millions, except per share data)", "$ in thousands", "£m".</summary>
    /// <param name="linesFromNearest">Lines above the table, the nearest first.</param>
    public static MoneyScale In(IEnumerable<string> linesFromNearest)
    {
        foreach (var line in linesFromNearest)
        {
            var match = Phrase().Match(line);
            if (!match.Success)
            {
                continue;
            }

            var money = match.Groups["billions"].Success ? 1_000_000_000m : match.Groups["millions"].Success ? 1_000_000m : 1_000m;
            return new MoneyScale(money, SharesScale(line, money), CurrencyIn(line), IsPrinted: true);
        }

        return None;
    }

    public static string? CurrencyIn(string text) => text switch
    {
        _ when text.Contains('€') || EuroWord().IsMatch(text) => "EUR",
        _ when text.Contains('£') || PoundWord().IsMatch(text) => "GBP",
        _ when text.Contains('¥') => "JPY",
        _ when text.Contains('$') || DollarWord().IsMatch(text) => "USD",
        _ => null,
    };

    private static decimal SharesScale(string line, decimal money)
    {
        if (SharesIn().Match(line) is { Success: true } own)
        {
            return own.Groups["millions"].Success ? 1_000_000m : 1_000m;
        }

        // "except share and per share data" takes share counts out of the scale; "except per share data" does not.
        return ExceptShares().IsMatch(line) ? 1 : money;
    }

    [GeneratedRegex(@"(?:\bin|\bof|\(|[$€£]|\bexpressed in|\bUSD|\bUS\$|^|\bunaudited;?(?: in)?)\s*(?:(?:u\.?s\.?|united states)\s+)?(?:[$€£]\s*|dollars?\s+(?:and shares )?in\s+|us\$?\s*|euros?\s+|eur\s+|usd\s+|gbp\s+)?(?:(?<billions>billions?\b|bn\b)|(?<millions>millions?\b|m\b|mm\b|mn\b)|(?<thousands>thousands?\b|000['’]?s?\b|['’]000s?\b|k\b))", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 2000)]
    private static partial Regex Phrase();

    [GeneratedRegex(@"shares?\b[^;)]{0,60}?\b(?:in|reflected in|are in)\s+(?:(?<millions>millions)|(?<thousands>thousands))", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 2000)]
    private static partial Regex SharesIn();

    [GeneratedRegex(@"except\s+(?:for\s+)?(?:number of\s+)?(?:common\s+)?share(?:s|\s+(?:and|data|amounts|counts))", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 2000)]
    private static partial Regex ExceptShares();

    [GeneratedRegex(@"\b(?:euros?|EUR)\b", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 2000)]
    private static partial Regex EuroWord();

    [GeneratedRegex(@"\b(?:GBP|sterling|pounds)\b", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 2000)]
    private static partial Regex PoundWord();

    [GeneratedRegex(@"\b(?:dollars?|USD)\b", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 2000)]
    private static partial Regex DollarWord();
}
