using Advisor.Kernel.Confidence;
using Advisor.Kernel.Records;
using Advisor.Kernel.Reviews;

namespace Advisor.Insights.Corrections;

/// <summary>An insight that was computed from the value that a correction replaced.</summary>
/// <param name="Status">When it was corrected.</param>
/// <param name="InSummary">The document's summary held it then.</param>
/// <param name="WasReleased">It was published then, or had been before it was superseded.</param>
public sealed record RelyingInsight(
    string InsightId, string AnalysisId, string Type, InsightStatus Status, Band Band, bool InSummary, bool WasReleased, string ReasoningChainId);

/// <summary>A review in which people decided on such an insight.</summary>
/// <param name="By">User ids.</param>
public sealed record RelyingReview(string ReviewId, string InsightId, ReviewDecision Decision, IReadOnlyList<string> By);

/// <summary>A notification that carried the sentence of such an insight.</summary>
/// <param name="To">User ids, or the addresses of those who are known by no id; empty where only a channel of the tenant was told.</param>
public sealed record RelyingNotification(string NotificationId, string Kind, IReadOnlyList<string> InsightIds, IReadOnlyList<string> To);

public enum RelianceReason
{
    /// <summary>They were sent a sentence that rested on the value.</summary>
    Notified,

    /// <summary>They approved an insight that rested on it.</summary>
    Approved,

    /// <summary>They read the summaries, and one held such an insight.</summary>
    Summary,
}

/// <summary>Somebody who relied on the value.</summary>
/// <param name="Email">Where they are told; null when nobody is known by that id any more.</param>
/// <param name="Told">Whether they are told of the correction: everybody but those who made it.</param>
public sealed record RelyingPerson(string UserId, string? Email, IReadOnlyList<RelianceReason> Because, bool Told);

/// <summary>An analysis that was run again because of the correction.</summary>
public sealed record CorrectionRerun(string AnalysisType, string AnalysisId);

/// <summary>Who and what relied on a value when it was corrected. Written once, for what relies on it changes as soon as it is corrected.</summary>
/// <param name="CorrectionId">Also the record's id.</param>
/// <param name="Channel">A channel of the tenant was told of such an insight, and nobody by name.</param>
public sealed record CorrectionReliance(
    string CorrectionId,
    string DocumentId,
    string ReviewId,
    IReadOnlyList<RelyingInsight> Insights,
    IReadOnlyList<RelyingReview> Reviews,
    IReadOnlyList<RelyingNotification> Notifications,
    IReadOnlyList<RelyingPerson> People,
    bool Channel,
    IReadOnlyList<CorrectionRerun> Reruns)
{
    public static RecordContainer<CorrectionReliance> Container { get; } = new("correction-reliance");
}
