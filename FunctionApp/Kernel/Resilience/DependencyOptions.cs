using Microsoft.Extensions.Options;

namespace Advisor.Kernel.Resilience;

/// <summary>How calls of one dependency are bounded, repeated and held back, section <c>Resilience:{dependency}</c>. The defaults are given in docs/resilience.md.</summary>
public sealed class DependencyOptions
{
    /// <summary>Calls under way at once; more wait for a place.</summary>
    public int MaxConcurrency { get; set; } = 64;

    /// <summary>How long a request waits for a place before it is told to come again; background work waits as long as it takes.</summary>
    public TimeSpan QueueTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Longest time of one attempt; a driver that does not look at its cancellation token is not cut short.</summary>
    public TimeSpan AttemptTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Attempts after the first, for transient faults.</summary>
    public int MaxRetries { get; set; } = 3;

    /// <summary>Before the first retry; doubled each time, with jitter.</summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The part of attempts that fail, from which the circuit opens.</summary>
    public double FailureRatio { get; set; } = 0.5;

    /// <summary>Attempts within the window below which the ratio says nothing. No more than one call makes, so that a lone call that fails all its attempts opens the circuit.</summary>
    public int MinimumThroughput { get; set; } = 4;

    /// <summary>The window over which the ratio is taken.</summary>
    public TimeSpan SamplingDuration { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long the circuit stays open the first time; doubled each time its trial fails, up to a minute.</summary>
    public TimeSpan BreakDuration { get; set; } = TimeSpan.FromSeconds(5);
}

/// <summary>Settings of all dependencies, section <c>Resilience</c>.</summary>
public sealed class ResilienceOptions
{
    /// <summary>How long background work waits for a circuit to close before it fails: less than the hour for which a message's lock is renewed.</summary>
    public TimeSpan Patience { get; set; } = TimeSpan.FromMinutes(55);
}

internal sealed class ResilienceValidator : IValidateOptions<DependencyOptions>, IValidateOptions<ResilienceOptions>
{
    public ValidateOptionsResult Validate(string? name, DependencyOptions options)
    {
        var section = $"Resilience:{name}";
        List<string> failures = [];
        Require(options.MaxConcurrency is >= 1 and <= 10_000, "MaxConcurrency must be from 1 to 10000.");
        Require(Within(options.QueueTimeout, TimeSpan.Zero, TimeSpan.FromMinutes(5)), "QueueTimeout must be from 00:00:00 to 00:05:00.");
        Require(Within(options.AttemptTimeout, TimeSpan.FromMilliseconds(10), TimeSpan.FromHours(1)), "AttemptTimeout must be from 00:00:00.010 to 01:00:00.");
        Require(options.MaxRetries is >= 0 and <= 10, "MaxRetries must be from 0 to 10.");
        Require(Within(options.RetryDelay, TimeSpan.Zero, TimeSpan.FromMinutes(1)), "RetryDelay must be from 00:00:00 to 00:01:00.");
        Require(options.FailureRatio is > 0 and <= 1, "FailureRatio must be above 0 and at most 1.");
        Require(options.MinimumThroughput is >= 2 and <= 1_000, "MinimumThroughput must be from 2 to 1000.");
        Require(Within(options.SamplingDuration, TimeSpan.FromMilliseconds(500), TimeSpan.FromMinutes(10)), "SamplingDuration must be from 00:00:00.500 to 00:10:00.");
        Require(Within(options.BreakDuration, TimeSpan.FromMilliseconds(500), TimeSpan.FromMinutes(1)), "BreakDuration must be from 00:00:00.500 to 00:01:00.");
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);

        void Require(bool holds, string rule)
        {
            if (!holds)
            {
                failures.Add($"{section}:{rule}");
            }
        }
    }

    public ValidateOptionsResult Validate(string? name, ResilienceOptions options) => Within(options.Patience, TimeSpan.Zero, TimeSpan.FromMinutes(59))
        ? ValidateOptionsResult.Success
        : ValidateOptionsResult.Fail("Resilience:Patience must be from 00:00:00 to 00:59:00: a message's lock is renewed for an hour.");

    private static bool Within(TimeSpan value, TimeSpan least, TimeSpan most) => value >= least && value <= most;
}
