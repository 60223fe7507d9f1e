using Advisor.Kernel.Reasoning;
using static Advisor.Insights.Analyst.Holes;

namespace Advisor.Insights.Analyst;

/// <summary>Says what a failed proof means, kind by kind.</summary>
public static class ProofProse
{
    /// <summary>Longest sum written out in a claim: an expression has a length limit.</summary>
    private const int MaxParts = 40;

    /// <param name="cited">The facts of the proof, in its order; at least one.</param>
    public static ClaimText Of(Proof proof, IReadOnlyList<Fact> cited)
    {
        var enough = cited.Count is > 1 and <= MaxParts;
        return proof.Kind switch
        {
            "footing" or "cross_footing" when enough => Footing(cited),
            "balance" when enough => Balance(cited),
            "plug" => $"{Label(cited[0])} holds a typed number, {Value(cited[0])}, where the cells beside it are formulas.",
            "short_range" => $"The sum {Label(cited[0])}, {Value(cited[0])}, stops short of the rows it stands under.",
            "stale_value" => $"{Label(cited[0])} shows {Value(cited[0])}, which is not what its formula comes to.",
            "hidden_in_sum" => $"{Label(cited[0])}, {Value(cited[0])}, includes hidden rows or columns.",
            "mixed_units" => $"{Label(cited[0])}, {Value(cited[0])}, adds cells of different units.",
            _ when cited.Count > 1 => $"{new Verb(proof.Statement)}: this does not hold, since {Label(cited[0])} is {Value(cited[0])} and {Label(cited[1])} is {Value(cited[1])}.",
            _ => $"{new Verb(proof.Statement)}: this does not hold for {Label(cited[0])}, {Value(cited[0])}.",
        };
    }

    private static ClaimText Footing(IReadOnlyList<Fact> cited)
    {
        var parts = string.Join(", ", cited.Skip(1).Select(fact => fact.Id));
        return $"{Label(cited[0])} is printed as {Value(cited[0])}, but the rows it sums come to {Raw($"sum({parts})")}: a difference of {Raw($"{cited[0].Id} - sum({parts})")}.";
    }

    /// <summary>Debits come first; they say so in their labels.</summary>
    private static ClaimText Balance(IReadOnlyList<Fact> cited)
    {
        var debits = cited.Where(fact => fact.Label.EndsWith(" debit", StringComparison.Ordinal)).ToList();
        var credits = cited.Where(fact => fact.Label.EndsWith(" credit", StringComparison.Ordinal)).ToList();
        if (debits.Count == 0 || credits.Count == 0)
        {
            return $"{Label(cited[0])} of {Sum(cited)} has no other side: the journal does not balance.";
        }

        return $"{Label(debits[0])} of {Sum(debits)} stands against {Label(credits[0])} of {Sum(credits)}: the journal does not balance, by a difference of {Raw($"{Sum(debits).Expression} - {Sum(credits).Expression}")}.";
    }
}
