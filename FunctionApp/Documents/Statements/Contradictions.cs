using Advisor.Kernel.Reasoning;

namespace Advisor.Documents.Statements;

/// <summary>Metrics that a document prints twice with different values.</summary>
public static class Contradictions
{
    /// <summary>
    /// Keeps a metric's name on the first value of a period and on its equals. Another value loses it, so that no analysis takes it for the
    /// metric; the proof that the two should agree has failed by then, and holds everything that cites the first for a person.
    /// </summary>
    public static List<Fact> Resolve(IReadOnlyList<Fact> facts, IReadOnlyList<Proof> proofs)
    {
        var disagreeing = proofs.Where(proof => proof is { Kind: "repeat", Outcome: ProofOutcome.Fails }).Select(proof => proof.FactIds[0]).ToHashSet(StringComparer.Ordinal);
        if (disagreeing.Count == 0)
        {
            return [.. facts];
        }

        var first = new Dictionary<(string, Period), Fact>();
        return [.. facts.Select(fact => fact is { Metric: { } metric, Period: { } period } && !first.TryAdd((metric, period), fact)
            && disagreeing.Contains(first[(metric, period)].Id) && first[(metric, period)].Value != fact.Value
            ? fact with { Metric = null }
            : fact)];
    }
}
