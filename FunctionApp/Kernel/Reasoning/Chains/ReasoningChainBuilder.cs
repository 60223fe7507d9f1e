using System.Text.Json;
using Advisor.Kernel.Confidence;
using Advisor.Kernel.Http;

namespace Advisor.Kernel.Reasoning.Chains;

/// <summary>Adds steps one after another and closes the chain. Not thread-safe; time comes from the caller, so the same steps give the same hashes.</summary>
public sealed class ReasoningChainBuilder(string id, string analysisId, string promptTemplateVersion, string modelVersion)
{
    /// <summary>The hash before the first step: 64 zeros.</summary>
    public static string Genesis { get; } = new('0', 64);

    private readonly List<ReasoningStep> steps = [];

    /// <summary>Adds a step.</summary>
    /// <param name="action">What was done, for people.</param>
    /// <param name="inputs">What the step worked on; only its hash is kept.</param>
    /// <param name="result">What came out, kept as JSON; null for nothing.</param>
    /// <param name="tokens">Of a model; null when none took part.</param>
    /// <param name="cost">In US dollars; null when not known.</param>
    /// <exception cref="ArgumentOutOfRangeException">The duration is negative.</exception>
    public ReasoningChainBuilder Add<TInputs, TResult>(string action, TInputs inputs, TResult result, TimeSpan duration, long? tokens = null, decimal? cost = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(action);
        ArgumentOutOfRangeException.ThrowIfLessThan(duration, TimeSpan.Zero);
        var element = JsonSerializer.SerializeToElement(result, AdvisorJson.Options);
        var step = new ReasoningStep
        {
            Step = steps.Count + 1,
            Action = action,
            InputsHash = ChainHash.Of(inputs),
            Result = element.ValueKind == JsonValueKind.Null ? null : element,
            DurationMs = (long)duration.TotalMilliseconds,
            Tokens = tokens,
            Cost = cost,
            PreviousHash = steps.Count == 0 ? Genesis : steps[^1].Hash,
            Hash = "",
        };
        steps.Add(step with { Hash = ChainHash.Of(step) });
        return this;
    }

    /// <summary>The finished chain; the builder may go on to add steps for another, longer one.</summary>
    /// <param name="now">The time of closing; stored as UTC.</param>
    public ReasoningChain Close(Score? confidence, DateTimeOffset now)
    {
        var chain = new ReasoningChain
        {
            Id = id,
            AnalysisId = analysisId,
            PromptTemplateVersion = promptTemplateVersion,
            ModelVersion = modelVersion,
            Steps = [.. steps],
            ConfidenceScore = confidence,
            Timestamp = now.ToUniversalTime(),
            RootHash = "",
        };
        return chain with { RootHash = ChainHash.RootOf(chain) };
    }
}
