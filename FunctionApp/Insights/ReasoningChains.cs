using Advisor.Kernel.Http;
using Advisor.Kernel.Reasoning.Chains;
using Advisor.Kernel.Records;
using Advisor.Kernel.Tenancy;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace Advisor.Insights;

/// <summary>The chains behind the insights.</summary>
public sealed class ReasoningChains(IRecordStore records)
{
    public static RecordContainer<ReasoningChain> Container { get; } = new("reasoning-chains");

    [AllowAnyRole]
    [QueryParameters("verify")]
    [Function("GetReasoningChain")]
    public async Task<IResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/v1/reasoning-chains/{id}")] HttpRequest request, string id, CancellationToken cancellationToken)
    {
        if (await records.FindAsync(Container, request.Caller().Tenant, id, cancellationToken) is not { } stored)
        {
            return Problem.NotFound("reasoning chain", id);
        }

        return request.Query["verify"] == "true"
            ? Answer.Ok(new VerifiedChain(stored.Value, Verdict(ReasoningChainVerifier.Verify(stored.Value))))
            : Answer.Ok(stored.Value);
    }

    private static Verification Verdict(ChainVerdict verdict) => verdict switch
    {
        ChainVerdict.Intact => new Verification(true, null, null),
        ChainVerdict.BrokenStep broken => new Verification(false, broken.Step, broken.Reason),
        ChainVerdict.BrokenRoot broken => new Verification(false, null, broken.Reason),
        _ => throw new InvalidOperationException("Unknown verdict."),
    };

    /// <param name="Step">The first broken step; null when the chain is whole or only its root is broken.</param>
    private sealed record Verification(bool Intact, int? Step, string? Reason);

    private sealed record VerifiedChain(ReasoningChain Chain, Verification Verification);
}
