using System.Net;
using System.Text;
using System.Text.Json;
using Advisor.Documents;
using Advisor.Insights;
using Advisor.Insights.Corrections;
using Advisor.Kernel.Reasoning;
using Advisor.Kernel.Records;
using Advisor.Kernel.Reviews;
using Advisor.Kernel.Tenancy;
using Advisor.Tests.Documents.EndToEnd;
using Advisor.Tests.Kernel.Reviews;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Insights.Corrections;

/// <summary>A host whose time goes fast, with a document that is read and insights that people decide on.</summary>
public sealed class CorrectionWorld : IAsyncDisposable
{
    public static readonly TenantId Tenant = new(RunningAdvisor.Tenant);

    private CorrectionWorld()
    {
    }

    public RunningAdvisor Advisor { get; private set; } = null!;

    public ApiClient Analyst { get; private set; } = null!;

    public ApiClient Reviewer { get; private set; } = null!;

    public ApiClient Approver { get; private set; } = null!;

    public IngestionView Ingestion { get; private set; } = null!;

    public string Document => $"/api/v1/documents/{Ingestion.DocumentId}";

    public IRecordStore Records => Advisor.Services.GetRequiredService<IRecordStore>();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static Task<CorrectionWorld> StartAsync(string sample = "quarterly-workbook.xlsx", params (string Name, string? Value)[] settings) =>
        StartAsync(sample, File.ReadAllBytes(AdvisorFixture.Sample(sample)), settings);

    public static async Task<CorrectionWorld> StartAsync(string name, byte[] content, params (string Name, string? Value)[] settings)
    {
        var world = new CorrectionWorld();
        world.Advisor = await RealTimeLimits.StartAsync(new FastClock(), settings);
        world.Analyst = await world.Advisor.ClientAsync(Role.Analyst);
        world.Reviewer = await world.Advisor.ClientAsync(Role.Reviewer);
        world.Approver = await world.Advisor.ClientAsync(Role.Approver);
        await world.Advisor.ClientAsync(Role.Cfo);
        world.Ingestion = await world.IngestAsync(name, content);
        return world;
    }

    public ValueTask DisposeAsync() => Advisor.DisposeAsync();

    public async Task<IngestionView> IngestAsync(string name, byte[] content)
    {
        var accepted = await Analyst.UploadAsync(name, content);
        return (await Analyst.EndOfAsync(accepted.Headers.Location!.ToString())).As<IngestionView>();
    }

    public Task<List<InsightView>> InsightsAsync(string query = "") => Analyst.AllAsync<InsightView>($"/api/v1/insights?document_id={Ingestion.DocumentId}&limit=500{query}", "insights");

    public Task<List<FactView>> FactsAsync(string query = "") => Analyst.AllAsync<FactView>($"{Document}/facts?limit=500{query}", "facts");

    public Task<List<Proof>> ProofsAsync(string query = "") => Analyst.AllAsync<Proof>($"{Document}/proofs?limit=500{query}", "proofs");

    public Task<List<CorrectionView>> CorrectionsAsync(string query = "") => Analyst.AllAsync<CorrectionView>($"{Document}/corrections?limit=500{query}", "corrections");

    /// <summary>An insight that waits, and a metric that it cites and the summary and a proof rest on as well.</summary>
    public async Task<(InsightView Insight, FactView Fact)> PickAsync()
    {
        await Analyst.UntilAsync($"{Document}/summary", answer => answer.Status == HttpStatusCode.OK);
        var (insights, facts, proofs) = (await InsightsAsync(), await FactsAsync("&metric=*"), await ProofsAsync());
        bool Cites(InsightView insight, FactView fact) => insight.SourceRefs.Any(source => source.FactId == fact.Id);
        return (
            from insight in insights
            where insight.Status is InsightStatus.AwaitingApproval or InsightStatus.InReview
            from fact in facts
            where Cites(insight, fact) && proofs.Exists(proof => proof.Outcome == ProofOutcome.Holds && proof.FactIds.Contains(fact.Id))
                && insights.Exists(other => other.Status == InsightStatus.Published && Cites(other, fact))
            select (insight, fact)).First();
    }

    /// <summary>Path of the review of an insight, once it is there.</summary>
    public async Task<string> ReviewOfAsync(InsightView insight)
    {
        var path = insight.Links["review"].Href;
        await Analyst.UntilAsync(path, answer => answer.Status == HttpStatusCode.OK);
        return path;
    }

    /// <summary>A person claims the review, decides, and lets the time pass in which they could undo it.</summary>
    public async Task DecideAsync(string review, object decision, ApiClient? by = null)
    {
        await SendAsync(by ?? Reviewer, $"{review}/claim", null);
        (await SendAsync(by ?? Reviewer, $"{review}/decision", JsonSerializer.Serialize(decision))).Status.ShouldBe(HttpStatusCode.OK);
        await Analyst.UntilAsync(review, answer => answer["status"].GetString() == "settled");
    }

    /// <summary>Corrects facts in the review of an insight, and waits until the analyses that follow have ended.</summary>
    public async Task<List<CorrectionView>> CorrectAsync(InsightView insight, params (string Fact, decimal Value)[] values)
    {
        var review = await ReviewOfAsync(insight);
        await DecideAsync(review, new { decision = "correct", corrections = values.Select(value => new { target = $"fact:{value.Fact}", value = value.Value }), comment = "The note says otherwise." });
        await Analyst.UntilAsync($"{Document}/corrections", answer => answer["corrections"].EnumerateArray().Count(correction => review.EndsWith(correction.GetProperty("review_id").GetString()!, StringComparison.Ordinal) && correction.GetProperty("analyses").GetArrayLength() > 0) == values.Length);
        var made = (await CorrectionsAsync()).FindAll(correction => review.EndsWith(correction.ReviewId, StringComparison.Ordinal));
        foreach (var analysis in made[0].Analyses)
        {
            await Analyst.UntilAsync($"/api/v1/analysis/{analysis.AnalysisId}", answer => answer.Status == HttpStatusCode.OK && answer["status"].GetString() is "completed" or "failed");
        }

        return made;
    }

    /// <summary>As though the queue handed the verdict's message out once more, and waits until it has been worked on.</summary>
    public async Task RedeliverAsync(string reviewId)
    {
        var review = (await Records.FindAsync(ReviewRecord.Container, Tenant, reviewId, Cancel))!.Value;
        var verdicts = ActivatorUtilities.CreateInstance<InsightVerdicts>(Advisor.Services);
        await verdicts.ApplyAsync(Tenant, new ReviewEnded(review.Id, review.Kind, review.SubjectId, review.Status, review.Outcome!.Decision, review.Blind), Cancel);
    }

    private static async Task<ApiAnswer> SendAsync(ApiClient by, string path, string? body)
    {
        using var current = await by.Http.GetAsync(path[..path.LastIndexOf('/')], Cancel);
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.TryAddWithoutValidation("If-Match", current.Headers.ETag!.ToString());
        request.Headers.Add("Idempotency-Key", Guid.NewGuid().ToString());
        return await by.SendAsync(request);
    }
}
