using Advisor.Insights.Corrections;
using Advisor.Kernel.Audit;
using Advisor.Kernel.Messaging;
using Advisor.Kernel.Records;
using Advisor.Kernel.Reviews;
using Advisor.Kernel.Tenancy;
using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker;

namespace Advisor.Insights;

/// <summary>What people decided on an insight, as it keeps it.</summary>
/// <param name="Decision">Null where nobody decided.</param>
/// <param name="By">User ids, in the order of their verdicts.</param>
public sealed record InsightVerdict(string ReviewId, ReviewDecision? Decision, IReadOnlyList<string> By, DateTimeOffset At);

/// <summary>Carries out what was decided on insights.</summary>
public sealed class InsightVerdicts(IRecordStore records, SummaryWriter summaries, DocumentInsights derived, InsightCorrections corrections, IAuditLog audit)
{
    private const int MaxAttempts = 50;

    [Function("ApplyVerdictWorker")]
    public Task ApplyAsync([ServiceBusTrigger(InsightQueues.Verdicts)] ServiceBusReceivedMessage message, ServiceBusMessageActions actions, CancellationToken cancellationToken) =>
        message.HandleAsync<ReviewEnded>(actions, (tenant, ended) => ApplyAsync(tenant, ended, cancellationToken), cancellationToken);

    internal async Task ApplyAsync(TenantId tenant, ReviewEnded ended, CancellationToken cancellationToken)
    {
        if (await records.FindAsync(ReviewRecord.Container, tenant, ended.ReviewId, cancellationToken) is not { Value: { Outcome: { } outcome } review })
        {
            return;
        }

        var corrected = await corrections.RecordAsync(tenant, review, cancellationToken);
        for (var attempt = 1; ; attempt++)
        {
            if (await records.FindAsync(InsightRecord.Container, tenant, ended.SubjectId, cancellationToken) is not { } stored)
            {
                // It went with its document.
                return;
            }

            var verdict = new InsightVerdict(review.Id, outcome.Decision, outcome.By, outcome.At);
            var decided = stored.Value with { Status = StatusAfter(stored.Value.Status, review), Verdict = verdict };
            try
            {
                // Written down before it is done: nothing is released that the log does not know of.
                await audit.AppendAsync(InsightAudit.Decided(tenant, decided), cancellationToken);
                if (stored.Value.Verdict?.ReviewId != review.Id)
                {
                    await records.PutAsync(InsightRecord.Container, tenant, stored.Id, decided, stored.ETag, cancellationToken);
                }

                break;
            }
            catch (RecordConflictException) when (attempt < MaxAttempts)
            {
                // A newer analysis superseded it meanwhile, or its document moved to another company.
            }
        }

        var documentId = (await records.FindAsync(InsightRecord.Container, tenant, ended.SubjectId, cancellationToken))?.Value.DocumentId;
        if (documentId is not null)
        {
            await corrections.FollowAsync(tenant, corrected, cancellationToken);
            await summaries.RebuildAsync(tenant, documentId, cancellationToken);
            await derived.SettleAsync(tenant, documentId, cancellationToken);
        }
    }

    /// <summary>Nothing is released but by a verdict that says so; what a newer analysis has replaced stays history.</summary>
    internal static InsightStatus StatusAfter(InsightStatus now, ReviewRecord review) => (now, review.Status, review.Outcome?.Decision) switch
    {
        (InsightStatus.Superseded, _, _) => InsightStatus.Superseded,
        (_, ReviewStatus.Settled, ReviewDecision.Approve) => InsightStatus.Published,
        (_, ReviewStatus.Settled, ReviewDecision.Correct) => InsightStatus.Corrected,
        (_, ReviewStatus.Settled, ReviewDecision.Reject) => InsightStatus.Rejected,
        (InsightStatus.Published, _, _) => InsightStatus.Published,
        (_, ReviewStatus.Expired, _) => InsightStatus.Held,
        _ => now,
    };
}
