using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Advisor.Documents;
using Advisor.Embedded.ServiceBus;
using Advisor.Insights;
using Advisor.Kernel.Confidence;
using Advisor.Kernel.Policies;
using Advisor.Kernel.Records;
using Advisor.Kernel.Reviews;
using Advisor.Kernel.Reviews.Integrity;
using Advisor.Kernel.Tenancy;
using Advisor.Kernel.Verdicts;
using Advisor.Tests.Documents.EndToEnd;
using Advisor.Tests.Kernel.Reviews;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Insights.Reviews;

/// <summary>Wrong twins of insights among the reviews of real ones.</summary>
public sealed partial class PlantedInsightTests : IAsyncLifetime
{
    /// <summary>What must differ between any two reviews, whatever they are.</summary>
    private static readonly string[] s_own = ["id", "created_at", "deadline", "remind_at", "until", "at", "href", "proposed"];

    private ReviewHost? _host;
    private ApiClient? _reviewer;

    private ReviewHost Host => _host!;

    private ApiClient Reviewer => _reviewer!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _host = await ReviewHost.StartAsync(("Documents:RetentionDays", "0"));
        _reviewer = await Host.Advisor.ClientAsync(Role.Reviewer);
    }

    public ValueTask DisposeAsync() => Host.DisposeAsync();

    [Fact]
    public async Task Planted_WhileItWaits_IsLikeARealBlindReviewInEveryAnswer()
    {
        var (planted, original) = await PlantAsync();
        planted.Proposed.ShouldNotBe(original.Summary);

        // A real blind review of the very insight whose twin is planted: all but the sentence must be the same.
        var real = InsightReviews.Of(original with { Sampled = true }, ReviewDepth.Full, Host.Clock.GetUtcNow(), blind: true);
        await Host.Desk.OpenAsync(ReviewHost.Tenant, real, Cancel);
        await SameAsync(planted.Id, real.Id, "open");
        var listed = JsonNode.Parse((await Reviewer.GetAsync("/api/v1/reviews?limit=500")).Text)!["reviews"]!.AsArray();
        Shape(listed.Single(item => (string?)item!["id"] == planted.Id)).ShouldBe(Shape(listed.Single(item => (string?)item!["id"] == real.Id)), "listed");
        foreach (var act in new[] { "claim", "release", "claim" })
        {
            var answers = (await ReviewHost.ActAsync(Reviewer, planted.Id, act), await ReviewHost.ActAsync(Reviewer, real.Id, act));
            Shape(JsonNode.Parse(answers.Item1.Text)).ShouldBe(Shape(JsonNode.Parse(answers.Item2.Text)), act);
        }

        var decided = (await ReviewHost.DecideAsync(Reviewer, planted.Id, "approve"), await ReviewHost.DecideAsync(Reviewer, real.Id, "approve"));
        Shape(JsonNode.Parse(decided.Item1.Text)).ShouldBe(Shape(JsonNode.Parse(decided.Item2.Text)), "decided");
        await SameAsync(planted.Id, real.Id, "decided");
        Shape(JsonNode.Parse((await ReviewHost.ActAsync(Reviewer, planted.Id, "undo")).Text)).ShouldBe(Shape(JsonNode.Parse((await ReviewHost.ActAsync(Reviewer, real.Id, "undo")).Text)), "undone");
        planted.Id.Length.ShouldBe(real.Id.Length);
        planted.Id[14].ShouldBe(real.Id[14]);
    }

    [Fact]
    public async Task Planted_Decided_TouchesNoInsightAndSaysWhatItWas()
    {
        var (planted, original) = await PlantAsync();
        await ReviewHost.DecideAsync(Reviewer, planted.Id, "reject");
        await Host.UntilAsync(planted.Id, review => review.Status == ReviewStatus.Settled);
        var told = await Reviewer.GetAsync($"/api/v1/reviews/{planted.Id}");
        told["test_item"].GetString()!.ShouldStartWith("This was a test item, made wrong on purpose; nothing came of what was decided. It says ");
        told["insight_id"].GetString().ShouldBe(original.Id);

        // The real review beside it is decided after it: what comes of verdicts has come of both by then.
        var real = (await ReviewsAsync()).First(review => review.Planted is null);
        await ReviewHost.DecideAsync(Reviewer, real.Id, "approve");
        await Host.UntilAsync(real.Id, review => review.Status == ReviewStatus.Settled);
        await Reviewer.UntilAsync($"/api/v1/insights/{real.SubjectId}", answer => answer["status"].GetString() == "published");
        var insight = (await Host.Records.FindAsync(InsightRecord.Container, ReviewHost.Tenant, original.Id, Cancel))!.Value;
        (insight.Status, insight.Verdict, insight.Summary).ShouldBe((InsightStatus.Published, null, original.Summary));
        (await Host.Records.FindAsync(VerdictRecord.Container, ReviewHost.Tenant, planted.Id, Cancel)).ShouldBeNull();
    }

    /// <summary>Messages come more than once, and a process may end between the two reviews.</summary>
    [Fact]
    public async Task Open_RealOneAgain_PlantsNothingMore()
    {
        var (planted, _) = await PlantAsync();
        var before = (await ReviewsAsync()).Count(review => review.Planted is not null);
        foreach (var real in (await ReviewsAsync()).Where(review => review.Planted is null))
        {
            (await Host.Desk.OpenAsync(ReviewHost.Tenant, real with { History = [] }, Cancel)).ShouldBeFalse();
        }

        (await ReviewsAsync()).Count(review => review.Planted is not null).ShouldBe(before);
        (await Host.ReviewAsync(planted.Id)).History.Count(act => act.Act == "opened").ShouldBe(1);
        var opened = (await (await Host.Advisor.ClientAsync(Role.Admin)).GetAsync($"/api/v1/audit?resource=reviews/{planted.Id}&action=review.opened"))["entries"].EnumerateArray().ShouldHaveSingleItem();
        opened.GetProperty("details").TryGetProperty("planted", out _).ShouldBeFalse("whoever reads the log while it waits may be who reviews it");
    }

    [Fact]
    public async Task DeletedDocument_TakesTheTwinsContentWithIt()
    {
        var (planted, original) = await PlantAsync();
        (await (await Host.Advisor.ClientAsync(Role.Admin)).DeleteAsync($"/api/v1/documents/{original.DocumentId}")).Status.ShouldBe(HttpStatusCode.OK);
        var review = await Host.ReviewAsync(planted.Id);
        (review.Status, review.Proposed, review.PlantedBecause, review.Evidence.Count).ShouldBe((ReviewStatus.Withdrawn, null, null, 0));
    }

    [Fact]
    public async Task SeededRate_OfNothing_PlantsNothing()
    {
        await AnalyseAsync();
        var reviews = await ReviewsAsync();
        reviews.ShouldNotBeEmpty();
        reviews.ShouldAllBe(review => review.Planted == null);
        Planting.ChanceOf(new PolicySampling(0, 0.1m)).ShouldBe(0, "every blind review would be a planted one");

        // One in ten reviews is planted where nine real ones bring one.
        Planting.ChanceOf(new PolicySampling(0.05m, 0.1m)).ShouldBe(1m / 9, 1e-9m);
    }

    /// <summary>The words stay as they are, a number differs so that one sees it, and the true facts do not say it.</summary>
    [Fact]
    public async Task Twin_OfEveryInsight_IsWellFormedAndWrong()
    {
        await AnalyseAsync();
        var insights = (await Host.Records.AllAsync(InsightRecord.Container, ReviewHost.Tenant, [], Cancel)).ConvertAll(item => item.Value);
        var twins = insights.Select(insight => (Insight: insight, Twin: WrongTwin.Of(insight))).Where(one => one.Twin is not null).ToList();
        twins.Count.ShouldBeGreaterThan(insights.Count / 2);
        foreach (var (insight, twin) in twins)
        {
            twin!.Text.ShouldNotBe(insight.Summary);
            Numbers().Replace(twin.Text, "#").ShouldBe(Numbers().Replace(insight.Summary, "#"));
            WrongTwin.Of(insight).ShouldBe(twin, "the same one each time");
        }
    }

    private async Task SameAsync(string planted, string real, string at) =>
        Shape(JsonNode.Parse((await Reviewer.GetAsync($"/api/v1/reviews/{planted}")).Text)).ShouldBe(Shape(JsonNode.Parse((await Reviewer.GetAsync($"/api/v1/reviews/{real}")).Text)), at);

    /// <summary>The JSON with all its values, but for those that differ between any two reviews: of these only that they are there.</summary>
    private static string Shape(JsonNode? node, string name = "") => node switch
    {
        JsonObject members => $"{{{string.Join(", ", members.Select(member => $"{member.Key}: {Shape(member.Value, member.Key)}"))}}}",
        JsonArray items => $"[{string.Join(", ", items.Select(item => Shape(item, name)))}]",
        _ => s_own.Contains(name) ? "..." : node?.ToJsonString() ?? "null",
    };

    private async Task<(ReviewRecord Planted, InsightRecord Original)> PlantAsync()
    {
        // Every real review brings a planted one, which no policy of a tenant's can ask for; the coin of the blind sample practically never falls.
        var terms = PolicyTerms.Default(BandPolicy.Default) with { Sampling = new PolicySampling(1e-9m, 0.5m) };
        var policy = new TenantPolicy(terms) { Version = 1, SetBy = "somebody", SetAt = DateTimeOffset.UnixEpoch, Reason = "A beginning." };
        await Host.Records.PutAsync(PolicyRecord.Container, ReviewHost.Tenant, PolicyRecord.Current, new PolicyRecord(PolicyRecord.Current, 1, policy, null), null, Cancel);
        await AnalyseAsync();
        var planted = (await ReviewsAsync()).Find(review => review.Planted is not null).ShouldNotBeNull();
        planted.ShouldSatisfyAllConditions(
            () => planted.Blind.ShouldBeTrue(), () => planted.ReplyTo.ShouldBeNull(), () => planted.Planted.ShouldBe(ReviewDecision.Reject));
        return (planted, (await Host.Records.FindAsync(InsightRecord.Container, ReviewHost.Tenant, planted.SubjectId, Cancel))!.Value);
    }

    /// <summary>Until every review that comes of it is open.</summary>
    private async Task AnalyseAsync()
    {
        var analyst = await Host.Advisor.ClientAsync(Role.Analyst);
        var accepted = await analyst.UploadAsync("annual-report.pdf", await File.ReadAllBytesAsync(AdvisorFixture.Sample("annual-report.pdf"), Cancel));
        (await analyst.EndOfAsync(accepted.Headers.Location!.ToString())).As<IngestionView>();
        var queues = Host.Advisor.Services.GetRequiredService<SqliteQueues>();
        await analyst.UntilAsync("/health", _ => !queues.ListQueues().Intersect([InsightQueues.High, InsightQueues.Medium, InsightQueues.Low]).Any());
    }

    private async Task<List<ReviewRecord>> ReviewsAsync() => (await Host.Records.AllAsync(ReviewRecord.Container, ReviewHost.Tenant, [], Cancel)).ConvertAll(item => item.Value);

    [GeneratedRegex("[0-9]+([.,][0-9]+)*( (thousand|million|billion))?", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Numbers();
}
