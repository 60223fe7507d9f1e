using Advisor.Kernel.Confidence;
using Advisor.Kernel.Records;
using Advisor.Kernel.Tenancy;

namespace Advisor.Insights;

/// <summary>Keeps a document's summary in step with its high-band insights.</summary>
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
            if (stored is not null && stored.Value.InsightIds.SequenceEqual(ids))
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
        var all = new List<InsightRecord>();
        string? continuation = null;
        do
        {
            var query = new RecordQuery(
                [new RecordFilter("document_id", RecordOperator.Equal, documentId), new RecordFilter("band", RecordOperator.Equal, "high"),
                    new RecordFilter("status", RecordOperator.Equal, "published")],
                PageSize: 500, Continuation: continuation);
            var page = await records.QueryAsync(InsightRecord.Container, tenant, query, cancellationToken);
            all.AddRange(page.Items.Select(item => item.Value));
            continuation = page.Continuation;
        }
        while (continuation is not null);

        // The newest analysis of a type speaks for it; an older run of the same type is history.
        var newest = all.GroupBy(insight => insight.Type).SelectMany(type =>
        {
            var last = type.MaxBy(insight => insight.CreatedAt)!.AnalysisId;
            return type.Where(insight => insight.AnalysisId == last);
        });
        return [.. newest.OrderBy(insight => insight.Type, StringComparer.Ordinal).ThenBy(insight => insight.Rank)];
    }
}
