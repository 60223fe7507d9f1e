using System.Globalization;
using System.Text;
using Advisor.Documents;
using Advisor.Insights;
using Advisor.Kernel.Reasoning;
using Advisor.Kernel.Reasoning.Claims;
using Advisor.Kernel.Reasoning.Expressions;
using Advisor.Tests.Documents;
using Advisor.Tests.Documents.EndToEnd;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Insights;

/// <summary>The product's promise: no number in an insight that does not come, by arithmetic that can be repeated, from a place that can be seen.</summary>
[Collection(EndToEndTests.Name)]
public sealed class TraceabilityTests(AdvisorFixture fixture)
{
    private const int SampledReports = 3;

    private static readonly string[] s_samples = ["annual-report.pdf", "quarterly-workbook.xlsx", "ledger.csv", "scanned-page.pdf"];

    [Fact]
    public async Task Insights_OfReportsAndSamples_HoldNoNumberOfTheirOwn()
    {
        var (failures, insights, numbers) = (new List<string>(), 0, 0);
        foreach (var analysis in await AnalysesAsync())
        {
            foreach (var insight in analysis.Insights)
            {
                insights++;
                numbers += insight.Values.Count;
                failures.AddRange(FaultsOf(insight).Select(fault => $"{Path.GetFileName(analysis.File)}: {insight.Id} \"{insight.Summary}\": {fault}"));
            }
        }

        Note($"{numbers} values in {insights} insights");
        insights.ShouldBeGreaterThan(20);
        failures.ShouldBeEmpty();
    }

    [Fact]
    public async Task Insights_OfReportsAndSamples_EvaluateAgainFromTheFactsOfTheApi()
    {
        var failures = new List<string>();
        foreach (var analysis in await AnalysesAsync())
        {
            var names = await NamesAsync(analysis);
            var facts = analysis.Facts.Select(ToFact).ToDictionary(fact => fact.Id, StringComparer.Ordinal);
            foreach (var insight in analysis.Insights)
            {
                var again = ClaimVerifier.ReEvaluate(ToClaim(insight), new EvaluationContext(facts, names.Company, names.Form));
                if (again is not Reevaluation.Same)
                {
                    failures.Add($"{Path.GetFileName(analysis.File)}: {insight.Id} \"{insight.Summary}\": {InWords(again)}");
                }
            }
        }

        failures.ShouldBeEmpty();
        fixture.Advisor.Complaints.Lines.ShouldBeEmpty();
    }

    [Fact]
    public async Task Insights_FactOrProseAltered_NoLongerEvaluate()
    {
        var analysis = await fixture.AnalyzeSampleAsync("annual-report.pdf");
        var facts = analysis.Facts.Select(ToFact).ToDictionary(fact => fact.Id, StringComparer.Ordinal);
        foreach (var insight in analysis.Insights)
        {
            var first = insight.Values.First(value => value.Value is ExpressionValue.Amount && value.FactIds.Count > 0);
            var altered = first.FactIds.Take(1).Aggregate(facts, (all, id) => new(all) { [id] = all[id] with { Value = (all[id].Value * 3) + 7 } });
            ClaimVerifier.ReEvaluate(ToClaim(insight), new EvaluationContext(facts)).ShouldBeOfType<Reevaluation.Same>();
            ClaimVerifier.ReEvaluate(ToClaim(insight), new EvaluationContext(altered)).ShouldNotBeOfType<Reevaluation.Same>(insight.Summary);
            var other = insight.Summary.Remove(first.Start, first.Length).Insert(first.Start, new string('8', first.Length));
            ClaimVerifier.ReEvaluate(ToClaim(insight with { Summary = other }), new EvaluationContext(facts)).ShouldNotBeOfType<Reevaluation.Same>(insight.Summary);
        }
    }

