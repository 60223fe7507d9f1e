using System.Globalization;
using Advisor.Kernel.Http;
using Advisor.Kernel.Tenancy;
using Microsoft.AspNetCore.Http;

namespace Advisor.Kernel.Reviews;

/// <summary>Why a person may not do what they ask for. Pure.</summary>
internal static class ReviewRefusals
{
    /// <summary>Roles in order: a more senior one may do what the ones before it may. Administrators review, and stand in for nobody more senior.</summary>
    private static readonly Dictionary<Role, int> s_seniority = new()
    {
        [Role.Reviewer] = 1,
        [Role.Admin] = 1,
        [Role.Approver] = 2,
        [Role.Cfo] = 3,
    };

    /// <summary>Whoever has one of the roles may decide at a level of that role.</summary>
    public static bool MayDecide(Caller caller, Role level) =>
        caller.Roles.Any(role => s_seniority.GetValueOrDefault(role) >= s_seniority.GetValueOrDefault(level, int.MaxValue));

    /// <summary>What keeps the caller from working on the review; null when nothing does.</summary>
    public static Problem? ToAct(ReviewRecord review, Caller caller, DateTimeOffset now) =>
        Closed(review, now) ?? NotOfLevel(review, caller) ?? Another(review, caller, now);

    /// <summary>409 with what happened, once nobody can decide any more; the deadline counts even before the clock has come to it.</summary>
    public static Problem? Closed(ReviewRecord review, DateTimeOffset now) => review.Phase == ReviewPhase.Ended
        ? Conflict("review-closed", "The review has ended", $"{Ended(review)} Read the review to see its history; what was decided is changed by a new review only.")
        : now >= review.Deadline
            ? Conflict("review-closed", "The review has ended", $"Its deadline was {Time(review.Deadline)}; nobody had decided by then. {(review.Blind ? "What was sampled stays as it was." : "It stays held.")}")
            : null;

    public static Problem? NotOfLevel(ReviewRecord review, Caller caller)
    {
        var role = review.Levels[review.Level].Role;
        return MayDecide(caller, role)
            ? null
            : new Problem(StatusCodes.Status403Forbidden, "not-your-level", "The review is at another level",
                $"It is with the {role.ToString().ToLowerInvariant()}s by now, and the user '{caller.UserId}' has none of the roles that decide there. Leave it to them.");
    }

    /// <summary>Why the caller may not say who is to decide.</summary>
    /// <param name="asks">Anybody may ask for a review by name while nobody is at it and nobody has decided.</param>
    public static Problem? ToHandOver(ReviewRecord review, Caller caller, DateTimeOffset now, bool asks) =>
        NotIndependent(review, caller) is { } dependent ? dependent
        : review.Claim is { } claim && claim.Until > now && claim.By != caller.UserId && (asks || !IsSeniorTo(caller, review.Levels[review.Level].Role))
            ? Conflict("claimed", "Somebody else is at it", $"'{claim.By}' holds the review until {Time(claim.Until)}; only somebody more senior can take it from them.")
        : asks ? null : NotOfLevel(review, caller);

    private static bool IsSeniorTo(Caller caller, Role level) => caller.Roles.Any(role => s_seniority.GetValueOrDefault(role) > s_seniority.GetValueOrDefault(level));

    public static Problem NotClaimed(ReviewRecord review, DateTimeOffset now) => Conflict("not-claimed", "You do not hold the review",
        review.Claim is { } claim && claim.Until > now ? $"'{claim.By}' holds it until {Time(claim.Until)}." : "Nobody holds it; there is nothing to release.");

    public static Problem UnknownReviewer() => new(StatusCodes.Status422UnprocessableEntity, "unknown-reviewer", "There is no such reviewer",
        "Nobody of your organisation is known by this e-mail address. Check it, or have the person sign in first.");

    /// <summary>Why the person can't judge by themselves any more; null when they can.</summary>
    public static Problem? NotIndependent(ReviewRecord review, Caller person) =>
        review.Verdicts.Any(verdict => verdict.By == person.UserId)
            ? FourEyes("The review needs two persons, and the first verdict is this user's. Leave the second to somebody else.")
        : review.Recused.Contains(person.UserId)
            ? FourEyes("This user took the second verdict back once it had shown what the first one was. Leave the second to somebody else.")
        : null;

    private static Problem FourEyes(string detail) => new(StatusCodes.Status403Forbidden, "four-eyes", "A second person must decide", detail);

