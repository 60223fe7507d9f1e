using System.Text.Json;
using Advisor.Kernel.Http;
using Advisor.Kernel.Records;

namespace Advisor.Kernel.Reasoning.Chains;

/// <summary>What the hashes of a chain cover.</summary>
internal static class ChainHash
{
    /// <summary>All members of the step but the hash itself, the hash before it among them.</summary>
    public static string Of(ReasoningStep step) => Of<ReasoningStep>(step with { Hash = "" });

    /// <summary>All members of the chain but its root, with the number of steps and the last one's hash in place of the steps.</summary>
    public static string RootOf(ReasoningChain chain) => Of(new
    {
        Chain = chain with { Steps = [], RootHash = "" },
        Count = chain.Steps.Count,
        Last = chain.Steps.Count == 0 ? ReasoningChainBuilder.Genesis : chain.Steps[^1].Hash,
    });

    public static string Of<T>(T value) => CanonicalJson.Hash(JsonSerializer.SerializeToElement(value, AdvisorJson.Options));
}
