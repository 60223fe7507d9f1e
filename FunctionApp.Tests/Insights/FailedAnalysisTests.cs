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

    [Fact]
    public async Task Analysis_ThatFailsWhileItRoutes_ReleasesNothingAndAsksNobody()
    {
        await using var advisor = await RunningAdvisor.StartAsync((AdvisorHostOptions options) => options with
        {
            TimeProvider = new FastClock(),
            ConfigureServices = services =>
            {
                options.ConfigureServices?.Invoke(services);
                services.ReplaceInner<IMessageBus>(inner => new BandsRefused(inner));
            },
        });
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
        var all = await analyst.AllAsync<InsightView>($"/api/v1/insights?document_id={ended["document_id"].GetString()}&limit=500", "insights");
        var insights = all.FindAll(insight => failed.Contains(insight.AnalysisId));
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

    /// <summary>What was sent for the high band is on its way already.</summary>
    private sealed class BandsRefused(IMessageBus inner) : IMessageBus
    {
        public Task SendAsync(string queue, BusMessage message, CancellationToken cancellationToken) => inner.SendAsync(queue, message, cancellationToken);

        public Task SendAsync(string queue, IReadOnlyList<BusMessage> messages, CancellationToken cancellationToken) =>
            queue is InsightQueues.Medium or InsightQueues.Low ? throw new InvalidOperationException("The queue takes no such messages.") : inner.SendAsync(queue, messages, cancellationToken);
    }
}
