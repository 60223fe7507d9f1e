using Advisor.Kernel.Tenancy;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace Advisor.Kernel.Reviews;

/// <summary>A review to be waited for. What it is about lies in its record.</summary>
public sealed record ReviewRun(TenantId Tenant, string ReviewId);

/// <summary>
/// The runbook of a review: wait for whoever acts, remind, escalate along the chain, and end in a verdict or in the default. Started by itself, or by a
/// workflow as a sub-orchestration with the instance id <see cref="ReviewRecord.InstanceOf"/>, whose result it is.
/// </summary>
public static class ReviewOrchestrator
{
    /// <summary>After so many waits the history begins afresh.</summary>
    private const int MostWaits = 20;

    /// <summary>Between two rounds of attempts while something that is needed is out of order: a review outlives every outage.</summary>
    private static readonly TimeSpan s_outage = TimeSpan.FromMinutes(30);

    private static readonly TaskOptions s_retry = TaskOptions.FromRetryPolicy(
        new RetryPolicy(maxNumberOfAttempts: 10, firstRetryInterval: TimeSpan.FromSeconds(2), backoffCoefficient: 3, maxRetryInterval: TimeSpan.FromMinutes(30)));

    [Function(nameof(ReviewOrchestrator))]
    public static async Task<ReviewEnded?> RunAsync([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var run = context.GetInput<ReviewRun>() ?? throw new InvalidOperationException("The review has no input.");
        var wait = await UntilDoneAsync<ReviewWait?>(context, nameof(ReviewActivities.AdvanceReview), run);
        for (var waits = 0; wait is not null; waits++)
        {
            if (waits == MostWaits)
            {
                context.ContinueAsNew(run);
                return null;
            }

            await UntilAsync(context, wait);
            wait = await UntilDoneAsync<ReviewWait?>(context, nameof(ReviewActivities.AdvanceReview), run);
        }

        return await UntilDoneAsync<ReviewEnded?>(context, nameof(ReviewActivities.EndReview), run);
    }

    private static async Task<T> UntilDoneAsync<T>(TaskOrchestrationContext context, string activity, ReviewRun run)
    {
        while (true)
        {
            try
            {
                return await context.CallActivityAsync<T>(activity, run, s_retry);
            }
            catch (TaskFailedException)
            {
                // The host's log has the fault.
                await context.CreateTimer(s_outage, CancellationToken.None);
            }
        }
    }

    /// <summary>Until somebody acts in this round, or its time has come.</summary>
    private static async Task UntilAsync(TaskOrchestrationContext context, ReviewWait wait)
    {
        using var over = new CancellationTokenSource();
        var due = context.CreateTimer(wait.At.UtcDateTime, over.Token);
        var acted = context.WaitForExternalEvent<object?>(ReviewRecord.EventOf(wait.Round), over.Token);
        await Task.WhenAny(acted, due);

        // Not CancelAsync: that tells those who listen on another thread.
        over.Cancel();
    }
}
