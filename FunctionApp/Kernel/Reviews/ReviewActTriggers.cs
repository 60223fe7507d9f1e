using System.Globalization;
using System.Text.Json;
using Advisor.Kernel.Http;
using Advisor.Kernel.Records;
using Advisor.Kernel.Tenancy;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace Advisor.Kernel.Reviews;

/// <summary>What people do with reviews. Every act names the version that it is about, and is carried out once for an <c>Idempotency-Key</c>.</summary>
public sealed class ReviewActTriggers(IRecordStore records, IUserDirectory users, ReviewDesk desk, ReviewTimes times, TimeProvider time)
{
    private const string DecisionForm = """{"decision": "approve|correct|reject|escalate", "corrections": [{"target": "...", "value": 1}], "comment": "..."}""";

    private const string AssignForm = """{"reviewer_email": "..."}""";

    private const int MaxComment = 2_000;

    private const int MaxCorrections = 50;

    private const int MaxText = 200;

    [Allow(Role.Reviewer, Role.Approver, Role.Cfo, Role.Admin)]
    [Function("ClaimReview")]
    public Task<IResult> ClaimAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/v1/reviews/{id}/claim")] HttpRequest request, string id, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken) =>
        ActAsync(request, id, client, (review, now) => ReviewRules.Claim(review, request.Caller(), now), cancellationToken);

    [Allow(Role.Reviewer, Role.Approver, Role.Cfo, Role.Admin)]
    [Function("ReleaseReview")]
    public Task<IResult> ReleaseAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/v1/reviews/{id}/release")] HttpRequest request, string id, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken) =>
        ActAsync(request, id, client, (review, now) => ReviewRules.Release(review, request.Caller(), now), cancellationToken);

    [Allow(Role.Reviewer, Role.Approver, Role.Cfo, Role.Admin)]
    [RequiresIdempotencyKey]
    [Function("DecideReview")]
    public async Task<IResult> DecideAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/v1/reviews/{id}/decision")] HttpRequest request, string id, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        var (body, problem) = await JsonBody.ReadAsync<DecisionBody>(request, DecisionForm, cancellationToken);
        if (body is null)
        {
            return problem!;
        }

        if (body.Decision is not { } decision)
        {
            return Problem.Invalid("decision", $"Say what you decide: the body is JSON of the form {DecisionForm}; 'corrections' come with 'correct' only, 'comment' may be left out.");
        }

        if (body.Comment?.Length > MaxComment)
        {
            return Problem.Invalid("comment", $"'comment' has at most {MaxComment.ToString("N0", CultureInfo.InvariantCulture)} characters.");
        }

        var (corrections, malformed) = CorrectionsOf(body.Corrections ?? []);
        return malformed ?? await ActAsync(
            request, id, client,
            (review, now) => ReviewRules.Decide(review, request.Caller(), decision, corrections, string.IsNullOrWhiteSpace(body.Comment) ? null : body.Comment, now), cancellationToken);
    }

    [Allow(Role.Reviewer, Role.Approver, Role.Cfo, Role.Admin)]
    [Function("UndoReview")]
    public Task<IResult> UndoAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/v1/reviews/{id}/undo")] HttpRequest request, string id, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken) =>
        ActAsync(request, id, client, (review, now) => ReviewRules.Undo(review, request.Caller(), now), cancellationToken);

    [Allow(Role.Reviewer, Role.Approver, Role.Cfo, Role.Admin)]
    [Function("ReassignReview")]
    public async Task<IResult> ReassignAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/v1/reviews/{id}/reassign")] HttpRequest request, string id, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        var (body, problem) = await JsonBody.ReadAsync<AssignBody>(request, AssignForm, cancellationToken);
        if (body is null)
        {
            return problem!;
        }

        var to = string.IsNullOrEmpty(body.ReviewerEmail) ? null : await users.FindByEmailAsync(request.Caller().Tenant, body.ReviewerEmail, cancellationToken);
        return !string.IsNullOrEmpty(body.ReviewerEmail) && to is null
            ? ReviewRefusals.UnknownReviewer()
            : await ActAsync(request, id, client, (review, now) => ReviewRules.Reassign(review, request.Caller(), to, now), cancellationToken);
    }

    private async Task<IResult> ActAsync(
        HttpRequest request, string id, DurableTaskClient client, Func<ReviewRecord, DateTimeOffset, ReviewChange> act, CancellationToken cancellationToken)
    {
        var (caller, operation) = (request.Caller(), request.OperationId(time));
        if (await records.FindAsync(ReviewRecord.Container, caller.Tenant, id, cancellationToken) is not { } stored)
        {
            return Problem.NotFound("review", id);
        }

        // What has been done under this key already is answered, though the version that it was about is gone with it.
        if (stored.Value.LastOperation != operation && Preconditions.Unmet(request, stored.ETag, "review") is { } unmet)
        {
            // Whoever comes too late learns of it, not only that something has changed.
            return unmet.Status == StatusCodes.Status412PreconditionFailed && ReviewRefusals.Closed(stored.Value, time.GetUtcNow()) is { } closed && !request.Path.Value!.EndsWith("/undo", StringComparison.Ordinal)
                ? closed
                : unmet;
        }

        var (review, problem) = await desk.ActAsync(client, caller.Tenant, stored, operation, act, cancellationToken);
        return review is null ? problem! : Preconditions.Ok(request, review.ETag, await times.ViewAsync(review.Value, caller, time.GetUtcNow(), cancellationToken));
    }

    /// <summary>Numbers as numbers, text as text; what a target takes is the review's to say.</summary>
    private static (IReadOnlyList<ReviewCorrection> Corrections, Problem? Problem) CorrectionsOf(IReadOnlyList<CorrectionBody> bodies)
    {
        if (bodies.Count > MaxCorrections)
        {
            return ([], Problem.Invalid("corrections", $"'corrections' are at most {MaxCorrections} at a time."));
        }

        var corrections = new List<ReviewCorrection>();
        foreach (var body in bodies)
        {
            var value = body?.Value switch
            {
                { ValueKind: JsonValueKind.Number } number when number.TryGetDecimal(out var amount) => Plain(amount),
                { ValueKind: JsonValueKind.String } text when text.GetString() is { Length: >= 1 and <= MaxText } words => words,
                _ => null,
            };
            if (value is null || string.IsNullOrEmpty(body!.Target))
            {
                return ([], Problem.Invalid("corrections", $"Each correction is of the form {{\"target\": \"...\", \"value\": ...}}; the value is a number within 28 digits, or text of 1 to {MaxText} characters."));
            }

            corrections.Add(new ReviewCorrection(body.Target, value));
        }

        return (corrections, null);
    }

    /// <summary>Without zeros at the end, so that two persons who mean the same number say the same.</summary>
    private static string Plain(decimal amount) => (amount / 1.000000000000000000000000000000m).ToString(CultureInfo.InvariantCulture);

    private sealed record DecisionBody(ReviewDecision? Decision, IReadOnlyList<CorrectionBody>? Corrections, string? Comment);

    private sealed record CorrectionBody(string? Target, JsonElement? Value);

    private sealed record AssignBody(string? ReviewerEmail);
}
