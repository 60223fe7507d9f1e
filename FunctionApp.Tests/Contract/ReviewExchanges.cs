using Advisor.Kernel.Records;
using Advisor.Kernel.Reviews;
using Advisor.Kernel.Tenancy;
using Advisor.Tests.Kernel.Reviews;
using Microsoft.Extensions.DependencyInjection;

namespace Advisor.Tests.Contract;

/// <summary>Exchanges about reviews. Each finds one review as it needs it: what one leaves would be in the way of the next.</summary>
internal static class ReviewExchanges
{
    private const string Somebody = "somebody";
    private const string List = "/api/v1/reviews";

    private static readonly IReadOnlyList<(string Name, string Value)> s_any = [("If-Match", "*")];

    private static string Caller => $"all@{ContractWorld.Tenant}";

    public static IEnumerable<Exchange> Of(ContractWorld world) =>
        [.. Reading(world), .. Claims(world), .. Releases(world), .. Decisions(world), .. Undoing(world), .. Reassignments(world)];

    private static IEnumerable<Exchange> Reading(ContractWorld world)
    {
        yield return new("ListReviews", 200, $"{List}?limit=500") { Before = Stored(world, review => review) };
        yield return new("ListReviews", 200, $"{List}?status=waiting&kind=sample/thing&band=low&depth=approval&assigned_to=me&amount_min=1") { Before = Stored(world, review => review with { AssignedTo = Caller }) };
        yield return new("ListReviews", 200, $"{List}?limit=1&continuation=e30") { Before = Stored(world, Claimed) };
        yield return new("ListReviews", 200, $"{List}?status=settled") { Before = Stored(world, review => ReviewRules.Advance(Decided(review, Caller), Now.AddMinutes(1))) };
        yield return new("ListReviews", 200, $"{List}?status=expired") { Before = Stored(world, Expired) };
        yield return new("ListReviews", 400, $"{List}?status=sometimes") { Problem = "invalid-request" };

        var one = Path("");
        yield return new("GetReview", 200, one) { Before = Stored(world, review => review) };
        yield return new("GetReview", 304, one) { Headers = [("If-None-Match", "*")] };
        yield return new("GetReview", 200, one) { Before = Stored(world, review => review with { Blind = true }) };
        yield return new("GetReview", 200, one) { Before = Stored(world, review => AwaitingSecond(review, Caller)) };
        yield return new("GetReview", 200, one) { Before = Stored(world, Corrected) };
        yield return new("GetReview", 200, one) { Before = Stored(world, Expired) };
        yield return new("GetReview", 200, one) { Before = Stored(world, review => ReviewRules.Redact(ReviewRules.Withdraw(review, "its document was deleted", Now))) };
    }

    private static IEnumerable<Exchange> Claims(ContractWorld world)
    {
        var path = Path("/claim");
        yield return new("ClaimReview", 200, path) { Before = Stored(world, review => review), Headers = [.. s_any, ("Idempotency-Key", "claim")] };
        yield return new("ClaimReview", 403, path) { Before = Stored(world, BeyondEverybody), Headers = s_any, Problem = "not-your-level" };
        yield return new("ClaimReview", 403, path) { Before = Stored(world, review => AwaitingSecond(review, Caller)), Headers = s_any, Problem = "four-eyes" };
        foreach (var exchange in Taken(world, "ClaimReview", path).Concat(Versioned(world, "ClaimReview", path)))
        {
            yield return exchange;
        }
    }

    private static IEnumerable<Exchange> Releases(ContractWorld world)
    {
        var path = Path("/release");
        yield return new("ReleaseReview", 200, path) { Before = Stored(world, review => Claimed(review, Caller)), Headers = [.. s_any, ("Idempotency-Key", "release")] };
        yield return new("ReleaseReview", 409, path) { Before = Stored(world, Claimed), Headers = s_any, Problem = "not-claimed" };
        yield return new("ReleaseReview", 409, path) { Before = Stored(world, Expired), Headers = s_any, Problem = "review-closed" };
        foreach (var exchange in Versioned(world, "ReleaseReview", path))
        {
            yield return exchange;
        }
    }

