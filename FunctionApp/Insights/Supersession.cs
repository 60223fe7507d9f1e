using Advisor.Insights.Contracts;
using Advisor.Kernel.Audit;
using Advisor.Kernel.Records;
using Advisor.Kernel.Reviews;

namespace Advisor.Insights;

/// <summary>Lets the newest analysis of a document and type speak alone: what older ones found becomes history.</summary>
/// <remarks>What is superseded follows from the stored analyses, whichever of two ends first; doing it again changes nothing.</remarks>
public sealed class Supersession(IRecordStore records, ReviewDesk reviews, IAuditLog audit)
{
    private const int MaxAttempts = 50;

    /// <summary>Whether a newer analysis was faster, so that what this one found is history already.</summary>
    public async Task<bool> IsOutdatedAsync(AnalysisRequest request, CancellationToken cancellationToken) => (await NewestAsync(request, cancellationToken)).Id != request.AnalysisId;

    /// <summary>Called when an analysis has handed on all it found.</summary>
    public async Task ApplyAsync(AnalysisRequest request, CancellationToken cancellationToken)
    {
        var newest = await NewestAsync(request, cancellationToken);
        var insights = await records.AllAsync(
            InsightRecord.Container, request.Tenant,
            [
                new RecordFilter("document_id", RecordOperator.Equal, request.DocumentId), new RecordFilter("type", RecordOperator.Equal, request.AnalysisType),
                new RecordFilter("status", RecordOperator.NotEqual, "superseded"),
            ], cancellationToken);

        // One that began after the newest completed is still at work, and its insights are not history.
        var history = insights.FindAll(insight => (insight.Value.CreatedAt, insight.Value.AnalysisId).CompareTo((newest.CreatedAt, newest.Id)) < 0);

        // Written down before it is done: what is superseded already is not found again.
        await audit.AppendManyAsync([.. history.OrderBy(insight => insight.Value.Rank).Select(insight => InsightAudit.Superseded(request.Tenant, insight.Value, newest))], cancellationToken);
        foreach (var insight in history)
        {
            // Its review first: what is superseded already is not found again.
            await reviews.WithdrawAsync(request.Tenant, insight.Id, "a newer analysis has taken its place", redact: false, cancellationToken);
            await SupersedeAsync(request, insight, cancellationToken);
        }
    }

    /// <summary>Of those that have completed, and the one that asks.</summary>
    private async Task<AnalysisRecord> NewestAsync(AnalysisRequest request, CancellationToken cancellationToken)
    {
        var analyses = await records.AllAsync(AnalysisRecord.Container, request.Tenant, [new RecordFilter("document_id", RecordOperator.Equal, request.DocumentId)], cancellationToken);
        return analyses.Select(item => item.Value)
            .Where(analysis => analysis.AnalysisType == request.AnalysisType && (analysis.Status == AnalysisStatus.Completed || analysis.Id == request.AnalysisId))
            .MaxBy(analysis => (analysis.CreatedAt, analysis.Id))!;
    }

    private async Task SupersedeAsync(AnalysisRequest request, Stored<InsightRecord>? insight, CancellationToken cancellationToken)
    {
        for (var attempt = 1; insight is not null; attempt++)
        {
            try
            {
                await records.PutAsync(InsightRecord.Container, request.Tenant, insight.Id, insight.Value with { Status = InsightStatus.Superseded }, insight.ETag, cancellationToken);
                return;
            }
            catch (RecordConflictException) when (attempt < MaxAttempts)
            {
                insight = await records.FindAsync(InsightRecord.Container, request.Tenant, insight.Id, cancellationToken);
            }
        }
    }
}
