using System.Globalization;
using System.Text;
using System.Text.Json;
using Advisor.Kernel.Reasoning;
using Advisor.Kernel.Reasoning.Expressions;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Kernel.Reasoning.Expressions;

/// <summary>
/// 711 questions over tables of annual reports, each with the arithmetic that answers it. How a derivation becomes an expression:
/// <list type="number">
/// <item>Every number printed in a cell, and then every number printed in the paragraphs and in cells that hold more than a number, becomes a fact: value and sign as printed, no scale.</item>
/// <item>Each number of the derivation becomes a citation of a fact of that value, cells before text; a number that stands after a minus may cite a fact of either sign, with the minus kept or dropped accordingly.</item>
/// <item>A number that is printed nowhere must be an allowed literal and structural: the number of terms of an average, the one in "a / b - 1", and so on.</item>
/// <item>"(a + b + ...) / n" where n is the number of terms and no allowed literal is written avg(a, b, ...), which is what it says. Nothing else is rewritten; brackets become parentheses.</item>
/// </list>
/// Units are those that the cell prints: percent with a percent sign; money where the number, or another one in its row or column, has a currency sign; else a number.
/// The scale of the question ("million", "percent") is a matter of display and never enters.
/// </summary>
public sealed class TableArithmeticTests
{
    [Fact]
    public void Evaluate_EveryDerivation_GivesThePublishedValue()
    {
        var file = Path.Combine(Evals.Folder("table-arithmetic"), "cases_dev.jsonl");
        var faults = new List<string>();
        var count = 0;
        foreach (var line in File.ReadLines(file))
        {
            using var json = JsonDocument.Parse(line);
            var item = json.RootElement;
            var derivation = item.GetProperty("derivation").GetString()!;
            var page = new Page(item);
            var expression = new Translation(derivation, page).Write();
            var result = ExpressionEvaluator.Evaluate(expression, new EvaluationContext(page.Facts));
            var expected = item.GetProperty("value").GetDouble();
            count++;
            if (result is not EvaluationResult.Evaluated { Value: ExpressionValue.Amount amount } || Math.Abs((double)amount.Value - expected) > 1e-9 * Math.Max(Math.Abs(expected), 1e-12))
            {
                faults.Add($"{derivation} -> {expression}: {result}, expected {expected.ToString(CultureInfo.InvariantCulture)}");
            }
        }

        faults.ShouldBeEmpty(string.Join('\n', faults));
        count.ShouldBe(711);
    }

    private sealed class Page
    {
        private readonly Dictionary<string, Fact> facts = new(StringComparer.Ordinal);

        public Page(JsonElement item)
        {
            var rows = item.GetProperty("table").EnumerateArray().Select(row => row.EnumerateArray().Select(cell => cell.GetString()!).ToArray()).ToArray();
            var money = rows.Select(row => row.Select(cell => PrintedNumber.TryParse(cell, out var number) ? number.Currency : null).ToArray()).ToArray();
            for (var r = 0; r < rows.Length; r++)
            {
                for (var c = 0; c < rows[r].Length; c++)
                {
                    if (PrintedNumber.TryParse(rows[r][c], out var number))
                    {
                        var column = c;
                        var currency = number.Currency ?? money[r].FirstOrDefault(code => code is not null) ?? money.Select(row => row.ElementAtOrDefault(column)).FirstOrDefault(code => code is not null);
                        Add(number, currency);
                    }
                }
            }

            var prose = rows.SelectMany(row => row).Concat(item.GetProperty("paragraphs").EnumerateArray().Select(paragraph => paragraph.GetString()!));
            foreach (var word in prose.SelectMany(text => text.Split([' ', ' ', '-', '–', '—', '/'], StringSplitOptions.RemoveEmptyEntries)))
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

        private void Add(PrintedNumber number, string? currency)
        {
            var unit = number.IsPercent ? Unit.Percent : currency is null ? Unit.Number : Unit.Currency;
            var id = "f" + (facts.Count + 1).ToString(CultureInfo.InvariantCulture);
            facts.Add(id, Reasoning.Facts.Of(id, number.Value, unit, currency));
        }
    }

    private sealed class Translation(string derivation, Page page)
    {
        private readonly string text = derivation.Replace('[', '(').Replace(']', ')').Replace("$", "").Replace("%", "");

        public string Write()
        {
            var written = new StringBuilder();
            for (var at = 0; at < text.Length;)
            {
                if (!char.IsAsciiDigit(text[at]) && text[at] != '.')
                {
                    written.Append(text[at++]);
                    continue;
                }

                var start = at;
                while (at < text.Length && (char.IsAsciiDigit(text[at]) || text[at] is '.' or ','))
                {
                    at++;
                }

                PrintedNumber.TryParse(text.AsSpan(start, at - start), out var number).ShouldBeTrue(text);
                Append(written, number.Value);
            }

            return AsAverage(written.ToString());
        }

        private void Append(StringBuilder written, decimal value)
        {
            if (page.Find(value) is { } positive)
            {
                written.Append(positive);
            }
            else if (page.Find(-value) is { } negative)
            {
                written.Append("(-").Append(negative).Append(')');
            }
            else
            {
                written.Append(value.ToString(CultureInfo.InvariantCulture));
            }
        }

        /// <summary>(f1 + f2 + f3)/3 as avg(f1, f2, f3).</summary>
        private static string AsAverage(string expression)
        {
            var end = expression.LastIndexOf(')');
            var divisor = end < 0 ? "" : expression[(end + 1)..].Trim();
            if (!expression.StartsWith('(') || !divisor.StartsWith('/') || !int.TryParse(divisor.AsSpan(1), out var count))
            {
                return expression;
            }

            var terms = expression[1..end].Split('+');
            return terms.Length == count && !ExpressionParser.AllowedLiterals.Contains(count) ? $"avg({string.Join(", ", terms)})" : expression;
        }
    }
}
