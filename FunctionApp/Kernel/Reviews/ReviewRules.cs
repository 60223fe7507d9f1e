using System.Globalization;
using Advisor.Kernel.Audit;
using Advisor.Kernel.Http;
using Advisor.Kernel.Tenancy;

namespace Advisor.Kernel.Reviews;

/// <summary>What a person asked for, or the clock brought, does to a review: the review as it is then, or why nothing is done.</summary>
public sealed record ReviewChange(ReviewRecord? Review, Problem? Refusal)
{
    public static implicit operator ReviewChange(ReviewRecord review) => new(review, null);

    public static implicit operator ReviewChange(Problem refusal) => new(null, refusal);
}

/// <summary>What one may do with a review, and what becomes of it. Pure.</summary>
public static partial class ReviewRules
{
    /// <summary>A review as it begins, under the terms that hold for it.</summary>
    /// <param name="asked">What the workflow asks; its amount decides whether two persons must agree.</param>
    public static ReviewRecord Open(ReviewRecord asked, ReviewTerms terms)
    {
        var levels = terms.LevelsFrom(asked.CreatedAt);
        return Acted(asked, asked.CreatedAt, AuditEvent.Product, "opened") with
        {
            Status = ReviewStatus.Open,
            Terms = terms,
            Levels = levels,
            Deadline = levels[^1].Until,
            FourEyes = !asked.Blind && Math.Abs(asked.Amount ?? 0) > (terms.FourEyesAbove ?? decimal.MaxValue),
        };
    }

    /// <summary>Takes the review for a while. Claiming one's own again begins the time afresh.</summary>
    public static ReviewChange Claim(ReviewRecord review, Caller caller, DateTimeOffset now) =>
        ReviewRefusals.ToAct(review, caller, now) is { } refusal ? refusal : Acted(review, now, caller.UserId, "claimed") with
        {
            // The time for which it is held begins anew; the time that the person has needed does not.
            Claim = new ReviewClaim(caller.UserId, HeldBy(review, caller.UserId, now)?.At ?? now, now.AddMinutes(review.Terms.ClaimMinutes)),
        };

    /// <summary>Gives a claim back.</summary>
    public static ReviewChange Release(ReviewRecord review, Caller caller, DateTimeOffset now) =>
        ReviewRefusals.Closed(review, now) is { } closed ? closed
        : HeldBy(review, caller.UserId, now) is null ? ReviewRefusals.NotClaimed(review, now)
        : Acted(review, now, caller.UserId, "released") with { Claim = null };

    /// <summary>Hands the review to somebody, or with null to everybody of its level. Another's claim ends only for somebody more senior.</summary>
    /// <param name="to">Somebody who may decide at this level; null for all.</param>
    /// <param name="asks">The caller only asks for it, and need not be of the level; nobody who has given a verdict chooses who gives the next.</param>
    public static ReviewChange Reassign(ReviewRecord review, Caller caller, Caller? to, DateTimeOffset now, bool asks = false)
    {
        if ((ReviewRefusals.Closed(review, now) ?? ReviewRefusals.ToHandOver(review, caller, now, asks) ?? (to is null ? null : ReviewRefusals.NotOfLevel(review, to))) is { } refusal)
        {
            return refusal;
        }

        if (to is not null && ReviewRefusals.NotIndependent(review, to) is { } dependent)
        {
            return dependent;
        }

        return Acted(review, now, caller.UserId, "assigned", to is null ? "to everybody of the level" : $"to {to.UserId}") with
        {
            AssignedTo = to?.UserId,
            Depth = to is null ? review.Depth : ReviewDepth.Full,
            Claim = to is not null && review.Claim?.By == to.UserId ? review.Claim : null,
        };
    }

    /// <summary>Takes a verdict. It stands once nobody has undone it for <see cref="ReviewTerms.UndoFor"/>.</summary>
    public static ReviewChange Decide(ReviewRecord review, Caller caller, ReviewDecision decision, IReadOnlyList<ReviewCorrection> corrections, string? comment, DateTimeOffset now)
    {
        if ((ReviewRefusals.ToAct(review, caller, now) ?? ReviewRefusals.OfDecision(review, decision, corrections)) is { } refusal)
        {
            return refusal;
        }

        if (decision == ReviewDecision.Escalate)
        {
            return ToNextLevel(review, now, caller.UserId, comment);
        }

        var minutes = HeldBy(review, caller.UserId, now) is { } claim ? decimal.Round((decimal)(now - claim.At).TotalMinutes, 4) : (decimal?)null;
        var two = review.FourEyes || ChangesMuch(review, corrections);
        var decided = Acted(review, now, caller.UserId, "decided", InWords(decision, comment), secret: true) with
        {
            FourEyes = two,
            Verdicts = [.. review.Verdicts, new ReviewVerdict(caller.UserId, decision, corrections, comment, now, minutes, review.Level)],
            Claim = null,
            Round = review.Round + 1,
        };
        return review with { FourEyes = two } switch
        {
            { FourEyes: true, Disputed: false, Verdicts.Count: 0 } => decided with { Status = ReviewStatus.AwaitingSecond, AssignedTo = null },
            { FourEyes: true, Disputed: false } when !Agree(decided.Verdicts[^2], decided.Verdicts[^1]) => Dispute(decided, now),
            _ => Conclude(decided, now),
        };
    }

