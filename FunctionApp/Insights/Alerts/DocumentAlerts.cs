using Advisor.Documents.Contracts;
using Advisor.Kernel.Notifications;
using Advisor.Kernel.Records;
using Advisor.Kernel.Tenancy;

namespace Advisor.Insights.Alerts;

/// <summary>Alerts about a document, and the notifications that quote it, go with it; what a channel has taken already is beyond recall.</summary>
public sealed class DocumentAlerts(IRecordStore records) : IDerivedFromDocument
{
    public async Task<DerivedInventory> InventoryAsync(TenantId tenant, string documentId, CancellationToken cancellationToken)
    {
        var alerts = await AlertsAsync(tenant, documentId, cancellationToken);
        var notifications = 0;
        foreach (var id in await NotificationIdsAsync(tenant, documentId, alerts, cancellationToken))
        {
            notifications += await records.FindAsync(NotificationRecord.Container, tenant, id, cancellationToken) is null ? 0 : 1;
        }

        return new DerivedInventory(
            new Dictionary<string, int> { ["alerts"] = alerts.Count, ["notifications"] = notifications },
            notifications == 0 ? [] : [new Remainder("sent_notifications", "What a channel has taken is in its own keeping: mailboxes, chat channels, the outbox.", null)]);
    }

    public async Task RemoveAsync(TenantId tenant, string documentId, CancellationToken cancellationToken)
    {
        var alerts = await AlertsAsync(tenant, documentId, cancellationToken);
        foreach (var id in await NotificationIdsAsync(tenant, documentId, alerts, cancellationToken))
        {
            await records.DeleteAsync(NotificationRecord.Container, tenant, id, cancellationToken);
        }

        // Last: they name the notifications that a repeat would have to find.
        foreach (var alert in alerts)
        {
            await records.DeleteAsync(AlertRecord.Container, tenant, alert.Id, cancellationToken);
        }
    }

    /// <remarks>Neither alerts nor notifications are listed by company.</remarks>
    public Task AssignCompanyAsync(TenantId tenant, string documentId, CompanyLabel? company, CancellationToken cancellationToken) => Task.CompletedTask;

    private Task<List<Stored<AlertRecord>>> AlertsAsync(TenantId tenant, string documentId, CancellationToken cancellationToken) =>
        records.AllAsync(AlertRecord.Container, tenant, [new RecordFilter("document_id", RecordOperator.Equal, documentId)], cancellationToken);

    /// <summary>An alert's notification has its id; those of a run follow from the run, and the analyses, which stay, know their runs.</summary>
    private async Task<IReadOnlyList<string>> NotificationIdsAsync(
        TenantId tenant, string documentId, IEnumerable<Stored<AlertRecord>> alerts, CancellationToken cancellationToken)
    {
        var analyses = await records.AllAsync(AnalysisRecord.Container, tenant, [new RecordFilter("document_id", RecordOperator.Equal, documentId)], cancellationToken);
        var runs = analyses.Select(analysis => analysis.Value.RunId).Distinct(StringComparer.Ordinal);
        return
        [
            .. alerts.Select(alert => alert.Id),
            .. runs.SelectMany(run => new[] { RunNotices.IdOf(SummaryReady.Kind, run), RunNotices.IdOf(ReviewRequested.Kind, run) }),
        ];
    }
}
