using System.Net;
using System.Text.Json;
using Advisor.Insights;
using Advisor.Insights.Corrections;
using Advisor.Kernel.Notifications;
using Advisor.Kernel.Reasoning;
using Advisor.Kernel.Records;
using Advisor.Kernel.Tenancy;
using Advisor.Documents;
using Advisor.Tests.Documents;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Insights.Corrections;

/// <summary>A reviewer corrects one fact of a document, through the front door; what comes of it.</summary>
public sealed class CorrectionTests(CorrectionTests.Corrected corrected) : IClassFixture<CorrectionTests.Corrected>
{
    private CorrectionWorld World => corrected.World;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public void Correct_Fact_SaysWhoWhenWhyAndBothValues()
    {
        var made = corrected.Made;
        (made.FactId, made.Version, made.Before, made.After).ShouldBe((corrected.Fact.Id, 1, corrected.Fact.Value, corrected.Value));
        (made.Printed, made.By, made.Comment).ShouldBe((corrected.Fact.Printed, made.By, "The note says otherwise."));
        made.By.ShouldBe(["reviewer@northwind"]);
        made.Analyses.Select(rerun => rerun.AnalysisType).ShouldBe(["anomaly", "trend", "risk"]);
    }

    [Fact]
    public async Task Facts_Corrected_HaveTheNewValueWithItsSourceAndTheOldOneBeside()
    {
        var now = (await World.FactsAsync()).Single(fact => fact.Id == corrected.Fact.Id);
        (now.Value, now.ReadBy, now.Confidence).ShouldBe((corrected.Value, ReadingMethod.Person, null));
        (now.Printed, now.Page, now.Sheet, now.Cell, now.Label, now.Period).ShouldBe(
            (corrected.Fact.Printed, corrected.Fact.Page, corrected.Fact.Sheet, corrected.Fact.Cell, corrected.Fact.Label, corrected.Fact.Period));
        now.Corrected.ShouldNotBeNull();
        (now.Corrected.From, now.Corrected.ReviewId, now.Corrected.Version).ShouldBe((corrected.Fact.Value, corrected.Made.ReviewId, 1));
        (await World.Analyst.GetAsync(now.Corrected.Links["review"].Href)).Status.ShouldBe(HttpStatusCode.OK);

        var read = await World.FactsAsync("&include=original");
        JsonSerializer.Serialize(read.Single(fact => fact.Id == corrected.Fact.Id)).ShouldBe(JsonSerializer.Serialize(corrected.Fact));
        (await World.Analyst.GetAsync($"{World.Document}/facts?include=all")).ShouldBlame("include");
    }

    [Fact]
    public async Task Proofs_ThatTouchIt_AreMadeAgainAndTheOthersStay()
    {
        var (before, after) = (corrected.ProofsBefore, (await World.ProofsAsync()).ToDictionary(proof => proof.Id, StringComparer.Ordinal));
        var touching = before.FindAll(proof => proof.FactIds.Contains(corrected.Fact.Id));
        touching.ShouldNotBeEmpty();
        foreach (var proof in touching)
        {
            var again = after[proof.Id];
            (again.Found != proof.Found || again.Expected != proof.Expected).ShouldBeTrue(proof.Statement);
            again.Outcome.ShouldNotBe(ProofOutcome.Holds, proof.Statement);
        }

        before.Except(touching).ShouldAllBe(proof => JsonSerializer.Serialize(after[proof.Id]) == JsonSerializer.Serialize(proof));
        (await World.ProofsAsync("&include=original")).Select(proof => proof.Outcome).ShouldBe(before.Select(proof => proof.Outcome));
        var counts = (await World.Analyst.GetAsync(World.Document))["counts"];
        counts.GetProperty("proofs_failed").GetInt32().ShouldBe(after.Values.Count(proof => proof.Outcome == ProofOutcome.Fails));
    }

    [Fact]
    public async Task Insights_AfterTheRerun_CiteTheCorrectionAndTheOldOnesAreHistory()
    {
        var now = await World.InsightsAsync();
        var citing = now.FindAll(insight => insight.SourceRefs.Any(source => source.FactId == corrected.Fact.Id));
        citing.ShouldNotBeEmpty();
        foreach (var insight in citing)
        {
            insight.Reasons.ShouldContain("a cited fact was corrected by a person");
            insight.SourceRefs.Single(source => source.FactId == corrected.Fact.Id).Corrected!.ReviewId.ShouldBe(corrected.Made.ReviewId);
            insight.Evidence.ShouldAllBe(line => line.Corrected == true);
        }

        now.Except(citing).ShouldAllBe(insight => !insight.Reasons.Contains("a cited fact was corrected by a person"));
        now.Select(insight => insight.AnalysisId).Distinct().ShouldBe(corrected.Made.Analyses.Select(rerun => rerun.AnalysisId), ignoreOrder: true);
        var old = (await World.Analyst.GetAsync($"/api/v1/insights/{corrected.Insight.Id}")).As<InsightView>();
        (old.Status, old.Summary).ShouldBe((InsightStatus.Superseded, corrected.Insight.Summary));
        old.SourceRefs.ShouldAllBe(source => source.Corrected == null);
        (await World.InsightsAsync("&include=superseded")).Count.ShouldBe(now.Count + corrected.InsightsBefore.Count);
    }

    [Fact]
    public async Task Replay_OfAnalysesBeforeAndAfter_IsIdentical()
    {
        foreach (var id in corrected.InsightsBefore.Select(insight => insight.AnalysisId).Concat(corrected.Made.Analyses.Select(rerun => rerun.AnalysisId)).Distinct())
        {
            var replay = await World.Analyst.GetAsync($"/api/v1/analysis/{id}/replay");
            replay["verdict"].GetString().ShouldBe("identical", replay.Text);
            replay.Text.Contains("People have corrected facts", StringComparison.Ordinal).ShouldBe(!corrected.Made.Analyses.Any(rerun => rerun.AnalysisId == id));
        }
    }

