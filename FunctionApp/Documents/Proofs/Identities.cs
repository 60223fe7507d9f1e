using Advisor.Kernel.Reasoning;

namespace Advisor.Documents.Proofs;

/// <summary>Accounting identities between canonical metrics of one period, and the same metric printed twice.</summary>
public static class Identities
{
    /// <summary>One side of an identity: a metric and its sign.</summary>
    private sealed record Term(string Metric, int Sign, bool Optional = false);

    /// <param name="Strict">It holds in every sound statement, so a miss fails. Others can miss for reasons printed on lines between: they fail when a misprint explains them, else they are unproven.</param>
    private sealed record Identity(string Kind, string Statement, string Left, Term[] Right, bool Strict);

    private static readonly Identity[] s_identities =
    [
        new("identity", "Total assets equal total liabilities and equity", "total_assets", [new("total_liabilities_and_equity", 1)], Strict: true),
        new("identity", "Total assets are total liabilities plus total equity", "total_assets", [new("total_liabilities", 1), new("total_equity", 1)], Strict: false),
        new("identity", "Gross profit is revenue less cost of revenue", "gross_profit", [new("revenue", 1), new("cost_of_revenue", -1)], Strict: false),
        new("identity", "The change in cash is the sum of the cash flow sections", "net_change_in_cash",
            [new("operating_cash_flow", 1), new("investing_cash_flow", 1), new("financing_cash_flow", 1), new("exchange_rate_effect", 1, Optional: true)], Strict: false),
        new("roll_forward", "Cash at the end is cash at the beginning plus the change", "cash_at_end",
            [new("cash_at_beginning", 1), new("net_change_in_cash", 1)], Strict: false),
    ];

    public static IEnumerable<Proof> Prove(IReadOnlyList<Fact> facts)
    {
        var metrics = facts.Where(fact => fact is { Metric: not null, Period: not null }).ToLookup(fact => (fact.Metric!, fact.Period!));
        var periods = metrics.Select(group => group.Key.Item2).Distinct().ToList();
        foreach (var identity in s_identities)
        {
            foreach (var period in periods)
            {
                if (Check(identity, period, metrics) is { } proof)
                {
                    yield return proof;
                }
            }
        }

        foreach (var repeated in metrics.Where(group => group.Count() > 1))
        {
            yield return Repeat([.. repeated]);
        }

        foreach (var proof in CashFlowNetIncome(facts, metrics))
        {
            yield return proof;
        }
    }

    private static Proof? Check(Identity identity, Period period, ILookup<(string, Period), Fact> metrics)
    {
        var left = metrics[(identity.Left, period)].FirstOrDefault();
        var terms = identity.Right.Select(term => (Term: term, Fact: metrics[(term.Metric, period)].FirstOrDefault())).ToList();
        if (left is null || terms.Exists(t => t.Fact is null && !t.Term.Optional))
        {
            return null;
        }

        var present = terms.Where(t => t.Fact is not null).Select(t => (t.Term, Fact: t.Fact!)).ToList();
        var expected = present.Sum(t => t.Term.Sign * t.Fact.Value);
        var tolerance = Rounding(left) + present.Sum(t => Rounding(t.Fact));
        var holds = Math.Abs(left.Value - expected) <= tolerance;
        SmallestChange? change = null;
        if (!holds)
        {
            change = SmallestChange.Find(Addend(left, 1), present.ConvertAll(t => Addend(t.Fact, t.Term.Sign)), []);
        }

        Fact[] all = [left, .. present.Select(t => t.Fact)];
        var outcome = holds ? ProofOutcome.Holds
            : identity.Strict || change is { Kind: ChangeKind.Transposition or ChangeKind.OneDigit } ? ProofOutcome.Fails : ProofOutcome.Unproven;
        return Create(identity.Kind, identity.Statement, outcome, expected, left.Value, tolerance, all, change);
    }

    /// <param name="facts">Two facts or more of one metric and period; equal within the rounding of the coarsest.</param>
    private static Proof Repeat(List<Fact> facts)
    {
        var tolerance = facts.Max(Rounding);
        var other = facts.Find(fact => Math.Abs(fact.Value - facts[0].Value) > tolerance);
        return Create("repeat", "The same metric agrees wherever the document repeats it", other is null ? ProofOutcome.Holds : ProofOutcome.Fails,
            (other ?? facts[^1]).Value, facts[0].Value, tolerance, other is null ? facts : [facts[0], other], null);
    }

    /// <summary>The cash flow statement opens with the income statement's net income.</summary>
    private static IEnumerable<Proof> CashFlowNetIncome(IReadOnlyList<Fact> facts, ILookup<(string, Period), Fact> metrics)
    {
        foreach (var opening in facts.Where(fact => fact is { Rule: "statement/cash_flow/row", Period: not null }
            && Statements.MetricLabel.Normalise(fact.Label) is "net income" or "net earnings" or "net loss" or "consolidated net income"))
        {
            var income = metrics[("net_income", opening.Period!)].FirstOrDefault();
            if (income is null)
            {
                continue;
            }

            var holds = Math.Abs(income.Value - opening.Value) <= Math.Max(Rounding(income), Rounding(opening));
            var change = holds ? null : SmallestChange.Find(Addend(opening, 1), [Addend(income, 1)], []);
            yield return Create("repeat", "Net income agrees between the income statement and the cash flow statement",
                holds ? ProofOutcome.Holds : change is { Kind: ChangeKind.Transposition or ChangeKind.OneDigit } ? ProofOutcome.Fails : ProofOutcome.Unproven,
                income.Value, opening.Value, 0, [opening, income], change);
        }
    }

    private static Proof Create(
        string kind, string statement, ProofOutcome outcome, decimal expected, decimal found, decimal tolerance, IReadOnlyList<Fact> facts, SmallestChange? change) => new()
    {
        Id = ProofBuilder.Id(kind, facts.Select(fact => fact.Id)),
        Kind = kind,
        Statement = statement,
        Outcome = outcome,
        Expected = expected,
        Found = found,
        Difference = found - expected,
        Tolerance = tolerance,
        FactIds = [.. facts.Select(fact => fact.Id)],
        Cells = [.. facts.Select(fact => fact.Source)],
        Explanation = change?.Describe(),
    };

    /// <summary>Half of the last printed digit, scale applied; for a cell, which holds more than it shows, the noise of a binary fraction.</summary>
    private static decimal Rounding(Fact fact) =>
        fact.ReadBy == ReadingMethod.NativeCell ? Math.Abs(fact.Value) * 1e-11m
        : PrintedNumber.TryParse(fact.Printed, out var number) && !number.IsDash ? number.RoundingTolerance * fact.Scale : 0;

    private static Addend Addend(Fact fact, int sign)
    {
        var decimals = PrintedNumber.TryParse(fact.Printed, out var number) ? number.Decimals : 0;
        return new Addend(fact.Label, sign * fact.Value / fact.Scale, decimals);
    }
}
