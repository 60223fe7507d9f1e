using Advisor.Kernel.LanguageModels.Prompts;
using Advisor.Kernel.Tenancy;

namespace Advisor.Kernel.LanguageModels;

/// <summary>One question to a language model.</summary>
/// <param name="Id">Deterministic, such as <c>DeterministicId.Of(runId, "analyst", version)</c>: asking again with it gives what is recorded and calls nobody. 1 to 100 of letters, digits, '-', '_' and '.'.</param>
/// <param name="RunId">The run that asks: what its calls may use together is limited.</param>
/// <param name="Prompt">Rendered for this call's id, so that the marks around quoted text are its own.</param>
public sealed record ModelCall(TenantId Tenant, string RunId, string Id, RenderedPrompt Prompt)
{
    /// <summary>The document whose text the prompt holds; the recordings are found and deleted by it.</summary>
    public string? DocumentId { get; init; }

    /// <summary>Another model or deployment than the configured one; it must be among <c>LanguageModels:AllowedModels</c>.</summary>
    public string? Model { get; init; }

    /// <summary>How many times the model is asked, 1 to 9; null for <c>LanguageModels:Samples</c>.</summary>
    public int? Samples { get; init; }

    /// <summary>0 to 2; null for 0 where one sample is asked, and <c>LanguageModels:SampleTemperature</c> where several are.</summary>
    public decimal? Temperature { get; init; }

    /// <summary>Fewer tokens than <c>LanguageModels:MaxOutputTokens</c>; null for that.</summary>
    public int? MaxOutputTokens { get; init; }
}

/// <summary>What came of a call: one recording for each sample, in their order.</summary>
/// <param name="Samples">Empty only with <see cref="ModelFailure.NoModel"/>.</param>
/// <param name="Failure">Why there is no answer at all, from the first sample; null where at least one sample has an answer.</param>
public sealed record ModelExchange(string CallId, IReadOnlyList<ModelRecording> Samples, ModelFailure? Failure)
{
    /// <summary>The samples that have an answer, in their order. Several may disagree: how far they agree is a signal for whoever asked.</summary>
    public IReadOnlyList<ModelRecording> Answered { get; } = [.. Samples.Where(sample => sample.Answer is not null)];

    /// <summary>The first sample's answer that there is; null with a <see cref="Failure"/>.</summary>
    public ModelRecording? First => Answered.Count > 0 ? Answered[0] : null;
}