    private static IEnumerable<Exchange> Decisions(ContractWorld world)
    {
        var (path, body) = (Path("/decision"), Exchange.Json("""{"decision": "approve", "comment": "As printed."}"""));
        var escalate = Exchange.Json("""{"decision": "escalate"}""");
        var correct = Exchange.Json("""{"decision": "correct", "corrections": [{"target": "fact:f1", "value": 12.5}]}""");
        yield return new("DecideReview", 200, path) { Before = Stored(world, review => review), Headers = Keyed("approve"), Content = body };
        yield return new("DecideReview", 200, path) { Before = Stored(world, review => review), Headers = Keyed("correct"), Content = correct };
        yield return new("DecideReview", 200, path) { Before = Stored(world, review => review), Headers = Keyed("escalate"), Content = escalate };
        yield return new("DecideReview", 400, path) { Before = Stored(world, review => review), Headers = Keyed("none"), Content = Exchange.Json("{}"), Problem = "invalid-request" };
        yield return new("DecideReview", 400, path) { Headers = s_any, Content = body, Problem = "invalid-request" };
        yield return new("DecideReview", 403, path) { Before = Stored(world, BeyondEverybody), Headers = Keyed("level"), Content = body, Problem = "not-your-level" };
        yield return new("DecideReview", 403, path) { Before = Stored(world, review => AwaitingSecond(review, Caller)), Headers = Keyed("second"), Content = body, Problem = "four-eyes" };
        yield return new("DecideReview", 422, path) { Before = Stored(world, AtTheEnd), Headers = Keyed("end"), Content = escalate, Problem = "no-higher-level" };
        foreach (var exchange in Taken(world, "DecideReview", path).Concat(Versioned(world, "DecideReview", path)))
        {
            yield return exchange with { Headers = [.. exchange.Headers, ("Idempotency-Key", $"{exchange.Status}-{exchange.Problem}")], Content = body };
        }
    }

    private static IEnumerable<Exchange> Undoing(ContractWorld world)
    {
        var path = Path("/undo");
        yield return new("UndoReview", 200, path) { Before = Stored(world, review => Decided(review, Caller)), Headers = [.. s_any, ("Idempotency-Key", "undo")] };
        yield return new("UndoReview", 409, path) { Before = Stored(world, review => review), Headers = s_any, Problem = "nothing-to-undo" };
        yield return new("UndoReview", 409, path) { Before = Stored(world, review => AwaitingSecond(review, Caller, Now.AddMinutes(-1))), Headers = s_any, Problem = "undo-too-late" };
        foreach (var exchange in Versioned(world, "UndoReview", path))
        {
            yield return exchange;
        }
    }

    private static IEnumerable<Exchange> Reassignments(ContractWorld world)
    {
        var (path, everybody) = (Path("/reassign"), Exchange.Json("{}"));
        Func<HttpContent> To(string email) => Exchange.Json($$"""{"reviewer_email": "{{email}}"}""");
        yield return new("ReassignReview", 200, path) { Before = Stored(world, Claimed), Headers = [.. s_any, ("Idempotency-Key", "reassign")], Content = To(world.People.Reviewer) };
        yield return new("ReassignReview", 200, path) { Before = Stored(world, Claimed), Headers = s_any, Content = everybody };
        yield return new("ReassignReview", 400, path) { Headers = s_any, Content = Exchange.Json("[]"), Problem = "invalid-request" };
        yield return new("ReassignReview", 403, path) { Before = Stored(world, review => review), Headers = s_any, Content = To(world.People.Analyst), Problem = "not-your-level" };
        yield return new("ReassignReview", 403, path) { Before = Stored(world, review => AwaitingSecond(review, Caller)), Headers = s_any, Content = To(world.People.Reviewer), Problem = "four-eyes" };
        yield return new("ReassignReview", 409, path) { Before = Stored(world, Expired), Headers = s_any, Content = everybody, Problem = "review-closed" };
        yield return new("ReassignReview", 422, path) { Before = Stored(world, review => review), Headers = s_any, Content = To("stranger@elsewhere.example"), Problem = "unknown-reviewer" };
        foreach (var exchange in Versioned(world, "ReassignReview", path))
        {
            yield return exchange with { Content = everybody };
        }
    }

