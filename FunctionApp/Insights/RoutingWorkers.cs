using Advisor.Kernel.Messaging;
using Advisor.Kernel.Records;
using Advisor.Kernel.Reviews;
using Advisor.Kernel.Tenancy;
using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker;

namespace Advisor.Insights;

/// <summary>What becomes of an insight after its band is known.</summary>
public sealed class RoutingWorkers(IRecordStore records, SummaryWriter summaries, DocumentInsights derived, ReviewDesk reviews, TimeProvider time)
{
    [Function("GenerateSummaryWorker")]
    public Task SummariseAsync([ServiceBusTrigger(InsightQueues.High)] ServiceBusReceivedMessage message, ServiceBusMessageActions actions, CancellationToken cancellationToken) =>
        message.HandleAsync<InsightRouted>(
            actions,
            async (tenant, routed) =>
            {
                await summaries.RebuildAsync(tenant, routed.DocumentId, cancellationToken);
                await SampleAsync(tenant, routed, cancellationToken);
                await derived.SettleAsync(tenant, routed.DocumentId, cancellationToken);
            },
            cancellationToken);

    [Function("RequestApprovalWorker")]
    public Task RequestApprovalAsync([ServiceBusTrigger(InsightQueues.Medium)] ServiceBusReceivedMessage message, ServiceBusMessageActions actions, CancellationToken cancellationToken) =>
        message.HandleAsync<InsightRouted>(actions, (tenant, routed) => OpenReviewAsync(tenant, routed, ReviewDepth.Approval, cancellationToken), cancellationToken);

    [Function("EscalateReviewWorker")]
    public Task EscalateAsync([ServiceBusTrigger(InsightQueues.Low)] ServiceBusReceivedMessage message, ServiceBusMessageActions actions, CancellationToken cancellationToken) =>
        message.HandleAsync<InsightRouted>(actions, (tenant, routed) => OpenReviewAsync(tenant, routed, ReviewDepth.Full, cancellationToken), cancellationToken);

    /// <summary>It is released all the same; whoever reviews it is not told that it was.</summary>
    private async Task SampleAsync(TenantId tenant, InsightRouted routed, CancellationToken cancellationToken)
    {
        if (await records.FindAsync(InsightRecord.Container, tenant, routed.InsightId, cancellationToken) is { Value: { Sampled: true } insight })
        {
            await OpenAsync(tenant, insight, ReviewDepth.Full, blind: true, cancellationToken);
        }
    }

    private async Task OpenReviewAsync(TenantId tenant, InsightRouted routed, ReviewDepth depth, CancellationToken cancellationToken)
    {
        if (await records.FindAsync(InsightRecord.Container, tenant, routed.InsightId, cancellationToken) is not { Value: var insight })
        {
            // It went with its document.
            return;
        }

        await OpenAsync(tenant, insight, depth, blind: false, cancellationToken);
    }

    /// <summary>A newer analysis, a failure or a deletion may have withdrawn the insight's reviews before there was one: whoever comes last looks again.</summary>
    private async Task OpenAsync(TenantId tenant, InsightRecord insight, ReviewDepth depth, bool blind, CancellationToken cancellationToken)
    {
        if (insight.Status is InsightStatus.Superseded or InsightStatus.Held)
        {
            return;
        }

        await reviews.OpenAsync(tenant, InsightReviews.Of(insight, depth, time.GetUtcNow(), blind), cancellationToken);
        await InsightReviews.SettleAsync(records, reviews, tenant, insight.Id, cancellationToken);
    }
}
