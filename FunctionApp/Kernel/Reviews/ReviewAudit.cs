using Advisor.Kernel.Audit;
using Advisor.Kernel.Tenancy;

namespace Advisor.Kernel.Reviews;

/// <summary>What the audit log keeps of a review: every act of its history, by place, so that writing them again adds nothing.</summary>
internal static class ReviewAudit
{
    /// <param name="from">Acts of the history before it are left out.</param>
    public static IReadOnlyList<AuditEvent> Of(TenantId tenant, ReviewRecord review, int from = 0) =>
        [.. review.History.Skip(from).Select((act, i) => Of(tenant, review, act, from + i))];

    private static AuditEvent Of(TenantId tenant, ReviewRecord review, ReviewAct act, int place) => AuditEvent.Decision(
        tenant, $"review.{act.Act}", $"reviews/{review.Id}", ResultOf(review, act),
        ("kind", review.Kind), ("subject_id", review.SubjectId), ("band", review.Blind ? null : review.Band), ("depth", review.Depth.ToString().ToLowerInvariant()),
        ("level", review.Levels.Count == 0 ? null : review.Levels[review.Level].Role.ToString().ToLowerInvariant()), ("assigned_to", act.Act == "assigned" ? review.AssignedTo : null),
        ("planted", act.Act is "settled" or "expired" or "withdrawn" ? review.Planted?.ToString().ToLowerInvariant() : null))
        with { UserId = act.By, EventId = $"{tenant}/review/{review.Id}/{place}" };

    /// <summary>
    /// What was decided, without its comment: comments may name people and hold document text. Where another person must still judge independently the log, too, says only that one has decided; the
    /// settlement says what.
    /// </summary>
    private static string ResultOf(ReviewRecord review, ReviewAct act) => act.Act switch
    {
        "decided" when !review.FourEyes && !review.Blind => act.Note?.Split(':')[0] ?? act.Act,
        "settled" => act.Note?.Split(':')[0] ?? act.Act,
        _ => act.Act,
    };
}
