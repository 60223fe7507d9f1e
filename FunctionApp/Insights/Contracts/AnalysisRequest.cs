using Advisor.Kernel.Tenancy;

namespace Advisor.Insights.Contracts;

/// <summary>Asks for one analysis of a document that has been read. Input of the orchestration <see cref="Orchestrator"/>.</summary>
/// <param name="AnalysisId">Given by the asker, so that asking twice makes one analysis.</param>
/// <param name="RunId">The run whose timeline it appears on.</param>
/// <param name="AnalysisType">One of <see cref="AnalysisTypes.All"/>.</param>
public sealed record AnalysisRequest(TenantId Tenant, string AnalysisId, string RunId, string IngestionId, string DocumentId, string AnalysisType)
{
    /// <summary>The name of the orchestration that carries it out.</summary>
    public const string Orchestrator = "AnalysisOrchestrator";
}

/// <summary>The kinds of analysis.</summary>
public static class AnalysisTypes
{
    public const string Anomaly = "anomaly";

    public const string Trend = "trend";

    public const string Risk = "risk";

    /// <summary>All of them: what is done when none is asked for.</summary>
    public static IReadOnlyList<string> All { get; } = [Anomaly, Trend, Risk];
}
