using System.Net;
using Advisor.Documents;
using Advisor.Insights;
using Advisor.Kernel.Confidence;
using Advisor.Kernel.Reviews;
using Advisor.Kernel.Tenancy;
using Advisor.Tests.Documents.EndToEnd;
using Advisor.Tests.Kernel.Reviews;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Insights.Reviews;

/// <summary>From a document to a verdict, and what the verdict does to the insight and the summary.</summary>
public sealed class InsightReviewTests : IAsyncLifetime
{
    private ReviewHost? _host;
    private ApiClient? _analyst;
    private ApiClient? _reviewer;
    private IngestionView? _ingestion;

    private ReviewHost Host => _host!;

    private ApiClient Analyst => _analyst!;

    private ApiClient Reviewer => _reviewer!;

    public async ValueTask InitializeAsync()
    {
        _host = await ReviewHost.StartAsync(("Documents:RetentionDays", "0"));
        _analyst = await Host.Advisor.ClientAsync(Role.Analyst);
        _reviewer = await Host.Advisor.ClientAsync(Role.Reviewer);
        var bytes = await File.ReadAllBytesAsync(AdvisorFixture.Sample("ledger.csv"), TestContext.Current.CancellationToken);
        var accepted = await Analyst.UploadAsync("ledger.csv", bytes, ("analysis_types", "anomaly"));
        _ingestion = (await Analyst.EndOfAsync(accepted.Headers.Location!.ToString())).As<IngestionView>();
    }

    public ValueTask DisposeAsync() => Host.DisposeAsync();

    [Fact]
    public async Task Review_OfAnInsight_HasItsSentenceItsSourcesAndWhatMayBeCorrected()
    {
        var insight = await WaitingAsync();
        var review = await Reviewer.GetAsync($"/api/v1/reviews/{InsightReviews.IdOf(insight.Id)}");
        review["proposed"].GetString().ShouldBe(insight.Summary);
        review["insight_id"].GetString().ShouldBe(insight.Id);
        review["kind"].GetString().ShouldBe("insight/anomaly");
        review["evidence"].GetArrayLength().ShouldBe(insight.SourceRefs.Count);
        review["correctables"][0].GetProperty("target").GetString().ShouldStartWith("fact:");
        review["confidence"].GetDecimal().ShouldBe(insight.Confidence);
        var listed = (await Reviewer.GetAsync("/api/v1/reviews"))["reviews"].EnumerateArray().Select(item => item.GetProperty("insight_id").GetString()).ToList();
        listed.ShouldContain(insight.Id);
    }

    [Fact]
    public async Task Approve_WaitingInsight_IsPublishedAndInTheSummary()
    {
        var insight = await WaitingAsync();
        await DecideAsync(insight, "approve");
        var published = await UntilAsync(insight.Id, InsightStatus.Published);
        published.Verdict!.By.ShouldBe(["reviewer@northwind"]);
        var summary = await Analyst.UntilAsync($"/api/v1/documents/{insight.DocumentId}/summary", answer => answer.Text.Contains(insight.Id, StringComparison.Ordinal));
        summary.Status.ShouldBe(HttpStatusCode.OK);
        var decided = (await (await Host.Advisor.ClientAsync(Role.Admin)).GetAsync("/api/v1/audit?action=insight.decided"))["entries"].EnumerateArray().ShouldHaveSingleItem();
        decided.GetProperty("result").GetString().ShouldBe("published");
    }

    [Fact]
    public async Task Reject_WaitingInsight_IsNeverPublished()
    {
        var insight = await WaitingAsync();
        await DecideAsync(insight, "reject");
        await UntilAsync(insight.Id, InsightStatus.Rejected);
        (await Analyst.GetAsync($"/api/v1/documents/{insight.DocumentId}/summary")).Text.ShouldNotContain(insight.Id);
        (await Analyst.GetAsync("/api/v1/insights?status=rejected"))["insights"].GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task Deadline_NobodyDecides_HoldsTheInsight()
    {
        var insight = await WaitingAsync();
        await Host.UntilAsync(InsightReviews.IdOf(insight.Id), review => review.Status == ReviewStatus.Expired, TimeSpan.FromMinutes(30));
        // The first credential has expired by then.
        var later = await Host.Advisor.ClientOfEveryRoleAsync();
        var held = (await later.UntilAsync($"/api/v1/insights/{insight.Id}", answer => answer.As<InsightView>().Status == InsightStatus.Held)).As<InsightView>();
        held.Verdict!.Decision.ShouldBeNull();
    }

    [Fact]
    public async Task NewerAnalysis_WithdrawsTheReviewsOfTheOlder()
    {
        var insight = await WaitingAsync();
        Host.Clock.Advance(TimeSpan.FromSeconds(1));
        var again = await Analyst.PostAsync("/api/v1/analysis/trigger", $$"""{"ingestion_id": "{{_ingestion!.IngestionId}}", "analysis_type": "anomaly"}""");
        await Analyst.UntilAsync(again.Headers.Location!.ToString(), answer => answer["status"].GetString() == "completed");
        var withdrawn = await Host.UntilAsync(InsightReviews.IdOf(insight.Id), review => review.Status == ReviewStatus.Withdrawn);
        withdrawn.Outcome!.InWords.ShouldBe("a newer analysis has taken its place");
        ReviewHost.Refused(await ReviewHost.DecideAsync(Reviewer, withdrawn.Id, "approve"), HttpStatusCode.Conflict, "review-closed");
    }

    [Fact]
    public async Task DeletedDocument_LeavesReviewsWithoutItsContent()
    {
        var insight = await WaitingAsync();
        var admin = await Host.Advisor.ClientAsync(Role.Admin);
        (await admin.DeleteAsync($"/api/v1/documents/{insight.DocumentId}")).Status.ShouldBe(HttpStatusCode.OK);
        var review = await Host.ReviewAsync(InsightReviews.IdOf(insight.Id));
        (review.Status, review.Proposed, review.Evidence.Count, review.Correctables.Count).ShouldBe((ReviewStatus.Withdrawn, null, 0, 0));
        review.Outcome!.InWords.ShouldBe("its document was deleted");
    }

    private async Task<InsightView> WaitingAsync()
    {
        var insight = (await Analyst.AllAsync<InsightView>("/api/v1/insights", "insights")).First(found => found.Band != Band.High);
        await Analyst.UntilAsync($"/api/v1/reviews/{InsightReviews.IdOf(insight.Id)}", answer => answer.Status == HttpStatusCode.OK);
        return insight;
    }

    private async Task DecideAsync(InsightView insight, string decision)
    {
        var id = InsightReviews.IdOf(insight.Id);
        (await ReviewHost.DecideAsync(Reviewer, id, decision)).Status.ShouldBe(HttpStatusCode.OK);
        await Host.UntilAsync(id, review => review.Status == ReviewStatus.Settled);
    }

    private async Task<InsightView> UntilAsync(string id, InsightStatus status) =>
        (await Analyst.UntilAsync($"/api/v1/insights/{id}", answer => answer.As<InsightView>().Status == status)).As<InsightView>();
}
