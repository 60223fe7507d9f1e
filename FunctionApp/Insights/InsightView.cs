using System.Text.Json.Serialization;
using Advisor.Documents.Contracts;
using Advisor.Insights.Analyst;
using Advisor.Kernel.Confidence;
using Advisor.Kernel.Http;
using Advisor.Kernel.Reasoning;
using Advisor.Kernel.Reasoning.Claims;

namespace Advisor.Insights;

/// <summary>A source as the API shows it.</summary>
/// <param name="Doc">The document's name.</param>
public sealed record SourceView(string Doc, string DocumentId, int? Page, string? Sheet, string? Cell, int? Table, Box? Box, string Printed, string FactId)
{
    /// <summary>Who gave the value that is cited, in which review; absent for a value as read.</summary>
    public CorrectedView? Corrected { get; init; }
}

/// <summary>An insight as the API shows it: the one mapping from <see cref="InsightRecord"/>.</summary>
/// <param name="Company">Whose document it is, as the document's record says now.</param>
/// <param name="Metrics">Canonical metrics of the cited facts.</param>
/// <param name="Values">Every number of the summary with the expression it is computed by.</param>
public sealed record InsightView(
    string Id,
    string AnalysisId,
    string IngestionId,
    string DocumentId,
    string? Company,
    string? CompanyId,
    string? Form,
    string Type,
    string Rule,
    string Summary,
    decimal Confidence,
    decimal RawScore,
    bool Provisional,
    Signals Signals,
    Band Band,
    InsightStatus Status,
    Classification Classification,
    IReadOnlyList<string> Reasons,
    IReadOnlyList<Evidence> Evidence,
    IReadOnlyList<SourceView> SourceRefs,
    IReadOnlyList<Placeholder> Values,
    IReadOnlyList<string> Proofs,
    IReadOnlyList<string> Metrics,
    decimal? Amount,
    int Rank,
    string ReasoningChainId,
    string ModelVersion,
    string PromptTemplateVersion,
    DateTimeOffset CreatedAt,
    [property: JsonPropertyName("_links")] IReadOnlyDictionary<string, Link> Links)
{
    /// <summary><c>model</c> for a claim whose wording a language model proposed; absent for the built-in analyst's.</summary>
    public string? ProposedBy { get; init; }

    public string? Category { get; init; }

    public ExplanationView? Explanation { get; init; }

    /// <summary>What people decided on it.</summary>
    public InsightVerdict? Verdict { get; init; }

    /// <summary>The calibration under which its confidence was computed: <c>prior-…</c> until there are enough verdicts, then the name of a fit.</summary>
    public string CalibrationVersion { get; init; } = "";

    /// <summary>The prompt under which a language model made the same claim.</summary>
    public string? AlsoProposedBy { get; init; }

    public static InsightView Of(InsightRecord record) => new(
        record.Id, record.AnalysisId, record.IngestionId, record.DocumentId, record.CompanyName, record.CompanyId, record.Form, record.Type, record.Rule, record.Summary,
        record.ConfidenceScore, record.RawScore, record.Provisional, record.Signals, record.Band, record.Status, record.Classification, record.Reasons, record.Evidence,
        [.. record.SourceReferences.Select(source => new SourceView(
            source.DocumentName, source.DocumentId, source.Page, source.Sheet, source.Cell, source.Table, source.Box, source.Printed, source.FactId) { Corrected = CorrectedView.Of(source.Corrected, source.DocumentId) })],
        record.Claim.Placeholders, record.Proofs, record.Metrics, record.Amount, record.Rank, record.ReasoningChainId, record.ModelVersion, record.PromptTemplateVersion, record.CreatedAt,
        LinksOf(record))
    {
        ProposedBy = record.IsModelProposed ? "model" : null,
        Category = record.Category,
        Explanation = record.Explanation is { } explanation ? new ExplanationView(explanation.Text, explanation.Placeholders) : null,
        AlsoProposedBy = record.AlsoProposedBy,
        Verdict = record.Verdict,
        CalibrationVersion = record.CalibrationVersion,
    };

    private static Dictionary<string, Link> LinksOf(InsightRecord record)
    {
        var links = new Dictionary<string, Link>
        {
            ["self"] = new($"/api/v1/insights/{record.Id}"),
            ["document"] = new($"/api/v1/documents/{record.DocumentId}"),
            ["analysis"] = new($"/api/v1/analysis/{record.AnalysisId}"),
            ["reasoning_chain"] = new($"/api/v1/reasoning-chains/{record.ReasoningChainId}"),
            ["facts"] = new($"/api/v1/documents/{record.DocumentId}/facts"),
        };

        // One that was sampled does not tell so while it waits.
        if (record.Verdict is not null || record.Status is InsightStatus.AwaitingApproval or InsightStatus.InReview)
        {
            links["review"] = new($"/api/v1/reviews/{InsightReviews.IdOf(record.Id)}");
        }

        return links;
    }
}

/// <summary>What the figures of an insight mean, in words that a language model proposed.</summary>
/// <param name="Values">Every number of the text with the expression it is computed by.</param>
public sealed record ExplanationView(string Text, IReadOnlyList<Placeholder> Values);
