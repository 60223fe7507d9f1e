using System.Globalization;
using System.Text.RegularExpressions;
using Advisor.Documents.Tables;

namespace Advisor.Documents.Statements;

/// <summary>What a document says of itself: whose it is, which form, for which period.</summary>
/// <param name="Company">As printed on the cover; null when it cannot be told.</param>
/// <param name="Form">"10-K", "10-Q", "8-K", ...; null when none is printed.</param>
/// <param name="PeriodEnd">Last day of the period reported on.</param>
/// <param name="Calendar">The fiscal calendar as far as the document prints it.</param>
public sealed partial record DocumentProfile(string? Company, string? Form, DateOnly? PeriodEnd, FiscalCalendar Calendar)
{
    /// <summary>Pages that can hold the cover.</summary>
    private const int CoverPages = 3;

    public bool IsAnnual => Form is "10-K" or "10-K405" or "20-F" or "40-F";

    public PeriodDefaults Defaults => new(IsAnnual ? 12 : null, IsAnnual ? PeriodEnd : null, Calendar);

    /// <param name="pages">The lines of every page, in order.</param>
    public static DocumentProfile Of(IReadOnlyList<IReadOnlyList<PageLine>> pages)
    {
        var lines = pages.Take(CoverPages).SelectMany(page => page).Select(line => line.Text).ToList();
        var cover = string.Join('\n', lines);
        var form = FormName().Match(cover) is { Success: true } match ? match.Groups["form"].Value.ToUpperInvariant() : null;
        if (form is null && lines.Take(40).Any(line => line.Contains("annual report", StringComparison.OrdinalIgnoreCase)))
        {
            form = YearEnded().IsMatch(cover) ? "10-K" : null;
        }

        return new DocumentProfile(CompanyIn(lines), form, PeriodEndIn(cover), FiscalCalendar.Of(pages));
    }

    private static string? CompanyIn(List<string> lines)
    {
        var caption = lines.FindIndex(line => line.Contains("exact name of", StringComparison.OrdinalIgnoreCase));
        for (var i = caption - 1; i >= 0 && i >= caption - 4; i--)
        {
            if (lines[i].Any(char.IsLetter) && lines[i].Length is > 2 and < 80)
            {
                return lines[i].Trim();
            }
        }

        // A name set on two lines leaves its suffix alone with the last word: then the statements' own headings tell better.
        return lines.Take(40).FirstOrDefault(line => line.Length < 60 && CompanySuffix().IsMatch(line) && line.Split(' ').Length > 2)?.Trim();
    }

    private static DateOnly? PeriodEndIn(string cover)
    {
        var match = YearEnded().Match(cover);
        if (!match.Success)
        {
            return null;
        }

        var token = PeriodTokens.In(match.Groups["date"].Value.ReplaceLineEndings(" ")).Find(t => t.Kind == PeriodTokenKind.Date);
        return token is not null && token.Day <= DateTime.DaysInMonth(token.Year, token.Month)
            ? DateOnly.ParseExact($"{token.Year:0000}-{token.Month:00}-{token.Day:00}", "yyyy-MM-dd", CultureInfo.InvariantCulture)
            : null;
    }

    [GeneratedRegex(@"\bform\s+(?<form>10-?K(?:405)?|10-?Q|8-?K|20-?F|40-?F|6-?K)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 2000)]
    private static partial Regex FormName();

    [GeneratedRegex(@"(?:fiscal\s+year|annual\s+period|year|quarterly\s+period|quarter)\s+ended:?\s+(?<date>[A-Za-z]{3,9}\.?\s+\d{1,2}\s*,\s*(?:19|20)\d\d|\d{1,2}\s+[A-Za-z]{3,9}\s+(?:19|20)\d\d)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 2000)]
    private static partial Regex YearEnded();

    [GeneratedRegex(@"\b(inc\.?|incorporated|corp\.?|corporation|company|co\.|plc|ltd\.?|limited|llc|l\.p\.|n\.v\.|ag|s\.a\.|se)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 2000)]
    private static partial Regex CompanySuffix();
}
