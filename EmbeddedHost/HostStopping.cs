using Microsoft.Extensions.Hosting;

namespace Advisor.Embedded;

/// <summary>The two moments of a stop: no new work from now on, and then the end of patience with what still runs.</summary>
internal sealed class HostStopping : IDisposable
{
    private readonly CancellationTokenSource _overdue = new();
    private readonly CancellationTokenRegistration _registration;

    /// <param name="patience">From the request to stop until running work is cancelled.</param>
    public HostStopping(IHostApplicationLifetime lifetime, TimeSpan patience)
    {
        Requested = lifetime.ApplicationStopping;

        // Real time on purpose: a stop is bounded even where a test holds the host's clock still.
        _registration = Requested.Register(() => _overdue.CancelAfter(patience));
    }

    /// <summary>Take no new work.</summary>
    public CancellationToken Requested { get; }

    /// <summary>Running work must end now: the time that a stop gives it is over.</summary>
    public CancellationToken Overdue => _overdue.Token;

    public void Dispose()
    {
        _registration.Dispose();
        _overdue.Dispose();
    }
}
