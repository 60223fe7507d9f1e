using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Advisor.Kernel.Reasoning;
using Advisor.Kernel.Reasoning.Expressions;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Kernel.Reasoning.Expressions;

/// <summary>
/// 711 questions over tables of annual reports, each with the arithmetic that answers it. How a derivation becomes an expression:
/// <list type="number">
/// <item>Every number printed in a cell, and then every number in the paragraphs and in cells that hold more than a number, becomes a fact: value and sign as printed, no scale applied.</item>
/// <item>Each number of the derivation becomes a citation of the first fact of that value, cells before text; where only the opposite value is printed, of its negation.</item>
/// <item>The structure stays literal: n in "(a1 + ... + an) / n" where n is an allowed literal, the one in "... - 1" at the end, in "1 / a" and in "(last - first + 1)".
/// Where n is no allowed literal the quotient is written avg(a1, ..., an), which is what it says. Brackets become parentheses. Nothing else is rewritten.</item>
/// <item>A count of years that is printed nowhere ("2020-2024" over five) is computed from the first and the last year printed.</item>
/// <item>All other numbers must be printed on the page: a literal that is not structural fails the test, as does a structure that is none.</item>
/// </list>
/// The data does not give units, so they are read from print in two ways, and the second is used only where the first gives a unit mismatch.
/// Narrow: percent with a percent sign; money where the number, or a number in its row or column, has a currency sign; else a number; a bare year is a number.
/// Wide: accountants print the sign on the first and last rows only, so every number of a table that has one, years and percentages aside, is money.
/// Where neither fits (one value printed in two units, or money beside counts in one row) the page is read without units. The test holds how many cases need each.
/// The scale of the question ("million", "percent") is a matter of display and never enters.
/// </summary>
public sealed partial class TableArithmeticTests
{
    private enum Units
    {
        Narrow,
        Wide,
        None,
    }

    [Fact]
    public void Evaluate_EveryDerivation_GivesThePublishedValue()
    {
        var file = Path.Combine(Evals.Folder("table-arithmetic"), "cases_dev.jsonl");
        var faults = new List<string>();
        var read = new int[3];
        foreach (var line in File.ReadLines(file))
        {
            using var json = JsonDocument.Parse(line);
            var derivation = json.RootElement.GetProperty("derivation").GetString()!;
            var expected = json.RootElement.GetProperty("value").GetDouble();
            var (expression, result, units) = Evaluate(json.RootElement, derivation);
            read[(int)units]++;
            if (result is not EvaluationResult.Evaluated { Value: ExpressionValue.Amount amount } || Math.Abs((double)amount.Value - expected) > 1e-9 * Math.Max(Math.Abs(expected), 1e-12))
            {
                faults.Add($"{derivation} -> {expression}: {result}, expected {expected.ToString(CultureInfo.InvariantCulture)}");
            }
        }

        faults.ShouldBeEmpty(string.Join('\n', faults));
        read.Sum().ShouldBe(711);
        (read[0], read[1], read[2]).ShouldBe((697, 4, 10));
    }

    private static (string Expression, EvaluationResult Result, Units Units) Evaluate(JsonElement item, string derivation)
    {
        var expression = "";
        EvaluationResult? result = null;
        foreach (var units in Enum.GetValues<Units>())
        {
            var page = new Page(item, units);
            expression = Translate(derivation, page);
            result = ExpressionEvaluator.Evaluate(expression, new EvaluationContext(page.Facts));
            if (result is not EvaluationResult.Failed { Error: ExpressionError.UnitMismatch })
            {
                return (expression, result, units);
            }
        }

        return (expression, result!, Units.None);
    }

    /// <summary>Writes the derivation as an expression by the rules above.</summary>
    private static string Translate(string derivation, Page page)
    {
        var text = derivation.Replace('[', '(').Replace(']', ')').Replace("$", "").Replace("%", "").Trim();
        text = AverageOfMany().Replace(text, Average);
        var structural = new HashSet<int>(LastOne().Matches(text).Concat(Reciprocal().Matches(text)).Concat(CountOfYears().Matches(text)).Concat(AverageOfFew().Matches(text).Where(IsAverage)).Select(match => match.Groups["n"].Index));
        var written = new StringBuilder();
        var from = 0;
        foreach (var number in PrintedInDerivation().Matches(text).Cast<Match>())
        {
            written.Append(text, from, number.Index - from);
            from = number.Index + number.Length;
            written.Append(structural.Contains(number.Index) ? number.Value : Cite(number.Value, page));
        }

        return written.Append(text, from, text.Length - from).ToString();
    }

