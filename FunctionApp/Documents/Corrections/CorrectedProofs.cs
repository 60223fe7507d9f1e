using Advisor.Documents.Proofs;
using Advisor.Documents.Statements;
using Advisor.Kernel.Reasoning;

namespace Advisor.Documents.Corrections;

/// <summary>Makes the proofs again that a correction touches; the others stay as they are.</summary>
/// <remarks>
/// A proof is made again from the facts that it names. That its rule is understood is not taken for granted: it counts only where it comes to
/// what the proof says of the facts as they were read. Everything else that is touched becomes unproven, with the reason: no proof is left
/// standing about a value that is no longer there.
/// </remarks>
internal static class CorrectedProofs
{
    private static readonly HashSet<string> s_metricKinds = ["identity", "roll_forward", "repeat"];

    /// <param name="read">As they were read.</param>
    /// <param name="revalue">The same fact with its corrected value, or as it is. How it was read must stay, for roundings follow from it.</param>
    /// <returns>The facts with their new values, and metrics that follow from them; and the proofs in their order.</returns>
    public static (IReadOnlyList<Fact> Facts, IReadOnlyList<Proof> Proofs) Again(IReadOnlyList<Fact> read, IReadOnlyList<Proof> proofs, Func<Fact, Fact> revalue)
    {
        // A value that contradicted another lost its metric; the name of its rule still has it.
        List<Fact> named = [.. read.Select(Named)];
        List<Fact> now = [.. named.Select(revalue)];
        var stored = proofs.Where(proof => s_metricKinds.Contains(proof.Kind)).ToList();
        var isRepeatable = Identities.Prove(named).Select(Key).SequenceEqual(stored.Select(Key));
        var (before, after) = (read.ToDictionary(fact => fact.Id, StringComparer.Ordinal), now.ToDictionary(fact => fact.Id, StringComparer.Ordinal));
        var touched = read.Where(fact => after[fact.Id].Value != fact.Value).Select(fact => fact.Id).ToHashSet(StringComparer.Ordinal);

        var again = new List<Proof>();
        var metricsDone = false;
        foreach (var proof in proofs)
        {
            if (isRepeatable && s_metricKinds.Contains(proof.Kind))
            {
                // They are made all at once, for what a metric is compared with depends on the values.
                again.AddRange(metricsDone ? [] : Identities.Prove(now));
                metricsDone = true;
            }
            else
            {
                again.Add(proof.FactIds.Any(touched.Contains) ? One(proof, before, after, touched) : proof);
            }
        }

        if (isRepeatable && !metricsDone)
        {
            again.AddRange(Identities.Prove(now));
        }

        return (isRepeatable ? Contradictions.Resolve(now, again) : [.. read.Select(revalue)], again);

        static (string, ProofOutcome, decimal?) Key(Proof proof) => (proof.Id, proof.Outcome, proof.Difference);
    }

    /// <summary>The metric that a fact was read as, also where it contradicts another and is not taken for it.</summary>
    public static string? MetricOf(Fact fact) => fact.Metric ?? (fact.Rule.Split('/') is ["statement", _, var metric] && metric != "row" ? metric : null);

    private static Fact Named(Fact fact) => fact with { Metric = MetricOf(fact) };

    private static Proof One(Proof proof, Dictionary<string, Fact> before, Dictionary<string, Fact> after, HashSet<string> touched)
    {
        if (!proof.FactIds.All(before.ContainsKey))
        {
            return Unproven(proof);
        }

        List<Fact> was = [.. proof.FactIds.Select(id => before[id])], now = [.. proof.FactIds.Select(id => after[id])];
        return proof.Kind switch
        {
            "footing" when Totals(was) is var old && Says(proof, old) => Summed(proof, Totals(now), now),
            "balance" when Sides(was) is { } old && Says(proof, old) => Summed(proof, Sides(now)!.Value, now),

            // A workbook's check is about its formulas, which nobody corrected; what its first cell should hold is known, unless the others changed.
            "plug" or "stale_value" or "short_range" or "hidden_in_sum" when proof.Expected is { } right && touched.Contains(now[0].Id) && now.Skip(1).All(fact => !touched.Contains(fact.Id))
                => Compared(proof, right, now[0].Value),
            _ => Unproven(proof),
        };
    }

    private static (decimal Expected, decimal Found) Totals(List<Fact> facts) => (facts.Skip(1).Sum(fact => fact.Value), facts[0].Value);

    /// <summary>Debits and credits of a journal, which the facts' labels tell apart; null when they do not.</summary>
    private static (decimal Expected, decimal Found)? Sides(List<Fact> facts)
    {
        var debits = facts.FindAll(fact => fact.Label.EndsWith(" debit", StringComparison.Ordinal));
        var credits = facts.FindAll(fact => fact.Label.EndsWith(" credit", StringComparison.Ordinal));
        return debits.Count + credits.Count == facts.Count ? (credits.Sum(fact => fact.Value), debits.Sum(fact => fact.Value)) : null;
    }

    /// <summary>A workbook's numbers are binary fractions, whose last digits are no difference.</summary>
    private static bool Says(Proof proof, (decimal Expected, decimal Found)? sums) =>
        sums is { } both && IsSame(proof.Expected, both.Expected) && IsSame(proof.Found, both.Found);

    private static bool IsSame(decimal? stored, decimal computed) => stored is { } value && Math.Abs(value - computed) <= Math.Abs(value) * 1e-11m;

    private static Proof Summed(Proof proof, (decimal Expected, decimal Found) sums, List<Fact> facts)
    {
        var again = Compared(proof, sums.Expected, sums.Found);
        return again.Outcome == ProofOutcome.Holds || proof.Kind != "footing"
            ? again
            : again with { Explanation = SmallestChange.Find(Addend(facts[0]), facts.Skip(1).Select(Addend).ToList(), [])?.Describe() };
    }

    private static Proof Compared(Proof proof, decimal expected, decimal found) => proof with
    {
        Outcome = Math.Abs(found - expected) <= proof.Tolerance ? ProofOutcome.Holds : ProofOutcome.Fails,
        Expected = expected,
        Found = found,
        Difference = found - expected,
        Explanation = null,
    };

    private static Addend Addend(Fact fact) =>
        new(fact.Label, fact.Value / fact.Scale, PrintedNumber.TryParse(fact.Printed, out var number) ? number.Decimals : 0);

    private static Proof Unproven(Proof proof) => proof with
    {
        Outcome = ProofOutcome.Unproven,
        Expected = null,
        Found = null,
        Difference = null,
        Explanation = "a value that it touches was corrected by a person, and it cannot be made again from what is stored",
    };
}
