using Advisor.Kernel.Confidence;
using Advisor.Kernel.Records;
using Advisor.Kernel.Reviews;
using Advisor.Kernel.Tenancy;
using Shouldly;

namespace Advisor.Tests.Kernel.Reviews;

/// <summary>Reviews and people to try the rules on.</summary>
internal static class SampleReviews
{
    /// <summary>The default chain, and two persons above a thousand.</summary>
    public static ReviewTerms Terms { get; } = ReviewTerms.Default with { FourEyesAbove = 1_000 };

    public static Caller Person(string name, params Role[] roles) => new(new TenantId("northwind"), name, $"{name}@northwind.example", roles);

    /// <summary>What a workflow asks, before the desk opens it.</summary>
    public static ReviewRecord Asked(DateTimeOffset now, decimal? amount = 500, bool blind = false, string kind = "sample/thing", string subject = "thing-1", decimal confidence = 0.7m) => new(
        DeterministicId.Of("review", subject), kind, subject, "low", ReviewDepth.Approval, ReviewStatus.Open, "Is this right?", ["the reader was unsure"], confidence, amount, now)
    {
        Proposed = "Revenue is 10.",
        SubjectPath = $"/api/v1/insights/{subject}",
        Evidence = [new ReviewEvidence("Revenue, FY2025", "10 EUR", "d-1", "report.pdf", 3, Printed: "10", FactId: "f1")],
        Correctables = [new Correctable("fact:f1", "Revenue, FY2025", CorrectionKind.Number, "10", "EUR")],
        Decisions = [ReviewDecision.Approve, ReviewDecision.Correct, ReviewDecision.Reject, ReviewDecision.Escalate],
        Signals = new Signals { Grounding = Score.One },
        RawScore = 0.75m,
        ReasoningChainId = "chain-1",
        Blind = blind,
    };

    public static ReviewRecord Open(DateTimeOffset now, decimal? amount = 500, bool blind = false) => ReviewRules.Open(Asked(now, amount, blind), Terms);

    /// <summary>The review after a change that was not refused.</summary>
    public static ReviewRecord Done(this ReviewChange change) => change.Review.ShouldNotBeNull(change.Refusal?.Detail);
}