    [Fact]
    public async Task Rerun_Timeline_SaysWhy()
    {
        var run = await World.Analyst.GetAsync($"/api/v1/runs/{corrected.Made.Analyses[0].AnalysisId}/events");
        run.Text.ShouldContain($"correction of fact {corrected.Fact.Id} by review {corrected.Made.ReviewId}");
    }

    [Fact]
    public void Reliance_IsEveryInsightThatCitedTheOldValue()
    {
        var citing = corrected.InsightsBefore.FindAll(insight => insight.SourceRefs.Any(source => source.FactId == corrected.Fact.Id));
        var relying = corrected.Made.ReliedOn.Insights;
        relying.Select(insight => (insight.InsightId, insight.Status, insight.ReasoningChainId)).ShouldBe(
            citing.Select(insight => (insight.Id, insight.Status, insight.ReasoningChainId)), ignoreOrder: true);
        relying.ShouldContain(insight => insight.InSummary && insight.WasReleased);
        corrected.Made.ReliedOn.People.ShouldContain(person => person.UserId == "cfo@northwind" && person.Told && person.Because.Contains(RelianceReason.Summary));
        corrected.Made.ReliedOn.People.ShouldAllBe(person => person.UserId != "reviewer@northwind" || !person.Told);
    }

    [Fact]
    public async Task Told_IsEverybodyWhoReliedOnItOnceAndNeverTheCorrector()
    {
        var notices = await NoticesAsync();
        notices.Count.ShouldBe(1);
        var notification = notices[0].Value.Notification;
        notification.Recipients.Select(recipient => recipient.UserId).ShouldBe(corrected.Made.ReliedOn.People.Where(person => person.Told).Select(person => person.UserId), ignoreOrder: true);
        notification.Recipients.ShouldAllBe(recipient => recipient.UserId != "reviewer@northwind");
        notification.Items.Count.ShouldBe(1);
        notification.Link.ShouldBe($"{World.Document}/corrections");
    }

    [Fact]
    public async Task Redelivery_OfTheVerdict_ChangesNothing()
    {
        var before = JsonSerializer.Serialize(await World.CorrectionsAsync());
        var analyses = (await World.Records.AllAsync(AnalysisRecord.Container, CorrectionWorld.Tenant, [], Cancel)).Count;
        await World.RedeliverAsync(corrected.Made.ReviewId);
        JsonSerializer.Serialize(await World.CorrectionsAsync()).ShouldBe(before);
        (await World.Records.AllAsync(AnalysisRecord.Container, CorrectionWorld.Tenant, [], Cancel)).Count.ShouldBe(analyses);
        (await NoticesAsync()).Count.ShouldBe(1);
        var admin = await World.Advisor.ClientAsync(Role.Admin);
        var entries = await admin.AllAsync<JsonElement>("/api/v1/audit?action=fact.corrected", "entries");
        entries.Single().GetProperty("resource").GetString().ShouldBe($"documents/{World.Ingestion.DocumentId}/facts/{corrected.Fact.Id}");
    }

    [Fact]
    public async Task Series_OfTheMetric_ShowsTheCorrectedValueMarked()
    {
        var company = (await World.Analyst.GetAsync(World.Document))["company_id"].GetString();
        var series = await World.Analyst.GetAsync($"/api/v1/companies/{company}/series?metric={corrected.Fact.Metric}&limit=500");
        var sources = series["points"].EnumerateArray().SelectMany(point => point.GetProperty("sources").EnumerateArray()).Where(source => source.TryGetProperty("corrected", out _)).ToList();
        sources.ShouldContain(source => source.GetProperty("value").GetDecimal() == corrected.Value && source.GetProperty("printed").GetString() == corrected.Fact.Printed, series.Text);
    }

    [Fact]
    public async Task Corrections_OfAnotherTenant_AreNotFound()
    {
        var other = await World.Advisor.ClientOfEveryRoleAsync("somebody-else");
        (await other.GetAsync($"{World.Document}/corrections")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await other.GetAsync($"{World.Document}/facts")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    private async Task<List<Stored<NotificationRecord>>> NoticesAsync() =>
        [.. (await World.Records.AllAsync(NotificationRecord.Container, CorrectionWorld.Tenant, [], Cancel)).Where(item => item.Value.Notification.Kind == FactCorrected.Kind)];

    /// <summary>One correction that all tests look at.</summary>
    public sealed class Corrected : IAsyncLifetime
    {
        public CorrectionWorld World { get; private set; } = null!;

        public List<InsightView> InsightsBefore { get; private set; } = [];

        public List<Proof> ProofsBefore { get; private set; } = [];

        public InsightView Insight { get; private set; } = null!;

        public FactView Fact { get; private set; } = null!;

        public decimal Value { get; private set; }

        public CorrectionView Made { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            SystemTool.Require("pdftotext", "poppler-utils");
            World = await CorrectionWorld.StartAsync("annual-report.pdf");
            (InsightsBefore, ProofsBefore) = (await World.InsightsAsync(), await World.ProofsAsync());
            (Insight, Fact) = await World.PickAsync();
            Value = Fact.Value + (7 * Fact.Scale);
            Made = (await World.CorrectAsync(Insight, (Fact.Id, Value))).Single();
        }

        public ValueTask DisposeAsync() => World.DisposeAsync();
    }
}
