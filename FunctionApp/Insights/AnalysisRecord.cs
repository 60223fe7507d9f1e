using Advisor.Insights.Analyst;
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
}
