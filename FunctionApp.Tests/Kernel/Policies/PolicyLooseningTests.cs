using Advisor.Kernel.Policies;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Kernel.Policies;

/// <summary>The table of docs/policy.md: which way each field is looser.</summary>
public sealed class PolicyLooseningTests
{
    private const string Berlin = """{"time_zone": "Europe/Berlin", "days": ["mon", "tue"], "from": "09:00", "to": "17:00"}""";

    [Theory]
    [InlineData("{}", """{"bands": {"high": 0.8, "medium": 0.6}}""", "bands.high: 0.85 to 0.8")]
    [InlineData("{}", """{"bands": {"high": 0.85, "medium": 0.5}}""", "bands.medium: 0.6 to 0.5")]
    [InlineData("{}", """{"bands": {"high": 0.8, "medium": 0.5}}""", "bands.high: 0.85 to 0.8; bands.medium: 0.6 to 0.5")]
    [InlineData("{}", """{"bands": {"high": 0.9, "medium": 0.7}}""", "")]
    [InlineData("{}", """{"bands": {"high": 0.850, "medium": 0.60}}""", "")]
    [InlineData("{}", """{"bands_by_kind": {"insight": {"high": 0.8, "medium": 0.6}}}""", "bands_by_kind.insight.high: 0.85 to 0.8")]
    [InlineData("{}", """{"bands_by_kind": {"insight": {"high": 0.9, "medium": 0.6}}}""", "")]
    [InlineData("""{"bands_by_kind": {"insight/trend": {"high": 0.9, "medium": 0.7}}}""", "{}", "bands_by_kind.insight/trend.high: 0.9 to 0.85; bands_by_kind.insight/trend.medium: 0.7 to 0.6")]
    [InlineData("""{"bands_by_kind": {"insight/trend": {"high": 0.8, "medium": 0.5}}}""", "{}", "")]
    [InlineData("""{"bands_by_kind": {"insight": {"high": 0.9, "medium": 0.6}}}""", """{"bands_by_kind": {"insight": {"high": 0.9, "medium": 0.6}, "insight/trend": {"high": 0.87, "medium": 0.6}}}""", "bands_by_kind.insight/trend.high: 0.9 to 0.87")]
    [InlineData("""{"bands_by_kind": {"insight": {"high": 0.9, "medium": 0.6}}}""", """{"bands_by_kind": {"insight/trend": {"high": 0.9, "medium": 0.6}}}""", "bands_by_kind.insight.high: 0.9 to 0.85")]
    [InlineData("""{"bands_by_kind": {"insight": {"high": 0.8, "medium": 0.6}, "insight/trend": {"high": 0.9, "medium": 0.6}}}""", """{"bands_by_kind": {"insight": {"high": 0.8, "medium": 0.6}}}""", "bands_by_kind.insight/trend.high: 0.9 to 0.8")]
    public void Of_Bands_ComparesWhatHoldsForEachKind(string before, string after, string looser) => ShouldBe(before, after, looser);

    [Theory]
    [InlineData("{}", """{"error_budgets": {"insight": 0.005}}""", "error_budgets.insight: none to 0.005")]
    [InlineData("""{"error_budgets": {"insight": 0.02}}""", """{"error_budgets": {"insight": 0.05}}""", "error_budgets.insight: 0.02 to 0.05")]
    [InlineData("""{"error_budgets": {"insight": 0.02}}""", """{"error_budgets": {"insight": 0.01}}""", "error_budgets.insight: 0.02 to 0.01")]
    [InlineData("""{"error_budgets": {"insight": 0.02}}""", "{}", "error_budgets.insight: 0.02 to none")]
    [InlineData("""{"error_budgets": {"insight": 0.02}}""", """{"error_budgets": {"insight": 0.02, "insight/trend": 0.01}}""", "error_budgets.insight/trend: 0.02 to 0.01")]
    [InlineData("""{"error_budgets": {"insight": 0.02}}""", """{"error_budgets": {"insight": 0.02, "insight/trend": 0.03}}""", "error_budgets.insight/trend: 0.02 to 0.03")]
    [InlineData("""{"error_budgets": {"insight": 0.02, "insight/trend": 0.01}}""", """{"error_budgets": {"insight": 0.02}}""", "error_budgets.insight/trend: 0.01 to 0.02")]
    public void Of_ErrorBudgets_AnyChangeIsLooser(string before, string after, string looser) => ShouldBe(before, after, looser);

