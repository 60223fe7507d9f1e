using System.Globalization;
using System.Net;
using System.Text.Json;
using Advisor.Insights;
using Advisor.Kernel.Confidence;
using Advisor.Kernel.Http;
using Advisor.Kernel.Records;
using Advisor.Kernel.Reviews;
using Advisor.Kernel.Verdicts;
using Advisor.Tests.Documents;
using Advisor.Tests.Insights.Corrections;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Insights.Reviews;

/// <summary>From a report to what verdicts have taught, in one go and through HTTP.</summary>
public sealed class WholePathTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Report_ReviewedCorrectedRunAgainApproved_TeachesTheNextAnalysis()
    {
        SystemTool.Require("pdftotext", "poppler-utils");
        await using var world = await CorrectionWorld.StartAsync("annual-report.pdf");

        // A statement was read, and something that was said of it waits for a person.
        var (insight, fact) = await world.PickAsync();
        insight.Band.ShouldNotBe(Band.High);
        fact.Metric.ShouldNotBeNull("it is a line of a statement");
        var kind = $"insight/{insight.Type}";
        var listed = await world.Reviewer.AllAsync<JsonElement>($"/api/v1/reviews?kind={Uri.EscapeDataString(kind)}", "reviews");
        listed.Exists(item => item.TryGetProperty("insight_id", out var id) && id.GetString() == insight.Id).ShouldBeTrue();

        // Corrected, and run again under the corrected value.
        var value = fact.Value + fact.Scale;
        var made = (await world.CorrectAsync(insight, (fact.Id, value))).ShouldHaveSingleItem();
        (made.Before, made.After).ShouldBe((fact.Value, value));
        var again = (await world.InsightsAsync()).Where(candidate => candidate.SourceRefs.Any(source => source.FactId == fact.Id)).ToList();
        again.ShouldNotBeEmpty();
        again.ShouldAllBe(candidate => candidate.SourceRefs.Single(source => source.FactId == fact.Id).Corrected!.ReviewId == made.ReviewId);
        (await world.Analyst.GetAsync($"/api/v1/insights/{insight.Id}")).As<InsightView>().Status.ShouldBe(InsightStatus.Superseded);

        // Approved, and so published.
        var waiting = again.First(candidate => candidate.Links.ContainsKey("review"));
        await world.DecideAsync(await world.ReviewOfAsync(waiting), new { decision = "approve" }, world.Approver);
        var published = (await world.Analyst.UntilAsync($"/api/v1/insights/{waiting.Id}", answer => answer.As<InsightView>().Status == InsightStatus.Published)).As<InsightView>();
        published.Verdict!.By.ShouldBe(["approver@northwind"]);

        // Each of the two verdicts is evidence on the scores of its kind; on what was said twice in the same words the first alone is.
        var before = await CalibrationAsync(world, kind, expected: waiting.Type == insight.Type && waiting.Summary != insight.Summary ? 2 : 1);
        (before.GetProperty("calibration").GetString(), before.GetProperty("wrong").GetInt32()).ShouldBe((Calibration.Prior.Version, 1));

        // With enough of them the curve is another one.
        await GiveAsync(world, kind, insight);
        var after = await CalibrationAsync(world, kind, before.GetProperty("verdicts").GetInt32() + CalibrationFit.LeastVerdicts + 1);
        var version = after.GetProperty("calibration").GetString()!;
        version.ShouldStartWith("platt-");
        after.GetProperty("provisional").GetBoolean().ShouldBeFalse();

        // What is analysed from now on is scored under it, and what was before stays as it was.
        var ingestion = world.Ingestion.IngestionId;
        var accepted = await world.Analyst.PostAsync("/api/v1/analysis/trigger", $$"""{"ingestion_id": "{{ingestion}}", "analysis_type": "{{insight.Type}}"}""");
        accepted.Status.ShouldBe(HttpStatusCode.Accepted, accepted.Text);
        (await world.Analyst.EndOfAsync(accepted.Headers.Location!.ToString()))["status"].GetString().ShouldBe("completed");
        var next = (await world.InsightsAsync()).FindAll(candidate => candidate.Type == insight.Type);
        next.ShouldNotBeEmpty();
        next.ShouldAllBe(candidate => candidate.AnalysisId != insight.AnalysisId);
        var curve = (await world.Analyst.GetAsync($"/api/v1/calibration/history?kind={Uri.EscapeDataString(kind)}"))["history"][0].GetProperty("curve").Deserialize<CalibrationCurve>(AdvisorJson.Options)!;
        foreach (var candidate in next)
        {
            (await CalibrationOfAsync(world, candidate.Id)).ShouldBe(version);
            candidate.Confidence.ShouldBe(curve.Apply(new Score(await RawOfAsync(world, candidate.Id))).Value);
        }

        (await CalibrationOfAsync(world, insight.Id)).ShouldBe(Calibration.Prior.Version);
    }

    /// <summary>The kind's calibration as it is shown, once so many verdicts are in it.</summary>
    private static async Task<JsonElement> CalibrationAsync(CorrectionWorld world, string kind, int expected) =>
        (await world.Analyst.UntilAsync(
            $"/api/v1/calibration?kind={Uri.EscapeDataString(kind)}",
            answer => answer.Status == HttpStatusCode.OK && answer["calibrations"][0].GetProperty("verdicts").GetInt32() == expected
                && (expected < CalibrationFit.LeastVerdicts || !answer["calibrations"][0].GetProperty("provisional").GetBoolean())))["calibrations"][0];

    /// <summary>Verdicts of other days: most high scores right, most low ones wrong; the last of them is given through the queue of reviews.</summary>
    private static async Task GiveAsync(CorrectionWorld world, string kind, InsightView insight)
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        for (var i = 0; i < CalibrationFit.LeastVerdicts; i++)
        {
            var id = string.Create(CultureInfo.InvariantCulture, $"earlier-{i}");
            var score = new Score(0.3m + (i * 0.02m));
            var correct = i >= 15 ? i % 5 != 0 : i % 5 == 0;
            var verdict = new VerdictRecord(id, kind, id, score, score, correct, false, true, correct ? ReviewDecision.Approve : ReviewDecision.Reject, ["reviewer@northwind"], now - 100_000 + i, id);
            await world.Records.PutAsync(VerdictRecord.Container, CorrectionWorld.Tenant, id, verdict, null, Cancel);
        }

        var waiting = (await world.InsightsAsync()).First(candidate => candidate.Type == insight.Type && candidate.Verdict is null && candidate.Links.ContainsKey("review"));
        await world.DecideAsync(await world.ReviewOfAsync(waiting), new { decision = "approve" });
    }

    /// <summary>The API tells the confidence alone; which curve made it is in the record.</summary>
    private static async Task<string> CalibrationOfAsync(CorrectionWorld world, string insight) => (await RecordAsync(world, insight)).CalibrationVersion;

    private static async Task<decimal> RawOfAsync(CorrectionWorld world, string insight) => (await RecordAsync(world, insight)).RawScore;

    private static async Task<InsightRecord> RecordAsync(CorrectionWorld world, string insight) =>
        (await world.Records.FindAsync(InsightRecord.Container, CorrectionWorld.Tenant, insight, Cancel)).ShouldNotBeNull().Value;
}
