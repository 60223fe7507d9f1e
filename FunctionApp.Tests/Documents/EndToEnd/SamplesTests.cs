using Advisor.Kernel.Confidence;
using Advisor.Kernel.Reasoning;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Documents.EndToEnd;

/// <summary>What was planted in the samples is found, and named to the cell.</summary>
[Collection(EndToEndTests.Name)]
public sealed class SamplesTests(AdvisorFixture fixture)
{
    private static readonly string[] s_samples = ["annual-report.pdf", "quarterly-workbook.xlsx", "ledger.csv", "scanned-page.pdf"];

    [Fact]
    public async Task Analyze_AllSamples_FillAllBands()
    {
        var insights = new List<Band>();
        foreach (var sample in s_samples)
        {
            var analysis = await fixture.AnalyzeSampleAsync(sample);
            analysis.Facts.ShouldNotBeEmpty(sample);
            analysis.Insights.ShouldNotBeEmpty(sample);
            analysis.Ingestion.AnalysisIds.Count.ShouldBe(3);
            insights.AddRange(analysis.Insights.Select(insight => insight.Band));
        }

        insights.Distinct().Order().ShouldBe([Band.High, Band.Medium, Band.Low], ignoreOrder: true);
    }

    [Fact]
    public async Task Analyze_AnnualReport_NamesThePlantedFootingError()
    {
        var analysis = await fixture.AnalyzeSampleAsync("annual-report.pdf");
        var failed = analysis.Proofs.Where(proof => proof.Outcome == ProofOutcome.Fails).ShouldHaveSingleItem();
        failed.Kind.ShouldBe("footing");
        (failed.Found, failed.Expected, failed.Difference).ShouldBe((168_734_000m, 168_374_000m, 360_000m));
        failed.Cells[0].Page.ShouldBe(20);
        failed.Explanation.ShouldNotBeNull().ShouldContain("transposed");
        failed.Explanation.ShouldContain("Total inventories");

        var total = analysis.Fact(failed.FactIds[0]);
        total.Label.ShouldBe("Total inventories");
        total.Printed.ShouldContain("168,734");
        total.Box.ShouldNotBeNull();

        var insight = analysis.Insights.Where(insight => insight.Proofs.Contains(failed.Id)).ShouldHaveSingleItem();
        (insight.Type, insight.Band).ShouldBe(("anomaly", Band.Low));
        insight.Reasons.ShouldContain("a proof that touches the cited facts does not hold");
        insight.SourceRefs.ShouldContain(source => source.FactId == total.Id && source.Page == 20);
        insight.Summary.ShouldContain("Total inventories");
    }

    [Fact]
    public async Task Analyze_QuarterlyWorkbook_NamesThePlug()
    {
        var analysis = await fixture.AnalyzeSampleAsync("quarterly-workbook.xlsx");
        var failed = analysis.Proofs.Where(proof => proof.Outcome == ProofOutcome.Fails).ShouldHaveSingleItem();
        failed.Kind.ShouldBe("plug");
        failed.Cells.ShouldContain(place => place.Sheet == "Income statement" && place.Cell == "J17");
        var insight = analysis.Insights.Where(insight => insight.Proofs.Contains(failed.Id)).ShouldHaveSingleItem();
        (insight.Type, insight.Band).ShouldBe(("anomaly", Band.Low));
        insight.SourceRefs.ShouldContain(source => source.Sheet == "Income statement" && source.Cell == "J17" && source.Printed == "4,315");
    }

    [Fact]
    public async Task Analyze_Ledger_NamesTheJournalThatDoesNotBalance()
    {
        var analysis = await fixture.AnalyzeSampleAsync("ledger.csv");
        var failed = analysis.Proofs.Where(proof => proof.Outcome == ProofOutcome.Fails).ShouldHaveSingleItem();
        (failed.Kind, failed.Found, failed.Expected, failed.Difference).ShouldBe(("balance", 190.59m, 109.59m, 81.00m));
        failed.Cells.Select(place => place.Cell).ShouldBe(["F2181", "G2182"]);
        failed.FactIds.Select(id => analysis.Fact(id).Label).ShouldBe(["JE-0911 debit", "JE-0911 credit"]);
        var insight = analysis.Insights.Where(insight => insight.Proofs.Contains(failed.Id)).ShouldHaveSingleItem();
        (insight.Type, insight.Band).ShouldBe(("anomaly", Band.Low));
        insight.Summary.ShouldContain("JE-0911");
        insight.Summary.ShouldContain("$190.59");
        insight.Summary.ShouldContain("$109.59");
        insight.Amount.ShouldBe(81m);
        analysis.Proofs.Count(proof => proof is { Kind: "balance", Outcome: ProofOutcome.Holds }).ShouldBe(1_365);
    }

    [Fact]
    public async Task Analyze_ScannedPage_IsReadByRecognitionAndReleasesNothing()
    {
        var analysis = await fixture.AnalyzeSampleAsync("scanned-page.pdf");
        analysis.Facts.Count.ShouldBeGreaterThan(20);
        analysis.Facts.ShouldAllBe(fact => fact.ReadBy == ReadingMethod.Ocr && fact.Confidence > 0 && fact.Confidence < 1 && fact.Page == 1 && fact.Box != null);
        analysis.Facts.ShouldContain(fact => fact.Metric == "total_assets");
        analysis.Proofs.ShouldAllBe(proof => proof.Outcome == ProofOutcome.Holds);
        analysis.Insights.ShouldAllBe(insight => insight.Band != Band.High);
    }
}
