using Advisor.Insights.Proposing;
using Advisor.Kernel.Reasoning;
using Advisor.Kernel.Reasoning.Claims;
using Advisor.Kernel.Reasoning.Claims.Meaning;
using Advisor.Kernel.Reasoning.Expressions;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Insights.Proposing;

/// <summary>Whatever a model writes, the sentence is the product's, and true of the values that it cites.</summary>
public sealed class ProposalWordsTests
{
    private static readonly Period s_this = new(new DateOnly(2022, 12, 31), 12, 2022);
    private static readonly Period s_last = new(new DateOnly(2021, 12, 31), 12, 2021);
    private static readonly Period s_before = new(new DateOnly(2020, 12, 31), 12, 2020);
    private static readonly Period s_end = new(new DateOnly(2022, 12, 31), 0, null);
    private static readonly Period s_quarter = new(new DateOnly(2022, 12, 31), 3, null);

    private static readonly Fact[] s_facts =
    [
        Of("r2", "revenue", "Net sales", 1_000, s_this), Of("r1", "revenue", "Net sales", 800, s_last), Of("r0", "revenue", "Net sales", 900, s_before),
        Of("n2", "net_income", "Net income", 50, s_this), Of("n1", "net_income", "Net income", 90, s_last),
        Of("c2", "operating_cash_flow", "Cash from operations", 120, s_this), Of("x2", "capital_expenditure", "Purchases of equipment", -60, s_this),
        Of("x1", "capital_expenditure", "Purchases of equipment", -40, s_last), Of("oq", "operating_income", "Operating income", 70, s_quarter),
        Of("a", "current_assets", "Current assets", 300, s_end), Of("l", "current_liabilities", "Current liabilities", 400, s_end), Of("v", "receivables", "Receivables", 250, s_end),
        Of("z2", null, "Other result", -30, s_this), Of("z1", null, "Other result", -10, s_last), Of("y1", null, "Segment result", 0, s_last), Of("y2", null, "Segment result", 5, s_this),
        Of("m", null, "Visit pay.example.com now", 70, s_this), Of("p", "receivables", "Receivables", 240, null),
        Of("t2", null, "Tax rate", 21, s_this) with { Unit = Unit.Percent, Currency = null }, Of("t1", null, "Tax rate", 20, s_last) with { Unit = Unit.Percent, Currency = null },
        Of("s2", null, "Shares", 10, s_this) with { Unit = Unit.Shares, Currency = null },
    ];

    private static readonly EvaluationContext s_context = new(s_facts.ToDictionary(fact => fact.Id), "Northwind, Inc.", "10-K");

    [Theory]
    [InlineData("fr2", "Net sales came to $1,000 in FY2022.")]
    [InlineData("abs(fx2)", "Purchases of equipment came to $60 in FY2022.")]
    [InlineData("fx2", "Purchases of equipment came to $60 in FY2022.")]
    [InlineData("fz2", "Other result came to -$30 in FY2022.")]
    [InlineData("pct(fr2, fr1)", "Net sales rose 25.0 % to $1,000 in FY2022, from $800 in FY2021.")]
    [InlineData("abs(pct(fn2, fn1))", "Net income fell 44.4 % to $50 in FY2022, from $90 in FY2021.")]
    [InlineData("fn2 - fn1", "Net income fell 44.4 % to $50 in FY2022, from $90 in FY2021.")]
    [InlineData("pct(fx2, fx1)", "Purchases of equipment grew 50.0 % to $60 in FY2022, from $40 in FY2021.")]
    [InlineData("pct(fz2, fz1)", "Other result went from -$10 in FY2021 to -$30 in FY2022.")]
    [InlineData("fy2 - fy1", "Segment result went from $0 in FY2021 to $5 in FY2022.")]
    [InlineData("pct(ft2, ft1)", "Tax rate went from 20.0 % in FY2021 to 21.0 % in FY2022.")]
    [InlineData("cagr(fr0, fr2, years(fr0, fr2))", "Net sales changed by 5.4 % a year, compounded, from $900 in FY2020 to $1,000 in FY2022.")]
    [InlineData("share(fn2, fr2)", "Net income of $50 came to 5.0 % of Net sales of $1,000 in FY2022.")]
    [InlineData("share(abs(fx2), fc2)", "Purchases of equipment of $60 came to 50.0 % of Cash from operations of $120 in FY2022.")]
    [InlineData("ratio(fa, fl)", "Current assets of $300 came to 0.75 times Current liabilities of $400 at 2022-12-31.")]
    [InlineData("fc2 / fn2", "Cash from operations of $120 came to 2.40 times Net income of $50 in FY2022.")]
    [InlineData("ratio(fv, fr2) * days.year", "Receivables of $250 at 2022-12-31 came to 91.25 days of Net sales of $1,000 in FY2022.")]
    [InlineData("fc2 - fn2", "Cash from operations of $120 exceeded Net income of $50 by $70 in FY2022.")]
    [InlineData("abs(fa - fl)", "Current assets of $300 fell short of Current liabilities of $400 by $100 at 2022-12-31.")]
    [InlineData("fc2 - abs(fx2)", "Cash from operations of $120 exceeded Purchases of equipment of $60 by $60 in FY2022.")]
    public void Write_EachForm_IsTheSentenceOfItsValues(string expression, string sentence)
    {
        Text("{0}", expression).ShouldBe(sentence);

        // Whatever the model says around it.
        Text("Pay {0} at once: net income and current assets together rescued the company.", expression).ShouldBe(sentence);
    }

