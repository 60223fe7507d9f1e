using System.Text.Json;
using Advisor.Embedded;
using Advisor.Insights;
using Advisor.Kernel.Confidence;
using Advisor.Kernel.Messaging;
using Advisor.Kernel.Records;
using Advisor.Kernel.Resilience;
using Advisor.Kernel.Tenancy;
using Advisor.Tests.Documents.EndToEnd;
using Advisor.Tests.Insights.Corrections;
using Advisor.Tests.Kernel.Records;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Insights;

/// <summary>An analysis that stores its insights and then can't hand them on.</summary>
public sealed class FailedAnalysisTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private bool _refuses;

    [Fact]
    public async Task Analysis_ThatFailsWhileItRoutes_ReleasesNothingAndAsksNobody()
    {
        _refuses = true;
        await using var advisor = await StartAsync();
        var analyst = await advisor.ClientAsync(Role.Analyst);
        var accepted = await analyst.UploadAsync("quarterly-workbook.xlsx", await File.ReadAllBytesAsync(AdvisorFixture.Sample("quarterly-workbook.xlsx"), Cancel));
        var ended = await analyst.EndOfAsync(accepted.Headers.Location!.ToString());
        var failed = new List<string>();
        foreach (var id in ended["analysis_ids"].EnumerateArray().Select(id => id.GetString()!))
        {
            if ((await analyst.GetAsync($"/api/v1/analysis/{id}"))["status"].GetString() == "failed")
            {
                failed.Add(id);
            }
        }

        failed.ShouldNotBeEmpty();
        var insights = (await InsightsAsync(analyst, ended)).FindAll(insight => failed.Contains(insight.AnalysisId));
        insights.ShouldContain(insight => insight.Band == Band.High);
        insights.ShouldAllBe(insight => insight.Status == InsightStatus.Held);
        var waiting = await (await advisor.ClientAsync(Role.Reviewer)).AllAsync<JsonElement>("/api/v1/reviews?status=waiting&limit=500", "reviews");
        waiting.ShouldAllBe(review => !insights.Exists(insight => review.GetRawText().Contains(insight.Id)));
        var records = advisor.Services.GetRequiredService<IRecordStore>();
        var summary = await records.FindAsync(SummaryRecord.Container, new TenantId(RunningAdvisor.Tenant), ended["document_id"].GetString()!, Cancel);
        (summary?.Value.InsightIds ?? []).ShouldAllBe(id => !insights.Exists(insight => insight.Id == id));
        var admin = await advisor.ClientAsync(Role.Admin);
        var entries = await admin.AllAsync<JsonElement>("/api/v1/audit?action=insight.held", "entries");
        entries.Select(entry => entry.GetProperty("resource").GetString()).ShouldBe(insights.Select(insight => $"insights/{insight.Id}"), ignoreOrder: true);
    }

    /// <summary>What an earlier analysis released is not taken away by one that can't take its place.</summary>
    [Fact]
    public async Task AnalysisRunAgain_ThatFailsWhileItRoutes_LeavesWhatTheEarlierOneReleased()
    {
        await using var advisor = await StartAsync();
        var analyst = await advisor.ClientAsync(Role.Analyst);
        var accepted = await analyst.UploadAsync("quarterly-workbook.xlsx", await File.ReadAllBytesAsync(AdvisorFixture.Sample("quarterly-workbook.xlsx"), Cancel));
        var ended = await analyst.EndOfAsync(accepted.Headers.Location!.ToString());
        var before = await InsightsAsync(analyst, ended);
        var type = before.GroupBy(insight => insight.Type).First(group => group.Any(insight => insight.Band == Band.High) && group.Any(insight => insight.Band != Band.High)).Key;
        var released = before.Where(insight => insight.Type == type && insight.Status == InsightStatus.Published).Select(insight => insight.Id).ToList();

        _refuses = true;
        var again = await analyst.PostAsync("/api/v1/analysis/trigger", $$"""{"ingestion_id": "{{ended["ingestion_id"].GetString()}}", "analysis_type": "{{type}}"}""");
        (await analyst.EndOfAsync(again.Headers.Location!.ToString()))["status"].GetString().ShouldBe("failed");

        var after = await InsightsAsync(analyst, ended);
        after.Where(insight => insight.Type == type && insight.Status == InsightStatus.Published).Select(insight => insight.Id).ShouldBe(released, ignoreOrder: true);
        after.Where(insight => insight.Type == type && before.TrueForAll(known => known.Id != insight.Id)).ShouldAllBe(insight => insight.Status == InsightStatus.Held);
        after.Count.ShouldBeGreaterThan(before.Count);
        var summary = await analyst.UntilAsync($"/api/v1/documents/{ended["document_id"].GetString()}/summary", answer => answer.Status == System.Net.HttpStatusCode.OK);
        released.ShouldAllBe(id => summary.Text.Contains(id));
    }

    private static Task<List<InsightView>> InsightsAsync(ApiClient analyst, ApiAnswer ingestion) =>
        analyst.AllAsync<InsightView>($"/api/v1/insights?document_id={ingestion["document_id"].GetString()}&limit=500", "insights");

    private Task<RunningAdvisor> StartAsync() => RunningAdvisor.StartAsync((AdvisorHostOptions options) => options with
    {
        TimeProvider = new FastClock(),
        ConfigureServices = services =>
        {
            options.ConfigureServices?.Invoke(services);
            services.ReplaceInner<IMessageBus>(inner => new BandsRefused(inner, () => _refuses));
        },
    });

    /// <summary>What was sent for the high band is on its way already.</summary>
    private sealed class BandsRefused(IMessageBus inner, Func<bool> refuses) : IMessageBus
    {
        public Task SendAsync(string queue, BusMessage message, CancellationToken cancellationToken) => inner.SendAsync(queue, message, cancellationToken);

        public Task SendAsync(string queue, IReadOnlyList<BusMessage> messages, CancellationToken cancellationToken) =>
            refuses() && queue is InsightQueues.Medium or InsightQueues.Low ? throw new InvalidOperationException("The queue takes no such messages.") : inner.SendAsync(queue, messages, cancellationToken);
    }
}
