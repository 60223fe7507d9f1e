namespace Advisor.Kernel.Confidence;

/// <summary>A reviewer's verdict, as evidence for or against a threshold.</summary>
/// <param name="Raw">The raw score: calibration moves with verdicts, and evidence gathered for one threshold must stay evidence for the same claims.</param>
/// <param name="Sampled">
/// A person would have judged this claim whatever its score: nothing was being released then, or its coin chose it (<see cref="BlindSample"/>). Only such verdicts count for the budget; the others are of low scores alone.
/// </param>
public sealed record Judged(Score Raw, bool Correct, bool Sampled);

/// <summary>A tenant's promise to itself: at most this share wrong among what is released without a person.</summary>
public sealed record ErrorBudget
{
    public const decimal Least = 0.005m;

    public const decimal Most = 0.20m;

    /// <exception cref="ArgumentException">See <see cref="FaultOf"/>.</exception>
    public ErrorBudget(decimal share, decimal confidence = 0.95m)
    {
        if (FaultOf(share, confidence) is { } fault)
        {
            throw new ArgumentException(fault, fault.Contains("confidence", StringComparison.Ordinal) ? nameof(confidence) : nameof(share));
        }

        (Share, Confidence) = (share, confidence);
    }

    /// <summary>From 0.005 to 0.20.</summary>
    public decimal Share { get; }

    /// <summary>How sure: the chance that, from one start to the next stop, no threshold above the budget is ever in force. From 0.80 to 0.99.</summary>
    public decimal Confidence { get; }

    /// <summary>What is wrong with a budget, in one sentence; null when nothing is.</summary>
    public static string? FaultOf(decimal share, decimal confidence) => (share, confidence) switch
    {
        ( < Least or > Most, _) => "An error budget is from 0.005 (0.5 %) to 0.20 (20 %).",
        (_, < 0.80m or > 0.99m) => "The confidence of an error budget is from 0.80 to 0.99.",
        _ => null,
    };

    /// <summary>The looks at each candidate threshold.</summary>
    public AcceptancePlan Plan() => new(Share, 1 - Confidence);
}
