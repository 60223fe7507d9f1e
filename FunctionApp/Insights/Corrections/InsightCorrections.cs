using System.Globalization;
using Advisor.Documents.Contracts;
using Advisor.Insights.Alerts;
using Advisor.Insights.Contracts;
using Advisor.Kernel.Http;
using Advisor.Kernel.Messaging;
using Advisor.Kernel.Records;
using Advisor.Kernel.Reviews;
using Advisor.Kernel.Tenancy;
using Advisor.Kernel.Timeline;

namespace Advisor.Insights.Corrections;

/// <summary>Carries out the corrections that a review of an insight ended in: first they are written down with all that relies on the old values, then what follows from them is done.</summary>
/// <remarks>Every id follows from the review, so a verdict that is told again changes nothing.</remarks>
public sealed class InsightCorrections(
    IRecordStore records, DocumentCorrections corrections, DocumentReadings readings, RelianceFinder reliance, CorrectionNotice notice, DocumentAlerts alerts, RelianceOfDocument own,
    IMessageBus bus, RunTimeline timeline, TimeProvider time)
{
    /// <summary>Corrects the facts that the review names. What relied on the old values is looked for before the insight's own status changes.</summary>
    /// <returns>None for a review that settled in anything but a correction, and for an insight that went with its document.</returns>
    public async Task<IReadOnlyList<FactCorrection>> RecordAsync(TenantId tenant, ReviewRecord review, CancellationToken cancellationToken)
    {
        if (review is not { Status: ReviewStatus.Settled, Outcome: { Decision: ReviewDecision.Correct } outcome }
            || await records.FindAsync(InsightRecord.Container, tenant, review.SubjectId, cancellationToken) is not { Value: var insight })
        {
            return [];
        }

        var values = new Dictionary<string, decimal>(StringComparer.Ordinal);
        foreach (var correction in outcome.Corrections)
        {
            if (InsightReviews.FactOf(correction.Target) is { } fact)
            {
                values[fact] = decimal.Parse(correction.Value, NumberStyles.Float, CultureInfo.InvariantCulture);
            }
        }

        var comments = review.Verdicts.Select(verdict => verdict.Comment).OfType<string>().Distinct(StringComparer.Ordinal).ToList();
        var made = await corrections.CarryOutAsync(
            tenant, new CorrectionOrder(insight.DocumentId, review.Id, values, outcome.By, outcome.At, comments.Count == 0 ? null : string.Join("\n", comments)), cancellationToken);
        var reruns = made.Count == 0 ? [] : await RerunsAsync(tenant, insight.DocumentId, review.Id, cancellationToken);
        foreach (var correction in made)
        {
            if (await records.FindAsync(CorrectionReliance.Container, tenant, correction.Id, cancellationToken) is null)
            {
                await records.CreateOnceAsync(
                    CorrectionReliance.Container, tenant, correction.Id, await reliance.FindAsync(tenant, correction, reruns, cancellationToken), cancellationToken);
            }
        }

        return made;
    }

    /// <summary>Runs every kind of analysis that the document has had again, and tells those who relied on the old values.</summary>
    /// <param name="made">Of one review, as <see cref="RecordAsync"/> gave them.</param>
    public async Task FollowAsync(TenantId tenant, IReadOnlyList<FactCorrection> made, CancellationToken cancellationToken)
    {
        var known = new List<(FactCorrection Correction, CorrectionReliance Reliance)>();
        foreach (var correction in made)
        {
            if (await records.FindAsync(CorrectionReliance.Container, tenant, correction.Id, cancellationToken) is { Value: var relying })
            {
                known.Add((correction, relying));
            }
        }

        if (known.Count == 0)
        {
            return;
        }

        foreach (var rerun in known[0].Reliance.Reruns)
        {
            await RunAgainAsync(tenant, made, rerun, cancellationToken);
        }

        await notice.TellAsync(tenant, known, cancellationToken);
        if (await readings.AbsenceAsync(tenant, made[0].DocumentId, cancellationToken) is not null)
        {
            // Deleted meanwhile: what was written since goes, too.
            await alerts.RemoveAsync(tenant, made[0].DocumentId, cancellationToken);
            await own.RemoveAsync(tenant, made[0].DocumentId, cancellationToken);
        }
    }

    private async Task<IReadOnlyList<CorrectionRerun>> RerunsAsync(TenantId tenant, string documentId, string reviewId, CancellationToken cancellationToken)
    {
        var analyses = await AnalysesAsync(tenant, documentId, cancellationToken);
        return [.. AnalysisTypes.All.Where(type => analyses.Exists(analysis => analysis.AnalysisType == type))
            .Select(type => new CorrectionRerun(type, DeterministicId.Of("analysis", "correction", reviewId, type)))];
    }

    /// <summary>Asked for by the product, it is a run of its own whose timeline says why.</summary>
    private async Task RunAgainAsync(TenantId tenant, IReadOnlyList<FactCorrection> made, CorrectionRerun rerun, CancellationToken cancellationToken)
    {
        var (id, documentId, reviewId) = (rerun.AnalysisId, made[0].DocumentId, made[0].ReviewId);
        var ingestion = (await AnalysesAsync(tenant, documentId, cancellationToken)).FindAll(analysis => analysis.AnalysisType == rerun.AnalysisType)
            .MaxBy(analysis => (analysis.CreatedAt, analysis.Id))?.IngestionId;
        if (ingestion is null)
        {
            return;
        }

        await records.CreateOnceAsync(
            AnalysisRecord.Container, tenant, id,
            new AnalysisRecord(id, id, ingestion, documentId, rerun.AnalysisType, AnalysisStatus.Queued, null, null, 0, 0, [], null, time.GetUtcNow()), cancellationToken);
        await timeline.AppendAsync(tenant, id, new RunTimeline.Entry("queued", TimelineEventType.StepStarted, "queued", Payload: new
        {
            reason = made.Count == 1 ? $"correction of fact {made[0].FactId} by review {reviewId}" : $"correction of facts {string.Join(", ", made.Select(correction => correction.FactId))} by review {reviewId}",
            fact_ids = made.Select(correction => correction.FactId),
            review_id = reviewId,
        }), cancellationToken);
        await bus.SendAsync(
            InsightQueues.Analysis, TenantMessage.Create(tenant, $"analyze/{id}", new AnalysisRequest(tenant, id, id, ingestion, documentId, rerun.AnalysisType)), cancellationToken);
    }

    private async Task<List<AnalysisRecord>> AnalysesAsync(TenantId tenant, string documentId, CancellationToken cancellationToken) =>
        [.. (await records.AllAsync(AnalysisRecord.Container, tenant, [new RecordFilter("document_id", RecordOperator.Equal, documentId)], cancellationToken)).Select(item => item.Value)];
}
