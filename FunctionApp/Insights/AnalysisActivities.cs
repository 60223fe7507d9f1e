using Advisor.Documents.Contracts;
using Advisor.Insights.Contracts;
using Advisor.Kernel.Confidence;
using Advisor.Kernel.Messaging;
using Advisor.Kernel.Reasoning.Chains;
using Advisor.Kernel.Records;
using Advisor.Kernel.Timeline;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Options;

namespace Advisor.Insights;

/// <summary>All I/O of an analysis. Ids of insights, chain and messages follow from the analysis, so repeating an activity changes nothing.</summary>
public sealed class AnalysisActivities(
    IRecordStore records, IBlobStore blobs, IMessageBus bus, SummaryWriter summaries, RunTimeline timeline, IOptions<InsightsOptions> options, TimeProvider time)
{
    /// <summary>Proposes, verifies, scores and stores the insights and their reasoning chain.</summary>
    [Function(nameof(ReasonOverFacts))]
    public async Task ReasonOverFacts([ActivityTrigger] AnalysisRequest request, CancellationToken cancellationToken)
    {
        var chainId = DeterministicId.Of("chain", request.AnalysisId);
        if (await records.FindAsync(ReasoningChains.Container, request.Tenant, chainId, cancellationToken) is not null)
        {
            // The chain is written last and never altered: what an earlier attempt stored stands.
            return;
        }

        var started = time.GetTimestamp();
        var findings = await DocumentFindings.ReadAsync(blobs, request.Tenant, request.DocumentId, cancellationToken)
            ?? throw new InvalidOperationException($"The document {request.DocumentId} has not been read.");
        var created = await CreatedAtAsync(request, cancellationToken);
        var policy = new BandPolicy(options.Value.HighBand, options.Value.MediumBand);
        var outcome = Reasoner.Reason(request, findings, policy, options.Value.MaxPerAnalysis, created);

        await records.PutManyAsync(InsightRecord.Container, request.Tenant, [.. outcome.Insights.Select(insight => (insight.Id, insight))], cancellationToken);
        await records.PutAsync(AnalysisRecord.Container, request.Tenant, request.AnalysisId, new AnalysisRecord(
            request.AnalysisId, request.RunId, request.IngestionId, request.DocumentId, request.AnalysisType, AnalysisStatus.Running,
            outcome.Chain.ConfidenceScore?.Value, chainId, outcome.Insights.Count, outcome.Rejected, outcome.NotComputed, outcome.Finding, created), null, cancellationToken);
        await timeline.AppendAsync(request.Tenant, request.RunId, new RunTimeline.Entry(
            $"reason/{request.AnalysisId}", TimelineEventType.StepCompleted, $"reason_{request.AnalysisType}", Reasoner.ModelVersion,
            (long)time.GetElapsedTime(started).TotalMilliseconds,
            new
            {
                request.AnalysisId,
                insights = outcome.Insights.Count,
                high = outcome.Insights.Count(insight => insight.Band == Band.High),
                medium = outcome.Insights.Count(insight => insight.Band == Band.Medium),
                low = outcome.Insights.Count(insight => insight.Band == Band.Low),
                outcome.Rejected,
            }), cancellationToken);
        await records.PutAsync(ReasoningChains.Container, request.Tenant, chainId, outcome.Chain, null, cancellationToken);
    }

    /// <summary>Hands each insight to its band's queue and closes the analysis.</summary>
    [Function(nameof(RouteInsights))]
    public async Task RouteInsights([ActivityTrigger] AnalysisRequest request, CancellationToken cancellationToken)
    {
        var insights = await InsightsOfAsync(request, cancellationToken);
        foreach (var band in insights.GroupBy(insight => insight.Band))
        {
            var queue = band.Key switch
            {
                Band.High => InsightQueues.High,
                Band.Medium => InsightQueues.Medium,
                _ => InsightQueues.Low,
            };
            await bus.SendAsync(queue, [.. band.OrderBy(insight => insight.Rank).Select(insight =>
                TenantMessage.Create(request.Tenant, $"{request.AnalysisId}/route/{insight.Id}", new InsightRouted(insight.Id, request.DocumentId, request.RunId)))], cancellationToken);
        }

        await CloseAsync(request, AnalysisStatus.Completed, cancellationToken);

        // An analysis that publishes nothing sends nothing to the summary's queue, and still ends what its forerunner said.
        await summaries.RebuildAsync(request.Tenant, request.DocumentId, cancellationToken);
        if (request.RunId == request.AnalysisId)
        {
            await bus.SendAsync(AnalysesEnded.Queue, new AnalysesEnded(request.RunId, request.DocumentId, [request.AnalysisId]).Message(request.Tenant), cancellationToken);
        }
    }

    [Function(nameof(FailAnalysis))]
    public Task FailAnalysis([ActivityTrigger] AnalysisRequest request, CancellationToken cancellationToken) =>
        CloseAsync(request, AnalysisStatus.Failed, cancellationToken);

    private async Task CloseAsync(AnalysisRequest request, AnalysisStatus status, CancellationToken cancellationToken)
    {
        var stored = await records.FindAsync(AnalysisRecord.Container, request.Tenant, request.AnalysisId, cancellationToken);
        var record = stored?.Value ?? new AnalysisRecord(
            request.AnalysisId, request.RunId, request.IngestionId, request.DocumentId, request.AnalysisType, status, null, null, 0, 0, [], null, time.GetUtcNow());
        await records.PutAsync(AnalysisRecord.Container, request.Tenant, request.AnalysisId, record with { Status = status }, null, cancellationToken);
        if (request.RunId == request.AnalysisId)
        {
            // A run of its own ends with it; a document's run ends later.
            await timeline.AppendAsync(request.Tenant, request.RunId,
                new RunTimeline.Entry("final", TimelineEventType.Final, status == AnalysisStatus.Completed ? "completed" : "failed"), cancellationToken);
        }
    }

    /// <summary>The time of an analysis is the time of its first attempt, so that its insights are the same on every attempt.</summary>
    private async Task<DateTimeOffset> CreatedAtAsync(AnalysisRequest request, CancellationToken cancellationToken)
    {
        if (await records.FindAsync(AnalysisRecord.Container, request.Tenant, request.AnalysisId, cancellationToken) is { } known)
        {
            return known.Value.CreatedAt;
        }

        var now = time.GetUtcNow();
        await records.PutAsync(AnalysisRecord.Container, request.Tenant, request.AnalysisId, new AnalysisRecord(
            request.AnalysisId, request.RunId, request.IngestionId, request.DocumentId, request.AnalysisType, AnalysisStatus.Running, null, null, 0, 0, [], null, now), null, cancellationToken);
        return now;
    }

    private async Task<List<InsightRecord>> InsightsOfAsync(AnalysisRequest request, CancellationToken cancellationToken)
    {
        var insights = new List<InsightRecord>();
        string? continuation = null;
        do
        {
            var query = new RecordQuery([new RecordFilter("analysis_id", RecordOperator.Equal, request.AnalysisId)], PageSize: 500, Continuation: continuation);
            var page = await records.QueryAsync(InsightRecord.Container, request.Tenant, query, cancellationToken);
            insights.AddRange(page.Items.Select(item => item.Value));
            continuation = page.Continuation;
        }
        while (continuation is not null);
        return insights;
    }
}
