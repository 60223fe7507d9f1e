using Advisor.Kernel.Messaging;
using Advisor.Kernel.Records;
using Advisor.Kernel.Tenancy;
using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Advisor.Kernel.Reviews;

/// <summary>The kernel's own queue of reviews.</summary>
public static class ReviewQueues
{
    public const string Checks = "review-checks-queue";
}

/// <summary>Somebody is about to change a review, or has: its orchestration is to look.</summary>
/// <param name="Round">That the change leaves behind.</param>
public sealed record ReviewCheck(string ReviewId, int Round)
{
    /// <summary>To be looked at once it is open.</summary>
    public static BusMessage Opened(TenantId tenant, string reviewId) => TenantMessage.Create(tenant, $"review/{reviewId}/opened", new ReviewCheck(reviewId, 0));

    /// <summary>To be looked at after a change. Each attempt at one sends its own: a look too many is harmless, one that is dropped as another's duplicate is not.</summary>
    public static BusMessage Changing(TenantId tenant, string reviewId, int round, DateTimeOffset at) =>
        TenantMessage.Create(tenant, $"review/{reviewId}/{round}/{Guid.NewGuid():N}", new ReviewCheck(reviewId, round)) with { ScheduledAt = at };
}

/// <summary>Starts the orchestration of a review, and wakes it where whoever changed the review did not come to.</summary>
/// <remarks>
/// A verdict is stored first and its event raised second. A process that dies in between has sent this message before both, to arrive after them: no verdict waits
/// for a timer hours away.
/// </remarks>
public sealed class ReviewCheckWorker(IRecordStore records)
{
    [Function("WakeReviewWorker")]
    public Task WakeAsync(
        [ServiceBusTrigger(ReviewQueues.Checks)] ServiceBusReceivedMessage message, ServiceBusMessageActions actions, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken) =>
        message.HandleAsync<ReviewCheck>(
            actions,
            async (tenant, check) =>
            {
                var instance = ReviewRecord.InstanceOf(check.ReviewId);
                var known = await client.GetInstanceAsync(instance, cancellationToken);
                if (known is { IsCompleted: false })
                {
                    if (check.Round > 0)
                    {
                        await client.RaiseEventAsync(instance, ReviewRecord.EventOf(check.Round - 1), eventPayload: null, cancellationToken);
                    }

                    return;
                }

                // One that was ended from outside, or quarantined, begins again: the record says where.
                var review = await records.FindAsync(ReviewRecord.Container, tenant, check.ReviewId, cancellationToken);
                if (review is null || (known is { RuntimeStatus: OrchestrationRuntimeStatus.Completed } && review.Value.IsOver))
                {
                    return;
                }

                var options = new StartOrchestrationOptions(instance) { Tags = new Dictionary<string, string> { ["tenant"] = tenant.Value } };
                await client.ScheduleNewOrchestrationInstanceAsync(nameof(ReviewOrchestrator), new ReviewRun(tenant, check.ReviewId), options, cancellationToken);
            },
            cancellationToken);
}
