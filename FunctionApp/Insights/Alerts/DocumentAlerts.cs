using Advisor.Documents.Contracts;
using Advisor.Insights.Corrections;
using Advisor.Kernel.Notifications;
using Advisor.Kernel.Notifications.Channels;
using Advisor.Kernel.Records;
using Advisor.Kernel.Tenancy;

namespace Advisor.Insights.Alerts;

/// <summary>Alerts about a document, and the notifications that quote it, go with it, from the outbox too; what any other channel has taken is beyond recall.</summary>
public sealed class DocumentAlerts(IRecordStore records, IBlobStore blobs, TimeProvider time) : IDerivedFromDocument
{
    /// <summary>Between two looks at a notification that is being sent.</summary>
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(100);

    public async Task<DerivedInventory> InventoryAsync(TenantId tenant, string documentId, CancellationToken cancellationToken)
    {
        var alerts = await AlertsAsync(tenant, documentId, cancellationToken);
        var (notifications, sent) = (0, false);
        foreach (var id in await NotificationIdsAsync(tenant, documentId, alerts, cancellationToken))
        {
            if (await records.FindAsync(NotificationRecord.Container, tenant, id, cancellationToken) is { Value: var notification })
            {
                notifications++;
                sent |= notification.Deliveries.Any(delivery => delivery.Channel != OutboxChannel.ChannelName && delivery.Attempts > 0);
            }
        }

        return new DerivedInventory(
            new Dictionary<string, int> { ["alerts"] = alerts.Count, ["notifications"] = notifications },
            sent ? [new Remainder("sent_notifications", "What a channel has taken is in its own keeping: mailboxes, chat channels, systems that are called.", null)] : []);
    }

    public async Task RemoveAsync(TenantId tenant, string documentId, CancellationToken cancellationToken)
    {
        var alerts = await AlertsAsync(tenant, documentId, cancellationToken);
        foreach (var id in await NotificationIdsAsync(tenant, documentId, alerts, cancellationToken))
        {
            await RemoveNotificationAsync(tenant, id, cancellationToken);
        }

        // Last: they name the notifications that a repeat would have to find.
        foreach (var alert in alerts)
        {
            await records.DeleteAsync(AlertRecord.Container, tenant, alert.Id, cancellationToken);
        }
    }

    /// <summary>Settles the notification first, so that nobody begins to send it any more, and waits until whoever is sending it has ended.</summary>
    private async Task RemoveNotificationAsync(TenantId tenant, string id, CancellationToken cancellationToken)
    {
        while (await records.FindAsync(NotificationRecord.Container, tenant, id, cancellationToken) is { } stored)
        {
            if (stored.Value.IsClaimed(time.GetUtcNow()))
            {
                // Mostly milliseconds; never longer than a claim lasts.
                await Task.Delay(s_look, time, cancellationToken);
                continue;
            }

            try
            {
                await records.PutAsync(NotificationRecord.Container, tenant, id, stored.Value with { Deliveries = [] }, stored.ETag, cancellationToken);
                await OutboxChannel.RemoveAsync(blobs, stored.Value.Notification, cancellationToken);
                await records.DeleteAsync(NotificationRecord.Container, tenant, id, cancellationToken);
            }
            catch (RecordConflictException)
            {
                // Claimed, or tried once more: look again.
            }
        }
    }

    /// <remarks>Neither alerts nor notifications are listed by company.</remarks>
    public Task AssignCompanyAsync(TenantId tenant, string documentId, CompanyLabel? company, CancellationToken cancellationToken) => Task.CompletedTask;

    private Task<List<Stored<AlertRecord>>> AlertsAsync(TenantId tenant, string documentId, CancellationToken cancellationToken) =>
        records.AllAsync(AlertRecord.Container, tenant, [new RecordFilter("document_id", RecordOperator.Equal, documentId)], cancellationToken);

    /// <summary>An alert's notification has its id; those of a run follow from the run, and the analyses, which stay, know their runs; that of a correction follows from its review.</summary>
    private async Task<IReadOnlyList<string>> NotificationIdsAsync(
        TenantId tenant, string documentId, IEnumerable<Stored<AlertRecord>> alerts, CancellationToken cancellationToken)
    {
        var analyses = await records.AllAsync(AnalysisRecord.Container, tenant, [new RecordFilter("document_id", RecordOperator.Equal, documentId)], cancellationToken);
        var runs = analyses.Select(analysis => analysis.Value.RunId).Distinct(StringComparer.Ordinal);
        return
        [
            .. alerts.Select(alert => alert.Id),
            .. (await RelianceOfDocument.OfAsync(records, tenant, documentId, cancellationToken)).Select(reliance => CorrectionNotice.IdOf(reliance.ReviewId)).Distinct(StringComparer.Ordinal),
            .. runs.SelectMany(run => new[] { RunNotices.IdOf(SummaryReady.Kind, run), RunNotices.IdOf(ReviewRequested.Kind, run) }),
        ];
    }
}
