using System.Text.Json.Serialization;
using Advisor.Kernel.Confidence;
using Advisor.Kernel.Records;
using Advisor.Kernel.Reviews;

namespace Advisor.Kernel.Verdicts;

/// <summary>What people said of one claim, as evidence on the scores of its kind. Never altered.</summary>
/// <param name="Id">The review's.</param>
/// <param name="Raw">The score before calibration.</param>
/// <param name="Probability">Calibrated, as it stood when the claim was routed.</param>
/// <param name="Correct">Approved as it was; one that was corrected or rejected was wrong.</param>
/// <param name="Counts">It counts for an error budget: nothing but its score could send it to review, and its coin chose it (<see cref="Judged.Sampled"/>).</param>
/// <param name="ByScoreAlone">Nothing but its score could send it to review.</param>
/// <param name="Decision">Null where nobody decided in time on a claim that its coin had chosen: see <see cref="IsMissing"/>.</param>
/// <param name="By">User ids, in the order of their verdicts.</param>
/// <param name="AtMs">Unix time in milliseconds: the order of the evidence.</param>
/// <param name="ClaimKey">What was claimed: the same claim of a later analysis is no further evidence.</param>
public sealed record VerdictRecord(
    string Id, string Kind, string SubjectId, Score Raw, Score Probability, bool Correct, bool Counts, bool ByScoreAlone, ReviewDecision? Decision, IReadOnlyList<string> By, long AtMs, string ClaimKey)
{
    public static RecordContainer<VerdictRecord> Container { get; } = new("verdicts") { Lookup = new RecordLookup(["kind"], ["at_ms"]) };

    /// <summary>
    /// Nobody decided in time. It says nothing of how scores do, and counts as an error for a budget: claims that people let lie are not like all others, and a budget must not be earned by letting the doubtful ones expire.
    /// </summary>
    [JsonIgnore]
    public bool IsMissing => Decision is null;

    /// <summary>The evidence of a review that has ended; null where it says nothing of a score.</summary>
    public static VerdictRecord? Of(ReviewRecord review)
    {
        if (review is not { Planted: null, RawScore: { } raw, Outcome: { } outcome } || (review.Status, outcome.Decision) is not ((ReviewStatus.Settled, not null) or (ReviewStatus.Expired, _)))
        {
            return null;
        }

        var counts = review is { Sampled: true, ByScoreAlone: true };
        return outcome.Decision is null && !counts ? null : new VerdictRecord(
            review.Id, review.Kind, review.SubjectId, Score.Clamp(raw), Score.Clamp(review.Confidence), outcome.Decision == ReviewDecision.Approve,
            counts, review.ByScoreAlone, outcome.Decision, outcome.By, outcome.At.ToUnixTimeMilliseconds(), review.ClaimKey ?? review.SubjectId);
    }
}
