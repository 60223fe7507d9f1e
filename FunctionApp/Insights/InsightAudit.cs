using Advisor.Insights.Contracts;
using Advisor.Kernel.Audit;
using Advisor.Kernel.Confidence;
using Advisor.Kernel.Reasoning.Chains;
using Advisor.Kernel.Tenancy;

namespace Advisor.Insights;

/// <summary>What the audit log keeps of an analysis.</summary>
internal static class InsightAudit
{
    /// <summary>The root hash stands apart from the chain, so that a chain rewritten as a whole is told.</summary>
    public static AuditEvent Closed(AnalysisRequest request, ReasoningChain chain) => AuditEvent.Decision(
        request.Tenant, "reasoning_chain.closed", $"reasoning-chains/{chain.Id}", "succeeded",
        ("root_hash", chain.RootHash), ("analysis_id", request.AnalysisId), ("document_id", request.DocumentId), ("steps", chain.Steps.Count));

    /// <param name="newer">The analysis whose insights take its place.</param>
    public static AuditEvent Superseded(TenantId tenant, InsightRecord insight, AnalysisRecord newer) => AuditEvent.Decision(
        tenant, "insight.superseded", $"insights/{insight.Id}", "superseded", ("analysis_id", insight.AnalysisId), ("superseded_by", newer.Id));

    public static AuditEvent Routed(TenantId tenant, InsightRecord insight)
    {
        var (action, result) = insight.Band switch
        {
            Band.High => ("insight.published", "published"),
            Band.Medium => ("insight.approval_requested", "awaiting_approval"),
            _ => ("insight.review_requested", "in_review"),
        };
        return AuditEvent.Decision(
            tenant, action, $"insights/{insight.Id}", result,
            ("band", insight.Band.ToString().ToLowerInvariant()), ("confidence", insight.ConfidenceScore), ("analysis_id", insight.AnalysisId));
    }

    /// <summary>Its analysis failed after it was stored.</summary>
    public static AuditEvent Held(TenantId tenant, InsightRecord insight) => AuditEvent.Decision(
        tenant, "insight.held", $"insights/{insight.Id}", "held", ("analysis_id", insight.AnalysisId));

    /// <summary>What came of a review for the insight.</summary>
    public static AuditEvent Decided(TenantId tenant, InsightRecord insight) => AuditEvent.Decision(
        tenant, "insight.decided", $"insights/{insight.Id}", System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(insight.Status.ToString()),
        ("review_id", insight.Verdict!.ReviewId), ("decision", insight.Verdict.Decision?.ToString().ToLowerInvariant()), ("decided_by", string.Join(' ', insight.Verdict.By)), ("analysis_id", insight.AnalysisId));
}
