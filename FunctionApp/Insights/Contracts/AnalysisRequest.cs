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

    /// <summary>It leaves a chain and its differences from the live analysis, and no insight, notice or summary.</summary>
    public bool? Shadow { get; init; }

    /// <summary>Version of the language model's prompt; null for the configured one.</summary>
    public string? PromptVersion { get; init; }

    /// <summary>The language model; null for the configured one.</summary>
    public string? Model { get; init; }
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
