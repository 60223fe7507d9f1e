namespace Advisor.Kernel.Resilience;

/// <summary>A dependency does not answer: its circuit is open, its places are taken, or a call failed through all its attempts.</summary>
/// <param name="retryAfter">When to try again.</param>
public sealed class DependencyUnavailableException(string dependency, TimeSpan retryAfter, Exception? cause = null)
    : Exception($"The dependency '{dependency}' does not answer.", cause)
{
    public string Dependency { get; } = dependency;

    /// <summary>At least a second: what is left of the break where the circuit is open.</summary>
    public TimeSpan RetryAfter { get; } = retryAfter > TimeSpan.FromSeconds(1) ? retryAfter : TimeSpan.FromSeconds(1);
}