    [Theory]
    [InlineData("""{"amounts": {"material": 100}}""", """{"amounts": {"material": 100.5}}""", "amounts.material: 100 to 100.5")]
    [InlineData("""{"amounts": {"material": 100}}""", "{}", "amounts.material: 100 to none")]
    [InlineData("""{"amounts": {"material": 100}}""", """{"amounts": {"material": 99}}""", "")]
    [InlineData("{}", """{"amounts": {"material": 100, "four_eyes": 200}}""", "")]
    [InlineData("""{"amounts": {"material": 100, "four_eyes": 200}}""", """{"amounts": {"material": 100, "four_eyes": 201}}""", "amounts.four_eyes: 200 to 201")]
    [InlineData("""{"amounts": {"material": 100, "four_eyes": 200}}""", """{"amounts": {"material": 100}}""", "amounts.four_eyes: 200 to none")]
    [InlineData("""{"amounts": {"four_eyes": 200}}""", """{"amounts": {"four_eyes": 0}}""", "")]
    public void Of_Amounts_RaisedOrGoneIsLooser(string before, string after, string looser) => ShouldBe(before, after, looser);

    [Theory]
    [InlineData("reviewer 24, approver 12, cfo 12", "reviewer 24, approver 12", "chain: reviewer, approver, cfo to reviewer, approver")]
    [InlineData("reviewer 24, approver 12, cfo 12", "approver 12, cfo 12", "chain: reviewer, approver, cfo to approver, cfo")]
    [InlineData("reviewer 24, approver 12, cfo 12", "reviewer 24, cfo 12", "chain: reviewer, approver, cfo to reviewer, cfo")]
    [InlineData("reviewer 24, cfo 12", "reviewer 24, approver 12", "chain: reviewer, cfo to reviewer, approver")]
    [InlineData("approver 24, cfo 12", "reviewer 24, cfo 12", "chain: approver, cfo to reviewer, cfo")]
    [InlineData("approver 12, cfo 12", "reviewer 12, approver 12, cfo 12", "chain: approver, cfo to reviewer, approver, cfo")]
    [InlineData("reviewer 24", "approver 24", "")]
    [InlineData("reviewer 24, approver 12", "reviewer 24, cfo 12", "")]
    [InlineData("reviewer 24, cfo 12", "reviewer 24, approver 48, cfo 12", "")]
    [InlineData("reviewer 24", "reviewer 24, approver 48, cfo 720", "")]
    [InlineData("reviewer 24, approver 12", "reviewer 23.75, approver 0.25", "")]
    [InlineData("reviewer 24, approver 12", "reviewer 24.25, approver 12", "chain[0].hours: 24 to 24.25")]
    [InlineData("reviewer 24, approver 12", "reviewer 24, cfo 13", "chain[1].hours: 12 to 13")]
    [InlineData("reviewer 24, cfo 12", "reviewer 24, approver 12, cfo 13", "chain[2].hours: 12 to 13")]
    [InlineData("reviewer 24, cfo 12", "cfo 13", "chain: reviewer, cfo to cfo; chain[0].hours: 12 to 13")]
    public void Of_Chain_FewerLessSeniorOrSlowerIsLooser(string before, string after, string looser) => ShouldBe(Chain(before), Chain(after), looser);

    [Theory]
    [InlineData("""{"sampling": {"high_band_rate": 0.04, "seeded_rate": 0}}""", "sampling.high_band_rate: 0.05 to 0.04")]
    [InlineData("""{"sampling": {"high_band_rate": 1, "seeded_rate": 0.1}}""", "")]
    [InlineData("""{"claim_minutes": 240}""", "")]
    [InlineData("""{"claim_minutes": 5}""", "")]
    [InlineData("""{"remind_after": 0.99}""", "")]
    [InlineData("""{"remind_after": 0.01}""", "")]
    public void Of_OtherFields_OnlyLessSamplingIsLooser(string after, string looser) => ShouldBe("{}", after, looser);

