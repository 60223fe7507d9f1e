using System.ComponentModel;
using CoreTaskFailedException = DurableTask.Core.Exceptions.TaskFailedException;

namespace Microsoft.DurableTask;

/// <summary>Retries with exponential backoff, bounded in number, interval and total time.</summary>
public class RetryPolicy
{
    /// <param name="maxNumberOfAttempts">All attempts, the first one included; at least 1.</param>
    /// <param name="firstRetryInterval">The delay before the second attempt; positive.</param>
    /// <param name="backoffCoefficient">The factor between one delay and the next; at least 1.</param>
    /// <param name="maxRetryInterval">The longest delay; one hour when null.</param>
    /// <param name="retryTimeout">No attempt begins later than this after the first; unlimited when null.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is outside its range.</exception>
    public RetryPolicy(
        int maxNumberOfAttempts,
        TimeSpan firstRetryInterval,
        double backoffCoefficient = 1.0,
        TimeSpan? maxRetryInterval = null,
        TimeSpan? retryTimeout = null)
    {
        Require(maxNumberOfAttempts > 0, nameof(maxNumberOfAttempts), maxNumberOfAttempts, "must be greater than zero");
        Require(firstRetryInterval > TimeSpan.Zero, nameof(firstRetryInterval), firstRetryInterval, "must be greater than zero");
        Require(!(backoffCoefficient < 1.0), nameof(backoffCoefficient), backoffCoefficient, "must be at least 1.0");
        RequireNotShorter(maxRetryInterval, firstRetryInterval, nameof(maxRetryInterval));
        RequireNotShorter(retryTimeout, firstRetryInterval, nameof(retryTimeout));
        MaxNumberOfAttempts = maxNumberOfAttempts;
        FirstRetryInterval = firstRetryInterval;
        BackoffCoefficient = backoffCoefficient;
        MaxRetryInterval = maxRetryInterval ?? TimeSpan.FromHours(1);
        RetryTimeout = retryTimeout ?? Timeout.InfiniteTimeSpan;
        Handle = _ => true;
    }

    public int MaxNumberOfAttempts { get; }

    public TimeSpan FirstRetryInterval { get; }

    public double BackoffCoefficient { get; }

    public TimeSpan MaxRetryInterval { get; }

    public TimeSpan RetryTimeout { get; }

    /// <summary>Whether a failure is retried. Engines call it, with the core exception that carries the failure's details.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public Func<Exception, bool> Handle { get; private init; }

    /// <summary>Decides from the failure's details whether another attempt is made, within the bounds above.</summary>
    public Func<TaskFailureDetails, bool> HandleFailure
    {
        init => Handle = exception => value(exception switch
        {
            CoreTaskFailedException { FailureDetails: { } details } => TaskFailureDetails.FromCore(details),
            _ => throw new InvalidOperationException("The failure handler of a retry policy needs an exception with failure details."),
        });
    }

    private static void RequireNotShorter(TimeSpan? value, TimeSpan first, string name) =>
        Require(!(value < first && value != Timeout.InfiniteTimeSpan), name, value, "must not be shorter than the first retry interval");

    private static void Require(bool holds, string name, object? value, string rule)
    {
        if (!holds)
        {
            throw new ArgumentOutOfRangeException(name, value, $"The value of {name} {rule}.");
        }
    }
}
