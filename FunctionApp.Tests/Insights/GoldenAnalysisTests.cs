using System.Text.Json;
using Advisor.Documents.Contracts;
using Advisor.Embedded.Durable;
using Advisor.Insights;
using Advisor.Insights.Contracts;
using Advisor.Insights.Replaying;
using Advisor.Kernel.Confidence;
using Advisor.Kernel.Http;
using Advisor.Kernel.Reasoning.Chains;
using Advisor.Kernel.Records;
using Advisor.Kernel.Tenancy;
using Advisor.Tests.Embedded.Durable;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Insights;

/// <summary>What the product stored before it knew language models, against the code of today.</summary>
public sealed class GoldenAnalysisTests
{
    private const string WithoutModel = "1.0";

    [Fact]
    public void Reason_WithoutAModel_IsByteForByteWhatItWas()
    {
        using var golden = JsonDocument.Parse(Read("analyses-1.0.json"));
        var findings = Of<DocumentFindings>(golden.RootElement.GetProperty("findings")) with { Company = golden.RootElement.GetProperty("company").GetString() };
        var insights = golden.RootElement.GetProperty("insights").EnumerateArray().ToList();
        var compared = 0;
        foreach (var analysis in golden.RootElement.GetProperty("analyses").EnumerateArray().Select(Of<AnalysisRecord>))
        {
            var chain = golden.RootElement.GetProperty("chains").EnumerateArray().Single(json => json.GetProperty("id").GetString() == analysis.ReasoningChainId);
            var request = new AnalysisRequest(new TenantId("demo"), analysis.Id, analysis.RunId, analysis.IngestionId, analysis.DocumentId, analysis.AnalysisType);
            var durations = Of<ReasoningChain>(chain).Steps.Select(step => step.DurationMs);

            // As a replay takes them for an analysis from before they were kept: the prior of those days, whatever serves today.
            var terms = new AnalysisBasis("", null, BandPolicy.Default.High, BandPolicy.Default.Medium, 40, Reasoner.ModelVersion, null).Terms;

            var outcome = Reasoner.Reason(request, findings, terms, 40, analysis.CreatedAt, clock: new StepClock(durations));

            Bytes(outcome.Chain).ShouldBe(CanonicalJson.Write(chain), analysis.AnalysisType);
            foreach (var insight in outcome.Insights)
            {
                var stored = insights.Single(json => json.GetProperty("id").GetString() == insight.Id);
                var filed = Of<InsightRecord>(stored);
                Bytes(insight with { CompanyId = filed.CompanyId, CompanyName = filed.CompanyName, Status = filed.Status, ByScoreAlone = false }).ShouldBe(CanonicalJson.Write(stored), insight.Summary);
                compared++;
            }
        }

        compared.ShouldBe(insights.Count);
        compared.ShouldBeGreaterThan(5);
    }

    [Fact]
    public void Request_WithoutAShadow_IsWrittenAsItWas()
    {
        var request = new AnalysisRequest(new TenantId("demo"), "a", "r", "i", "d", "risk");
        JsonSerializer.Serialize(request, AdvisorJson.Options).ShouldBe("""{"tenant":"demo","analysis_id":"a","run_id":"r","ingestion_id":"i","document_id":"d","analysis_type":"risk"}""");
    }

    [Fact]
    public async Task Orchestrator_UnderEitherVersion_CallsWhatItsVersionHas()
    {
        foreach (var (version, first) in new[] { (WithoutModel, "ReasonOverFacts"), ("1.1", "AskModel"), ("1.2", "AskModel"), ("1.3", "AskModel") })
        {
            await using var fixture = await EngineFixture.StartAsync(Functions(), options: new() { DefaultVersion = version });
            var end = await fixture.RunAsync(AnalysisRequest.Orchestrator, new AnalysisRequest(new TenantId("demo"), "a", "r", "i", "d", "risk"));
            fixture.Engine.ReadHistory(end.InstanceId).First(line => line.Kind == EventKind.ActivityScheduled).Name.ShouldBe(first);
        }
    }

    /// <summary>Where asking a model fails for good, instances of 1.1 fail, as they always did, and those begun since go on.</summary>
    [Theory]
    [InlineData("1.1", OrchestrationRuntimeStatus.Failed, "FailAnalysis")]
    [InlineData("1.2", OrchestrationRuntimeStatus.Completed, "RouteInsights")]
    [InlineData("1.3", OrchestrationRuntimeStatus.Completed, "RouteInsights")]
    public async Task Orchestrator_AskingFails_EndsAsItsVersionDoes(string version, OrchestrationRuntimeStatus status, string last)
    {
        var functions = Functions().Activity<AnalysisRequest, string?>("AskModel", _ => throw new InvalidOperationException("No prompt."));
        await using var fixture = await EngineFixture.StartAsync(functions, options: new() { DefaultVersion = version });
        var id = await fixture.BeginAsync(AnalysisRequest.Orchestrator, new AnalysisRequest(new TenantId("demo"), "a", "r", "i", "d", "risk"));
        for (var attempt = 1; attempt < 4; attempt++)
        {
            await fixture.AdvanceAsync(TimeSpan.FromMinutes(1));
        }

        (await fixture.EndAsync(id)).RuntimeStatus.ShouldBe(status);
        fixture.Engine.ReadHistory(id).Last(line => line.Kind == EventKind.ActivityScheduled).Name.ShouldBe(last);
    }

    private static DelegateFunctions Functions() => new DelegateFunctions()
        .Activity("AskModel", (AnalysisRequest _) => (string?)null)
        .Activity("ReasonOverFacts", (AnalysisRequest _) => (string?)null)
        .Activity("RouteInsights", (AnalysisRequest _) => (string?)null)
        .Activity("FailAnalysis", (AnalysisRequest _) => (string?)null)
        .Orchestrator<object?>(AnalysisRequest.Orchestrator, async context =>
        {
            await AnalysisOrchestrator.RunAsync(context);
            return null;
        });

    private static string Read(string name) => File.ReadAllText(Path.Combine(Evals.RepositoryRoot, "FunctionApp.Tests", "Insights", "Golden", name));

    private static T Of<T>(JsonElement json) => json.Deserialize<T>(AdvisorJson.Options)!;

    private static byte[] Bytes<T>(T value) => CanonicalJson.Write(JsonSerializer.SerializeToElement(value, AdvisorJson.Options));
}
