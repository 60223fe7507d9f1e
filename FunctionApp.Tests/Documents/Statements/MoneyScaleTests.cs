using Advisor.Documents.Statements;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Documents.Statements;

public sealed class MoneyScaleTests
{
    [Theory]
    [InlineData("(In millions, except per share data)", 1_000_000, 1_000_000, null)]
    [InlineData("(in thousands, except share and per share data)", 1_000, 1, null)]
    [InlineData("(In millions, except number of shares, which are reflected in thousands, and per share amounts)", 1_000_000, 1_000, null)]
    [InlineData("$ in millions, except per share amounts (unaudited)", 1_000_000, 1_000_000, "USD")]
    [InlineData("(Millions, except per share amounts)", 1_000_000, 1_000_000, null)]
    [InlineData("(Dollars in Millions Except Per Share Data)", 1_000_000, 1_000_000, "USD")]
    [InlineData("€ million", 1_000_000, 1_000_000, "EUR")]
    [InlineData("(£000s)", 1_000, 1_000, "GBP")]
    [InlineData("USD thousands", 1_000, 1_000, "USD")]
    [InlineData("(in billions)", 1_000_000_000, 1_000_000_000, null)]
    public void In_Phrase_GivesScaleAndCurrency(string line, int money, int shares, string? currency) =>
        MoneyScale.In([line]).ShouldBe(new MoneyScale(money, shares, currency, IsPrinted: true));

    [Theory]
    [InlineData("Consolidated Balance Sheets")]
    [InlineData("December 31, 2022")]
    [InlineData("We employ thousands of people")]
    public void In_NoPhrase_AssumesOneAndSaysSo(string line) => MoneyScale.In([line]).ShouldBe(MoneyScale.None);

    [Fact]
    public void In_TwoPhrases_TakesTheNearest() => MoneyScale.In(["(in thousands)", "(in millions)"]).Money.ShouldBe(1000);
}
