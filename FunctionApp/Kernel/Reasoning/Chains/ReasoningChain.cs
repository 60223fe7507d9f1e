using System.Text.Json;
using Advisor.Kernel.Confidence;

namespace Advisor.Kernel.Reasoning.Chains;

/// <summary>How one analysis came to its conclusions, step by step. Never altered once written; kept for seven years.</summary>
/// <remarks>
/// Each step's hash covers the step and the hash before it; <see cref="RootHash"/> covers everything else and the last step's hash.
/// Who keeps the root hash apart (the audit log) can tell any later change. Made by <see cref="ReasoningChainBuilder"/>, checked by <see cref="ReasoningChainVerifier"/>.
/// </remarks>
public sealed record ReasoningChain
{
    /// <summary>Seven years, one of them a leap year: 2,556 days, in seconds.</summary>
    public const int SevenYears = 220_838_400;

    public required string Id { get; init; }

    public required string AnalysisId { get; init; }

    /// <summary>Name and semantic version, <c>anomaly-detection-v2.1.0</c>.</summary>
    public required string PromptTemplateVersion { get; init; }

    /// <summary>Name and version of the model; for the built-in analyst its own.</summary>
    public required string ModelVersion { get; init; }

    /// <summary>In order; numbered from 1 without gaps.</summary>
    public required IReadOnlyList<ReasoningStep> Steps { get; init; }

    /// <summary>Of the analysis as a whole; null when it came to no conclusion.</summary>
    public Score? ConfidenceScore { get; init; }

    /// <summary>When the chain was closed, UTC.</summary>
    public required DateTimeOffset Timestamp { get; init; }

    /// <summary>Seconds the record is kept for.</summary>
    public int Ttl { get; init; } = SevenYears;

    /// <summary>SHA-256, 64 lower-case hexadecimal digits.</summary>
    public required string RootHash { get; init; }
}

/// <summary>One step of a chain.</summary>
public sealed record ReasoningStep
{
    /// <summary>From 1.</summary>
    public required int Step { get; init; }

    /// <summary>What was done, for people: "Extract financial metrics".</summary>
    public required string Action { get; init; }

    /// <summary>SHA-256 of the canonical JSON of what the step worked on.</summary>
    public required string InputsHash { get; init; }

    /// <summary>What came out, as JSON; null when the step has no output.</summary>
    public JsonElement? Result { get; init; }

    /// <summary>Milliseconds, 0 or more.</summary>
    public required long DurationMs { get; init; }

    /// <summary>Tokens read and written by a model; null when none took part.</summary>
    public long? Tokens { get; init; }

    /// <summary>In US dollars; null when it is not known.</summary>
    public decimal? Cost { get; init; }

    /// <summary>Hash of the step before; for the first, <see cref="ReasoningChainBuilder.Genesis"/>.</summary>
    public required string PreviousHash { get; init; }

    /// <summary>SHA-256 of the canonical JSON of all members above.</summary>
    public required string Hash { get; init; }
}
