using System.Text.Json;
using Advisor.Documents;
using Advisor.Insights.Contracts;
using Advisor.Kernel.Http;
using Advisor.Kernel.Reviews;
using Advisor.Kernel.Tenancy;

namespace Advisor.Tests.Orchestrations;

/// <summary>One call of an activity, as the answers of a scenario see it.</summary>
/// <param name="Attempt">Which call with this name and input it is, from 1.</param>
internal sealed record ActivityAttempt(string Name, JsonElement Input, int Attempt);

/// <summary>A run of one of the product's orchestrators whose activities answer by script.</summary>
/// <param name="Name">The file's name.</param>
/// <param name="Answer">The activity's result; what it throws, the activity fails with.</param>
internal sealed record GoldenScenario(string Name, string Orchestrator, object Input, Func<ActivityAttempt, object?> Answer)
{
    /// <summary>Raised one after the other, each when the run waits for nothing but events and the clock.</summary>
    public IReadOnlyList<string> Events { get; init; } = [];

    /// <summary>What every orchestrator must have: a run without trouble, one in which a call is repeated, and one that fails for good.</summary>
    public static IReadOnlyList<string> Needed { get; } = ["completed", "retried", "failed"];

    private static readonly DocumentRun s_run = new(
        new TenantId("demo"), "505d2581-921e-874e-820f-6e9881113ef0", "01a1fd39-6d94-74f7-9ad4-10a7171f265e", "32051069-3cbc-8c07-a181-028f27e25d8f", ["trend", "risk"]);

    private static readonly AnalysisRequest s_analysis = new(
        s_run.Tenant, "2f6856d8-2507-5d99-a980-cb355a76c970", s_run.RunId, s_run.IngestionId, s_run.DocumentId, "trend");

    private static readonly IngestionError s_refusal = new("urn:advisor:problem:unreadable-document", "The document cannot be read", "It is damaged.");

    private static readonly ReviewRun s_review = new(s_run.Tenant, "77f1c0de-2b5c-8d0e-9f6a-3c4b5a697887");

    public static IReadOnlyList<GoldenScenario> All { get; } =
    [
        Document("completed", _ => null),
        Document("workbook", call => call.Name == nameof(DocumentActivities.PlanReading) ? new ReadingPlan([], null) : null),
        Document("refused-before-reading", call => call.Name == nameof(DocumentActivities.PlanReading) ? new ReadingPlan([], s_refusal) : null),
        Document("refused-while-reading", call => call.Name == nameof(DocumentActivities.ExtractFacts) ? new Extraction(s_refusal) : null),
        Document("retried", call => call is { Name: nameof(DocumentActivities.ReadPages) or nameof(DocumentActivities.CompleteIngestion), Attempt: 1 } ? throw new IOException("The disk was full.") : null),
        Document("failed", call => call.Name == nameof(DocumentActivities.ExtractFacts) ? throw new IOException("The disk is full.") : null),
        Document("analysis-failed", call => call.Name == "RouteInsights" ? throw new IOException("The queue is full.") : null),
        Analysis("completed", _ => null),
        Analysis("retried", call => call is { Name: "AskModel" or "RouteInsights", Attempt: < 3 } ? throw new TimeoutException("The model did not answer.") : null),
        Analysis("asking-failed", call => call.Name == "AskModel" ? throw new InvalidDataException("The answer fits into no record.") : null),
        // Somebody decides in round 0, undoes it, and nobody acts again: the clock reminds and ends it.
        Review("completed", [Wait(0, 12), Wait(1, 1), Wait(2, 24), Wait(3, 36), null], _ => null) with { Events = ["acted-0", "acted-1"] },
        Review("continued", [.. Enumerable.Range(0, 23).Select(round => Wait(round, round + 1)), null], _ => null),
        Review("withdrawn-before-it-began", [null], _ => null),
        Review("retried", [Wait(0, 12), null], call => call.Attempt == 1 && call.Name == nameof(ReviewActivities.EndReview) ? throw new IOException("The queue is full.") : null),
        // An outage that outlasts every attempt: it waits, and goes on.
        Review("failed", [Wait(0, 12), null], call => call is { Name: nameof(ReviewActivities.EndReview), Attempt: <= 10 } ? throw new InvalidDataException("The record is damaged.") : null),
        Analysis("failed", call => call.Name == "ReasonOverFacts" ? throw new InvalidDataException("The findings are damaged.") : null),
    ];

    private static GoldenScenario Document(string name, Func<ActivityAttempt, object?> answer) => new(
        name,
        nameof(DocumentOrchestrator),
        s_run,
        call => answer(call) ?? call.Name switch
        {
            nameof(DocumentActivities.PlanReading) => new ReadingPlan([new PageRange(1, 8), new PageRange(9, 10)], null),
            nameof(DocumentActivities.ExtractFacts) => new Extraction(null),
            _ => null,
        });

    private static GoldenScenario Analysis(string name, Func<ActivityAttempt, object?> answer) => new(name, AnalysisRequest.Orchestrator, s_analysis, answer);

    /// <param name="waits">What the calls of AdvanceReview say, in order.</param>
    private static GoldenScenario Review(string name, IReadOnlyList<ReviewWait?> waits, Func<ActivityAttempt, object?> answer)
    {
        return new(
            name,
            nameof(ReviewOrchestrator),
            s_review,
            call => answer(call) ?? call.Name switch
            {
                nameof(ReviewActivities.AdvanceReview) => waits[(call.Attempt - 1) % waits.Count],
                nameof(ReviewActivities.EndReview) => new ReviewEnded(s_review.ReviewId, "insight/trend", s_run.DocumentId, ReviewStatus.Settled, ReviewDecision.Approve, false),
                _ => null,
            });
    }

    /// <param name="hours">After the recorder's clock begins.</param>
    private static ReviewWait Wait(int round, int hours) => new(round, new DateTimeOffset(2026, 1, 5, 9, 0, 0, TimeSpan.Zero).AddHours(hours));
}
