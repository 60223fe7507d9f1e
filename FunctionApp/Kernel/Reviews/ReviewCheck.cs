using Advisor.Kernel.Messaging;
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
    /// <param name="at">When to look; null for at once.</param>
    public static BusMessage Message(TenantId tenant, string reviewId, int round, DateTimeOffset? at = null) =>
        TenantMessage.Create(tenant, $"review/{reviewId}/{round}{(at is null ? "" : "/later")}", new ReviewCheck(reviewId, round)) with { ScheduledAt = at };
}

/// <summary>Starts the orchestration of a review, and wakes it where whoever changed the review did not come to.</summary>
/// <remarks>
/// A verdict is stored first and its event raised second. A process that dies in between has sent this message before both, to arrive after them: no verdict waits
/// for a timer hours away.
/// </remarks>
public static class ReviewCheckWorker
{
    [Function("WakeReviewWorker")]
    public static Task WakeAsync(
        [ServiceBusTrigger(ReviewQueues.Checks)] ServiceBusReceivedMessage message, ServiceBusMessageActions actions, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken) =>
        message.HandleAsync<ReviewCheck>(
            actions,
            async (tenant, check) =>
            {
                var instance = ReviewRecord.InstanceOf(check.ReviewId);
                if (await client.GetInstanceAsync(instance, cancellationToken) is { } known)
                {
                    if (check.Round > 0 && !known.IsCompleted)
                    {
                        await client.RaiseEventAsync(instance, ReviewRecord.EventOf(check.Round - 1), eventPayload: null, cancellationToken);
                    }

                    return;
                }

                var options = new StartOrchestrationOptions(instance) { Tags = new Dictionary<string, string> { ["tenant"] = tenant.Value } };
                await client.ScheduleNewOrchestrationInstanceAsync(nameof(ReviewOrchestrator), new ReviewRun(tenant, check.ReviewId), options, cancellationToken);
            },
            cancellationToken);
}
