using Advisor.Kernel.Records;

namespace Advisor.Kernel.Reviews;

public enum ReviewStatus
{
    Open,
    Decided,
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
/// <param name="Id">Deterministic for the subject, so that asking twice opens one review.</param>
/// <param name="Kind">The workflow's name for what is asked: <c>insight/trend</c>.</param>
/// <param name="SubjectId">Id of what is decided on, in the workflow that asked.</param>
/// <param name="Question">What is asked, in words.</param>
/// <param name="Reasons">Why a person is asked.</param>
/// <param name="Confidence">Of the proposed outcome, in [0,1].</param>
/// <param name="Amount">Money at stake; null when none is.</param>
/// <param name="AssignedTo">User id of the reviewer who was asked by name; null when any may decide.</param>
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
{
    public static RecordContainer<ReviewRecord> Container { get; } = new("reviews");
}
