using Advisor.Kernel.Resilience;

namespace Advisor.Kernel.Telemetry.Health;

/// <summary>A dependency as it was found.</summary>
/// <param name="LatencyMs">Of the probe; null where nothing is probed.</param>
/// <param name="Circuit">closed, open or half_open; null where it has none.</param>
/// <param name="LastError">The type of the last fault, of a call or of the probe; never its message, which may hold addresses or data.</param>
public sealed record DependencyReport(
    string Name, DependencyStatus Status, double? LatencyMs, CircuitStatus? Circuit, string? LastError, DateTimeOffset? LastErrorAt);

/// <param name="Status">That of the worst.</param>
public sealed record HealthReport(DependencyStatus Status, DateTimeOffset CheckedAt, IReadOnlyList<DependencyReport> Dependencies)
{
    public HealthReport With(IReadOnlyList<DependencyReport> more) => this with
    {
        Status = more.Select(report => report.Status).Append(Status).Max(),
        Dependencies = [.. Dependencies, .. more],
    };
}

/// <summary>Asks all probes side by side.</summary>
/// <remarks>An answer holds for <see cref="ValidFor"/>, so that asking often costs the dependencies nothing.</remarks>
public sealed class DependencyHealth(IEnumerable<IDependencyProbe> probes, Dependencies dependencies, TimeProvider time) : IDisposable
{
    public static readonly TimeSpan ProbeTimeout = TimeSpan.FromSeconds(2);

    public static readonly TimeSpan ValidFor = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _asking = new(1);
    private readonly IDependencyProbe[] _probes = [.. probes.OrderBy(probe => probe.Name, StringComparer.Ordinal)];
    private volatile HealthReport? _last;

    public async Task<HealthReport> CheckAsync(CancellationToken cancellationToken)
    {
        await _asking.WaitAsync(cancellationToken);
        try
        {
            if (_last is not { } last || time.GetUtcNow() - last.CheckedAt >= ValidFor)
            {
                // Not the caller's cancellation: the answer is for all who ask within its time.
                var reports = await Task.WhenAll(_probes.Select(AskAsync));
                _last = last = new HealthReport(reports.Select(report => report.Status).DefaultIfEmpty().Max(), time.GetUtcNow(), reports);
            }

            return last;
        }
        finally
        {
            _asking.Release();
        }
    }

    public void Dispose() => _asking.Dispose();

    private async Task<DependencyReport> AskAsync(IDependencyProbe probe)
    {
        var started = time.GetTimestamp();
        DependencyStatus status;
        string? error = null;
        using var limit = new CancellationTokenSource(ProbeTimeout, time);
        try
        {
            // A probe that blocks, as a synchronous driver does, must not hold up the others, nor outstay the limit.
            status = await Task.Run(() => probe.ProbeAsync(limit.Token), CancellationToken.None).WaitAsync(ProbeTimeout, time, CancellationToken.None);
            if (limit.IsCancellationRequested)
            {
                // A probe that comes back because it was told to has not heard from what it asked.
                throw new TimeoutException();
            }
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            (status, error) = (DependencyStatus.Unhealthy, fault.GetType().Name);
        }

        var latency = time.GetElapsedTime(started).TotalMilliseconds;
        var dependency = dependencies.Find(probe.Name);
        if (dependency?.Circuit is CircuitStatus.Open or CircuitStatus.HalfOpen && status == DependencyStatus.Healthy)
        {
            // It answers again, and calls are still held back.
            status = DependencyStatus.Degraded;
        }

        return new DependencyReport(
            probe.Name, status, Math.Round(latency, 3), dependency?.Circuit,
            error ?? dependency?.LastError?.Kind, error is null ? dependency?.LastError?.At : time.GetUtcNow());
    }
}
