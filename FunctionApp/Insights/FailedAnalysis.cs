using Advisor.Insights.Contracts;
using Advisor.Kernel.Audit;
using Advisor.Kernel.Records;
using Advisor.Kernel.Reviews;

namespace Advisor.Insights;

/// <summary>An analysis that fails after it has stored insights releases none of them, and asks nobody about them.</summary>
public sealed class FailedAnalysis(IRecordStore records, ReviewDesk reviews, SummaryWriter summaries, IAuditLog audit)
{
    /// <summary>In words: it stands in the reviews' history.</summary>
    internal const string Reason = "its analysis failed";

    private const int MaxAttempts = 50;

    /// <summary>Doing it again changes nothing. What people decided meanwhile, and what a newer analysis has replaced, stays as it is.</summary>
    public async Task HoldAsync(AnalysisRequest request, CancellationToken cancellationToken)
    {
        var found = await records.AllAsync(InsightRecord.Container, request.Tenant, [new RecordFilter("analysis_id", RecordOperator.Equal, request.AnalysisId)], cancellationToken);
        var left = found.FindAll(insight => insight.Value is { Verdict: null, Status: not InsightStatus.Superseded });
        if (left.Count == 0)
        {
            return;
        }

        // All insights first, for what has failed may be what the rest needs; and whoever opens a review meanwhile looks at its insight again afterwards.
        foreach (var insight in left)
        {
            await HoldAsync(request, insight, cancellationToken);
        }

        await summaries.RebuildAsync(request.Tenant, request.DocumentId, cancellationToken);
        foreach (var insight in left)
        {
            await reviews.WithdrawAsync(request.Tenant, insight.Id, Reason, redact: false, cancellationToken);
        }

        await audit.AppendManyAsync([.. left.OrderBy(insight => insight.Value.Rank).Select(insight => InsightAudit.Held(request.Tenant, insight.Value))], cancellationToken);
    }

    private async Task HoldAsync(AnalysisRequest request, Stored<InsightRecord>? insight, CancellationToken cancellationToken)
    {
        for (var attempt = 1; insight?.Value is { Verdict: null, Status: not (InsightStatus.Superseded or InsightStatus.Held) }; attempt++)
        {
            try
            {
                await records.PutAsync(InsightRecord.Container, request.Tenant, insight.Id, insight.Value with { Status = InsightStatus.Held }, insight.ETag, cancellationToken);
                return;
            }
            catch (RecordConflictException) when (attempt < MaxAttempts)
            {
                insight = await records.FindAsync(InsightRecord.Container, request.Tenant, insight.Id, cancellationToken);
            }
        }
    }
}
