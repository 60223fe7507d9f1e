using Advisor.Kernel.Confidence;
using Advisor.Kernel.Policies;
using Advisor.Kernel.Records;
using Advisor.Kernel.Tenancy;
using Microsoft.Extensions.DependencyInjection;

namespace Advisor.Tests.Contract;

/// <summary>Exchanges about the tenant's policy. Each finds the policy as it needs it: what one leaves would be in the way of the next.</summary>
internal static class PolicyExchanges
{
    private const string Path = "/api/v1/policy";
    private const string Proposal = "5f0c7f0e-93ce-8a3b-9d53-b2f3f1a1f0b7";

    private static readonly IReadOnlyList<(string Name, string Value)> s_any = [("If-Match", "*")];

    public static IEnumerable<Exchange> Of(ContractWorld world) => [.. Policy(world), .. Pending(world), .. Decisions(world, "ApprovePolicy", "approve"), .. Decisions(world, "RejectPolicy", "reject"), .. History(world)];

    private static IEnumerable<Exchange> Policy(ContractWorld world)
    {
        yield return new("GetPolicy", 200, Path) { Before = () => SetAsync(world, 0) };
        yield return new("GetPolicy", 200, Path) { Before = () => ProposeAsync(world, "somebody else") };
        yield return new("GetPolicy", 304, Path) { Headers = [("If-None-Match", "*")] };
        yield return new("SetPolicy", 200, Path) { Before = () => SetAsync(world, 1), Headers = s_any, Content = Body("0.9") };
        yield return new("SetPolicy", 202, Path) { Before = () => SetAsync(world, 1), Headers = s_any, Content = Body("0.8") };
        yield return new("SetPolicy", 400, Path) { Headers = s_any, Content = Exchange.Json("{}"), Problem = "invalid-request" };
        yield return new("SetPolicy", 412, Path) { Headers = [("If-Match", "\"another\"")], Content = Body("0.9"), Problem = "changed" };
        yield return new("SetPolicy", 412, Path) { Headers = [("If-Match", "W/\"another\"")], Content = Body("0.9"), Problem = "weak-tag" };
        yield return new("SetPolicy", 428, Path) { Content = Body("0.9"), Problem = "precondition-required" };
    }

    private static IEnumerable<Exchange> Pending(ContractWorld world)
    {
        yield return new("GetPendingPolicy", 200, $"{Path}/pending") { Before = () => ProposeAsync(world, "somebody else") };
        yield return new("GetPendingPolicy", 304, $"{Path}/pending") { Headers = [("If-None-Match", "*")] };
        yield return new("GetPendingPolicy", 404, $"{Path}/pending") { Before = () => SetAsync(world, 1), Problem = "not-found" };
    }

    private static IEnumerable<Exchange> Decisions(ContractWorld world, string operation, string name)
    {
        var (path, caller) = ($"{Path}/pending/{name}", $"all@{ContractWorld.Tenant}");
        IReadOnlyList<(string Name, string Value)> proposal = [("If-Match", $"\"{Proposal}\"")];
        yield return new(operation, 200, path) { Before = () => ProposeAsync(world, "somebody else"), Headers = [.. proposal, ("Idempotency-Key", name)] };
        yield return new(operation, 403, path) { Before = () => ProposeAsync(world, caller), Headers = proposal, Problem = "four-eyes" };
        yield return new(operation, 404, path) { Before = () => SetAsync(world, 1), Headers = proposal, Problem = "not-found" };
        yield return new(operation, 412, path) { Before = () => ProposeAsync(world, "somebody else"), Headers = [("If-Match", "\"another\"")], Problem = "changed" };
        yield return new(operation, 412, path) { Headers = [("If-Match", $"W/\"{Proposal}\"")], Problem = "weak-tag" };
        yield return new(operation, 428, path) { Problem = "precondition-required" };
        yield return new(operation, 428, path) { Headers = s_any, Problem = "precondition-required" };
        if (name == "approve")
        {
            yield return new(operation, 409, path) { Before = () => ProposeAsync(world, "somebody else", baseVersion: 6), Headers = [("If-Match", $"\"{Proposal}-stale\"")], Problem = "stale-proposal" };
        }
    }

    private static IEnumerable<Exchange> History(ContractWorld world)
    {
        yield return new("ListPolicyHistory", 200, $"{Path}/history?limit=500") { Before = () => SetAsync(world, 1) };
        yield return new("ListPolicyHistory", 200, $"{Path}/history?limit=1&continuation=1");
        yield return new("ListPolicyHistory", 400, $"{Path}/history?continuation=nonsense") { Problem = "invalid-request" };
        yield return new("GetPolicyVersion", 200, $"{Path}/history/1") { Before = () => SetAsync(world, 1) };
    }

    private static Func<HttpContent> Body(string high) => Exchange.Json($$"""
        {
          "bands": {"high": {{high}}, "medium": 0.6}, "bands_by_kind": {"insight/trend": {"high": 0.95, "medium": 0.7} }, "error_budgets": {}, "amounts": {"material": 1000000},
          "chain": [{"role": "reviewer", "hours": 24}, {"role": "approver", "hours": 12}, {"role": "cfo", "hours": 12}], "remind_after": 0.5, "claim_minutes": 30,
          "sampling": {"high_band_rate": 0.05, "seeded_rate": 0}, "reason": "The auditors asked."
        }
        """);

    private static Task SetAsync(ContractWorld world, int version) => WriteAsync(world, version, null);

    private static Task ProposeAsync(ContractWorld world, string by, int baseVersion = 1)
    {
        var (held, now) = (Held(1), TimeProvider.System.GetUtcNow());
        var terms = PolicyTerms.Default(new BandPolicy(0.8m, 0.6m));
        return WriteAsync(world, 1, new PolicyProposal(Proposal, terms, "Fewer reviews.", by, now, now + PolicyProposal.Life, baseVersion, held.Fingerprint(), PolicyLoosening.Of(held, terms)));
    }

    private static TenantPolicy Held(int version) =>
        new(PolicyTerms.Default(BandPolicy.Default)) { Version = version, SetBy = "somebody", SetAt = DateTimeOffset.UnixEpoch, Reason = "A beginning." };

    private static async Task WriteAsync(ContractWorld world, int version, PolicyProposal? pending) => await world.Advisor.Services.GetRequiredService<IRecordStore>().PutAsync(
        PolicyRecord.Container, new TenantId(ContractWorld.Tenant), PolicyRecord.Current, new PolicyRecord(PolicyRecord.Current, version, version == 0 ? null : Held(version), pending), null, CancellationToken.None);
}
