using System.Globalization;
using Advisor.Kernel.Reasoning;
using Advisor.Kernel.Reasoning.Expressions;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Kernel.Reasoning.Expressions;

public sealed class ProseFormatTests
{
    [Theory]
    [InlineData("17600000000", "USD", "$17.6 billion")]
    [InlineData("1250000000", "USD", "$1.25 billion")]
    [InlineData("394328000000", "USD", "$394.3 billion")]
    [InlineData("3350000000000", "USD", "$3.35 trillion")]
    [InlineData("5000000", "USD", "$5.00 million")]
    [InlineData("-5000000", "USD", "-$5.00 million")]
    [InlineData("999950000", "USD", "$1.00 billion")]
    [InlineData("999940000", "USD", "$999.9 million")]
    [InlineData("9995000", "USD", "$10.0 million")]
    [InlineData("999999.7", "USD", "$1.00 million")]
    [InlineData("999999", "USD", "$999,999")]
    [InlineData("12345.67", "USD", "$12,346")]
    [InlineData("815", "USD", "$815")]
    [InlineData("12.5", "USD", "$12.50")]
    [InlineData("0.004", "USD", "$0.004")]
    [InlineData("0", "USD", "$0")]
    [InlineData("17600000000", "EUR", "€17.6 billion")]
    [InlineData("17600000000", "CHF", "CHF 17.6 billion")]
    [InlineData("17600000000", null, "17.6 billion")]
    public void Format_Money_ReadsAsInAReport(string value, string? currency, string expected) => Check(value, Unit.Currency, currency, expected);

    [Theory]
    [InlineData("10.1", Unit.CurrencyPerShare, "USD", "$10.10")]
    [InlineData("-0.125", Unit.CurrencyPerShare, "USD", "-$0.13")]
    [InlineData("0.0042", Unit.CurrencyPerShare, "USD", "$0.0042")]
    [InlineData("11.46", Unit.Percent, null, "11.5 %")]
    [InlineData("-11.45", Unit.Percent, null, "-11.5 %")]
    [InlineData("0.04", Unit.Percent, null, "0.04 %")]
    [InlineData("0.004", Unit.Percent, null, "0.004 %")]
    [InlineData("0", Unit.Percent, null, "0.0 %")]
    [InlineData("1234.5", Unit.Percent, null, "1,234.5 %")]
    [InlineData("15634000000", Unit.Shares, null, "15.6 billion shares")]
    [InlineData("1234", Unit.Shares, null, "1,234 shares")]
    [InlineData("1.254", Unit.Number, null, "1.25")]
    [InlineData("8", Unit.Number, null, "8")]
    [InlineData("45.678", Unit.Number, null, "45.68")]
    [InlineData("345.678", Unit.Number, null, "345.7")]
    [InlineData("0.0005", Unit.Number, null, "0.001")]
    [InlineData("2500000", Unit.Number, null, "2.50 million")]
    public void Format_OtherUnits_ReadAsInAReport(string value, Unit unit, string? currency, string expected) => Check(value, unit, currency, expected);

    [Fact]
    public void Format_Text_IsKept() => ProseFormat.Format(new ExpressionValue.Text("FY2022")).ShouldBe("FY2022");

    [Theory]
    [InlineData(Unit.Currency)]
    [InlineData(Unit.Number)]
    [InlineData(Unit.Percent)]
    [InlineData(Unit.Shares)]
    [InlineData(Unit.CurrencyPerShare)]
    public void Format_LargestDecimal_DoesNotThrow(Unit unit)
    {
        ProseFormat.Format(new ExpressionValue.Amount(decimal.MaxValue, unit)).ShouldNotBeEmpty();
        ProseFormat.Format(new ExpressionValue.Amount(decimal.MinValue, unit)).ShouldNotBeEmpty();
        ProseFormat.Format(new ExpressionValue.Amount(0.0000000000000000000000000001m, unit)).ShouldNotBeEmpty();
    }

    private static void Check(string value, Unit unit, string? currency, string expected) =>
        ProseFormat.Format(new ExpressionValue.Amount(decimal.Parse(value, CultureInfo.InvariantCulture), unit, currency)).ShouldBe(expected);
}
