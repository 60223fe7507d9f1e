using System.Text.RegularExpressions;

namespace Advisor.Documents.Reading.Sheets;

/// <summary>What a text in or above a table says about the unit or scale of its numbers.</summary>
/// <param name="Text">The words themselves: "in millions", "£m", "USD thousands", "%".</param>
/// <param name="Address">The cell that says so.</param>
/// <param name="Scale">1000, 1000000 or 1000000000; null where no scale is named.</param>
/// <param name="Currency">ISO 4217; null where none is named. A bare dollar sign is USD.</param>
/// <param name="Percent">The numbers are percentages.</param>
public sealed partial record UnitHint(string Text, string Address, decimal? Scale, string? Currency, bool Percent)
{
    private const int MaxLength = 400;

    /// <summary>The hint in a text, or null.</summary>
    public static UnitHint? In(string text, string address)
    {
        if (text.Length is 0 or > MaxLength)
        {
            return null;
        }

        try
        {
            return Match(text, address);
        }
        catch (RegexMatchTimeoutException)
        {
            return null;
        }
    }

    private static UnitHint? Match(string text, string address)
    {
        if (Scaled().Match(text) is { Success: true } scaled)
        {
            return new(scaled.Value.Trim(' ', '(', ')', ','), address, ScaleOf(scaled.Groups["scale"].Value), CurrencyOf(scaled.Groups["currency"].Value), false);
        }

        if (Money().Match(text) is { Success: true } money)
        {
            return new(money.Value.Trim(' ', '(', ')'), address, null, CurrencyOf(money.Groups["currency"].Value), false);
        }

        return Percentage().Match(text) is { Success: true } percent ? new(percent.Value.Trim(' ', '(', ')'), address, null, null, true) : null;
    }

    private static decimal ScaleOf(string word) => word.ToLowerInvariant() switch
    {
        "m" or "mn" or "mm" or "mio" or "million" or "millions" or "000,000" or "'000,000" => 1_000_000m,
        "bn" or "b" or "billion" or "billions" => 1_000_000_000m,
        _ => 1_000m,
    };

    private static string? CurrencyOf(string sign) => sign.ToUpperInvariant() switch
    {
        "$" or "US$" or "USD" or "DOLLARS" or "U.S. DOLLARS" or "US DOLLARS" => "USD",
        "€" or "EUR" or "EURO" or "EUROS" => "EUR",
        "£" or "GBP" or "POUNDS" => "GBP",
        "CHF" => "CHF",
        "¥" or "JPY" or "YEN" => "JPY",
        "₹" or "INR" => "INR",
        _ => null,
    };

    // A scale in words anywhere, or a short one directly behind a currency: "£m", "$000", "EUR k".
    [GeneratedRegex(@"(?:\bin\s+)?(?<currency>US\$|[$€£¥₹]|\b(?:USD|EUR|GBP|CHF|JPY|INR)\b|\b(?:U\.?S\.?\s)?dollars\b|\beuros?\b|\bpounds\b|\byen\b)?\s*(?:in\s+)?(?:(?<scale>\b(?:thousands?|millions?|billions?)\b|['’‘]000(?:,000)?\b)|(?<=[$€£¥₹]\s?|(?:USD|EUR|GBP|CHF|JPY|INR)\s?)(?<scale>(?:mn|mm|mio|bn|m|k|b|000(?:,000)?)\b))(?:\s+of\s+(?<currency>(?:U\.?S\.?\s)?dollars|euros?|pounds|yen))?", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 250)]
    private static partial Regex Scaled();

    [GeneratedRegex(@"(?:^|\bin\s|\()\s*(?<currency>US\$|[$€£¥₹]|USD|EUR|GBP|CHF|JPY|INR|(?:U\.?S\.?\s)?dollars|euros?|pounds|yen)\s*(?:\)|$)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 250)]
    private static partial Regex Money();

    [GeneratedRegex(@"^\s*\(?%\)?\s*$|\(%\)|\bin\s+(?:%|per\s?cent)|\bpercent(?:age)?\s+of\b|\b%\s+of\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 250)]
    private static partial Regex Percentage();
}
