using System.Text.Json.Serialization;

namespace Advisor.Kernel.Reviews;

/// <summary>What lists show of a review. They read it by itself, so that a page need not make evidence, verdicts and history of a hundred records.</summary>
/// <param name="Id">Deterministic for the subject, so that asking twice opens one review.</param>
/// <param name="Kind">The workflow's name for what is asked: <c>insight/trend</c>.</param>
/// <param name="SubjectId">Id of what is decided on, in the workflow that asked.</param>
/// <param name="Question">What is asked, in words.</param>
/// <param name="Confidence">Of the proposed outcome, in [0,1].</param>
/// <param name="Amount">Money at stake, in the subject's own currency; null when none is.</param>
/// <param name="AssignedTo">User id of the reviewer who was asked by name; null when any of the level may decide.</param>
public record ListedReview(
    string Id,
    string Kind,
    string SubjectId,
    string Band,
    ReviewDepth Depth,
    ReviewStatus Status,
    string Question,
    decimal Confidence,
    decimal? Amount,
    DateTimeOffset CreatedAt,
    string? AssignedTo = null)
{
    /// <summary>What is decided on, in words: an insight's sentence. Null once it was redacted.</summary>
    public string? Proposed { get; init; }

    /// <summary>Where the subject is read: a path from the root.</summary>
    public string? SubjectPath { get; init; }

    public string? ReasoningChainId { get; init; }

    /// <summary>Whoever decides sees neither score nor band: a sample of what was released without a person, or an item with a known answer.</summary>
    public bool Blind { get; init; }

    /// <summary>Whose turn it is and until when, first to last.</summary>
    public IReadOnlyList<ReviewLevel> Levels { get; init; } = [];

    /// <summary>Index of the level that it is at.</summary>
    public int Level { get; init; }

    /// <summary>When the last level ends, and with it the review.</summary>
    public DateTimeOffset Deadline { get; init; }

    public ReviewClaim? Claim { get; init; }

    /// <summary>Money that is expected to be lost by believing the proposed outcome: amount x P(wrong). 0 where no amount is known.</summary>
    public decimal ExpectedLoss => ReviewWorth.ExpectedLoss(Amount, Confidence);

    public ReviewPhase Phase => Status is ReviewStatus.Open or ReviewStatus.AwaitingSecond ? ReviewPhase.Waiting : ReviewPhase.Ended;

    /// <summary>Nothing can change it any more; until then whoever must judge independently is told nothing that would help them.</summary>
    [JsonIgnore]
    public bool IsOver => Status is ReviewStatus.Settled or ReviewStatus.Expired or ReviewStatus.Withdrawn;
}