    [Fact]
    public void Of_FewerSeededItems_IsLooser() => ShouldBe(
        """{"sampling": {"high_band_rate": 0.05, "seeded_rate": 0.02}}""", """{"sampling": {"high_band_rate": 0.05, "seeded_rate": 0.01}}""", "sampling.seeded_rate: 0.02 to 0.01");

    [Theory]
    [InlineData(null, Berlin, "working_hours: none to mon, tue 09:00 to 17:00 Europe/Berlin")]
    [InlineData(Berlin, null, "")]
    [InlineData(Berlin, """{"time_zone": "Europe/Berlin", "days": ["tue", "mon", "wed"], "from": "08:00", "to": "17:30"}""", "")]
    [InlineData(Berlin, """{"time_zone": "Europe/Berlin", "days": ["mon", "wed"], "from": "09:00", "to": "17:00"}""", "working_hours: mon, tue 09:00 to 17:00 Europe/Berlin to mon, wed 09:00 to 17:00 Europe/Berlin")]
    [InlineData(Berlin, """{"time_zone": "Europe/Berlin", "days": ["mon", "tue"], "from": "09:01", "to": "17:00"}""", "working_hours: mon, tue 09:00 to 17:00 Europe/Berlin to mon, tue 09:01 to 17:00 Europe/Berlin")]
    [InlineData(Berlin, """{"time_zone": "Europe/Berlin", "days": ["mon", "tue"], "from": "09:00", "to": "16:59"}""", "working_hours: mon, tue 09:00 to 17:00 Europe/Berlin to mon, tue 09:00 to 16:59 Europe/Berlin")]
    [InlineData(Berlin, """{"time_zone": "Europe/London", "days": ["mon", "tue"], "from": "00:00", "to": "23:59"}""", "working_hours: mon, tue 09:00 to 17:00 Europe/Berlin to mon, tue 00:00 to 23:59 Europe/London")]
    public void Of_WorkingHours_WhatDoesNotCoverTheFormerIsLooser(string? before, string? after, string looser) =>
        ShouldBe(before is null ? "{}" : $$"""{"working_hours": {{before}} }""", after is null ? "{}" : $$"""{"working_hours": {{after}} }""", looser);

    /// <summary>The text names both values, so that whoever approves reads what they approve.</summary>
    [Fact]
    public void Of_EveryLoosening_SaysBothValuesInASentence()
    {
        var looser = PolicyLoosening.Of(
            PolicyJson.Read("""{"amounts": {"material": 100, "four_eyes": 200}, "error_budgets": {"payment": 0.02, "insight": 0.02}, "sampling": {"high_band_rate": 0.05, "seeded_rate": 0.02}}"""),
            PolicyJson.Read($$"""
                {"bands": {"high": 0.8, "medium": 0.5}, "amounts": {"material": 300}, "error_budgets": {"payment": 0.03, "collections": 0.04}, "working_hours": {{Berlin}},
                 "chain": [{"role": "reviewer", "hours": 25}], "sampling": {"high_band_rate": 0.01, "seeded_rate": 0.01} }
                """));
        looser.Count.ShouldBe(12);
        looser.ShouldAllBe(one => one.Text.EndsWith('.'));
        looser.Where(one => one.From != "none").ShouldAllBe(one => one.Text.Contains(one.From));
        looser.Where(one => one.To != "none").ShouldAllBe(one => one.Text.Contains(one.To));
    }

    private static void ShouldBe(string before, string after, string looser) =>
        string.Join("; ", PolicyLoosening.Of(PolicyJson.Read(before), PolicyJson.Read(after)).Select(one => $"{one.Field}: {one.From} to {one.To}")).ShouldBe(looser);

    /// <param name="steps">Roles with their hours: <c>reviewer 24, cfo 12</c>.</param>
    private static string Chain(string steps) =>
        $$"""{"chain": [{{string.Join(", ", steps.Split(", ").Select(step => step.Split(' ')).Select(step => $$"""{"role": "{{step[0]}}", "hours": {{step[1]}} }"""))}}]}""";
}
