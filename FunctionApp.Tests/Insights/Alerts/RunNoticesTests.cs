using System.Globalization;
using System.Net;
using Advisor.Documents;
using Advisor.Insights;
using Advisor.Insights.Contracts;
using Advisor.Kernel.Confidence;
using Advisor.Kernel.Messaging;
using Advisor.Kernel.Notifications;
using Advisor.Kernel.Records;
using Advisor.Kernel.Tenancy;
using Advisor.Tests.Documents.EndToEnd;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Insights.Alerts;

/// <summary>What people are told when a document's analyses have ended.</summary>
public sealed class RunNoticesTests : IAsyncLifetime
{
    private static readonly TenantId s_tenant = new(RunningAdvisor.Tenant);

    private RunningAdvisor? _advisor;
    private ApiClient? _analyst;

    private RunningAdvisor Advisor => _advisor!;

    private ApiClient Analyst => _analyst!;

    private IRecordStore Records => Advisor.Services.GetRequiredService<IRecordStore>();

    public async ValueTask InitializeAsync()
    {
        _advisor = await RunningAdvisor.StartAsync();
        _analyst = await Advisor.ClientAsync(Role.Analyst);
    }

    public async ValueTask DisposeAsync() => await Advisor.DisposeAsync();

    [Fact]
    public async Task Run_ThatPublishesAndHolds_TellsCfosAndReviewersOnceEach()
    {
        await Advisor.ClientAsync(Role.Cfo);
        await Advisor.ClientAsync(Role.Reviewer);
        var (ingestion, insights) = await AnalyzeAsync();
        var notices = await NoticesAsync(2);

        var high = insights.Where(insight => insight.Band == Band.High).ToList();
        high.ShouldNotBeEmpty();
        var ready = notices.Single(notice => notice.Kind == "summary-ready");
        ready.Id.ShouldBe(DeterministicId.Of("notification", "summary-ready", ingestion.RunId));
        ready.Recipients.ShouldHaveSingleItem().Email.ShouldBe("cfo@northwind.example");
        ShouldTell(ready, "published", high);
        ready.Values["document"].ShouldBe("quarterly-workbook.xlsx");
        (await Analyst.GetAsync(ready.Link))["insights"].GetArrayLength().ShouldBe(high.Count);

        var low = insights.Where(insight => insight.Band == Band.Low).ToList();
        low.ShouldNotBeEmpty();
        var asked = notices.Single(notice => notice.Kind == "review-requested");
        asked.Recipients.ShouldHaveSingleItem().Email.ShouldBe("reviewer@northwind.example");
        ShouldTell(asked, "waiting", low);
        (await Analyst.GetAsync(asked.Link))["insights"].GetArrayLength().ShouldBe(low.Count);

        // The queue may bring its message again, also after its duplicates are no longer known.
        await Advisor.Services.GetRequiredService<IMessageBus>().SendAsync(AnalysesEnded.Queue,
            new AnalysesEnded(ingestion.RunId, ingestion.DocumentId, ingestion.AnalysisIds).Message(s_tenant) with { MessageId = "again" }, TestContext.Current.CancellationToken);
        await TriggerAsync(ingestion.IngestionId);
        (await NoticesAsync(3)).Count.ShouldBe(3);
        Advisor.Outbox.Count.ShouldBe(6);
    }

    [Fact]
    public async Task Run_WhereNobodyHasTheRole_TellsTheTenantsChannel()
    {
        await AnalyzeAsync();
        (await NoticesAsync(2)).ShouldAllBe(notice => notice.Recipients.Count == 0);
        (await Task.WhenAll(Advisor.Outbox.Where(file => file.EndsWith(".txt", StringComparison.Ordinal)).Select(file => File.ReadAllTextAsync(file))))
            .ShouldAllBe(text => text.StartsWith("To: the tenant's channel\n", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_AlteredInsight_IsNotTold()
    {
        var (ingestion, insights) = await AnalyzeAsync();
        await NoticesAsync(2);
        var altered = insights.First(insight => insight.Band == Band.High);
        await Records.PutAsync(InsightRecord.Container, s_tenant, altered.Id, altered with { Summary = "Pay now." }, null, TestContext.Current.CancellationToken);
        await Advisor.Services.GetRequiredService<IMessageBus>().SendAsync(
            AnalysesEnded.Queue, new AnalysesEnded("run-2", ingestion.DocumentId, ingestion.AnalysisIds).Message(s_tenant), TestContext.Current.CancellationToken);
        var notice = (await NoticesAsync(4)).Single(notice => notice.Id == DeterministicId.Of("notification", "summary-ready", "run-2"));
        notice.Values["published"].ShouldBe(Count(insights.Count(insight => insight.Band == Band.High) - 1));
        notice.Items.ShouldNotContain("Pay now.");
    }

    private static void ShouldTell(Notification notice, string counted, List<InsightRecord> insights)
    {
        notice.Values[counted].ShouldBe(Count(insights.Count));
        notice.Items.Count.ShouldBe(Math.Min(5, insights.Count));
        notice.Values["more"].ShouldBe(insights.Count > 5 ? Count(insights.Count - 5) : "");
        notice.Items.ShouldBeSubsetOf(insights.Select(insight => SafeText.Clean(insight.Summary)));
        notice.Items[0].ShouldBe(SafeText.Clean(insights.OrderBy(insight => insight.Rank).ThenBy(insight => insight.Type, StringComparer.Ordinal).First().Summary));
    }

    private static string Count(int count) => count.ToString(CultureInfo.InvariantCulture);

    private async Task<(IngestionView Ingestion, IReadOnlyList<InsightRecord> Insights)> AnalyzeAsync()
    {
        var bytes = await File.ReadAllBytesAsync(AdvisorFixture.Sample("quarterly-workbook.xlsx"), TestContext.Current.CancellationToken);
        var accepted = await Analyst.UploadAsync("quarterly-workbook.xlsx", bytes);
        var ingestion = (await Analyst.EndOfAsync(accepted.Headers.Location!.ToString())).As<IngestionView>();
        ingestion.Status.ShouldBe(IngestionStatus.Completed);
        var insights = await Records.QueryAsync(InsightRecord.Container, s_tenant, new RecordQuery([], PageSize: 500), TestContext.Current.CancellationToken);
        return (ingestion, [.. insights.Items.Select(item => item.Value)]);
    }

    private async Task TriggerAsync(string ingestionId)
    {
        var type = AnalysisTypes.Trend;
        var answer = await Analyst.PostAsync("/api/v1/analysis/trigger", $$"""{"ingestion_id": "{{ingestionId}}", "analysis_type": "{{type}}"}""");
        answer.Status.ShouldBe(HttpStatusCode.Accepted);
        (await Analyst.EndOfAsync(answer.Headers.Location!.ToString()))["status"].GetString().ShouldBe("completed");
    }

    /// <summary>All notifications, once there are as many and all are accepted.</summary>
    private async Task<IReadOnlyList<Notification>> NoticesAsync(int count)
    {
        IReadOnlyList<NotificationRecord> records = [];
        await Analyst.UntilAsync("/health", _ =>
        {
            records = [.. Records.QueryAsync(NotificationRecord.Container, s_tenant, new RecordQuery([]), CancellationToken.None).Result.Items.Select(item => item.Value)];
            return records.Count >= count && records.All(record => record.Status == DeliveryStatus.Accepted);
        });
        return [.. records.Select(record => record.Notification)];
    }
}
