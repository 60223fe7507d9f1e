using System.Text.Json.Serialization;
using Advisor.Insights.Analyst;
using Advisor.Kernel.Confidence;
using Advisor.Kernel.Reasoning;
using Advisor.Kernel.Reasoning.Claims;
using Advisor.Kernel.Records;

namespace Advisor.Insights;

public enum InsightStatus
{
    /// <summary>Released: without a person, or by one who approved it.</summary>
    Published,

    /// <summary>Waits for one click.</summary>
    AwaitingApproval,

    /// <summary>Waits for a full review.</summary>
    InReview,

    /// <summary>A newer analysis of the same type and document has taken its place.</summary>
    Superseded,

    /// <summary>A person found it wrong: it is in no summary.</summary>
    Rejected,

    /// <summary>A person set right what it rests on: the analysis that follows says it with the right values.</summary>
    Corrected,

    /// <summary>Nobody decided in time, or its analysis failed before it was routed: it is not released.</summary>
    Held,
}

public enum Classification
{
    Informational,
    ReviewRequired,
}

/// <summary>A place that an insight rests on, as it is stored.</summary>
public sealed record SourceReference(
    string DocumentId, string DocumentName, int? Page, string? Sheet, string? Cell, int? Table, Box? Box, string Printed, string FactId)
{
    /// <summary>The other source of a value that a person gave; null for a value as read.</summary>
    public CorrectedValue? Corrected { get; init; }

    public static SourceReference Of(Fact fact) => new(
        fact.Source.DocumentId, fact.Source.DocumentName, fact.Source.Page, fact.Source.Sheet, fact.Source.Cell, fact.Source.Table, fact.Source.Box, fact.Printed, fact.Id)
    {
        Corrected = fact.Corrected,
    };
}

/// <summary>A verified claim with its confidence and its route, in the stored names of the requirements.</summary>
/// <param name="Id">Deterministic for the analysis and the claim.</param>
/// <param name="Summary">The prose; every number in it is the value of one of the claim's expressions.</param>
/// <param name="ConfidenceScore">Calibrated probability that the insight is right, in [0,1].</param>
/// <param name="RawScore">Before calibration.</param>
/// <param name="Provisional">Calibrated by the shipped prior, not yet by verdicts.</param>
/// <param name="Reasons">Why it was routed where it is, when the score alone does not say.</param>
/// <param name="Facts">The cited facts as they were: what the claim is evaluated from on every read.</param>
/// <param name="Amount">Money it is about; null when it is about none.</param>
/// <param name="SortKey">The order of lists, see <see cref="SortKeyOf"/>.</param>
/// <param name="Rank">From 1, the most material first, within its analysis.</param>
public sealed record InsightRecord(
    string Id,
    string AnalysisId,
    string IngestionId,
    string DocumentId,
    string RunId,
    string Type,
    string Rule,
    string Summary,
    decimal ConfidenceScore,
    decimal RawScore,
    bool Provisional,
    Signals Signals,
    Band Band,
    InsightStatus Status,
    Classification Classification,
    IReadOnlyList<string> Reasons,
    IReadOnlyList<Evidence> Evidence,
    IReadOnlyList<SourceReference> SourceReferences,
    IReadOnlyList<string> Proofs,
    VerifiedClaim Claim,
    IReadOnlyList<Fact> Facts,
    string? Company,
    string? Form,
    decimal? Amount,
    int Rank,
    string ReasoningChainId,
    string ModelVersion,
    string PromptTemplateVersion,
    string WeightsVersion,
    string CalibrationVersion,
    DateTimeOffset CreatedAt,
    string SortKey)
{
    /// <summary>The company that the document is of now; <see cref="Company"/> is the name that the claim was evaluated with, and stays.</summary>
    public string? CompanyId { get; init; }

    public string? CompanyName { get; init; }

    /// <summary>The canonical metrics of the cited facts, each once, in order.</summary>
    public IReadOnlyList<string> Metrics { get; init; } = [];

    /// <summary>What kind of statement it is, as a language model that proposed it says; null for the built-in analyst's. Nothing rests on it.</summary>
    public string? Category { get; init; }

    /// <summary>What the figures mean, as a language model that proposed it says, verified like the claim; null where there is none.</summary>
    public VerifiedClaim? Explanation { get; init; }

    /// <summary>Name and version of the prompt under which a language model made the same claim as the built-in analyst; null where none did.</summary>
    public string? AlsoProposedBy { get; init; }

    /// <summary>Nothing but its score decided where it went: what people say of it is evidence on the scores.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool ByScoreAlone { get; init; }

    /// <summary>What is claimed of the document, whichever analysis claims it. Derived, and not stored.</summary>
    [JsonIgnore]
    public string ClaimKey => DeterministicId.Of("claim", DocumentId, Rule, Summary);

    /// <summary>Its coin chose it to be judged by a person, whatever its score.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Sampled { get; init; }

    /// <summary>What people decided on it; null while nobody has been asked or has answered.</summary>
    public InsightVerdict? Verdict { get; init; }

    /// <summary>Whether a language model proposed the sentence. Derived, and not stored.</summary>
    [JsonIgnore]
    public bool IsModelProposed => Rule.StartsWith(Proposing.ModelSteps.RulePrefix, StringComparison.Ordinal);

    /// <summary>Newest analysis first, then by type, then the most material first; ascending.</summary>
    public static string SortKeyOf(DateTimeOffset createdAt, string type, int rank) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Reversed(createdAt):D19}-{type}-{rank:D4}");

    /// <summary>Parts the sort keys: those of this instant and of later ones come before it, those of earlier ones after it.</summary>
    public static string SortKeyFrom(DateTimeOffset time) => (Reversed(time) + 1).ToString("D19", System.Globalization.CultureInfo.InvariantCulture);

    private static long Reversed(DateTimeOffset time) => long.MaxValue - time.UtcTicks;

    public static RecordContainer<InsightRecord> Container { get; } = new("insights")
    {
        Lookup = new RecordLookup(
            ["analysis_id", "document_id", "ingestion_id", "company_id"],
            ["sort_key", "confidence_score", "amount", "status", "band", "type", "metrics"]),
    };
}
