using Advisor.Documents.Contracts;
using Advisor.Insights.Contracts;
using Advisor.Insights.Proposing;
using Advisor.Insights.Replaying;
using Advisor.Kernel.Audit;
using Advisor.Kernel.Confidence;
using Advisor.Kernel.Messaging;
using Advisor.Kernel.Policies;
using Advisor.Kernel.Reasoning.Chains;
using Advisor.Kernel.Records;
using Advisor.Kernel.Telemetry;
using Advisor.Kernel.Tenancy;
using Advisor.Kernel.Timeline;
using Advisor.Kernel.Verdicts;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Advisor.Insights;

/// <summary>All I/O of an analysis. Ids of insights, chain and messages follow from the analysis, so repeating an activity changes nothing.</summary>
public sealed class AnalysisActivities(
    IRecordStore records, DocumentReadings readings, IMessageBus bus, Supersession supersession, DocumentInsights derived, SummaryWriter summaries, RunTimeline timeline, IAuditLog audit, ModelAsking models,
    FailedAnalysis failed, PolicyDesk policies, CalibrationDesk calibrations, IOptions<InsightsOptions> options, TimeProvider time, AdvisorMetrics metrics, ILogger<AnalysisActivities> logger)
{
    /// <summary>Proposes, verifies, scores and stores the insights and their reasoning chain.</summary>
    [Function(nameof(ReasonOverFacts))]
    public async Task ReasonOverFacts([ActivityTrigger] AnalysisRequest request, CancellationToken cancellationToken)
    {
        var chainId = DeterministicId.Of("chain", request.AnalysisId);
        if (await records.FindAsync(ReasoningChains.Container, request.Tenant, chainId, cancellationToken) is { } closed)
        {
            // The chain is written last and never altered: what an earlier attempt stored stands.
            await audit.AppendAsync(InsightAudit.Closed(request, closed.Value), cancellationToken);
            return;
        }

        var started = time.GetTimestamp();
        if (!(await readings.CompanyAsync(request.Tenant, request.DocumentId, cancellationToken)).IsThere)
        {
            // It was deleted before the analysis began.
            await CloseAsync(request, AnalysisStatus.Failed, cancellationToken);
            return;
        }

        var (findings, company) = await readings.FindAsync(request.Tenant, request.DocumentId, cancellationToken)
            ?? throw new InvalidOperationException($"The document {request.DocumentId} has not been read.");
        var created = await CreatedAtAsync(request, cancellationToken);
        var kind = InsightReviews.KindPrefix + request.AnalysisType;
        var policy = await policies.CurrentAsync(request.Tenant, cancellationToken);
        var (terms, calibration) = await calibrations.TermsAsync(request.Tenant, policy, kind, cancellationToken);
        var isSampled = await calibrations.CoinAsync(request.Tenant, CalibrationDesk.RateOf(policy, calibration), cancellationToken);
        var answers = await models.RecordedAsync(request.Tenant, request.AnalysisId, cancellationToken);
        var live = request.Shadow == true ? await LiveAsync(request, cancellationToken) : null;
        var outcome = Reasoner.Reason(request, findings, terms, options.Value.MaxPerAnalysis, created, answers, live: live);

        await records.PutManyAsync(InsightRecord.Container, request.Tenant, [.. outcome.Insights.Where(_ => live is null).Select(insight => (insight.Id, insight with { CompanyId = company?.Id, CompanyName = company?.Name, Sampled = isSampled(insight.ClaimKey) }))], cancellationToken);
        if (!await derived.SettleAsync(request.Tenant, request.DocumentId, cancellationToken))
        {
            await CloseAsync(request, AnalysisStatus.Failed, cancellationToken);
            return;
        }

        await records.PutAsync(AnalysisRecord.ContainerOf(request), request.Tenant, request.AnalysisId, new AnalysisRecord(
            request.AnalysisId, request.RunId, request.IngestionId, request.DocumentId, request.AnalysisType, AnalysisStatus.Running,
            outcome.Chain.ConfidenceScore?.Value, chainId, outcome.Insights.Count, outcome.Rejected, outcome.NotComputed, outcome.Finding, created)
        {
            Basis = new AnalysisBasis(AnalysisBasis.HashOf(findings), findings.Company, terms.Bands.High, terms.Bands.Medium, options.Value.MaxPerAnalysis, Reasoner.ModelVersion, answers?.Question.CallId) { Routing = terms, Corrections = findings.Corrections.Count == 0 ? null : findings.Corrections },
            LanguageModel = ModelSteps.OutcomeOf(answers, outcome.Model),
            Shadow = request.Shadow,
            ComparedWith = live?.AnalysisId,
            Differences = outcome.Differences,
        }, null, cancellationToken);
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
        await audit.AppendAsync(InsightAudit.Closed(request, outcome.Chain), cancellationToken);
        if (live is null)
        {
            await calibrations.NoteAsync(request.Tenant, kind, [.. outcome.Insights.Where(insight => insight.ByScoreAlone).Select(insight => (insight.Id, insight.RawScore))], cancellationToken);
        }

        foreach (var insight in outcome.Insights.Where(_ => live is null))
        {
            metrics.InsightScored(request.Tenant, insight.Type, insight.Band.ToString().ToLowerInvariant(), insight.ConfidenceScore);
        }
    }

    /// <summary>Hands each insight to its band's queue and closes the analysis.</summary>
    [Function(nameof(RouteInsights))]
    public async Task RouteInsights([ActivityTrigger] AnalysisRequest request, CancellationToken cancellationToken)
    {
        if (!await derived.SettleAsync(request.Tenant, request.DocumentId, cancellationToken))
        {
            await CloseAsync(request, AnalysisStatus.Failed, cancellationToken);
            return;
        }

        if (request.Shadow == true)
        {
            // Nobody is told and nothing is routed: its differences are all that it leaves.
            await CloseAsync(request, AnalysisStatus.Completed, cancellationToken);
            await derived.SettleAsync(request.Tenant, request.DocumentId, cancellationToken);
            return;
        }

        if (await supersession.IsOutdatedAsync(request, cancellationToken))
        {
            await supersession.ApplyAsync(request, cancellationToken);
        }

        // Where a newer analysis was faster, this one's are superseded already: they are neither released nor reviewed.
        var insights = (await InsightsOfAsync(request, cancellationToken)).FindAll(insight => insight.Status != InsightStatus.Superseded);
        await audit.AppendManyAsync([.. insights.OrderBy(insight => insight.Rank).Select(insight => InsightAudit.Routed(request.Tenant, insight))], cancellationToken);
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

        // What older ones found speaks until this one's are on their way: were they to fail, the document would be left with nothing.
        await supersession.ApplyAsync(request, cancellationToken);
        if (await CloseAsync(request, AnalysisStatus.Completed, cancellationToken))
        {
            foreach (var insight in insights.Where(insight => insight.Band == Band.High))
            {
                HighConfidenceInsight.Emit(logger, request.AnalysisId, insight.ConfidenceScore, "auto_summary_generated");
            }
        }

        // An analysis that publishes nothing sends nothing to the summary's queue, and still ends what its forerunner said.
        await summaries.RebuildAsync(request.Tenant, request.DocumentId, cancellationToken);
        await derived.SettleAsync(request.Tenant, request.DocumentId, cancellationToken);
        if (request.RunId == request.AnalysisId)
        {
            await bus.SendAsync(AnalysesEnded.Queue, new AnalysesEnded(request.RunId, request.DocumentId, [request.AnalysisId]).Message(request.Tenant), cancellationToken);
        }
    }

    [Function(nameof(FailAnalysis))]
    public async Task FailAnalysis([ActivityTrigger] AnalysisRequest request, CancellationToken cancellationToken)
    {
        if (await records.FindAsync(AnalysisRecord.ContainerOf(request), request.Tenant, request.AnalysisId, cancellationToken) is { Value.Status: AnalysisStatus.Completed })
        {
            // It failed at what comes afterwards: what it has released stays released.
            return;
        }

        try
        {
            await failed.HoldAsync(request, cancellationToken);
            await derived.SettleAsync(request.Tenant, request.DocumentId, cancellationToken);
        }
        finally
        {
            await CloseAsync(request, AnalysisStatus.Failed, cancellationToken);
        }
    }

    /// <returns>False when an earlier attempt has closed it.</returns>
    private async Task<bool> CloseAsync(AnalysisRequest request, AnalysisStatus status, CancellationToken cancellationToken)
    {
        var stored = await records.FindAsync(AnalysisRecord.ContainerOf(request), request.Tenant, request.AnalysisId, cancellationToken);
        var record = stored?.Value ?? new AnalysisRecord(
            request.AnalysisId, request.RunId, request.IngestionId, request.DocumentId, request.AnalysisType, status, null, null, 0, 0, [], null, time.GetUtcNow());
        await records.PutAsync(AnalysisRecord.ContainerOf(request), request.Tenant, request.AnalysisId, record with { Status = status }, null, cancellationToken);
        if (request.RunId == request.AnalysisId)
        {
            // A run of its own ends with it; a document's run ends later.
            await timeline.AppendAsync(request.Tenant, request.RunId,
                new RunTimeline.Entry("final", TimelineEventType.Final, status == AnalysisStatus.Completed ? "completed" : "failed"), cancellationToken);
        }

        return stored?.Value.Status != status;
    }

    /// <summary>The time of an analysis is the time of its first attempt, so that its insights are the same on every attempt.</summary>
    private async Task<DateTimeOffset> CreatedAtAsync(AnalysisRequest request, CancellationToken cancellationToken)
    {
        if (await records.FindAsync(AnalysisRecord.ContainerOf(request), request.Tenant, request.AnalysisId, cancellationToken) is { } known)
        {
            return known.Value.CreatedAt;
        }

        var now = time.GetUtcNow();
        await records.PutAsync(AnalysisRecord.ContainerOf(request), request.Tenant, request.AnalysisId, new AnalysisRecord(
            request.AnalysisId, request.RunId, request.IngestionId, request.DocumentId, request.AnalysisType, AnalysisStatus.Running, null, null, 0, 0, [], null, now), null, cancellationToken);
        return now;
    }

    private Task<List<InsightRecord>> InsightsOfAsync(AnalysisRequest request, CancellationToken cancellationToken) => InsightsOfAsync(request.Tenant, request.AnalysisId, cancellationToken);

    private async Task<List<InsightRecord>> InsightsOfAsync(TenantId tenant, string analysisId, CancellationToken cancellationToken)
    {
        var filter = new RecordFilter("analysis_id", RecordOperator.Equal, analysisId);
        return (await records.AllAsync(InsightRecord.Container, tenant, [filter], cancellationToken)).ConvertAll(item => item.Value);
    }

    /// <summary>The newest completed analysis of the document and type that counts.</summary>
    private async Task<LiveAnalysis> LiveAsync(AnalysisRequest request, CancellationToken cancellationToken)
    {
        var analyses = await records.AllAsync(AnalysisRecord.Container, request.Tenant, [new RecordFilter("document_id", RecordOperator.Equal, request.DocumentId)], cancellationToken);
        var newest = analyses.Select(item => item.Value).Where(analysis => analysis.AnalysisType == request.AnalysisType && analysis.Status == AnalysisStatus.Completed)
            .MaxBy(analysis => (analysis.CreatedAt, analysis.Id));
        return newest is null ? new LiveAnalysis(null, []) : new LiveAnalysis(newest.Id, await InsightsOfAsync(request.Tenant, newest.Id, cancellationToken));
    }
}
