namespace Advisor.Azure;

/// <summary>How a container of records must be made: the deployment makes it, the app's identity may not.</summary>
/// <param name="Name">As the record containers of the product name it.</param>
/// <param name="OrderedBy">Properties that its lists are ordered by; each needs a composite index with <c>/record_id</c>.</param>
/// <param name="ReadById">Nothing but its key is queried, so nothing else is indexed.</param>
/// <param name="TimeToLive">Seconds after their last write at which documents expire; null keeps them.</param>
public sealed record CosmosContainer(string Name, IReadOnlyList<string> OrderedBy, bool ReadById = false, int? TimeToLive = null);

/// <summary>All containers of the product. The partition key of each is <c>/tenant</c>.</summary>
public static class CosmosContainers
{
    /// <summary>Seven years of 365 days, and a day for one leap year: what the requirements give reasoning chains.</summary>
    public const int ReasoningChainSeconds = 220_838_400;

    public static IReadOnlyList<CosmosContainer> All { get; } =
    [
        new("alerts", ["created_at"]),
        new("analyses", []),
        new("calibration-history", ["version"]),
        new("calibrations", [], ReadById: true),
        new("companies", ["search_name"]),
        new("correction-reliance", []),
        new("deleted-documents", []),
        new("documents", ["uploaded_at", "search_name"]),
        new("fact-corrections", []),
        new("facts", []),
        new("health", [], ReadById: true),
        new("idempotency-keys", []),
        new("ingestions", ["created_at"]),
        new("insights", ["sort_key", "confidence_score", "amount"]),
        new("model-budgets", [], ReadById: true),
        new("model-calls", []),
        new("model-questions", []),
        new("notifications", ["created_at"]),
        new("policies", ["version"]),
        new("reasoning-chains", [], ReadById: true, TimeToLive: ReasoningChainSeconds),
        new("recent-scores", [], ReadById: true),
        new("review-kinds", []),
        new("reviews", ["expected_loss", "created_at"]),
        new("sample-salts", [], ReadById: true),
        new("shadow-analyses", []),
        new("summaries", [], ReadById: true),
        new("timeline", [], ReadById: true),
        new("users", ["last_seen", "email_key"]),
        new("verdicts", []),
    ];

    /// <summary>The time to live of a container's documents; null where they are kept.</summary>
    public static int? TimeToLiveOf(string container) => All.FirstOrDefault(known => known.Name == container)?.TimeToLive;
}