    private static string Cite(string printed, Page page)
    {
        PrintedNumber.TryParse(printed, out var number).ShouldBeTrue(printed);
        return page.Find(number.Value)
            ?? (page.Find(-number.Value) is { } opposite ? $"(-{opposite})" : null)
            ?? page.FindYears(number.Value)
            ?? $"f{printed.Replace(",", "").Replace(".", "")}isNotOnThePage";
    }

    private static bool IsAverage(Match match) => TermSeparator().Count(match.Groups["terms"].Value) + 1 == int.Parse(match.Groups["n"].Value);

    private static string Average(Match match) =>
        IsAverage(match) && match.Groups["n"].Value is not ("2" or "4")
            ? $"avg({TermSeparator().Replace(match.Groups["terms"].Value, sign => sign.Value.Contains('-') ? ", -" : ", ")})"
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

    private sealed class Page
    {
        private readonly Dictionary<string, Fact> facts = new(StringComparer.Ordinal);
        private readonly Units units;

        public Page(JsonElement item, Units units)
        {
            this.units = units;
            var rows = item.GetProperty("table").EnumerateArray().Select(row => row.EnumerateArray().Select(cell => cell.GetString()!).ToArray()).ToArray();
            var signs = rows.Select(row => row.Select(cell => PrintedNumber.TryParse(cell, out var number) ? number.Currency : null).ToArray()).ToArray();
            for (var r = 0; r < rows.Length; r++)
            {
                for (var c = 0; c < rows[r].Length; c++)
                {
                    if (PrintedNumber.TryParse(rows[r][c], out var number))
                    {
                        var column = c;
                        var near = signs[r].Concat(signs.Select(row => row.ElementAtOrDefault(column)));
                        var around = units == Units.Wide ? signs.SelectMany(row => row) : near;
                        Add(number, number.Currency ?? (IsYear(rows[r][c]) ? null : around.FirstOrDefault(sign => sign is not null)));
                    }
                }
            }

            var prose = rows.SelectMany(row => row).Concat(item.GetProperty("paragraphs").EnumerateArray().Select(paragraph => paragraph.GetString()!));
            foreach (var word in prose.SelectMany(text => text.Split([' ', '\u00A0', '-', '–', '—', '/'], StringSplitOptions.RemoveEmptyEntries)))
            {
                if (PrintedNumber.TryParse(word.Trim('(', ')', '.', ',', ';', ':', '“', '”', '\'', '’'), out var number))
                {
                    Add(number, number.Currency);
                }
            }
        }

        public IReadOnlyDictionary<string, Fact> Facts => facts;

        /// <summary>The first fact of that value.</summary>
        public string? Find(decimal value) => facts.Values.FirstOrDefault(fact => fact.Value == value)?.Id;

        /// <summary>The count of years from the first to the last that the page prints, where it is that many.</summary>
        public string? FindYears(decimal count)
        {
            var years = facts.Values.Where(fact => fact.Unit == Unit.Number && IsYear(fact.Printed)).OrderBy(fact => fact.Value).ToList();
            return years.Count > 1 && years[^1].Value - years[0].Value + 1 == count ? $"({years[^1].Id} - {years[0].Id} + 1)" : null;
        }

        private static bool IsYear(string printed) => printed.Trim() is { Length: 4 } text && (text.StartsWith("19") || text.StartsWith("20")) && text.All(char.IsAsciiDigit);

        private void Add(PrintedNumber number, string? currency)
        {
            var unit = units == Units.None ? Unit.Number : number.IsPercent ? Unit.Percent : currency is null ? Unit.Number : Unit.Currency;
            var id = "f" + (facts.Count + 1).ToString(CultureInfo.InvariantCulture);
            facts.Add(id, Reasoning.Facts.Of(id, number.Value, unit, currency));
        }
    }
}
