using Microsoft.DurableTask;

namespace Advisor.Embedded.Durable;

/// <summary>Repeats a failed call by its policy or handler. It is orchestrator code: its delays are durable timers, so it replays.</summary>
internal static class CallRetries
{
    /// <summary>The longest delay an unlimited policy can grow to.</summary>
    private static readonly TimeSpan LongestDelay = TimeSpan.FromDays(36_500);

    public static async Task<T> RunAsync<T>(TaskOrchestrationContext context, TaskRetryOptions? retry, Func<Task<T>> call)
    {
        var begun = context.CurrentUtcDateTime;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await call();
            }
            catch (TaskFailedException failed) when (retry is not null && !Failures.IsPermanent(failed.FailureDetails))
            {
                if (retry.Handler is { } handler)
                {
                    var question = new RetryContext(
                        context, attempt, failed.FailureDetails, context.CurrentUtcDateTime - begun, CancellationToken.None);
                    if (!await handler(question))
                    {
                        throw;
                    }
                }
                else if (attempt == retry.Policy!.MaxNumberOfAttempts)
                {
                    // The worker sets a timer that is due at once after the last attempt: it once waited here, and histories made then must still
                    // fit. So must ours, for the timer takes a number, and the numbers of later calls stand in histories and failures.
                    await context.CreateTimer(context.CurrentUtcDateTime, CancellationToken.None);
                    throw;
                }
                else if (DelayAfter(attempt, context.CurrentUtcDateTime - begun, failed.FailureDetails, retry.Policy) is { } delay)
                {
                    await context.CreateTimer(context.CurrentUtcDateTime.Add(delay), CancellationToken.None);
                }
                else
                {
                    throw;
                }
            }
        }
    }

    /// <summary>How long to wait before the attempt after number <paramref name="attempt"/>; null when there is none.</summary>
    internal static TimeSpan? DelayAfter(int attempt, TimeSpan elapsed, TaskFailureDetails failure, RetryPolicy policy)
    {
        if (attempt >= policy.MaxNumberOfAttempts
            || (policy.RetryTimeout != Timeout.InfiniteTimeSpan && elapsed >= policy.RetryTimeout)
            || !Accepts(policy, failure))
        {
            return null;
        }

        var cap = policy.MaxRetryInterval == Timeout.InfiniteTimeSpan ? LongestDelay : policy.MaxRetryInterval;
        var milliseconds = policy.FirstRetryInterval.TotalMilliseconds * Math.Pow(policy.BackoffCoefficient, attempt - 1);
        return milliseconds < cap.TotalMilliseconds ? TimeSpan.FromMilliseconds(milliseconds) : cap;
    }

    private static bool Accepts(RetryPolicy policy, TaskFailureDetails failure)
    {
        try
        {
            return policy.Handle(Failures.ToCoreException(failure));
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            // A predicate that throws must not hide the failure it was asked about.
            return false;
        }
    }
}
