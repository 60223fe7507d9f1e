namespace Advisor.Kernel.Telemetry.Health;

public enum DependencyStatus
{
    Healthy,

    /// <summary>Part of the work cannot be done, or not as quickly.</summary>
    Degraded,

    Unhealthy,
}

/// <summary>Looks whether something that the product needs answers now. Register it, and <c>GET /health/dependencies</c> asks it.</summary>
public interface IDependencyProbe
{
    /// <summary>Kebab-case. A dependency of <see cref="Resilience.Dependencies"/> bears the name it has there, and shows its circuit too.</summary>
    string Name { get; }

    /// <summary>Asks once, cheaply and without effect. Throwing means unhealthy; the message stays inside, only the exception's type is shown.</summary>
    /// <param name="cancellationToken">Ends after two seconds, and that is unhealthy as well.</param>
    Task<DependencyStatus> ProbeAsync(CancellationToken cancellationToken);
}