    [Fact]
    public async Task CitedFacts_OfReportsAndSamples_StandWhereTheyAreSaidToStand()
    {
        SystemTool.Require("pdftotext", "poppler-utils");
        var (failures, looked) = (new List<string>(), 0);
        foreach (var analysis in await AnalysesAsync())
        {
            var cited = analysis.Insights
                .SelectMany(insight => insight.SourceRefs.Select(source => (Insight: insight.Id, Source: source)))
                .GroupBy(citation => citation.Source.FactId)
                .Select(same => same.First())
                .ToList();
            var places = await PrintedPlaces.OpenAsync(analysis, TestContext.Current.CancellationToken);
            var found = await places.FindAsync([.. cited.Select(citation => analysis.Fact(citation.Source.FactId))], TestContext.Current.CancellationToken);
            looked += cited.Count;
            failures.AddRange(cited.Zip(found)
                .Where(pair => pair.Second is not null)
                .Select(pair => $"{Path.GetFileName(analysis.File)}: insight {pair.First.Insight}, fact {pair.First.Source.FactId} \"{pair.First.Source.Printed}\": {pair.Second}"));
            failures.AddRange(cited.Where(citation => !Matches(citation.Source, analysis.Fact(citation.Source.FactId)))
                .Select(citation => $"{Path.GetFileName(analysis.File)}: insight {citation.Insight}, fact {citation.Source.FactId} is cited at another place than it has"));
        }

        Note($"{looked} cited facts");
        looked.ShouldBeGreaterThan(100);
        failures.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("Revenue fell {0} to 5", "5", 13)]
    [InlineData("Revenue fell {0} in ²", "²", 13)]
    public void FaultsOf_NumberOutsideThePlaceholders_NamesIt(string template, string digit, int start)
    {
        var value = new Placeholder(0, "f1", new ExpressionValue.Amount(8, Unit.Percent), "8 %", ["f1"], [], start, 3);
        NumbersOutside(template.Replace("{0}", "8 %"), [value]).ShouldBe([$"'{digit}' at {template.Replace("{0}", "8 %").LastIndexOf(digit, StringComparison.Ordinal)} comes from no expression"]);
    }

    [Theory]
    [InlineData("annual-report.pdf", "168,735", null)]
    [InlineData("annual-report.pdf", null, 30)]
    [InlineData("quarterly-workbook.xlsx", "4,316", null)]
    [InlineData("ledger.csv", "190.58", null)]
    public async Task FindAsync_OtherTextOrOtherPlace_SaysWhatStandsThere(string sample, string? printed, int? lower)
    {
        var analysis = await fixture.AnalyzeSampleAsync(sample);
        var failed = analysis.Proofs.First(proof => proof.Outcome == ProofOutcome.Fails);
        var fact = analysis.Fact(failed.FactIds[0]);
        var elsewhere = fact with
        {
            Printed = printed ?? fact.Printed,
            Box = fact.Box is { } box ? box with { Top = box.Top + (lower ?? 0), Bottom = box.Bottom + (lower ?? 0) } : null,
        };
        var places = await PrintedPlaces.OpenAsync(analysis, TestContext.Current.CancellationToken);
        var found = await places.FindAsync([fact, elsewhere with { Id = "elsewhere" }], TestContext.Current.CancellationToken);
        found[0].ShouldBeNull();
        found[1].ShouldNotBeNull().ShouldContain("holds");
    }

    private async Task<IReadOnlyList<DocumentAnalysis>> AnalysesAsync()
    {
        var reports = TestDepth.Draw(Directory.GetFiles(Evals.Folder("reports"), "*.pdf").Order(StringComparer.Ordinal).ToList(), SampledReports);
        if (TestDepth.IsSample)
        {
            Note($"seed {TestDepth.Seed}: {string.Join(", ", reports.Select(Path.GetFileName))}");
        }

        var analyses = new List<DocumentAnalysis>();
        foreach (var sample in s_samples)
        {
            analyses.Add(await fixture.AnalyzeSampleAsync(sample));
        }

        foreach (var report in reports)
        {
            analyses.Add(await fixture.AnalyzeAsync(report));
        }

        return analyses;
    }

