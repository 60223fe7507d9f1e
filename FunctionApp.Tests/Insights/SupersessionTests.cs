using System.Text.Json;
using Advisor.Documents;
using Advisor.Insights;
using Advisor.Insights.Contracts;
using Advisor.Kernel.Records;
using Advisor.Kernel.Tenancy;
using Advisor.Tests.Documents.EndToEnd;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Insights;

/// <summary>The newest analysis of a type speaks for a document; older ones are history.</summary>
public sealed class SupersessionTests : IAsyncLifetime
{
    private static readonly TenantId s_tenant = new(RunningAdvisor.Tenant);

    private RunningAdvisor? _advisor;
    private ApiClient? _analyst;
    private IngestionView? _ingestion;

    private ApiClient Analyst => _analyst!;

    private IngestionView Ingestion => _ingestion!;

    private IRecordStore Records => _advisor!.Services.GetRequiredService<IRecordStore>();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _advisor = await RunningAdvisor.StartAsync();
        _analyst = await _advisor.ClientAsync(Role.Analyst);
        var accepted = await Analyst.UploadAsync("workbook.xlsx", await File.ReadAllBytesAsync(AdvisorFixture.Sample("quarterly-workbook.xlsx"), Cancel));
        _ingestion = (await Analyst.EndOfAsync(accepted.Headers.Location!.ToString())).As<IngestionView>();
    }

    public async ValueTask DisposeAsync()
    {
        if (_advisor is not null)
        {
            await _advisor.DisposeAsync();
        }
    }

    [Fact]
    public async Task NewerAnalysis_Completed_HidesTheOlderOnesInsights()
    {
        var before = await ListAsync("");
        var older = before.Where(insight => insight.Type == "risk").ToList();
        older.ShouldNotBeEmpty();
        var newer = await AnalyzeAgainAsync();

        var listed = await ListAsync("");
        listed.Where(insight => insight.Type == "risk").ShouldAllBe(insight => insight.AnalysisId == newer);
        listed.Where(insight => insight.Type != "risk").Select(insight => insight.Id).ShouldBe(before.Where(insight => insight.Type != "risk").Select(insight => insight.Id));
        (await ListAsync("&status=superseded")).Select(insight => insight.Id).ShouldBe(older.Select(insight => insight.Id));
        (await ListAsync($"&analysis_id={older[0].AnalysisId}")).Select(insight => insight.Id).ShouldBe(older.Select(insight => insight.Id));
        (await ListAsync("&include=superseded")).Count.ShouldBe(before.Count + listed.Count(insight => insight.Type == "risk"));
        (await Analyst.GetAsync($"/api/v1/insights/{older[0].Id}")).As<InsightView>().Status.ShouldBe(InsightStatus.Superseded);

        var admin = await _advisor!.ClientAsync(Role.Admin);
        var entries = await admin.AllAsync<JsonElement>("/api/v1/audit?action=insight.superseded", "entries");
        entries.Select(entry => entry.GetProperty("resource").GetString()).ShouldBe(older.Select(insight => $"insights/{insight.Id}"), ignoreOrder: true);
        entries.ShouldAllBe(entry => entry.GetProperty("details").GetProperty("superseded_by").GetString() == newer);
    }

    [Fact]
    public async Task Apply_AnalysisThatEndsAfterANewerOne_SupersedesItselfAndNotTheNewer()
    {
        var first = (await ListAsync("")).First(insight => insight.Type == "risk").AnalysisId;
        var newer = await AnalyzeAgainAsync();

        // As though the first had only now stored what it found.
        foreach (var insight in await Records.AllAsync(InsightRecord.Container, s_tenant, [new RecordFilter("analysis_id", RecordOperator.Equal, first)], Cancel))
        {
            await Records.PutAsync(InsightRecord.Container, s_tenant, insight.Id, insight.Value with { Status = InsightStatus.InReview }, null, Cancel);
        }

        (await ListAsync("&type=risk")).ShouldContain(insight => insight.AnalysisId == first);
        var supersession = _advisor!.Services.GetRequiredService<Supersession>();
        for (var time = 0; time < 2; time++)
        {
            await supersession.ApplyAsync(new AnalysisRequest(s_tenant, first, first, Ingestion.IngestionId, Ingestion.DocumentId, "risk"), Cancel);
            var listed = await ListAsync("&type=risk");
            listed.ShouldNotBeEmpty();
            listed.ShouldAllBe(insight => insight.AnalysisId == newer);
        }
    }

    [Fact]
    public async Task Apply_NewerAnalysisStillAtWork_IsNotHistory()
    {
        var first = (await ListAsync("")).First(insight => insight.Type == "risk").AnalysisId;
        var newer = await AnalyzeAgainAsync();
        var record = (await Records.FindAsync(AnalysisRecord.Container, s_tenant, newer, Cancel))!;
        await Records.PutAsync(AnalysisRecord.Container, s_tenant, newer, record.Value with { Status = AnalysisStatus.Running }, null, Cancel);

        await _advisor!.Services.GetRequiredService<Supersession>().ApplyAsync(new AnalysisRequest(s_tenant, first, first, Ingestion.IngestionId, Ingestion.DocumentId, "risk"), Cancel);
        (await ListAsync("&type=risk")).ShouldContain(insight => insight.AnalysisId == newer);
    }

    private Task<List<InsightView>> ListAsync(string query) => Analyst.AllAsync<InsightView>($"/api/v1/insights?document_id={Ingestion.DocumentId}{query}", "insights");

    private async Task<string> AnalyzeAgainAsync()
    {
        var body = JsonSerializer.Serialize(new Dictionary<string, string> { ["ingestion_id"] = Ingestion.IngestionId, ["analysis_type"] = "risk" });
        var accepted = await Analyst.PostAsync("/api/v1/analysis/trigger", body);
        (await Analyst.EndOfAsync(accepted.Headers.Location!.ToString()))["status"].GetString().ShouldBe("completed");
        return accepted["analysis_id"].GetString()!;
    }
}
