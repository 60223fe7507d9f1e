namespace Advisor.Kernel.Confidence;

/// <summary>What speaks for and against a claim. Null is unknown: it contributes its prior from <see cref="ConfidenceModel"/>, never 1, and is never dropped.</summary>
public sealed record Signals
{
    /// <summary>The printed text is at the cited place, as an independent path re-reads it: the share of the cited facts found.</summary>
    public Score? Grounding { get; init; }

    /// <summary>Lowest reading confidence among the cited facts.</summary>
    public Score? Reading { get; init; }

    /// <summary>Share of the cited facts to which a second reader gives the same value.</summary>
    public Score? Agreement { get; init; }

    /// <summary>Share of the proofs touching the cited facts that hold; unknown when none touches them. Below 1 a proof has failed.</summary>
    public Score? Proof { get; init; }

    /// <summary>Mean token probability, or agreement of samples; unknown for reasoners that give neither.</summary>
    public Score? Model { get; init; }

    /// <summary>Share of earlier claims of this kind that reviewers upheld.</summary>
    public Score? History { get; init; }
}
