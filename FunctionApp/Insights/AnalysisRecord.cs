using Advisor.Insights.Analyst;
using Advisor.Insights.Contracts;
using Advisor.Insights.Replaying;
using Advisor.Kernel.Records;

namespace Advisor.Insights;

public enum AnalysisStatus
{
    Queued,
    Running,
    Completed,
    Failed,
}

/// <summary>One analysis of one document.</summary>
/// <param name="ConfidenceScore">Mean calibrated confidence of its insights; null when there are none.</param>
/// <param name="NotComputed">What could not be computed, and why.</param>
/// <param name="Finding">What is to be said of the document as a whole; null when nothing is.</param>
public sealed record AnalysisRecord(
    string Id,
    string RunId,
    string IngestionId,
    string DocumentId,
    string AnalysisType,
    AnalysisStatus Status,
    decimal? ConfidenceScore,
    string? ReasoningChainId,
    int Insights,
    int Rejected,
    IReadOnlyList<NotComputed> NotComputed,
    string? Finding,
    DateTimeOffset CreatedAt)
{
    public static RecordContainer<AnalysisRecord> Container { get; } = new("analyses");

    /// <summary>Analyses in shadow, apart: nothing that looks for a document's analyses can take one for an analysis that counts.</summary>
    public static RecordContainer<AnalysisRecord> Shadows { get; } = new("shadow-analyses");

    /// <summary>What it was computed from and under which settings; null for one that was made before this was kept.</summary>
    public AnalysisBasis? Basis { get; init; }

    /// <summary>What came of asking a language model; null where none was asked.</summary>
    public ModelOutcome? LanguageModel { get; init; }

    public bool? Shadow { get; init; }

    /// <summary>The live analysis that the <see cref="Differences"/> of a shadow are against.</summary>
    public string? ComparedWith { get; init; }

    /// <summary>Null for an analysis that is no shadow or has not ended, and once its document is deleted.</summary>
    public IReadOnlyList<AnalysisDifference>? Differences { get; init; }

    public static RecordContainer<AnalysisRecord> ContainerOf(AnalysisRequest request) => request.Shadow == true ? Shadows : Container;
}

/// <summary>What came of asking a language model.</summary>
/// <param name="Prompt">Name and version.</param>
/// <param name="Model">As the server names it; the one asked for where none answered.</param>
/// <param name="Outcome"><c>answered</c>, or the stable code of why there is no answer.</param>
/// <param name="Accepted">Claims that became insights.</param>
/// <param name="Agreed">Claims that the built-in analyst makes, too.</param>
/// <param name="Rejected">Claims that were refused.</param>
/// <param name="Calls">Ids of the recordings.</param>
public sealed record ModelOutcome(string Prompt, string Model, string Outcome, int Accepted, int Agreed, int Rejected, IReadOnlyList<string> Calls);
