using Polly;
using Polly.CircuitBreaker;

namespace Advisor.Kernel.Resilience;

public enum CircuitStatus
{
    Closed,

    /// <summary>Calls are refused until the break is over.</summary>
    Open,

    /// <summary>One call is let through to see whether the dependency answers again.</summary>
    HalfOpen,
}

/// <summary>The state of a dependency's circuit, and the wait for its end. Safe for threads.</summary>
internal sealed class Circuit(TimeProvider time)
{
    /// <summary>A break is never longer, so that work that waits is not kept long after the dependency is back.</summary>
    private static readonly TimeSpan s_longestBreak = TimeSpan.FromMinutes(1);

    private TaskCompletionSource _changed = NewSignal();
    private long _reopensAt;
    private volatile CircuitStatus _status;

    public CircuitStatus Status => _status;

    /// <summary>What is left of the break; zero when there is none.</summary>
    public TimeSpan Remaining => _status == CircuitStatus.Closed ? TimeSpan.Zero
        : new TimeSpan(Math.Max(0, Interlocked.Read(ref _reopensAt) - time.GetUtcNow().UtcTicks));

    /// <summary>The breaker that drives this state.</summary>
    /// <param name="opened">Called with the length of the break.</param>
    /// <param name="closed">Called when it has closed again.</param>
    public CircuitBreakerStrategyOptions Breaker(DependencyOptions options, Action<TimeSpan> opened, Action closed) => new()
    {
        FailureRatio = options.FailureRatio,
        MinimumThroughput = options.MinimumThroughput,
        SamplingDuration = options.SamplingDuration,
        BreakDurationGenerator = arguments => new ValueTask<TimeSpan>(BreakAfter(options.BreakDuration, arguments.HalfOpenAttempts)),
        ShouldHandle = static arguments => new ValueTask<bool>(arguments.Outcome.Exception is { } fault && TransientFaults.Is(fault)),
        OnOpened = arguments =>
        {
            Interlocked.Exchange(ref _reopensAt, (time.GetUtcNow() + arguments.BreakDuration).UtcTicks);
            Change(CircuitStatus.Open);
            opened(arguments.BreakDuration);
            return default;
        },
        OnHalfOpened = _ =>
        {
            Change(CircuitStatus.HalfOpen);
            return default;
        },
        OnClosed = _ =>
        {
            Change(CircuitStatus.Closed);
            closed();
            return default;
        },
    };

    /// <summary>Taken before a call, so that a change during the call ends the wait after it.</summary>
    public Task NextChange => Volatile.Read(ref _changed).Task;

    /// <summary>Waits for the next change or for the end of the break, whichever comes first.</summary>
    /// <param name="changed">The <see cref="NextChange"/> taken before the call that was refused.</param>
    public async Task WaitAsync(Task changed, TimeSpan most, CancellationToken cancellationToken)
    {
        var remaining = Remaining;
        if (_status == CircuitStatus.HalfOpen && remaining == TimeSpan.Zero)
        {
            // Somebody's trial is under way and ends in a change; the bound is for a trial that never ends.
            remaining = s_longestBreak;
        }

        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);

        // Timers count whole milliseconds: one more makes sure that the break is over when it rings.
        await Task.WhenAny(changed, Task.Delay((remaining < most ? remaining : most) + TimeSpan.FromMilliseconds(1), time, ended.Token));
        await ended.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
    }

    internal static TimeSpan BreakAfter(TimeSpan first, int failedTrials)
    {
        var length = first * Math.Pow(2, Math.Min(failedTrials, 10));
        return length < s_longestBreak ? length : s_longestBreak;
    }

    private void Change(CircuitStatus status)
    {
        _status = status;
        Interlocked.Exchange(ref _changed, NewSignal()).SetResult();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
