using System.Globalization;
using System.Text.Json;
using Advisor.Kernel.Http;
using Advisor.Kernel.Records;
using Advisor.Kernel.Tenancy;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Net.Http.Headers;

namespace Advisor.Kernel.Policies;

/// <summary>Shows and changes the policy of the caller's tenant. What loosens it takes two persons.</summary>
public sealed class PolicyTriggers(PolicyDesk desk, TimeProvider time)
{
    internal const string Path = "/api/v1/policy";
    internal const string PendingPath = $"{Path}/pending";
    internal const string HistoryPath = $"{Path}/history";

    [AllowAnyRole]
    [Function("GetPolicy")]
    public async Task<IResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/v1/policy")] HttpRequest request, CancellationToken cancellationToken)
    {
        var state = await desk.StateAsync(request.Caller().Tenant, cancellationToken);
        return Preconditions.Ok(request, state.Tag, PolicyView.Of(state));
    }

    [Allow(Role.Admin)]
    [Function("SetPolicy")]
    public async Task<IResult> SetAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "api/v1/policy")] HttpRequest request, CancellationToken cancellationToken)
    {
        var caller = request.Caller();
        var state = await desk.StateAsync(caller.Tenant, cancellationToken);
        if (Preconditions.Unmet(request, state.Tag, "policy") is { } unmet)
        {
            return unmet;
        }

        var (body, malformed) = await JsonBody.ReadAsync<JsonDocument>(request, PolicyBody.Form, cancellationToken);
        if (body is null)
        {
            return malformed!;
        }

        using (body)
        {
            var (terms, reason, faults) = PolicyBody.Read(body.RootElement);
            return terms is null ? Invalid(faults) : AnswerOf(request, await desk.SetAsync(caller, state, terms, reason!, cancellationToken));
        }
    }

    [AllowAnyRole]
    [Function("GetPendingPolicy")]
    public async Task<IResult> PendingAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/v1/policy/pending")] HttpRequest request, CancellationToken cancellationToken)
    {
        var state = await desk.StateAsync(request.Caller().Tenant, cancellationToken);
        return state.Pending is { } pending
            ? Preconditions.Ok(request, state.PendingTag!, PolicyProposalView.Of(pending, state.Policy))
            : NothingPending();
    }

    [Allow(Role.Admin, Role.Cfo)]
    [Function("ApprovePolicy")]
    public Task<IResult> ApproveAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/v1/policy/pending/approve")] HttpRequest request, CancellationToken cancellationToken) =>
        DecideAsync(request, desk.ApproveAsync, cancellationToken);

    [Allow(Role.Admin, Role.Cfo)]
    [Function("RejectPolicy")]
    public Task<IResult> RejectAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/v1/policy/pending/reject")] HttpRequest request, CancellationToken cancellationToken) =>
        DecideAsync(request, desk.RejectAsync, cancellationToken);

    [AllowAnyRole]
    [QueryParameters("limit", "continuation")]
    [Function("ListPolicyHistory")]
    public async Task<IResult> HistoryAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/v1/policy/history")] HttpRequest request, CancellationToken cancellationToken)
    {
        var (limit, problem) = Paging.Limit(request);
        if (problem is not null)
        {
            return problem;
        }

        int? from = null;
        if (Paging.Continuation(request) is { } token)
        {
            if (!int.TryParse(token, NumberStyles.None, CultureInfo.InvariantCulture, out var version) || version < 1)
            {
                return Paging.BadContinuation(new InvalidContinuationException());
            }

            from = version;
        }

        var history = await desk.HistoryAsync(request.Caller().Tenant, from, limit, cancellationToken);
        return Answer.Ok(new VersionList([.. history.Versions.Select(PolicyView.Of)], Paging.Next(request, history.Next?.ToString(CultureInfo.InvariantCulture))));
    }

    [AllowAnyRole]
    [Function("GetPolicyVersion")]
    public async Task<IResult> VersionAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/v1/policy/history/{version}")] HttpRequest request, string version, CancellationToken cancellationToken) =>
        int.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && await desk.VersionAsync(request.Caller().Tenant, number, cancellationToken) is { } policy
            ? Answer.Ok(PolicyView.Of(policy))
            : new Problem(StatusCodes.Status404NotFound, "not-found", "There is no such thing", $"The policy has no version '{version}'. List its history for those that it has.");

    private async Task<IResult> DecideAsync(
        HttpRequest request, Func<Caller, PolicyState, string, CancellationToken, Task<PolicyOutcome>> decide, CancellationToken cancellationToken)
    {
        var (caller, operation) = (request.Caller(), request.OperationId(time));
        var state = await desk.StateAsync(caller.Tenant, cancellationToken);
        if (state.IsResultOf(operation))
        {
            return AnswerOf(request, new PolicyOutcome.InForce(state));
        }

        if (PolicyDesk.Hindrance(caller, state) is { } hindrance)
        {
            return AnswerOf(request, hindrance);
        }

        // Any version whatever would be one that nobody has looked at.
        if (request.GetTypedHeaders().IfMatch.Any(tag => tag.Equals(EntityTagHeaderValue.Any)))
        {
            return new Problem(StatusCodes.Status428PreconditionRequired, "precondition-required", "Say which version you change",
                "A decision is on one proposal: read it, and send its ETag as 'If-Match', not '*'.");
        }

        return Preconditions.Unmet(request, state.PendingTag!, "proposal") ?? AnswerOf(request, await decide(caller, state, operation, cancellationToken));
    }

    private static IResult AnswerOf(HttpRequest request, PolicyOutcome outcome)
    {
        switch (outcome)
        {
            case PolicyOutcome.InForce { State: var state }:
                request.HttpContext.Response.Headers.ETag = $"\"{state.Tag}\"";
                return Answer.Ok(PolicyView.Of(state));
            case PolicyOutcome.Proposed { State: var state }:
                request.HttpContext.Response.Headers.ETag = $"\"{state.PendingTag}\"";
                return Answer.Accepted(PendingPath, PolicyProposalView.Of(state.Pending!, state.Policy));
            case PolicyOutcome.Overtaken:
                return Preconditions.Changed("policy");
            case PolicyOutcome.NothingPending:
                return NothingPending();
            case PolicyOutcome.OwnProposal:
                return new Problem(StatusCodes.Status403Forbidden, "four-eyes", "A second person must decide",
                    "You proposed this change, and what loosens a policy takes two persons. Ask another administrator, or the CFO.");
            case PolicyOutcome.Stale { Proposal: var proposal, Version: var version }:
                return new Problem(StatusCodes.Status409Conflict, "stale-proposal", "The policy has changed since the proposal",
                    $"The change was proposed on version {proposal.BaseVersion}, and version {version} holds now. Read the policy, and propose the change again on what is there.");
            default:
                throw new InvalidOperationException("There is no other outcome.");
        }
    }

    private static Problem Invalid(IReadOnlyDictionary<string, string[]> faults) =>
        new(StatusCodes.Status400BadRequest, "invalid-request", "The request is not valid", faults.Count == 1
            ? faults.Values.First()[0]
            : $"{faults.Count} members of the policy are wrong; 'errors' says of each what is.")
        {
            Errors = faults,
        };

    private static Problem NothingPending() => new(StatusCodes.Status404NotFound, "not-found", "There is no such thing",
        "No change of the policy waits for a second person: it was decided, replaced or has expired, or none was proposed.");

    private sealed record VersionList(IReadOnlyList<PolicyView> Versions, Pagination Pagination);
}