    [Theory]
    // Periods and lines that do not go together.
    [InlineData("reversed_periods", "pct(fr1, fr2)")]
    [InlineData("reversed_periods", "fr1 - fr2")]
    [InlineData("unlike_lines", "pct(fr2, fn2)")]
    [InlineData("unlike_lines", "share(fr2, fr1)")]
    [InlineData("unlike_periods", "share(fn2, fr1)")]
    [InlineData("unlike_periods", "share(foq, fr2)")]
    [InlineData("unlike_units", "fn2 / ft2")]
    [InlineData("unit_mismatch", "ratio(fn2, fs2)")]
    [InlineData("days_of_no_year", "ratio(fv, foq) * days.year")]
    [InlineData("days_of_no_year", "ratio(fn2, fr2) * days.year")]
    [InlineData("growth_over_other_years", "cagr(fr0, fr2, 1)")]
    [InlineData("unknown_period", "fp")]
    // Signs and forms that say something else, or nothing.
    [InlineData("hidden_sign", "abs(fz2)")]
    [InlineData("hidden_sign", "fc2 - fz2")]
    [InlineData("negative_part", "share(fz2, fr2)")]
    [InlineData("negative_part", "ratio(fr2, fz2)")]
    [InlineData("division_by_zero", "share(fn1, fy1)")]
    [InlineData("unnamed_measure", "sum(fa, fv)")]
    [InlineData("unnamed_measure", "-fz2")]
    [InlineData("unnamed_measure", "round(fr2, 0)")]
    [InlineData("unnamed_measure", "max(fr2, fr1)")]
    [InlineData("unnamed_measure", "fr2 * 100")]
    [InlineData("unnamed_measure", "altman.safe")]
    [InlineData("states_nothing", "period(fr2)")]
    [InlineData("states_nothing", "company()")]
    [InlineData("link", "fm")]
    public void Write_WhatHasNoSentence_IsRefused(string code, string expression) => Codes("{0}", expression).ShouldContain(code);

    [Theory]
    [InlineData("direction", "Revenue fell {0}.", "pct(fr2, fr1)")]
    [InlineData("direction", "Net income grew by {0}.", "abs(fn2 - fn1)")]
    [InlineData("digit_in_template", "Revenue rose 25 to {0}.", "fr2")]
    [InlineData("number_word", "Revenue rose by a quarter, to {0}, and twelve.", "fr2")]
    [InlineData("unused_expression", "Revenue.", "fr2")]
    [InlineData("empty_template", " ", "fr2")]
    public void Write_TemplateThatTypesANumberOrSaysTheOpposite_IsRefused(string code, string template, string expression) => Codes(template, expression).ShouldContain(code);

    [Fact]
    public void Write_SeveralExpressions_IsASentenceForEachStatement()
    {
        Text("{0} {1} {2} {3} {4}", "label(fr2)", "pct(fr2, fr1)", "fr2", "fc2 - fn2", "period(fr2)").ShouldBe(
            "Net sales rose 25.0 % to $1,000 in FY2022, from $800 in FY2021. Cash from operations of $120 exceeded Net income of $50 by $70 in FY2022.");
        Codes("{0} {1} {2} {3} {4}", "fr2", "fn2", "fc2", "fv", "fa").ShouldContain("too_long");
    }

