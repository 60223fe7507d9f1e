namespace Advisor.Kernel.Confidence;

/// <summary>What happens to a claim, from strict to lenient; a higher value is more lenient.</summary>
public enum Band
{
    /// <summary>Full review.</summary>
    Low,

    /// <summary>One-click approval.</summary>
    Medium,

    /// <summary>Published.</summary>
    High,
}

/// <summary>A tenant's thresholds, both inclusive.</summary>
public sealed record BandPolicy
{
    /// <exception cref="ArgumentException">A threshold is not above 0 and at most 1, or medium is not below high.</exception>
    public BandPolicy(decimal high, decimal medium)
    {
        if (FaultOf(high, medium) is { } fault)
        {
            throw new ArgumentException(fault, medium >= high && high is > 0 and <= 1 ? nameof(medium) : nameof(high));
        }

        (High, Medium) = (high, medium);
    }

    /// <summary>High from 0.85, medium from 0.60.</summary>
    public static BandPolicy Default { get; } = new(0.85m, 0.60m);

    public decimal High { get; }

    public decimal Medium { get; }

    /// <summary>What is wrong with two thresholds, in one sentence; null when nothing is.</summary>
    public static string? FaultOf(decimal high, decimal medium) => (high, medium) switch
    {
        ( <= 0 or > 1, _) => "The high threshold must be above 0 and at most 1.",
        (_, <= 0 or > 1) => "The medium threshold must be above 0 and at most 1.",
        _ when medium >= high => "The medium threshold must be below the high one.",
        _ => null,
    };

    /// <summary>The band of a score: from a threshold up, the threshold included.</summary>
    public Band BandOf(Score score) =>
        score.Value >= High ? Band.High : score.Value >= Medium ? Band.Medium : Band.Low;
}
