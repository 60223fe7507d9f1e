using Advisor.Kernel.Reasoning;
using static Advisor.Insights.Analyst.Holes;

namespace Advisor.Insights.Analyst;

/// <summary>What does not add up, and what stands out: failed proofs first, then rows that moved far more than their kind.</summary>
public static class AnomalyRules
{
    /// <summary>Most rows reported as standing out.</summary>
    private const int MaxMovers = 4;

    /// <summary>A row must have moved by this share of itself, and by this share of revenue or assets, to stand out.</summary>
    private const decimal MinRelative = 0.4m;

    private const decimal MinMaterial = 0.01m;

    /// <summary>A percentage on a base smaller than this share of revenue or assets says nothing.</summary>
    private const decimal MinPrior = 0.001m;

    public static AnalystReport Apply(IReadOnlyList<Fact> facts, IReadOnlyList<Proof> proofs, MetricIndex index)
    {
        var byId = facts.ToDictionary(fact => fact.Id, StringComparer.Ordinal);
        var failed = proofs.Where(proof => proof.Outcome == ProofOutcome.Fails).ToList();
        var proposals = failed.Select(proof => OfProof(proof, byId)).OfType<Proposal>().ToList();
        proposals.AddRange(LedgerRules.Apply(facts));
        proposals.AddRange(Movers(facts, index));
        var missing = new List<NotComputed>();
        if (proofs.Count == 0)
        {
            missing.Add(new NotComputed("anomaly/proofs", "no total or identity was found to prove"));
        }

        return new AnalystReport(proposals, missing);
    }

    private static Proposal? OfProof(Proof proof, Dictionary<string, Fact> facts)
    {
        var cited = proof.FactIds.Select(id => facts.GetValueOrDefault(id)).OfType<Fact>().ToList();
        if (cited.Count == 0)
        {
            return null;
        }

        var text = ProofProse.Of(proof, cited);
        return new Proposal(
            $"anomaly/{proof.Kind}", text, proof.Difference is { } difference && cited[0].Unit == Unit.Currency ? Math.Abs(difference) : null,
            [new Evidence(cited[0].Metric ?? cited[0].Label, proof.Found ?? cited[0].Value, proof.Expected,
                proof is { Found: { } found, Expected: { } expected and not 0 } ? Math.Round((found - expected) / Math.Abs(expected), 6) : null)],
            [proof.Id]);
    }

    private static IEnumerable<Proposal> Movers(IReadOnlyList<Fact> facts, MetricIndex index)
    {
        var scale = index.FlowLengths.Select(months => index.Newest("revenue", months)?.Current.Value).FirstOrDefault(value => value > 0)
            ?? index.Newest("total_assets", 0)?.Current.Value ?? 0;
        if (scale <= 0)
        {
            return [];
        }

        var rows = facts.Where(fact => fact is { Metric: null, Period: not null, Unit: Unit.Currency } && fact.Rule.StartsWith("statement/", StringComparison.Ordinal)
                && !fact.Rule.StartsWith("statement/cash_flow", StringComparison.Ordinal))
            .GroupBy(fact => (fact.Source.Page, fact.Source.Sheet, fact.Source.Table, Row: RowOf(fact)))
            .Select(row => row.OrderByDescending(fact => fact.Period!.Months).ThenByDescending(fact => fact.Period!.Order).ToList());
        return
        [
            .. from row in rows
               let current = row[0]
               let prior = row.Skip(1).FirstOrDefault(fact => fact.Period!.Months == current.Period!.Months)
               where prior is not null && prior.Value != 0 && Math.Sign(prior.Value) == Math.Sign(current.Value)
               let moved = Math.Abs(current.Value - prior.Value)
               where moved >= MinRelative * Math.Abs(prior.Value) && moved >= MinMaterial * scale && Math.Abs(prior.Value) >= MinPrior * scale
               orderby moved descending
               select Mover(current, prior, moved),
        ];

        static string RowOf(Fact fact) => fact.Source.Cell is { } cell && cell.IndexOf('C') is var c and > 0 ? cell[..c] : fact.Label;
    }

    private static Proposal Mover(Fact current, Fact prior, decimal moved)
    {
        var verb = new Verb(Math.Abs(current.Value) > Math.Abs(prior.Value) ? "jumped" : "dropped");
        ClaimText text = $"{Label(current)} {verb} {Change(current, prior)} to {Value(current)} {In(current)} {Period(current)}, from {Value(prior)} {In(prior)} {Period(prior)}.";
        return new Proposal("anomaly/mover", text, moved, [Evidence.Of(current.Label, current.Value, prior.Value)], []);
    }

    /// <summary>The most material movers only.</summary>
    public static IReadOnlyList<Proposal> Limit(IEnumerable<Proposal> proposals) =>
        [.. proposals.Where(p => p.Rule != "anomaly/mover"), .. proposals.Where(p => p.Rule == "anomaly/mover").Take(MaxMovers)];
}