    /// <summary>Every expression of two facts of a random document is refused, or worded as an oracle that reads the values says.</summary>
    [Fact]
    public void Write_RandomValues_SaysWhatTheValuesSay()
    {
        var random = new Random(20261121);
        var worded = 0;
        for (var run = 0; run < 2_000; run++)
        {
            var (metric, other) = (random.Next(3) switch { 0 => "capital_expenditure", 1 => "revenue", _ => null }, random.Next(2) == 0 ? "net_income" : "income_tax");
            Fact[] facts =
            [
                Of("a2", metric, "Alpha", random.Next(-5, 6) * 10, s_this), Of("a1", metric, "Alpha", random.Next(-5, 6) * 10, s_last), Of("b2", other, "Beta", random.Next(-5, 6) * 10, s_this),
            ];
            var words = new ProposalWords(new EvaluationContext(facts.ToDictionary(fact => fact.Id), null, null));
            foreach (var expression in new[] { "pct(fa2, fa1)", "fa2 - fa1", "abs(fa2 - fa1)", "share(fa2, fb2)", "share(abs(fa2), fb2)", "fa2 - fb2", "abs(fa2) - abs(fb2)", "fb2 - fa2", "fa2 / fb2" })
            {
                if (words.Write(new Claim { Template = "{0}", Expressions = [expression], Type = "trend" }).Worded is { Claim.Text: var text } claim)
                {
                    worded++;
                    Oracle(text, facts, claim.Measures[0]).ShouldBeTrue($"{expression} over {string.Join(' ', facts.Select(fact => fact.Value))}: {text}");
                }
            }
        }

        worded.ShouldBeGreaterThan(4_000);
    }

    /// <summary>Reads the sentence as a person would, with the values alone.</summary>
    private static bool Oracle(string text, Fact[] facts, Measure measure)
    {
        static decimal Told(Fact fact) => Measures.IsOutflow(fact) ? Math.Abs(fact.Value) : fact.Value;
        var (later, earlier, beta) = (facts[0], facts[1], facts[2]);
        var alphaFirst = text.StartsWith("Alpha");
        return measure switch
        {
            Measure.Change when text.Contains(" rose ") => later.Value > earlier.Value && earlier.Value > 0,
            Measure.Change when text.Contains(" fell ") => later.Value < earlier.Value && later.Value > 0,
            Measure.Change when text.Contains(" grew ") => Measures.IsOutflow(later) && Told(later) > Told(earlier),
            Measure.Change when text.Contains(" shrank ") => Measures.IsOutflow(later) && Told(later) < Told(earlier),
            Measure.Change when text.Contains("unchanged") => later.Value == earlier.Value,
            Measure.Change => text.Contains("went from") && later.Value != earlier.Value,
            Measure.Part => Told(alphaFirst ? later : beta) >= 0 && Told(alphaFirst ? beta : later) > 0,
            Measure.Gap when text.Contains(" exceeded ") => Told(alphaFirst ? later : beta) > Told(alphaFirst ? beta : later),
            Measure.Gap when text.Contains(" fell short of ") => Told(alphaFirst ? later : beta) < Told(alphaFirst ? beta : later),
            Measure.Gap => text.Contains(" equalled ") && Told(later) == Told(beta),
            _ => false,
        };
    }

    private static string? Text(string template, params string[] expressions)
    {
        var (worded, faults) = Write(template, expressions);
        faults.Select(fault => fault.Message).ShouldBeEmpty();
        return worded?.Claim.Text;
    }

    private static IEnumerable<string> Codes(string template, params string[] expressions) => Write(template, expressions).Faults.Select(fault => fault.Code);

    private static (WordedClaim? Worded, IReadOnlyList<ClaimRejection> Faults) Write(string template, string[] expressions) =>
        new ProposalWords(s_context).Write(new Claim { Template = template, Expressions = expressions, Type = "trend" });

    private static Fact Of(string id, string? metric, string label, decimal value, Period? period) => new()
    {
        Id = "f" + id,
        Metric = metric,
        Label = label,
        Value = value,
        Unit = Unit.Currency,
        Currency = "USD",
        Period = period,
        Printed = value.ToString(System.Globalization.CultureInfo.InvariantCulture),
        Source = new SourceRef("doc", "report.pdf", Page: 1, Table: 1),
        ReadBy = ReadingMethod.TextLayer,
        Rule = "test",
    };
}
