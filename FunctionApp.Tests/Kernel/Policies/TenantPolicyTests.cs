using Advisor.Kernel.Policies;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Kernel.Policies;

public sealed class TenantPolicyTests
{
    [Theory]
    [InlineData("100", "200", "100", false, false)]
    [InlineData("100", "200", "100.01", true, false)]
    [InlineData("100", "200", "-200.01", true, true)]
    [InlineData(null, "200", "200", false, false)]
    [InlineData(null, "200", "201", true, true)]
    [InlineData("300", "200", "201", true, true)]
    [InlineData("100", null, "1000000", true, false)]
    [InlineData(null, null, "1000000", false, false)]
    [InlineData("0", "0", null, false, false)]
    public void Amounts_AboveALimit_NeedOneOrTwo(string? material, string? fourEyes, string? amount, bool person, bool two)
    {
        var amounts = new PolicyAmounts(Number(material), Number(fourEyes));
        (amounts.NeedsPerson(Number(amount)), amounts.NeedsTwo(Number(amount))).ShouldBe((person, two));
    }

    [Fact]
    public void For_KindNamesAndNeither_TakesTheNearest()
    {
        var terms = PolicyJson.Read("""
            {"bands_by_kind": {"insight": {"high": 0.9, "medium": 0.6}, "insight/trend": {"high": 0.95, "medium": 0.6}}, "error_budgets": {"insight": 0.02, "insight/trend": 0.01}}
            """);
        new[] { "insight/trend", "insight/risk", "insight", "payment" }.Select(kind => (terms.BandsFor(kind).High, terms.ErrorBudgetFor(kind)))
            .ShouldBe([(0.95m, 0.01m), (0.9m, 0.02m), (0.9m, 0.02m), (0.85m, null)]);
    }

    private static decimal? Number(string? text) => text is null ? null : decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