    public static Problem NoHigherLevel(ReviewRecord review) => new(StatusCodes.Status422UnprocessableEntity, "no-higher-level", "Nobody is more senior",
        $"The review is with the {review.Levels[^1].Role.ToString().ToLowerInvariant()}s, the last of the chain: approve, correct or reject it.");

    public static Problem NothingToUndo(ReviewRecord review) => Conflict("nothing-to-undo", "There is nothing to undo",
        review.Phase == ReviewPhase.Ended ? $"{Ended(review)} Only your own last verdict can be undone." : "You have given no verdict on this review that could be undone.");

    public static Problem UndoTooLate(ReviewRecord review) => Conflict("undo-too-late", "It is too late to undo",
        $"A verdict can be undone for {ReviewTerms.UndoFor.TotalSeconds:0} seconds. {(review.Phase == ReviewPhase.Ended ? Ended(review) : "Another person decides next.")}");

    /// <summary>What is wrong with the decision itself.</summary>
    public static Problem? OfDecision(ReviewRecord review, ReviewDecision decision, IReadOnlyList<ReviewCorrection> corrections)
    {
        if (!review.Decisions.Contains(decision))
        {
            return Problem.Invalid("decision", $"'decision' is one of {string.Join(", ", review.Decisions.Select(allowed => allowed.ToString().ToLowerInvariant()))} for this review.");
        }

        if (decision != ReviewDecision.Correct)
        {
            return corrections.Count == 0 ? null : Problem.Invalid("corrections", "'corrections' come with the decision 'correct' only.");
        }

        if (corrections.Count == 0)
        {
            return Problem.Invalid("corrections", "Say what is right: 'corrections' names at least one target with its value. The review's 'correctables' are what can be named.");
        }

        if (corrections.GroupBy(correction => correction.Target).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            return Problem.Invalid("corrections", $"'{twice.Key}' is corrected twice; name each target once.");
        }

        foreach (var correction in corrections)
        {
            if (review.Correctables.FirstOrDefault(known => known.Target == correction.Target) is not { } target)
            {
                return Problem.Invalid("corrections", $"'{correction.Target}' is nothing that can be corrected here; the review's 'correctables' are what can be named.");
            }

            if (target.Kind == CorrectionKind.Number && !decimal.TryParse(correction.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out _))
            {
                return Problem.Invalid("corrections", $"The value of '{correction.Target}' is a number within 28 digits.");
            }

            if (correction.Value == target.Current || (target.Kind == CorrectionKind.Number && IsSame(correction.Value, target.Current)))
            {
                return Problem.Invalid("corrections", $"'{correction.Target}' has that value already; approve the review if all is right.");
            }
        }

        return null;
    }

    private static bool IsSame(string one, string other) =>
        decimal.TryParse(one, NumberStyles.Float, CultureInfo.InvariantCulture, out var a) && decimal.TryParse(other, NumberStyles.Float, CultureInfo.InvariantCulture, out var b) && a == b;

    /// <summary>What happened, in a sentence.</summary>
    public static string Ended(ReviewRecord review) => review switch
    {
        { Outcome: { Decision: { } decision } outcome } =>
            $"It was {(decision switch { ReviewDecision.Approve => "approved", ReviewDecision.Correct => "corrected", _ => "rejected" })} by {string.Join(" and ", outcome.By.Select(by => $"'{by}'"))} at {Time(outcome.At)}.",
        { Status: ReviewStatus.Withdrawn, Outcome: { } outcome } => $"It was withdrawn at {Time(outcome.At)}: {outcome.InWords}.",
        { Outcome: { } outcome } => $"It ended at {Time(outcome.At)}: {outcome.InWords}.",
        _ => "It has ended.",
    };

    private static Problem? Another(ReviewRecord review, Caller caller, DateTimeOffset now) => review switch
    {
        { Claim: { } claim } when claim.By != caller.UserId && claim.Until > now =>
            Conflict("claimed", "Somebody else is at it", $"'{claim.By}' holds the review until {Time(claim.Until)}. Take another one, or ask for it to be reassigned."),
        { AssignedTo: { } assigned } when assigned != caller.UserId =>
            Conflict("assigned", "It is assigned to somebody else", $"'{assigned}' was asked by name. Take another one, or ask for it to be reassigned."),
        _ => NotIndependent(review, caller),
    };

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    private static Problem Conflict(string slug, string title, string detail) => new(StatusCodes.Status409Conflict, slug, title, detail);
}
