using Advisor.Kernel.Audit;
using Advisor.Kernel.Tenancy;

namespace Advisor.Kernel.Reviews;

/// <summary>The next thing that happens to a review by itself.</summary>
/// <param name="Round">Of the review: an act of a person in this round comes first, and starts another.</param>
/// <param name="At">When, UTC.</param>
public sealed record ReviewWait(int Round, DateTimeOffset At);

/// <content>What the clock does.</content>
public static partial class ReviewRules
{
    /// <summary>What is waited for; null when nothing is any more.</summary>
    public static ReviewWait? NextOf(ReviewRecord review) => review switch
    {
        { Status: ReviewStatus.Decided, Outcome: { } outcome } => new ReviewWait(review.Round, outcome.EffectiveAt),
        { Phase: ReviewPhase.Waiting, Reminded: false } => new ReviewWait(review.Round, review.Levels[review.Level].RemindAt),
        { Phase: ReviewPhase.Waiting } => new ReviewWait(review.Round, review.Levels[review.Level].Until),
        _ => null,
    };

    /// <summary>The review after what was due by now; the same one when nothing was.</summary>
    public static ReviewRecord Advance(ReviewRecord review, DateTimeOffset now)
    {
        while (NextOf(review) is { } next && next.At <= now)
        {
            review = review switch
            {
                { Status: ReviewStatus.Decided } => Acted(review, now, AuditEvent.Product, "settled", review.Outcome!.InWords) with { Status = ReviewStatus.Settled, Round = review.Round + 1 },

                // Whoever could still be reminded only after the level has ended is not reminded.
                { Reminded: false } when review.Levels[review.Level].Until > now => Acted(review, now, AuditEvent.Product, "reminded") with { Reminded = true, Round = review.Round + 1 },
                { Reminded: false } => review with { Reminded = true },
                _ when review.Level + 1 < review.Levels.Count => Escalated(review, review.Levels[review.Level].Until, AuditEvent.Product, "nobody decided in time"),
                _ => Expire(review, now),
            };
        }

        return review;
    }

    private static ReviewChange ToNextLevel(ReviewRecord review, DateTimeOffset now, string by, string? comment) =>
        review.Level + 1 < review.Levels.Count ? Escalated(review, now, by, comment) : ReviewRefusals.NoHigherLevel(review);

    /// <param name="now">From when on the next level's time runs.</param>
    private static ReviewRecord Escalated(ReviewRecord review, DateTimeOffset now, string by, string? note)
    {
        var level = review.Level + 1;
        var levels = review.Terms.LevelsFrom(now, level, review.Levels);
        return Acted(review, now, by, "escalated", $"to {levels[level].Role.ToString().ToLowerInvariant()}{(string.IsNullOrWhiteSpace(note) ? "" : $": {note}")}") with
        {
            Level = level,
            Levels = levels,
            Deadline = levels[^1].Until,
            Reminded = false,
            Claim = null,
            AssignedTo = null,
            Depth = ReviewDepth.Full,
            Round = review.Round + 1,
        };
    }

    /// <summary>The default is to hold: what nobody has decided is never released. A sample of what was released already stays as it was, and tells nothing.</summary>
    private static ReviewRecord Expire(ReviewRecord review, DateTimeOffset now)
    {
        var words = review.Blind ? "nobody decided in time; what was sampled stays as it was" : "nobody decided in time; it stays held";
        return Acted(review, now, AuditEvent.Product, "expired", words) with
        {
            Status = ReviewStatus.Expired,
            Claim = null,
            Outcome = new ReviewOutcome(null, [], [], now, now, words),
            Round = review.Round + 1,
        };
    }
}
