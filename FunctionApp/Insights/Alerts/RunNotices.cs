using Advisor.Documents.Contracts;
using Advisor.Insights.Contracts;
using Advisor.Kernel.Messaging;
using Advisor.Kernel.Notifications;
using Advisor.Kernel.Records;
using Advisor.Kernel.Tenancy;
using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace Advisor.Insights.Alerts;

/// <summary>Tells people what a run has brought: one notification for the CFOs, one for the reviewers, however many insights there are.</summary>
public sealed class RunNotices(
    IRecordStore records, SummaryWriter summaries, IUserDirectory users, DocumentReadings readings, DocumentAlerts alerts, NotificationDesk notifications, TimeProvider time, ILogger<RunNotices> logger)
{
    [Function("NotifyPeopleWorker")]
    public Task NotifyAsync([ServiceBusTrigger(AnalysesEnded.Queue)] ServiceBusReceivedMessage message, ServiceBusMessageActions actions, CancellationToken cancellationToken) =>
        message.HandleAsync<AnalysesEnded>(actions, (tenant, ended) => TellAsync(tenant, ended, cancellationToken), cancellationToken);

    private async Task TellAsync(TenantId tenant, AnalysesEnded ended, CancellationToken cancellationToken)
    {
        await TellCfosAsync(tenant, ended, cancellationToken);
        await TellReviewersAsync(tenant, ended, cancellationToken);
        if (await readings.AbsenceAsync(tenant, ended.DocumentId, cancellationToken) is not null)
        {
            // Deleted while people were being told.
            await alerts.RemoveAsync(tenant, ended.DocumentId, cancellationToken);
        }
    }

    /// <summary>The id of a run's notification of a kind.</summary>
    internal static string IdOf(string kind, string runId) => DeterministicId.Of("notification", kind, runId);

    private async Task TellCfosAsync(TenantId tenant, AnalysesEnded ended, CancellationToken cancellationToken)
    {
        var published = Shown((await summaries.PublishedAsync(tenant, ended.DocumentId, cancellationToken)).Where(insight => ended.AnalysisIds.Contains(insight.AnalysisId)));
        if (published.Count > 0)
        {
            await TellAsync(tenant, ended, Role.Cfo, $"/api/v1/documents/{ended.DocumentId}/summary", new SummaryReady(
                NoticeText.Document(published[0]), published[0].Company, NoticeText.Count(published.Count), NoticeText.More(published), NoticeText.Items(published)), cancellationToken);
        }
    }

    private async Task TellReviewersAsync(TenantId tenant, AnalysesEnded ended, CancellationToken cancellationToken)
    {
        var low = new List<InsightRecord>();
        foreach (var analysis in ended.AnalysisIds)
        {
            // One page holds all that an analysis may keep (Insights:MaxPerAnalysis).
            var query = new RecordQuery(
                [new RecordFilter("analysis_id", RecordOperator.Equal, analysis), new RecordFilter("band", RecordOperator.Equal, "low"),
                    new RecordFilter("status", RecordOperator.Equal, "in_review")],
                PageSize: 500);
            low.AddRange((await records.QueryAsync(InsightRecord.Container, tenant, query, cancellationToken)).Items.Select(item => item.Value));
        }

        var waiting = Shown(low);
        if (waiting.Count > 0)
        {
            await TellAsync(tenant, ended, Role.Reviewer, $"/api/v1/insights?document_id={ended.DocumentId}&band=low", new ReviewRequested(
                NoticeText.Document(waiting[0]), waiting[0].Company, NoticeText.Count(waiting.Count), NoticeText.More(waiting), NoticeText.Items(waiting)), cancellationToken);
        }
    }

    /// <summary>Everybody of the role, or the tenant's channel where nobody has it. The id follows from the run, so a repeat tells nobody twice.</summary>
    private async Task TellAsync<TModel>(TenantId tenant, AnalysesEnded ended, Role role, string link, TModel model, CancellationToken cancellationToken)
        where TModel : class, INotificationModel
    {
        var people = await users.WithRoleAsync(tenant, role, cancellationToken);
        await notifications.AcceptAsync(
            Notification.Create(IdOf(TModel.Kind, ended.RunId), tenant, [.. people.Select(Recipient.Of)], model, link, time.GetUtcNow()),
            cancellationToken);
    }

    private List<InsightRecord> Shown(IEnumerable<InsightRecord> insights) => [.. insights.Select(insight => InsightReading.Verified(insight, logger)).OfType<InsightRecord>()];
}
