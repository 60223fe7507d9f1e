using System.Text.Json;
using System.Text.Json.Nodes;
using Advisor.Kernel.Http;
using Advisor.Kernel.Policies;
using Shouldly;

namespace Advisor.Tests.Kernel.Policies;

/// <summary>Policies as JSON: what the product ships with, and changes of it.</summary>
internal static class PolicyJson
{
    private const string Default = """
        {
          "bands": {"high": 0.85, "medium": 0.6}, "bands_by_kind": {}, "error_budgets": {}, "amounts": {},
          "chain": [{"role": "reviewer", "hours": 24}, {"role": "approver", "hours": 12}, {"role": "cfo", "hours": 12}],
          "remind_after": 0.5, "claim_minutes": 30, "sampling": {"high_band_rate": 0.05, "seeded_rate": 0}
        }
        """;

    /// <summary>The terms that the product ships with, but for the members that the change names; null takes one away.</summary>
    public static JsonObject Terms(string change)
    {
        var terms = JsonNode.Parse(Default)!.AsObject();
        foreach (var (name, value) in JsonNode.Parse(change)!.AsObject())
        {
            terms.Remove(name);
            if (value is not null)
            {
                terms[name] = value.DeepClone();
            }
        }

        return terms;
    }

    /// <summary>The terms as a body, with a reason.</summary>
    public static string Body(string change)
    {
        var body = Terms(change);
        body.TryAdd("reason", "Decided on Tuesday.");
        return body.ToJsonString(AdvisorJson.Options);
    }

    public static PolicyTerms Read(string change)
    {
        var (terms, _, faults) = PolicyBody.Read(JsonElement.Parse(Body(change)));
        return terms.ShouldNotBeNull(string.Join(" ", faults.Values.SelectMany(messages => messages)));
    }
}
