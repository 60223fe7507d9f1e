namespace Advisor.Insights;

/// <summary>The workflow's queues: one to be asked by, and one for each band.</summary>
public static class InsightQueues
{
    public const string Analysis = "analysis-queue";

    public const string High = "high-confidence-queue";

    public const string Medium = "medium-confidence-queue";

    public const string Low = "low-confidence-queue";

    /// <summary>What people decided.</summary>
    public const string Verdicts = "insight-verdicts-queue";
}

/// <summary>An insight has been routed to a band.</summary>
public sealed record InsightRouted(string InsightId, string DocumentId, string RunId);
