using Advisor.Documents.Proofs;
using Advisor.Documents.Statements;
using Advisor.Kernel.Reasoning;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Documents.Proofs;

public sealed class IdentitiesTests
{
    private static readonly Period s_year = new(new DateOnly(2025, 12, 31), 12, null);
    private static readonly Period s_end = new(new DateOnly(2025, 12, 31), 0, null);

    [Fact]
    public void Prove_GrossProfitThatIsRevenueLessCost_Holds() =>
        Outcome("identity", Flow("gross_profit", 600), Flow("revenue", 1000), Flow("cost_of_revenue", 400)).ShouldBe(ProofOutcome.Holds);

    [Fact]
    public void Prove_GrossProfitOffByATransposition_Fails() =>
        Outcome("identity", Flow("gross_profit", 630), Flow("revenue", 1003), Flow("cost_of_revenue", 400)).ShouldBe(ProofOutcome.Fails);

    [Fact]
    public void Prove_GrossProfitOffByWhatNothingExplains_IsUnproven() =>
        Outcome("identity", Flow("gross_profit", 733), Flow("revenue", 1000), Flow("cost_of_revenue", 400)).ShouldBe(ProofOutcome.Unproven);

    [Fact]
    public void Prove_AssetsThatAreNotLiabilitiesAndEquity_Fails() =>
        Outcome("identity", Balance("total_assets", 98_765), Balance("total_liabilities_and_equity", 90_000)).ShouldBe(ProofOutcome.Fails);

    [Fact]
    public void Prove_MetricPrintedTwiceAlike_Holds() => Outcome("repeat", Flow("revenue", 1000), Flow("revenue", 1000)).ShouldBe(ProofOutcome.Holds);

    [Fact]
    public void Prove_MetricPrintedTwiceWithOtherValues_FailsAndOnlyTheFirstStaysTheMetric()
    {
        Fact[] facts = [Flow("revenue", 100_000), Flow("revenue", 123_456)];
        var proof = Identities.Prove(facts).ShouldHaveSingleItem();
        (proof.Kind, proof.Outcome).ShouldBe(("repeat", ProofOutcome.Fails));
        proof.FactIds.ShouldBe(facts.Select(fact => fact.Id));
        Contradictions.Resolve(facts, [proof]).Select(fact => fact.Metric).ShouldBe(["revenue", null]);
    }

    private static ProofOutcome Outcome(string kind, params Fact[] facts)
    {
        var proof = Identities.Prove(facts).ShouldHaveSingleItem();
        proof.Kind.ShouldBe(kind);
        return proof.Outcome;
    }

    private static Fact Flow(string metric, decimal value) => Of(metric, value, s_year);

    private static Fact Balance(string metric, decimal value) => Of(metric, value, s_end);

    private static Fact Of(string metric, decimal value, Period period) => new()
    {
        Id = $"f{Guid.NewGuid():N}",
        Metric = metric,
        Label = metric,
        Period = period,
        Value = value,
        Unit = Unit.Currency,
        Currency = "USD",
        Printed = value.ToString(System.Globalization.CultureInfo.InvariantCulture),
        Source = new SourceRef("d", "report.pdf", 1),
        ReadBy = ReadingMethod.TextLayer,
        Rule = $"statement/income/{metric}",
    };
}
