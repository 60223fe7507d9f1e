using Advisor.Kernel.Confidence;
using Advisor.Kernel.Records;

namespace Advisor.Kernel.Reviews;

public enum ReviewStatus
{
    /// <summary>Waits for a verdict.</summary>
    Open,

    /// <summary>One person has decided, and another must.</summary>
    AwaitingSecond,

    /// <summary>Decided; who decided may still undo it until <see cref="ReviewOutcome.EffectiveAt"/>.</summary>
    Decided,

    /// <summary>The verdict stands, and the workflow that asked has been told.</summary>
    Settled,

    /// <summary>Nobody decided in time: it ended in its default.</summary>
    Expired,

    /// <summary>What was to be decided is no longer there, or somebody else's newer work has taken its place.</summary>
    Withdrawn,
}

/// <summary>What lists are usually asked for by.</summary>
public enum ReviewPhase
{
    /// <summary>A person can decide.</summary>
    Waiting,

    /// <summary>Nobody can any more, but for an undo.</summary>
    Ended,
}

/// <summary>How much of a person's attention a review asks for.</summary>
public enum ReviewDepth
{
    /// <summary>One click: the outcome is proposed and probably right.</summary>
    Approval,

    /// <summary>The evidence is to be looked at.</summary>
    Full,
}

/// <summary>Something a person must decide, from any workflow.</summary>
/// <param name="Reasons">Why a person is asked.</param>
/// <inheritdoc cref="ListedReview"/>
public sealed record ReviewRecord(
    string Id,
    string Kind,
    string SubjectId,
    string Band,
    ReviewDepth Depth,
    ReviewStatus Status,
    string Question,
    IReadOnlyList<string> Reasons,
    decimal Confidence,
    decimal? Amount,
    DateTimeOffset CreatedAt,
    string? AssignedTo = null)
    : ListedReview(Id, Kind, SubjectId, Band, Depth, Status, Question, Confidence, Amount, CreatedAt, AssignedTo)
{
    public IReadOnlyList<ReviewEvidence> Evidence { get; init; } = [];

    /// <summary>What a correction may name.</summary>
    public IReadOnlyList<Correctable> Correctables { get; init; } = [];

    public IReadOnlyList<ReviewDecision> Decisions { get; init; } = [ReviewDecision.Approve, ReviewDecision.Reject, ReviewDecision.Escalate];

    public Signals? Signals { get; init; }

    /// <summary>Before calibration, in [0,1]; null where the workflow has no such score.</summary>
    public decimal? RawScore { get; init; }

    /// <summary>Nothing but its score sent the subject here: the verdict is evidence on the scores of its kind.</summary>
    public bool ByScoreAlone { get; init; }

    /// <summary>The subject's coin chose it to be judged whatever its score.</summary>
    public bool Sampled { get; init; }

    /// <summary>Queue to which <see cref="ReviewEnded"/> is sent; null when an orchestration waits for the review instead.</summary>
    public string? ReplyTo { get; init; }

    /// <summary>The right decision of an item that was planted to see whether reviewers look; null for real ones. Never shown before the end.</summary>
    public ReviewDecision? Planted { get; init; }

    /// <summary>What is wrong with a planted item, in a sentence; null for real ones, and once it was redacted.</summary>
    public string? PlantedBecause { get; init; }

    /// <summary>Two persons must decide.</summary>
    public bool FourEyes { get; init; }

    /// <summary>The two disagreed: one more person decides alone.</summary>
    public bool Disputed { get; init; }

    public ReviewTerms Terms { get; init; } = ReviewTerms.Default;

    /// <summary>The level's reminder has been sent.</summary>
    public bool Reminded { get; init; }

    /// <summary>Verdicts that count, in order; one that was undone is in <see cref="History"/> alone.</summary>
    public IReadOnlyList<ReviewVerdict> Verdicts { get; init; } = [];

    /// <summary>User ids of those who took a second verdict back. What became of it had told them what the first one was, so they judge no more.</summary>
    public IReadOnlyList<string> Recused { get; init; } = [];

    public ReviewOutcome? Outcome { get; init; }

    /// <summary>Why it was withdrawn after a verdict had been given: the verdict comes to stand, and one that is undone does not open it again.</summary>
    public string? Withdrawal { get; init; }

    /// <summary>What is claimed, whichever analysis claims it: verdicts on one claim are one piece of evidence. Null where the subject's id says it.</summary>
    public string? ClaimKey { get; init; }

    /// <summary>Counts what changes the next thing to wait for; names the event that wakes the orchestration.</summary>
    public int Round { get; init; }

    /// <summary>Id of the request that changed it last, so that the same request again is answered and not refused.</summary>
    public string? LastOperation { get; init; }

    public IReadOnlyList<ReviewAct> History { get; init; } = [];

    /// <summary>How many acts of the history the people of the level have been told of.</summary>
    public int Announced { get; init; }

    /// <summary>The kind while somebody can decide, and nothing afterwards: what a queue is listed by, however many reviews have ended.</summary>
    public string? WaitingKind => Phase == ReviewPhase.Waiting ? Kind : null;

    public static RecordContainer<ReviewRecord> Container { get; } = new("reviews")
    {
        Lookup = new RecordLookup(["waiting_kind", "subject_id"], ["expected_loss", "created_at", "status", "kind", "band", "depth", "assigned_to", "amount"]),
    };

    /// <summary>The same records, to list.</summary>
    public static RecordContainer<ListedReview> Listed { get; } = new(Container.Name) { Lookup = Container.Lookup };

    /// <summary>Of the durable instance that waits for the verdict.</summary>
    public static string InstanceOf(string reviewId) => $"review-{reviewId}";

    /// <summary>What wakes the orchestration in that round. Unique for each wait.</summary>
    public static string EventOf(int round) => $"acted-{round}";
}
