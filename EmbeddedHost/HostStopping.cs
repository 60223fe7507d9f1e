namespace Advisor.Embedded;

/// <summary>The two moments of a stop: no new work from now on, and then the end of patience with what still runs.</summary>
internal sealed class HostStopping : IDisposable
{
    private readonly CancellationTokenSource _requested = new();
    private readonly CancellationTokenSource _overdue = new();

    /// <summary>Take no new work.</summary>
    public CancellationToken Requested => _requested.Token;

    /// <summary>Running work must end now: the time that a stop gives it is over.</summary>
    public CancellationToken Overdue => _overdue.Token;

    /// <summary>Begins the stop; running work is cancelled after <paramref name="patience"/>.</summary>
    public void Request(TimeSpan patience)
    {
        // Real time on purpose: a stop is bounded even where a test holds the host's clock still.
        _overdue.CancelAfter(patience);
        _requested.Cancel();
    }

    public void Dispose()
    {
        _requested.Dispose();
        _overdue.Dispose();
    }
}
