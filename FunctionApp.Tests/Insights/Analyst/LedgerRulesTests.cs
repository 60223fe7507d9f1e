using Advisor.Insights.Analyst;
using Advisor.Kernel.Reasoning;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Insights.Analyst;

public sealed class LedgerRulesTests
{
    [Fact]
    public void Apply_PaymentsCrowdUnderARoundFigure_CitesEachOfThem()
    {
        var proposal = LedgerRules.Apply([.. Smooth(), .. Ledger(Enumerable.Range(0, 20).Select(i => 9_800m + (i * 10)))]).ShouldHaveSingleItem();
        proposal.Rule.ShouldBe("anomaly/under_threshold");
        proposal.Evidence.ShouldHaveSingleItem().Value.ShouldBeGreaterThanOrEqualTo(20);
    }

    [Fact]
    public void Apply_AmountsThinOutSmoothly_SaysNothing() => LedgerRules.Apply(Smooth()).ShouldBeEmpty();

    [Fact]
    public void Apply_CrowdOnBothSidesOfTheFigure_SaysNothing() =>
        LedgerRules.Apply(Ledger(Enumerable.Range(0, 60).Select(i => 9_700m + (i * 10)))).ShouldBeEmpty();

    /// <summary>Amounts spread evenly over their logarithms, as a ledger's are.</summary>
    private static List<Fact> Smooth() => Ledger(Enumerable.Range(0, 2_000).Select(i => Math.Round((decimal)Math.Pow(10, 1 + (i / 400.0)), 2)));

    private static List<Fact> Ledger(IEnumerable<decimal> amounts) => [.. amounts.Select((amount, i) => new Fact
    {
        Id = $"f{Guid.NewGuid():N}",
        Label = $"JE-{i} credit",
        Value = amount,
        Unit = Unit.Currency,
        Currency = "USD",
        Printed = amount.ToString(System.Globalization.CultureInfo.InvariantCulture),
        Source = new SourceRef("d", "ledger.csv", Sheet: "ledger", Cell: $"G{i}"),
        ReadBy = ReadingMethod.NativeCell,
        Rule = "ledger/amount",
    })];
}