    private static IEnumerable<Exchange> Taken(ContractWorld world, string operation, string path)
    {
        yield return new(operation, 409, path) { Before = Stored(world, Claimed), Headers = s_any, Problem = "claimed" };
        yield return new(operation, 409, path) { Before = Stored(world, review => review with { AssignedTo = Somebody }), Headers = s_any, Problem = "assigned" };
        yield return new(operation, 409, path) { Before = Stored(world, Expired), Headers = s_any, Problem = "review-closed" };
    }

    private static IEnumerable<Exchange> Versioned(ContractWorld world, string operation, string path)
    {
        var before = Stored(world, review => review);
        yield return new(operation, 404, path.Replace(SampleReviews.Asked(Now).Id, Exchanges.Nobody, StringComparison.Ordinal)) { Headers = s_any, Problem = "not-found" };
        yield return new(operation, 412, path) { Before = before, Headers = [("If-Match", "\"another\"")], Problem = "changed" };
        yield return new(operation, 412, path) { Before = before, Headers = [("If-Match", "W/\"another\"")], Problem = "weak-tag" };
        yield return new(operation, 428, path) { Before = before, Problem = "precondition-required" };
    }

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    private static string Path(string act) => $"{List}/{SampleReviews.Asked(Now).Id}{act}";

    private static IReadOnlyList<(string Name, string Value)> Keyed(string key) => [.. s_any, ("Idempotency-Key", $"decision-{key}")];

    private static ReviewRecord Claimed(ReviewRecord review) => Claimed(review, Somebody);

    private static ReviewRecord Claimed(ReviewRecord review, string by) => review with { Claim = new ReviewClaim(by, Now, Now.AddMinutes(30)) };

    private static ReviewRecord Decided(ReviewRecord review, string by, DateTimeOffset? at = null) =>
        ReviewRules.Decide(review, Person(by), ReviewDecision.Approve, [], "As printed.", at ?? Now).Done();

    private static ReviewRecord Corrected(ReviewRecord review) =>
        ReviewRules.Decide(Claimed(review, Caller), Person(Caller), ReviewDecision.Correct, [new ReviewCorrection("fact:f1", "12.5")], "Page 3 says so.", Now).Done();

    private static ReviewRecord AwaitingSecond(ReviewRecord review, string by, DateTimeOffset? at = null) => Decided(review with { FourEyes = true }, by, at);

    private static ReviewRecord Expired(ReviewRecord review) => ReviewRules.Advance(review, review.Deadline);

    private static ReviewRecord AtTheEnd(ReviewRecord review) => review with { Level = review.Levels.Count - 1 };

    /// <summary>At a level that takes a role which the caller, who has every one, does not have either.</summary>
    private static ReviewRecord BeyondEverybody(ReviewRecord review) => review with { Levels = [review.Levels[0] with { Role = Role.Operator }, .. review.Levels.Skip(1)] };

    private static Caller Person(string name) => new(new TenantId(ContractWorld.Tenant), name, $"{name}.example", [Role.Cfo]);

    /// <summary>Puts the one review there, whatever became of it before.</summary>
    private static Func<Task> Stored(ContractWorld world, Func<ReviewRecord, ReviewRecord> change) => async () =>
    {
        var (services, tenant) = (world.Advisor.Services, new TenantId(ContractWorld.Tenant));
        await services.GetRequiredService<ReviewTimes>().NoteAsync(tenant, "sample/thing", CancellationToken.None);
        var review = change(ReviewRules.Open(SampleReviews.Asked(Now) with { ReasoningChainId = Exchanges.Nobody }, ReviewTerms.Default));
        await services.GetRequiredService<IRecordStore>().PutAsync(ReviewRecord.Container, tenant, review.Id, review, null, CancellationToken.None);
    };
}
