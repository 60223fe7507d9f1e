using Advisor.Kernel.Records;
using Advisor.Kernel.Tenancy;

namespace Advisor.Kernel.LanguageModels;

/// <summary>What was asked and what came of it, for one sample of a call. Written once, and never changed.</summary>
/// <remarks>
/// Replay reads it in place of a model. It holds document text: whoever asked deletes it with the document, by
/// <see cref="DocumentId"/>. Hashes are SHA-256 of the UTF-8 text, in lower-case hexadecimal digits.
/// </remarks>
public sealed record ModelRecording
{
    public static readonly RecordContainer<ModelRecording> Container = new("model-calls")
    {
        Lookup = new RecordLookup(["call_id", "run_id", "document_id"], ["started_at"]),
    };

    /// <summary><see cref="IdOf"/> its call and sample.</summary>
    public required string Id { get; init; }

    public required string CallId { get; init; }

    /// <summary>From 0.</summary>
    public required int Sample { get; init; }

    public required TenantId Tenant { get; init; }

    public required string RunId { get; init; }

    public string? DocumentId { get; init; }

    public required PromptReference Prompt { get; init; }

    /// <summary>The system message as it was sent.</summary>
    public required string System { get; init; }

    /// <summary>The user message as it was sent.</summary>
    public required string User { get; init; }

    /// <summary>Of the system message, a zero byte, the user message, a zero byte and the schema.</summary>
    public required string PromptHash { get; init; }

    /// <summary>What was masked before it was sent, by field and kind, such as <c>notes.email</c>.</summary>
    public required IReadOnlyDictionary<string, int> Redactions { get; init; }

    /// <summary>The model that was asked for.</summary>
    public required string ModelAsked { get; init; }

    /// <summary>The model that answered, as the server names it; null where none did.</summary>
    public string? Model { get; init; }

    public required decimal Temperature { get; init; }

    public required long Seed { get; init; }

    public required int MaxOutputTokens { get; init; }

    /// <summary>The model's words where they are an answer: JSON, nothing of which is trusted. Null with a <see cref="Failure"/>.</summary>
    public string? Answer { get; init; }

    /// <summary>The model's words where they are no answer, as far as they came and at most 100,000 characters of them.</summary>
    public string? Rejected { get; init; }

    /// <summary>Of <see cref="Answer"/> or <see cref="Rejected"/>.</summary>
    public string? OutputHash { get; init; }

    public string? FinishReason { get; init; }

    /// <summary>As the server counted; null where it did not, or did not answer.</summary>
    public long? InputTokens { get; init; }

    public long? OutputTokens { get; init; }

    /// <summary>By the price list at the time of the call; null where the model has no price or the tokens are unknown.</summary>
    public decimal? CostUsd { get; init; }

    /// <summary>Natural logarithm, at most 0; null where the server gives none.</summary>
    public decimal? MeanLogProbability { get; init; }

    /// <summary>Parameters that the server does not know, and that it was asked without: <c>logprobs, seed, temperature</c>.</summary>
    public IReadOnlyList<string> Unsupported { get; init; } = [];

    /// <summary>Requests sent to the server; 0 where a limit or an open circuit kept the call back.</summary>
    public required int Attempts { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Attempts, pauses and waiting for a place together.</summary>
    public required long DurationMs { get; init; }

    public ModelFailure? Failure { get; init; }

    /// <summary>The record id of a call's sample.</summary>
    public static string IdOf(string callId, int sample) => FormattableString.Invariant($"{callId}.{sample}");
}

/// <summary>Which prompt was asked.</summary>
/// <param name="Hash">Of the template file's text: a changed template with an unchanged version shows.</param>
public sealed record PromptReference(string Name, string Version, string Hash);
