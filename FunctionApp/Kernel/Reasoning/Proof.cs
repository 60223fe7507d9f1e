namespace Advisor.Kernel.Reasoning;

public enum ProofOutcome
{
    Holds,
    Fails,

    /// <summary>
    /// It does not hold as printed, but lines that were not taken into account may be why; or it touches a value that a person corrected, and cannot be made
    /// again. Nobody is accused, and nothing that rests on it is released without a person.
    /// </summary>
    Unproven,
}

/// <summary>A deterministic check, in decimals, of values against each other.</summary>
public sealed record Proof
{
    /// <summary>Deterministic; <c>p</c> followed by letters and digits.</summary>
    public required string Id { get; init; }

    /// <summary>snake_case: <c>footing</c>, <c>identity</c>, <c>repeat</c>, <c>roll_forward</c>, <c>balance</c>, <c>plug</c>, ...</summary>
    public required string Kind { get; init; }

    /// <summary>What is claimed to hold, in words without numbers of our own: "Total assets = total liabilities + total equity".</summary>
    public required string Statement { get; init; }

    public required ProofOutcome Outcome { get; init; }

    /// <summary>The value recomputed from the parts.</summary>
    public decimal? Expected { get; init; }

    /// <summary>The value as printed, or as a person corrected it.</summary>
    public decimal? Found { get; init; }

    /// <summary>Found less expected; null where the proof is not about an amount.</summary>
    public decimal? Difference { get; init; }

    /// <summary>Largest absolute difference that rounding of the printed parts can cause.</summary>
    public decimal Tolerance { get; init; }

    /// <summary>The facts the proof touches; the first is the total or the left-hand side.</summary>
    public required IReadOnlyList<string> FactIds { get; init; }

    /// <summary>The places of those facts, in the same order.</summary>
    public required IReadOnlyList<SourceRef> Cells { get; init; }

    /// <summary>For a failed proof, the smallest change that would explain it (one digit, a transposition, a sign, a missing row); null when none does. For one that a correction left unproven, why.</summary>
    public string? Explanation { get; init; }
}
