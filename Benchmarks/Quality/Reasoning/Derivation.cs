using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Advisor.Kernel.Reasoning;

namespace Advisor.Benchmarks.Quality.Reasoning;

/// <summary>A number that an expression can cite.</summary>
/// <param name="Value">As printed, no scale applied.</param>
/// <param name="IsYear">A bare year.</param>
internal sealed record CitableNumber(string Id, decimal Value, bool IsYear)
{
    public static CitableNumber Of(Fact fact) => new(fact.Id, fact.Value, fact.Unit == Unit.Number && TablePage.IsYear(fact.Printed));
}

/// <summary>Writes the arithmetic that a question's key gives as an expression over the facts of its page.</summary>
/// <remarks>
/// <list type="number">
/// <item>Each number becomes a citation of the first fact of that value; where only the opposite value is printed, of its negation. In "a - a" and "a / a" the second is the
/// second fact of that value, where there is one: two equal figures are two places on the page.</item>
/// <item>The structure stays literal: n in "(a1 + ... + an) / n" where n is an allowed literal, the one in "... - 1" at the end, in "1 / a" and in "(last - first + 1)".
/// Where n is no allowed literal the quotient is written avg(a1, ..., an), which is what it says. Brackets become parentheses. Nothing else is rewritten.</item>
/// <item>A count of years that is printed nowhere ("2020-2024" over five) is computed from the first and the last year printed.</item>
/// <item>All other numbers must be printed on the page: what is not becomes a citation of a fact that does not exist.</item>
/// </list>
/// </remarks>
internal static partial class Derivation
{
    public static string Translate(string derivation, IReadOnlyList<CitableNumber> numbers)
    {
        var text = derivation.Replace('[', '(').Replace(']', ')').Replace("$", "", StringComparison.Ordinal).Replace("%", "", StringComparison.Ordinal).Trim();
        text = AverageOfMany().Replace(text, Average);
        var structural = new HashSet<int>(LastOne().Matches(text).Concat(Reciprocal().Matches(text)).Concat(CountOfYears().Matches(text)).Concat(AverageOfFew().Matches(text).Where(IsAverage)).Select(match => match.Groups["n"].Index));
        var written = new StringBuilder();
        var (from, before) = (0, "");
        foreach (var number in PrintedInDerivation().Matches(text).Cast<Match>())
        {
            var between = text[from..number.Index];
            written.Append(between);
            from = number.Index + number.Length;
            var again = number.Value == before && between.Trim() is ("-" or "/");
            written.Append(structural.Contains(number.Index) ? number.Value : Cite(number.Value, numbers, again ? 1 : 0));
            before = number.Value;
        }

        return written.Append(text, from, text.Length - from).ToString();
    }

    /// <param name="skipped">Facts of that value that are passed over, as far as there are more.</param>
    private static string Cite(string printed, IReadOnlyList<CitableNumber> numbers, int skipped) =>
        PrintedNumber.TryParse(printed, out var number)
        && (Nth(numbers, number.Value, skipped) ?? (Nth(numbers, -number.Value, skipped) is { } opposite ? $"(-{opposite})" : null) ?? Years(numbers, number.Value)) is { } cited
            ? cited
            : $"f{new string([.. printed.Where(char.IsAsciiDigit)])}isNotOnThePage";

    private static string? Nth(IReadOnlyList<CitableNumber> numbers, decimal value, int skipped)
    {
        var found = numbers.Where(number => number.Value == value).Take(skipped + 1).ToList();
        return found.Count == 0 ? null : found[^1].Id;
    }

    /// <summary>The count of years from the first to the last that the page prints, where it is that many.</summary>
    private static string? Years(IReadOnlyList<CitableNumber> numbers, decimal count)
    {
        var years = numbers.Where(number => number.IsYear).OrderBy(number => number.Value).ToList();
        return years.Count > 1 && years[^1].Value - years[0].Value + 1 == count ? $"({years[^1].Id} - {years[0].Id} + 1)" : null;
    }

    private static bool IsAverage(Match match) => TermSeparator().Count(match.Groups["terms"].Value) + 1 == int.Parse(match.Groups["n"].Value, CultureInfo.InvariantCulture);

    private static string Average(Match match) =>
        IsAverage(match) && match.Groups["n"].Value is not ("2" or "4")
            ? $"avg({TermSeparator().Replace(match.Groups["terms"].Value, sign => sign.Value.Contains('-', StringComparison.Ordinal) ? ", -" : ", ")})"
            : match.Value;

    [GeneratedRegex(@"\d+(,\d{3})*(\.\d+)?|\.\d+", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex PrintedInDerivation();

    [GeneratedRegex(@"/.* - (?<n>1)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex LastOne();

    [GeneratedRegex(@"^(?<n>1)/", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Reciprocal();

    [GeneratedRegex(@"\(\d{4}-\d{4}\+(?<n>1)\)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex CountOfYears();

    /// <summary>A sum in parentheses, whose terms may be negative numbers in parentheses, over a small count.</summary>
    [GeneratedRegex(@"\((?<terms>([^()]|\([^()]*\))*\+([^()]|\([^()]*\))*)\)\s*/\s*(?<n>\d)\b(?![,.])", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex AverageOfMany();

    [GeneratedRegex(@"\((?<terms>([^()]|\([^()]*\))*[+-]([^()]|\([^()]*\))*)\)\s*/\s*(?<n>[24])\b(?![,.])", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex AverageOfFew();

    [GeneratedRegex(@"(?<=[\d)])\s*[+-]\s*", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex TermSeparator();
}
