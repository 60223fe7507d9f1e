using Advisor.Kernel.Records;
using Advisor.Kernel.Tenancy;

namespace Advisor.Insights;

/// <summary>Keeps a document's summary in step with its published insights.</summary>
public sealed class SummaryWriter(IRecordStore records, TimeProvider time)
{
    private const int MaxAttempts = 20;

    /// <summary>Writes the summary anew from the insights that are there; calling it again changes nothing but the time.</summary>
    public async Task RebuildAsync(TenantId tenant, string documentId, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var stored = await records.FindAsync(SummaryRecord.Container, tenant, documentId, cancellationToken);
            var insights = await PublishedAsync(tenant, documentId, cancellationToken);
            var ids = insights.Select(insight => insight.Id).ToList();
            if (stored is null ? ids.Count == 0 : stored.Value.InsightIds.SequenceEqual(ids))
            {
                return;
            }

            try
            {
                var summary = new SummaryRecord(documentId, ids, time.GetUtcNow());
                await (stored is null
                    ? records.CreateAsync(SummaryRecord.Container, tenant, documentId, summary, cancellationToken)
                    : records.PutAsync(SummaryRecord.Container, tenant, documentId, summary, stored.ETag, cancellationToken));
                return;
            }
            catch (RecordConflictException) when (attempt < MaxAttempts)
            {
                // Another insight of the document was published at the same time: look again, so that neither is lost.
            }
        }
    }

    /// <summary>The document's published insights: anomalies, risks, trends; the most material first in each.</summary>
    public async Task<IReadOnlyList<InsightRecord>> PublishedAsync(TenantId tenant, string documentId, CancellationToken cancellationToken)
    {
        var published = await records.AllAsync(
            InsightRecord.Container, tenant,
            [new RecordFilter("document_id", RecordOperator.Equal, documentId), new RecordFilter("status", RecordOperator.Equal, "published")],
            cancellationToken);
        return [.. published.Select(item => item.Value).OrderBy(insight => insight.Type, StringComparer.Ordinal).ThenBy(insight => insight.Rank)];
    }
}