    /// <summary>Takes one's own last verdict back, within <see cref="ReviewTerms.UndoFor"/> of it.</summary>
    public static ReviewChange Undo(ReviewRecord review, Caller caller, DateTimeOffset now)
    {
        if (review.Verdicts is not [.., var last] || last.By != caller.UserId || review.Status is not (ReviewStatus.Decided or ReviewStatus.AwaitingSecond))
        {
            return ReviewRefusals.NothingToUndo(review);
        }

        if (now >= last.At + ReviewTerms.UndoFor)
        {
            return ReviewRefusals.UndoTooLate(review);
        }

        var before = review.Verdicts.Take(review.Verdicts.Count - 1).ToList();
        var isSecond = review is { FourEyes: true, Disputed: false } && before.Count > 0;
        var open = Acted(review, now, caller.UserId, "undone", secret: true) with
        {
            Verdicts = before,
            AssignedTo = isSecond ? null : review.AssignedTo,
            Recused = isSecond ? [.. review.Recused, caller.UserId] : review.Recused,
            Status = isSecond ? ReviewStatus.AwaitingSecond : ReviewStatus.Open,
            Outcome = null,
            Round = review.Round + 1,
        };
        return review.Withdrawal is { } reason ? Withdraw(open, reason, now) : open;
    }

    /// <summary>Ends the review because what it is about is gone or has changed. An ended one stays as it is, and a verdict that was given and may still be undone comes to stand first.</summary>
    public static ReviewRecord Withdraw(ReviewRecord review, string reason, DateTimeOffset now) => review.Status switch
    {
        ReviewStatus.Settled or ReviewStatus.Expired or ReviewStatus.Withdrawn => review,
        ReviewStatus.Decided => review.Withdrawal is null ? review with { Withdrawal = reason } : review,
        _ => Acted(review, now, AuditEvent.Product, "withdrawn", reason) with
        {
            Status = ReviewStatus.Withdrawn,
            Claim = null,
            Outcome = new ReviewOutcome(null, [], [], now, now, reason),
            Round = review.Round + 1,
        },
    };

    /// <summary>The review without what it holds of its subject: words, values, sources, comments.</summary>
    public static ReviewRecord Redact(ReviewRecord review) => review with
    {
        Proposed = null,
        Amount = null,
        Evidence = [],
        Correctables = [],
        Reasons = [],
        PlantedBecause = null,
        Verdicts = [.. review.Verdicts.Select(verdict => verdict with { Corrections = [], Comment = null })],
        Outcome = review.Outcome is { } outcome ? outcome with { Corrections = [] } : null,
        History = [.. review.History.Select(act => act with { Note = act.Act is "decided" or "escalated" ? act.Note?.Split(':')[0] : act.Note })],
    };

    /// <summary>The claim that a person holds now; null when they hold none.</summary>
    internal static ReviewClaim? HeldBy(ReviewRecord review, string userId, DateTimeOffset now) =>
        review.Claim is { } claim && claim.By == userId && claim.Until > now ? claim : null;

    internal static ReviewRecord Acted(ReviewRecord review, DateTimeOffset now, string by, string act, string? note = null, bool secret = false) =>
        review with { History = [.. review.History, new ReviewAct(now, by, act, note, secret)] };

    /// <summary>A correction of a value above the policy's amount moves as much money as a subject of that amount.</summary>
    private static bool ChangesMuch(ReviewRecord review, IReadOnlyList<ReviewCorrection> corrections) =>
        review.Terms.FourEyesAbove is { } limit && corrections
            .SelectMany(correction => new[] { correction.Value, review.Correctables.First(target => target.Target == correction.Target).Current })
            .Any(value => decimal.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var amount) && Math.Abs(amount) > limit);

    /// <summary>Two verdicts are the same when the decision and every corrected value are.</summary>
    internal static bool Agree(ReviewVerdict first, ReviewVerdict second) =>
        first.Decision == second.Decision && first.Corrections.Count == second.Corrections.Count && !first.Corrections.Except(second.Corrections).Any();

    private static ReviewRecord Conclude(ReviewRecord review, DateTimeOffset now)
    {
        var last = review.Verdicts[^1];
        return review with
        {
            Status = ReviewStatus.Decided,
            Outcome = new ReviewOutcome(last.Decision, last.Corrections, [.. review.Verdicts.Select(verdict => verdict.By)], now, now + ReviewTerms.UndoFor, InWords(last.Decision, null)),
        };
    }

    /// <summary>Two persons differ: the next level decides between them, or at the last level one more person.</summary>
    private static ReviewRecord Dispute(ReviewRecord review, DateTimeOffset now)
    {
        var disputed = review with { Disputed = true, Status = ReviewStatus.Open, AssignedTo = null };
        if (review.Level + 1 == review.Levels.Count)
        {
            return disputed;
        }

        // One act, one round: the orchestration waits for the event of the round before, and would miss it if this counted twice.
        return Escalated(disputed, now, AuditEvent.Product, "two persons decided differently") with { Round = review.Round };
    }

    private static string InWords(ReviewDecision decision, string? comment) => decision switch
    {
        ReviewDecision.Approve => "approved",
        ReviewDecision.Correct => "corrected",
        ReviewDecision.Reject => "rejected",
        _ => "escalated",
    } + (string.IsNullOrWhiteSpace(comment) ? "" : $": {comment}");
}