    private static IEnumerable<string> FaultsOf(InsightView insight)
    {
        foreach (var value in insight.Values)
        {
            if (value.Start + value.Length > insight.Summary.Length || insight.Summary.Substring(value.Start, value.Length) != value.Text)
            {
                yield return $"the value '{value.Text}' is not at {value.Start}";
            }
            else if (value.Value is ExpressionValue.Amount && value.FactIds.Count + value.Constants.Count == 0)
            {
                yield return $"'{value.Expression}' cites nothing";
            }
        }

        foreach (var number in NumbersOutside(insight.Summary, insight.Values))
        {
            yield return number;
        }

        foreach (var name in insight.Values.Where(value => value.Value is ExpressionValue.Text && value.Text.Any(c => c is '$' or '€' or '£')))
        {
            yield return $"the name '{name.Text}' holds an amount that no expression computes";
        }

        var cited = insight.SourceRefs.Select(source => source.FactId).ToHashSet(StringComparer.Ordinal);
        foreach (var missing in insight.Values.SelectMany(value => value.FactIds).Where(id => !cited.Contains(id)).Distinct())
        {
            yield return $"the fact {missing} has no source";
        }
    }

    private static IEnumerable<string> NumbersOutside(string text, IReadOnlyList<Placeholder> values) =>
        from at in Enumerable.Range(0, text.Length)
        where char.IsNumber(text, at) && !values.Any(value => at >= value.Start && at < value.Start + value.Length)
        select $"'{text[at]}' at {at} comes from no expression";

    /// <summary>The claim as it was proposed: its prose with the values taken out again.</summary>
    private static VerifiedClaim ToClaim(InsightView insight)
    {
        var (template, at) = (new StringBuilder(), 0);
        foreach (var value in insight.Values)
        {
            template.Append(insight.Summary, at, value.Start - at).Append(CultureInfo.InvariantCulture, $"{{{value.Index}}}");
            at = value.Start + value.Length;
        }

        template.Append(insight.Summary, at, insight.Summary.Length - at);
        return new VerifiedClaim
        {
            Claim = new Claim
            {
                Template = template.ToString(),
                Expressions = [.. insight.Values.GroupBy(value => value.Index).OrderBy(same => same.Key).Select(same => same.First().Expression)],
                Type = insight.Type,
            },
            Text = insight.Summary,
            Placeholders = insight.Values,
            FactIds = [.. insight.SourceRefs.Select(source => source.FactId)],
            ConstantsVersion = NamedConstants.Version,
            FormatVersion = ProseFormat.Version,
        };
    }

    /// <summary>A fact with nothing in it but what the API says of it.</summary>
    private static Fact ToFact(FactView view) => new()
    {
        Id = view.Id,
        Metric = view.Metric,
        Label = view.Label,
        Period = view.Period is null ? null : ToPeriod(view),
        Value = view.Value,
        Unit = view.Unit,
        Currency = view.Currency,
        Scale = view.Scale,
        Printed = view.Printed,
        Source = new SourceRef("", "", view.Page, view.Box, view.Sheet, view.Cell, view.Table),
        ReadBy = view.ReadBy,
        Confidence = view.Confidence,
        Rule = view.Rule,
    };

    private static Period ToPeriod(FactView view)
    {
        var label = view.Period!;
        int? year = label.IndexOf("FY", StringComparison.Ordinal) is var fy and >= 0 ? int.Parse(label.AsSpan(fy + 2, 4), CultureInfo.InvariantCulture) : null;
        int? quarter = label[0] == 'Q' ? label[1] - '0' : null;
        var period = new Period(view.PeriodEnd, view.Months!.Value, year, quarter);
        period.Label.ShouldBe(label);
        return period;
    }

    /// <summary>Company and form, which a claim may name, from the document's summary; null where it has none.</summary>
    private async Task<(string? Company, string? Form)> NamesAsync(DocumentAnalysis analysis)
    {
        var summary = await fixture.Analyst.GetAsync($"/api/v1/documents/{analysis.Ingestion.DocumentId}/summary");
        return (Text("company"), Text("form"));

        string? Text(string name) => summary.Json.TryGetProperty(name, out var text) ? text.GetString() : null;
    }

    private static bool Matches(SourceView source, FactView fact) =>
        (source.Page, source.Sheet, source.Cell, source.Table, source.Box, source.Printed) == (fact.Page, fact.Sheet, fact.Cell, fact.Table, fact.Box, fact.Printed);

    private static string InWords(Reevaluation again) => again switch
    {
        Reevaluation.Differs differs => $"it now reads \"{differs.Now.Text}\"",
        Reevaluation.Fails fails => string.Join("; ", fails.Reasons.Select(reason => reason.Message)),
        _ => "",
    };

    private static void Note(string text) => TestContext.Current.TestOutputHelper?.WriteLine(text);
}
