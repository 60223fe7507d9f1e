using System.Globalization;
using Advisor.Kernel.Reasoning;
using Advisor.Kernel.Records;
using Advisor.Kernel.Reviews;
using Advisor.Kernel.Tenancy;

namespace Advisor.Insights;

/// <summary>What a person is asked about an insight.</summary>
internal static class InsightReviews
{
    /// <summary>Kinds are <c>insight/trend</c> and so on: reviewers' times and verdicts are counted for each.</summary>
    public const string KindPrefix = "insight/";

    private static readonly IReadOnlyList<ReviewDecision> s_decisions = [ReviewDecision.Approve, ReviewDecision.Correct, ReviewDecision.Reject, ReviewDecision.Escalate];

    /// <summary>Id of the one review that an insight can have; a sampled one is the same review.</summary>
    public static string IdOf(string insightId) => DeterministicId.Of("review", insightId);

    /// <summary>The target of a correction of a fact.</summary>
    public static string TargetOf(string factId) => $"fact:{factId}";

    /// <summary>The fact that a correction names; null when it names none.</summary>
    public static string? FactOf(string target) => target.StartsWith("fact:", StringComparison.Ordinal) ? target["fact:".Length..] : null;

    public static ReviewRecord Of(InsightRecord insight, ReviewDepth depth, DateTimeOffset now, bool blind = false) => new(
        IdOf(insight.Id), KindPrefix + insight.Type, insight.Id, insight.Band.ToString().ToLowerInvariant(), depth, ReviewStatus.Open,
        blind ? "Is this insight right?" : "Is this insight right, and may it be released?", insight.Reasons, insight.ConfidenceScore, insight.Amount, now)
    {
        Proposed = insight.Summary,
        SubjectPath = $"/api/v1/insights/{insight.Id}",
        Evidence = [.. insight.Facts.Select(EvidenceOf)],
        Correctables = [.. insight.Facts.Select(CorrectableOf)],
        Decisions = s_decisions,
        Signals = insight.Signals,
        RawScore = insight.RawScore,
        ReasoningChainId = insight.ReasoningChainId,
        ReplyTo = InsightQueues.Verdicts,
        Blind = blind,
        ByScoreAlone = insight.ByScoreAlone,
        Sampled = insight.Sampled,
        ClaimKey = insight.ClaimKey,
    };

    /// <summary>Looks at the insight after a review of it was opened, and withdraws the review where there is nothing to decide any more.</summary>
    public static async Task SettleAsync(IRecordStore records, ReviewDesk reviews, TenantId tenant, string insightId, CancellationToken cancellationToken)
    {
        var insight = await records.FindAsync(InsightRecord.Container, tenant, insightId, cancellationToken);
        var reason = insight?.Value.Status switch
        {
            null => "its document was deleted",
            InsightStatus.Superseded => "a newer analysis has taken its place",
            InsightStatus.Held => FailedAnalysis.Reason,
            _ => null,
        };
        if (reason is not null)
        {
            await reviews.WithdrawAsync(tenant, insightId, reason, redact: insight is null, cancellationToken);
        }
    }

    private static ReviewEvidence EvidenceOf(Fact fact) => new(
        LabelOf(fact), $"{fact.Value.ToString(CultureInfo.InvariantCulture)}{(UnitOf(fact) is { } unit ? $" {unit}" : "")}{(fact.Corrected is null ? "" : ", corrected by a person")}",
        fact.Source.DocumentId, fact.Source.DocumentName, fact.Source.Page, fact.Source.Sheet, fact.Source.Cell, fact.Source.Box, fact.Printed, fact.Id);

    private static Correctable CorrectableOf(Fact fact) =>
        new(TargetOf(fact.Id), LabelOf(fact), CorrectionKind.Number, fact.Value.ToString(CultureInfo.InvariantCulture), UnitOf(fact));

    private static string LabelOf(Fact fact) => fact.Period is { } period ? $"{fact.Label}, {period.Label}" : fact.Label;

    private static string? UnitOf(Fact fact) => fact.Unit switch
    {
        Unit.Currency => fact.Currency,
        Unit.CurrencyPerShare => fact.Currency is { } currency ? $"{currency} per share" : "per share",
        Unit.Percent => "%",
        Unit.Shares => "shares",
        _ => null,
    };
}
