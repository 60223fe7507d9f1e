using System.Text.Json.Serialization;
using Advisor.Kernel.Confidence;
using Advisor.Kernel.Http;
using Advisor.Kernel.Tenancy;

namespace Advisor.Kernel.Reviews;

/// <summary>A review in a list.</summary>
/// <param name="Band">Null where the reviewer is to judge without knowing it, like the confidence, the subject's id, and what is computed from the confidence.</param>
/// <param name="InsightId">The subject's id where the subject is an insight.</param>
public sealed record ReviewItem(
    string Id,
    string Kind,
    string? Band,
    ReviewDepth Depth,
    ReviewStatus Status,
    string? SubjectId,
    string? InsightId,
    string Question,
    string? Proposed,
    decimal? Confidence,
    decimal? Amount,
    DateTimeOffset Deadline,
    decimal? ExpectedLossPerMinute,
    Role Level,
    string? AssignedTo,
    string? ClaimedBy,
    DateTimeOffset CreatedAt,
    [property: JsonPropertyName("_links")] IReadOnlyDictionary<string, Link> Links)
{
    public static ReviewItem Of(ListedReview review, decimal minutes, DateTimeOffset now) => new(
        review.Id, review.Kind, Hides(review) ? null : review.Band, review.Depth, review.Status, Hides(review) ? null : review.SubjectId, InsightOf(review), review.Question, review.Proposed,
        Hides(review) ? null : review.Confidence, review.Amount, review.Deadline, Hides(review) ? null : ReviewWorth.PerMinute(review.ExpectedLoss, minutes),
        review.Levels[review.Level].Role, review.AssignedTo, review.Claim is { } claim && claim.Until > now ? claim.By : null, review.CreatedAt, LinksOf(review));

    /// <summary>A blind review shows what the machine thinks, of what it is about, and whether it was planted once nobody can decide it any more, be it by an undo.</summary>
    internal static bool Hides(ListedReview review) => review.Blind && !review.IsOver;

    internal static string? InsightOf(ListedReview review) => !Hides(review) && review.Kind.StartsWith("insight/", StringComparison.Ordinal) ? review.SubjectId : null;

    internal static Dictionary<string, Link> LinksOf(ListedReview review)
    {
        var self = $"/api/v1/reviews/{review.Id}";
        var links = new Dictionary<string, Link> { ["self"] = new(self) };
        if (review.SubjectPath is { } subject && !Hides(review))
        {
            links["subject"] = new(subject);
        }

        if (review.ReasoningChainId is { } chain && !Hides(review))
        {
            links["reasoning_chain"] = new($"/api/v1/reasoning-chains/{chain}");
        }

        foreach (var act in review.Phase == ReviewPhase.Waiting ? new[] { "claim", "release", "decision", "reassign" } : [])
        {
            links[act] = new($"{self}/{act}");
        }

        return links;
    }
}

/// <summary>A review with all that is needed to decide it.</summary>
/// <param name="Reasons">Why a person is asked; empty where the reviewer is to judge without knowing it.</param>
/// <param name="DefaultOutcome"><c>hold</c>, or <c>keep</c> for a sample of what was released: what happens if nobody decides.</param>
/// <param name="Verdicts">Without another's while one must still decide independently.</param>
/// <param name="SubjectId">Null where the reviewer is to judge without knowing it: its own record would tell more than the review shows.</param>
/// <param name="UndoUntil">Until when the caller may take their verdict back; null when they may not.</param>
public sealed record ReviewView(
    string Id,
    string Kind,
    string? Band,
    ReviewDepth Depth,
    ReviewStatus Status,
    string? SubjectId,
    string? InsightId,
    string Question,
    string? Proposed,
    IReadOnlyList<string> Reasons,
    IReadOnlyList<ReviewEvidence> Evidence,
    decimal? Confidence,
    decimal? RawScore,
    Signals? Signals,
    decimal? Amount,
    string? ReasoningChainId,
    bool Blind,
    bool FourEyes,
    IReadOnlyList<ReviewDecision> Decisions,
    IReadOnlyList<Correctable> Correctables,
    IReadOnlyList<ReviewLevel> Levels,
    Role Level,
    DateTimeOffset Deadline,
    string DefaultOutcome,
    decimal? ExpectedLossPerMinute,
    string? AssignedTo,
    ReviewClaim? Claim,
    IReadOnlyList<ReviewVerdict> Verdicts,
    ReviewOutcome? Outcome,
    DateTimeOffset? UndoUntil,
    IReadOnlyList<ReviewHistoryItem> History,
    DateTimeOffset CreatedAt,
    [property: JsonPropertyName("_links")] IReadOnlyDictionary<string, Link> Links)
{
    /// <summary>Says of a planted item, once it has ended, that it was one and what was right; null for real ones.</summary>
    public string? TestItem { get; init; }

    public static ReviewView Of(ReviewRecord review, decimal minutes, Caller caller, DateTimeOffset now)
    {
        var (blind, others) = (ReviewItem.Hides(review), HidesVerdicts(review));
        var (undoUntil, links) = (UndoUntilOf(review, caller, now), ReviewItem.LinksOf(review));
        if (undoUntil is not null)
        {
            links["undo"] = new($"/api/v1/reviews/{review.Id}/undo");
        }

        return new ReviewView(
            review.Id, review.Kind, blind ? null : review.Band, review.Depth, review.Status, blind ? null : review.SubjectId, ReviewItem.InsightOf(review), review.Question, review.Proposed,
            blind ? [] : review.Reasons, review.Evidence, blind ? null : review.Confidence, blind ? null : review.RawScore, blind ? null : review.Signals, review.Amount,
            blind ? null : review.ReasoningChainId, review.Blind, review.FourEyes, review.Decisions, review.Correctables, review.Levels, review.Levels[review.Level].Role, review.Deadline,
            review.Blind ? "keep" : "hold", blind ? null : ReviewWorth.PerMinute(review.ExpectedLoss, minutes), review.AssignedTo,
            review.Claim is { } claim && claim.Until > now ? claim : null,
            [.. review.Verdicts.Where(verdict => !others || verdict.By == caller.UserId)],
            others ? null : review.Outcome, undoUntil,
            [.. review.History.Select(act => new ReviewHistoryItem(act.At, act.By, act.Act, act.Secret && others && act.By != caller.UserId ? null : act.Note))],
            review.CreatedAt, links)
        {
            TestItem = blind ? null : TestItemOf(review),
        };
    }

    private static string? TestItemOf(ReviewRecord review) => review.Planted is { } right
        ? $"This was a test item, made wrong on purpose; nothing came of what was decided.{(review.PlantedBecause is { } because ? $" {because}" : "")} Right was to {right.ToString().ToLowerInvariant()} it."
        : null;

    /// <summary>While two or three must decide independently, nobody sees what another decided.</summary>
    private static bool HidesVerdicts(ReviewRecord review) => review.FourEyes && !review.IsOver;

    private static DateTimeOffset? UndoUntilOf(ReviewRecord review, Caller caller, DateTimeOffset now) =>
        review.Status is ReviewStatus.Decided or ReviewStatus.AwaitingSecond && review.Verdicts is [.., var last] && last.By == caller.UserId && last.At + ReviewTerms.UndoFor > now
            ? last.At + ReviewTerms.UndoFor
            : null;
}

/// <summary>An act of a review's history as it is shown.</summary>
public sealed record ReviewHistoryItem(DateTimeOffset At, string By, string Act, string? Note);
