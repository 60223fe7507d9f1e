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

    /// <summary>The newest completed analysis of each type speaks for it, also when it publishes nothing; older ones are history.</summary>
    private async Task<HashSet<string>> NewestAnalysesAsync(TenantId tenant, string documentId, CancellationToken cancellationToken)
    {
        var query = new RecordQuery([new RecordFilter("document_id", RecordOperator.Equal, documentId)], PageSize: 500);
        var page = await records.QueryAsync(AnalysisRecord.Container, tenant, query, cancellationToken);
        return [.. page.Items.Select(item => item.Value)
            .Where(analysis => analysis.Status is AnalysisStatus.Completed or AnalysisStatus.Running)
            .GroupBy(analysis => analysis.AnalysisType)
            .Select(type => type.MaxBy(analysis => analysis.CreatedAt)!.Id)];
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

        var speaking = await NewestAnalysesAsync(tenant, documentId, cancellationToken);
        return [.. all.Where(insight => speaking.Contains(insight.AnalysisId)).OrderBy(insight => insight.Type, StringComparer.Ordinal).ThenBy(insight => insight.Rank)];
    }
}
