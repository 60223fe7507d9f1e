using System.Net;
using Advisor.Documents;
using Advisor.Insights;
using Advisor.Kernel.Reasoning.Chains;
using Advisor.Kernel.Records;
using Advisor.Kernel.Tenancy;
using Advisor.Tests.Documents.EndToEnd;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Insights;

/// <summary>Records that were altered behind the product's back are not passed off as its own.</summary>
public sealed class TamperingTests : IAsyncLifetime
{
    private static readonly TenantId s_tenant = new(RunningAdvisor.Tenant);

    private RunningAdvisor? _advisor;
    private ApiClient? _analyst;
    private List<InsightView> _insights = [];

    private ApiClient Analyst => _analyst!;

    private IRecordStore Records => _advisor!.Services.GetRequiredService<IRecordStore>();

    public async ValueTask InitializeAsync()
    {
        _advisor = await RunningAdvisor.StartAsync();
        _analyst = await _advisor.ClientAsync(Role.Analyst);
        var bytes = await File.ReadAllBytesAsync(AdvisorFixture.Sample("ledger.csv"), TestContext.Current.CancellationToken);
        var accepted = await Analyst.UploadAsync("ledger.csv", bytes, ("analysis_types", "anomaly"));
        (await Analyst.EndOfAsync(accepted.Headers.Location!.ToString())).As<IngestionView>().Status.ShouldBe(IngestionStatus.Completed);
        _insights = await Analyst.AllAsync<InsightView>("/api/v1/insights", "insights");
        _insights.ShouldNotBeEmpty();
    }

    public async ValueTask DisposeAsync()
    {
        if (_advisor is not null)
        {
            await _advisor.DisposeAsync();
        }
    }

    [Fact]
    public async Task Insight_ProseAltered_IsNotShown() => await NotShownAsync(insight => insight with { Summary = insight.Summary.Replace("190.59", "109.59") });

    [Fact]
    public async Task Insight_FactAltered_IsNotShown() =>
        await NotShownAsync(insight => insight with { Facts = [insight.Facts[0] with { Value = 109.59m }, .. insight.Facts.Skip(1)] });

    [Fact]
    public async Task Insight_ProseAndClaimAlteredAlike_IsNotShown() => await NotShownAsync(insight => insight with
    {
        Summary = insight.Summary.Replace("190.59", "109.59"),
        Claim = insight.Claim with { Text = insight.Claim.Text.Replace("190.59", "109.59") },
    });

    [Fact]
    public async Task ReasoningChain_StepAltered_NamesTheStep()
    {
        var id = _insights[0].ReasoningChainId;
        var stored = (await Records.FindAsync(ReasoningChains.Container, s_tenant, id, TestContext.Current.CancellationToken)).ShouldNotBeNull();
        ReasoningStep[] steps = [.. stored.Value.Steps.Select(step => step.Step == 3 ? step with { Action = "Believe every claim" } : step)];
        await Records.PutAsync(ReasoningChains.Container, s_tenant, id, stored.Value with { Steps = steps }, null, TestContext.Current.CancellationToken);
        var verification = (await Analyst.GetAsync($"/api/v1/reasoning-chains/{id}?verify=true"))["verification"];
        verification.GetProperty("intact").GetBoolean().ShouldBeFalse();
        verification.GetProperty("step").GetInt32().ShouldBe(3);
    }

    private async Task NotShownAsync(Func<InsightRecord, InsightRecord> alter)
    {
        var id = _insights.Single(insight => insight.Summary.Contains("190.59", StringComparison.Ordinal)).Id;
        var stored = (await Records.FindAsync(InsightRecord.Container, s_tenant, id, TestContext.Current.CancellationToken)).ShouldNotBeNull();
        var altered = alter(stored.Value);
        altered.ShouldNotBe(stored.Value);
        await Records.PutAsync(InsightRecord.Container, s_tenant, id, altered, null, TestContext.Current.CancellationToken);

        var answer = await Analyst.GetAsync($"/api/v1/insights/{id}");
        answer.Status.ShouldBe(HttpStatusCode.Conflict);
        answer.Type.ShouldBe("urn:advisor:problem:altered-record");
        answer.Text.ShouldNotContain("109.59");
        var list = await Analyst.GetAsync($"/api/v1/insights?document_id={stored.Value.DocumentId}");
        list.Status.ShouldBe(HttpStatusCode.OK);
        list.Text.ShouldNotContain(id);
        list.Text.ShouldContain("\"summary\"");
        _advisor!.Complaints.Lines.ShouldContain(line => line.Contains(id));
    }
}
