using Advisor.Kernel.Reasoning;
using Advisor.Kernel.Tenancy;

namespace Advisor.Kernel.Reviews;

public enum ReviewDecision
{
    /// <summary>It is right as it is.</summary>
    Approve,

    /// <summary>It is right with other values, which the verdict names.</summary>
    Correct,

    /// <summary>It is wrong.</summary>
    Reject,

    /// <summary>Somebody more senior is to decide.</summary>
    Escalate,
}

/// <summary>A value that the subject rests on, and where it was read.</summary>
/// <param name="Label">What the value is.</param>
/// <param name="Value">As it is used, in words.</param>
/// <param name="Document">Name of the document; null where the value is from none.</param>
/// <param name="Page">From 1.</param>
/// <param name="Printed">As it stands in the source.</param>
public sealed record ReviewEvidence(
    string Label, string Value, string? DocumentId = null, string? Document = null, int? Page = null, string? Sheet = null, string? Cell = null, Box? Box = null, string? Printed = null, string? FactId = null);

public enum CorrectionKind
{
    /// <summary>A JSON number.</summary>
    Number,

    /// <summary>1 to 200 characters.</summary>
    Text,
}

/// <summary>Something in the subject that a reviewer may set right.</summary>
/// <param name="Target">The workflow's name for it, <c>fact:ID</c>.</param>
/// <param name="Current">Its value now, in the form that a correction has.</param>
/// <param name="Unit">What the value is counted in; null where that goes without saying.</param>
public sealed record Correctable(string Target, string Label, CorrectionKind Kind, string Current, string? Unit = null);

/// <param name="Value">In invariant form: a number with a point, or the text.</param>
public sealed record ReviewCorrection(string Target, string Value);

/// <summary>Who has taken the review to work on it; it is theirs until then.</summary>
public sealed record ReviewClaim(string By, DateTimeOffset At, DateTimeOffset Until);

/// <summary>What one person decided.</summary>
/// <param name="Minutes">From their claim on; null when they decided without one.</param>
/// <param name="Level">Index of the level at which it was given.</param>
public sealed record ReviewVerdict(
    string By, ReviewDecision Decision, IReadOnlyList<ReviewCorrection> Corrections, string? Comment, DateTimeOffset At, decimal? Minutes, int Level);

/// <summary>How a review ended.</summary>
/// <param name="Decision">Null where nobody decided: the subject stays held, or a sampled one as it was.</param>
/// <param name="EffectiveAt">Until then who decided last may undo it.</param>
public sealed record ReviewOutcome(
    ReviewDecision? Decision, IReadOnlyList<ReviewCorrection> Corrections, IReadOnlyList<string> By, DateTimeOffset At, DateTimeOffset EffectiveAt, string InWords);

/// <summary>An entry of a review's history.</summary>
/// <param name="By">User id; <c>advisor</c> for what the product did by itself.</param>
/// <param name="Act"><c>opened, claimed, released, assigned, decided, undone, escalated, reminded, settled, expired, withdrawn, corrected</c>.</param>
/// <param name="Secret">Tells what another person decided: not shown to whoever must decide independently.</param>
public sealed record ReviewAct(DateTimeOffset At, string By, string Act, string? Note = null, bool Secret = false);

/// <summary>One step of the chain of people, with its hours made into times.</summary>
public sealed record ReviewLevel(Role Role, DateTimeOffset RemindAt, DateTimeOffset Until);

/// <summary>What the workflow that asked is told on its queue when a review has ended. Sent once for each review.</summary>
/// <param name="Decision">Null where nobody decided.</param>
public sealed record ReviewEnded(string ReviewId, string Kind, string SubjectId, ReviewStatus Status, ReviewDecision? Decision, bool Blind);
