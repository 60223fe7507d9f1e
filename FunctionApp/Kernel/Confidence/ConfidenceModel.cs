namespace Advisor.Kernel.Confidence;

/// <summary>Combines signals into one raw score: a logarithmic opinion pool with caps.</summary>
/// <remarks>
/// The pool is the weighted mean of the signals' log-odds (Genest and Zidek, Combining Probability Distributions, Statistical Science 1(1), 1986),
/// each signal first held within [0.01, 0.99]; an unknown one counts with its prior. Weights sum to one.
/// <code>
/// signal      weight  prior when unknown
/// grounding   0.25    0.50   nobody looked whether the number is there
/// reading     0.15    0.70   readers that state no confidence are good, not perfect
/// agreement   0.25    0.55   no second reader: hardly better than even
/// proof       0.25    0.55   no proof touches the facts: hardly better than even
/// model       0.05    0.50   a model's opinion of itself says little
/// history     0.05    0.50   no verdicts yet
/// </code>
/// Then the score is held down by what no other signal can make good: a failed proof (proof below 1) to 0.35, unknown grounding to 0.50,
/// known grounding to its own value. The score never falls when a known signal rises. Weights, priors and caps were set by judgement, not fitted;
/// calibration on verdicts is what makes the score a probability.
/// </remarks>
public static class ConfidenceModel
{
    /// <summary>Semantic version of weights, priors and caps; kept with every score.</summary>
    public const string Version = "1.0.0";

    /// <summary>Highest raw score with a failed proof.</summary>
    public static Score FailedProofCap { get; } = new(0.35m);

    /// <summary>Highest raw score with unknown grounding.</summary>
    public static Score UnknownGroundingCap { get; } = new(0.50m);

    /// <summary>The raw score, rounded to six decimals, and the caps that held it down.</summary>
    public static RawConfidence Combine(Signals signals)
    {
        ArgumentNullException.ThrowIfNull(signals);
        var pooled = LogOdds.ToScore(
            (0.25m * Of(signals.Grounding, 0.50m))
            + (0.15m * Of(signals.Reading, 0.70m))
            + (0.25m * Of(signals.Agreement, 0.55m))
            + (0.25m * Of(signals.Proof, 0.55m))
            + (0.05m * Of(signals.Model, 0.50m))
            + (0.05m * Of(signals.History, 0.50m)));

        var caps = new List<ScoreCap>();
        var score = pooled;
        Hold(signals.Proof < Score.One, FailedProofCap, ScoreCap.FailedProof);
        Hold(signals.Grounding is null, UnknownGroundingCap, ScoreCap.UnknownGrounding);
        Hold(signals.Grounding is not null, signals.Grounding ?? Score.One, ScoreCap.Grounding);
        return new RawConfidence(score, caps);

        void Hold(bool applies, Score cap, ScoreCap reason)
        {
            if (applies && pooled > cap)
            {
                score = Score.Min(score, cap);
                caps.Add(reason);
            }
        }
    }

    private static decimal Of(Score? signal, decimal prior) => LogOdds.Of(signal?.Value ?? prior);
}

/// <param name="Score">Before calibration.</param>
/// <param name="Caps">What held the score below its pool; empty when nothing did.</param>
public sealed record RawConfidence(Score Score, IReadOnlyList<ScoreCap> Caps);

public enum ScoreCap
{
    FailedProof,
    UnknownGrounding,
    Grounding,
}
