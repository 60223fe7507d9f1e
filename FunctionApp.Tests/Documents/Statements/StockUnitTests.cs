using Advisor.Documents.Statements;
using Advisor.Kernel.Reasoning;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Documents.Statements;

/// <summary>Whether a row about stock is read as money or as a count of shares.</summary>
public sealed class StockUnitTests
{
    [Theory]
    [InlineData("Common stock, $0.05 par value; 40 shares issued and outstanding")]
    [InlineData("Common stock, $.05 par value: Authorized - 1.5 billion shares; Issued - 40.5 million and 41 million shares, respectively")]
    [InlineData("Common stock, par value $0.05 per share; authorized shares: 90; issued shares: 40")]
    [InlineData("Preferred stock, $2.00 par value: Authorized - 7,000 shares; Issued and outstanding - 6")]
    [InlineData("Class B common shares, no par value (90 shares authorized, 40 shares issued)")]
    [InlineData("Capital stock without par value, 40 shares outstanding")]
    [InlineData("Ordinary shares of £1 nominal value")]
    [InlineData("Preference shares, stated value of $25 per share")]
    public void Read_StockWithItsParValue_IsMoney(string label) => Read(label, "6").ShouldBe((Unit.Currency, 6_000_000m));

    [Theory]
    [InlineData("Common shares issued and outstanding")]
    [InlineData("Common stock, $0.05 par value, shares issued")]
    [InlineData("Number of shares of common stock, $0.05 par value")]
    [InlineData("Weighted average shares of common stock, $0.05 par value, outstanding")]
    [InlineData("Shares of common stock, no par value, outstanding")]
    public void Read_CountOfShares_StaysShares(string label) => Read(label, "6").ShouldBe((Unit.Shares, 6_000_000m));

    [Theory]
    [InlineData("Common stock, par value per share")]
    [InlineData("Dividends per share of common stock, $0.05 par value")]
    public void Read_ParValueItself_StaysPerShare(string label) => Read(label, "0.05").ShouldBe((Unit.CurrencyPerShare, 0.05m));

    private static (Unit Unit, decimal Value) Read(string label, string printed)
    {
        var balance =
            $"""
            Consolidated Balance Sheets
            (in millions)
            {"",150}December 31,
            {"",150}2022
            {"Cash",-150}1,000
            {"Inventories",-150}2,000
            {"Receivables",-150}3,000
            {"Total assets",-150}6,000
            {label,-150}{printed}
            {"Retained earnings",-150}4,000
            {"Total liabilities and equity",-150}6,000
            """;
        var fact = PageFacts.Read("d", "report.pdf", [PrintedLine.Page(balance)], MetricTable.Default).Facts.Single(fact => fact.Label == label);
        return (fact.Unit, fact.Value);
    }
}
