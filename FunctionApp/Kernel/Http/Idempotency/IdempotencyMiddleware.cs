using Advisor.Kernel.Records;
using Advisor.Kernel.Telemetry;
using Advisor.Kernel.Tenancy;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;

namespace Advisor.Kernel.Http;

/// <summary>Carries a POST with an <c>Idempotency-Key</c> out once, however often it is sent.</summary>
/// <remarks>
/// Stands inside the <see cref="CallerMiddleware"/>, since keys are the caller's own. The answer comes to be only after all worker
/// middleware has returned; the <see cref="AnswerRecorder"/> keeps it, or frees the key.
/// </remarks>
internal sealed class IdempotencyMiddleware(IdempotencyStore store, AdvisorMetrics metrics) : IFunctionsWorkerMiddleware
{
    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        if (context.GetHttpContext() is not { } http || !HttpMethods.IsPost(http.Request.Method) || CallerMiddleware.AskedOf(http) is not { } caller)
        {
            await next(context);
            return;
        }

        var (key, problem) = IdempotencyKey.Read(http.Request.Headers);
        if (problem is null && key is null && FunctionConventions.Of(context.FunctionDefinition).RequiresIdempotencyKey)
        {
            problem = IdempotencyKey.Missing;
        }

        if (problem is not null)
        {
            await problem.ExecuteAsync(http);
            return;
        }

        if (key is null)
        {
            await next(context);
            return;
        }

        var fingerprint = await RequestFingerprint.OfAsync(http.Request, http.RequestAborted);
        var id = DeterministicId.Of("idempotency-key", caller.UserId, context.FunctionDefinition.Name, key);
        switch (await store.ClaimAsync(caller.Tenant, id, fingerprint, http.RequestAborted))
        {
            case ClaimOutcome.Claimed { Claim: var claim }:
                http.Items[IdempotencyClaim.Item] = claim;
                http.Items[Operation.Key] = claim.Held.Value.OperationId;
                await next(context);
                break;
            case ClaimOutcome.Replayed { Answer: var answer }:
                metrics.IdempotentReplay((http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? context.FunctionDefinition.Name);
                await ReplayAsync(http, answer);
                break;
            case ClaimOutcome.OtherRequest:
                await new Problem(StatusCodes.Status422UnprocessableEntity, "idempotency-key-reused", "The key belongs to another request",
                    "This Idempotency-Key was used for a request with other content; send a new request with a new key.").ExecuteAsync(http);
                break;
            default:
                await new Problem(StatusCodes.Status409Conflict, "request-in-flight", "The request is being carried out",
                    "A request with this Idempotency-Key is being carried out; send it again after Retry-After for its answer.") { RetryAfter = 1 }.ExecuteAsync(http);
                break;
        }
    }

    private static async Task ReplayAsync(HttpContext http, RecordedAnswer answer)
    {
        var response = http.Response;
        response.StatusCode = answer.Status;
        response.ContentType = answer.ContentType;
        response.Headers.Location = answer.Location;
        response.Headers.ETag = answer.ETag;
        response.Headers["Idempotency-Replayed"] = "true";
        if (answer.Body.Length > 0)
        {
            await response.Body.WriteAsync(answer.Body, http.RequestAborted);
        }
    }
}
