using System.Text.Json;
using Advisor.Documents;
using Advisor.Embedded;
using Advisor.Embedded.ScriptedModels;
using Advisor.Insights;
using Advisor.Kernel.Records;
using Advisor.Kernel.Reasoning.Claims;
using Advisor.Kernel.Reasoning.Expressions;
using Advisor.Kernel.Tenancy;
using Advisor.Tests.Documents.EndToEnd;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Insights.Proposing;

/// <summary>A host with a scripted model, and a sample that it has analysed.</summary>
internal sealed class ModelWorld : IAsyncDisposable
{
    public const string Workbook = "quarterly-workbook.xlsx";

    private ModelWorld(ScriptedModel model, RunningAdvisor advisor, ApiClient analyst) => (Model, Advisor, Analyst) = (model, advisor, analyst);

    public ScriptedModel Model { get; }

    public RunningAdvisor Advisor { get; }

    public ApiClient Analyst { get; }

    public IngestionView Ingestion { get; private set; } = null!;

    public IRecordStore Records => Advisor.Services.GetRequiredService<IRecordStore>();

    public static TenantId Tenant { get; } = new(RunningAdvisor.Tenant);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static Task<ModelWorld> StartAsync(string script, params (string Name, string? Value)[] settings) => StartAsync(script, new ScriptSettings(), settings);

    public static async Task<ModelWorld> StartAsync(string script, ScriptSettings answers, params (string Name, string? Value)[] settings) =>
        await StartAsync(await ScriptedModel.StartAsync(script, answers, cancellationToken: Cancel), settings);

    public static Task<ModelWorld> StartAsync(ScriptedModel model, params (string Name, string? Value)[] settings) => StartAsync(model, options => options, settings);

    public static async Task<ModelWorld> StartAsync(ScriptedModel model, Func<AdvisorHostOptions, AdvisorHostOptions> configure, params (string Name, string? Value)[] settings)
    {
        var advisor = await RunningAdvisor.StartAsync(configure, [
            ("OpenAI:BaseUrl", model.BaseUrl.ToString()), ("OpenAI:Model", "scripted"),
            ("LanguageModels:RetryDelay", "00:00:00.01"), ("LanguageModels:MaxAttempts", "2"), .. settings]);
        return new ModelWorld(model, advisor, await advisor.ClientAsync(Role.Analyst));
    }

    /// <summary>Uploads a sample and waits for its end.</summary>
    public async Task<ModelWorld> AnalyzeAsync(string sample = Workbook, byte[]? content = null)
    {
        var accepted = await Analyst.UploadAsync(sample, content ?? await File.ReadAllBytesAsync(AdvisorFixture.Sample(sample), Cancel));
        Ingestion = (await Analyst.EndOfAsync(accepted.Headers.Location!.ToString())).As<IngestionView>();
        Ingestion.Status.ShouldBe(IngestionStatus.Completed);
        return this;
    }

    public Task<List<InsightView>> InsightsAsync(string query = "") => Analyst.AllAsync<InsightView>($"/api/v1/insights?document_id={Ingestion.DocumentId}&limit=500{query}", "insights");

    public async Task<AnalysisRecord> AnalysisAsync(string type) =>
        (await Records.AllAsync(AnalysisRecord.Container, Tenant, [new RecordFilter("document_id", RecordOperator.Equal, Ingestion.DocumentId)], Cancel)).Select(item => item.Value).Single(item => item.AnalysisType == type);

    public async Task<JsonElement> ChainAsync(string type) => (await Analyst.GetAsync($"/api/v1/reasoning-chains/{(await AnalysisAsync(type)).ReasoningChainId}?verify=true")).Json;

    /// <summary>Triggers an analysis and waits for its end.</summary>
    public async Task<ApiAnswer> TriggerAsync(string more, string type = "trend")
    {
        var accepted = await Analyst.PostAsync("/api/v1/analysis/trigger", $$"""{"ingestion_id": "{{Ingestion.IngestionId}}", "analysis_type": "{{type}}"{{more}}}""");
        accepted.Status.ShouldBe(System.Net.HttpStatusCode.Accepted, accepted.Text);
        return await Analyst.EndOfAsync(accepted.Headers.Location!.ToString());
    }

    /// <summary>Every digit of a text that no expression computes.</summary>
    public static IEnumerable<string> NumbersOutside(string text, IReadOnlyList<Placeholder> values) =>
        from at in Enumerable.Range(0, text.Length)
        where char.IsNumber(text, at) && !values.Any(value => at >= value.Start && at < value.Start + value.Length)
        select $"'{text[at]}' at {at} of \"{text}\"";

    /// <summary>Sees that all numbers of all insights are computed from cited facts.</summary>
    public static void ShouldBeTraceable(IEnumerable<InsightView> insights)
    {
        foreach (var insight in insights)
        {
            NumbersOutside(insight.Summary, insight.Values).ShouldBeEmpty();
            insight.Values.Where(value => value.Value is ExpressionValue.Amount && value.FactIds.Count + value.Constants.Count == 0).ShouldBeEmpty();
            var cited = insight.SourceRefs.Select(source => source.FactId).ToHashSet();
            insight.Values.SelectMany(value => value.FactIds).Where(id => !cited.Contains(id)).ShouldBeEmpty();
            if (insight.Explanation is { } explanation)
            {
                NumbersOutside(explanation.Text, explanation.Values).ShouldBeEmpty();
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Advisor.DisposeAsync();
        await Model.DisposeAsync();
    }
}
