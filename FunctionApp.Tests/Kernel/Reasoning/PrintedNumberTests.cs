using System.Globalization;
using Advisor.Kernel.Reasoning;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Kernel.Reasoning;

public sealed class PrintedNumberTests
{
    [Theory]
    [InlineData("0", "0")]
    [InlineData("7", "7")]
    [InlineData("1,234", "1234")]
    [InlineData("1,234,567.89", "1234567.89")]
    [InlineData("1234567.89", "1234567.89")]
    [InlineData(".5", "0.5")]
    [InlineData("0.50", "0.50")]
    [InlineData("  42\u00A0", "42")]
    [InlineData("1\u2009234\u2009567", "1234567")]
    [InlineData("1\u00A0234.5", "1234.5")]
    [InlineData("1'234.50", "1234.50")]
    [InlineData("１２３", "123")]
    [InlineData("79228162514264337593543950", "79228162514264337593543950")]
    [InlineData("(5)", "-5")]
    [InlineData("( 5 )", "-5")]
    [InlineData("(1,234.5)", "-1234.5")]
    [InlineData("(-5)", "-5")]
    [InlineData("-5", "-5")]
    [InlineData("- 5", "-5")]
    [InlineData("\u22125", "-5")]
    [InlineData("\u20135", "-5")]
    [InlineData("5-", "-5")]
    [InlineData("1,234.5\u2212", "-1234.5")]
    [InlineData("+5", "5")]
    [InlineData("(0)", "0")]
    [InlineData("2.5x", "2.5")]
    public void TryParse_PlainNumber_GivesItsValue(string text, string expected)
    {
        PrintedNumber.TryParse(text, out var number).ShouldBeTrue();

        number.Value.ShouldBe(decimal.Parse(expected, CultureInfo.InvariantCulture));
        number.Currency.ShouldBeNull();
        number.IsPercent.ShouldBeFalse();
        number.IsDash.ShouldBeFalse();
        number.Scale.ShouldBe(1);
    }

    [Theory]
    [InlineData("$5", "5", "USD")]
    [InlineData("$ 1,452.4", "1452.4", "USD")]
    [InlineData("$  (1,452.4)", "-1452.4", "USD")]
    [InlineData("($1,234)", "-1234", "USD")]
    [InlineData("-$5", "-5", "USD")]
    [InlineData("$-5", "-5", "USD")]
    [InlineData("US$ 5", "5", "USD")]
    [InlineData("USD 5", "5", "USD")]
    [InlineData("5 USD", "5", "USD")]
    [InlineData("HK$5", "5", "HKD")]
    [InlineData("C$ 5", "5", "CAD")]
    [InlineData("€5", "5", "EUR")]
    [InlineData("5 €", "5", "EUR")]
    [InlineData("£(5)", "-5", "GBP")]
    [InlineData("¥1,000", "1000", "JPY")]
    [InlineData("₹ 5", "5", "INR")]
    [InlineData("CHF 5", "5", "CHF")]
    [InlineData("$ —", "0", "USD")]
    public void TryParse_CurrencySignOrCode_GivesValueAndCode(string text, string expected, string currency)
    {
        PrintedNumber.TryParse(text, out var number).ShouldBeTrue();

        number.Value.ShouldBe(decimal.Parse(expected, CultureInfo.InvariantCulture));
        number.Currency.ShouldBe(currency);
    }

    [Theory]
    [InlineData("12.3%", "12.3", 1)]
    [InlineData("12 %", "12", 0)]
    [InlineData("(5.25)%", "-5.25", 2)]
    [InlineData("(5.2%)", "-5.2", 1)]
    [InlineData("(5.2 )%", "-5.2", 1)]
    [InlineData("-5.2%", "-5.2", 1)]
    [InlineData("５％", "5", 0)]
    [InlineData("12.3%(1)", "12.3", 1)]
    [InlineData("- - %", "0", 0)]
    public void TryParse_Percentage_KeepsItAsPrinted(string text, string expected, int decimals)
    {
        PrintedNumber.TryParse(text, out var number).ShouldBeTrue();

        number.IsPercent.ShouldBeTrue();
        number.Value.ShouldBe(decimal.Parse(expected, CultureInfo.InvariantCulture));
        number.Decimals.ShouldBe(decimals);
    }

    [Theory]
    [InlineData("1,234(1)", "1234")]
    [InlineData("1,234 (12)", "1234")]
    [InlineData("1,234(a)", "1234")]
    [InlineData("1,234 (1)(2)", "1234")]
    [InlineData("(1,234)(1)", "-1234")]
    [InlineData("1,234 [3]", "1234")]
    [InlineData("1,234*", "1234")]
    [InlineData("1,234**", "1234")]
    [InlineData("1,234†", "1234")]
    [InlineData("1,234¹", "1234")]
    public void TryParse_TrailingFootnoteMark_IsNotPartOfTheValue(string text, string expected)
    {
        PrintedNumber.TryParse(text, out var number).ShouldBeTrue();

        number.Value.ShouldBe(decimal.Parse(expected, CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData("—")]
    [InlineData("–")]
    [InlineData("-")]
    [InlineData("--")]
    [InlineData("- -")]
    [InlineData("(—)")]
    [InlineData("— %")]
    [InlineData("$—")]
    [InlineData("—(1)")]
    public void TryParse_Dash_IsAFlaggedZero(string text)
    {
        PrintedNumber.TryParse(text, out var number).ShouldBeTrue();

        number.IsDash.ShouldBeTrue();
        number.Value.ShouldBe(0);
    }

    [Theory]
    [InlineData("4.2 million", "4.2", 1_000_000)]
    [InlineData("$17.6 billion", "17.6", 1_000_000_000)]
    [InlineData("3 thousand", "3", 1_000)]
    [InlineData("€5mn", "5", 1_000_000)]
    [InlineData("€5bn", "5", 1_000_000_000)]
    public void TryParse_ScaleWord_IsKeptApartFromTheValue(string text, string expected, int scale)
    {
        PrintedNumber.TryParse(text, out var number).ShouldBeTrue();

        number.Value.ShouldBe(decimal.Parse(expected, CultureInfo.InvariantCulture));
        number.Scale.ShouldBe(scale);
    }

    [Theory]
    [InlineData("1.234,5", NumberConvention.PointGroups, "1234.5")]
    [InlineData("1.234", NumberConvention.PointGroups, "1234")]
    [InlineData("1 234 567,89 €", NumberConvention.PointGroups, "1234567.89")]
    [InlineData("1\u202F234,5", NumberConvention.PointGroups, "1234.5")]
    [InlineData("12,5 %", NumberConvention.PointGroups, "12.5")]
    [InlineData("-0,5", NumberConvention.PointGroups, "-0.5")]
    [InlineData("1 234.5", NumberConvention.SpaceGroups, "1234.5")]
    [InlineData("(1 234 567)", NumberConvention.SpaceGroups, "-1234567")]
    [InlineData("1.234", NumberConvention.CommaGroups, "1.234")]
    public void TryParse_ConventionTold_ReadsByIt(string text, NumberConvention convention, string expected)
    {
        PrintedNumber.TryParse(text, out var number, convention).ShouldBeTrue();

        number.Value.ShouldBe(decimal.Parse(expected, CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("nm")]
    [InlineData("N/A")]
    [InlineData("abc")]
    [InlineData("$")]
    [InlineData("%")]
    [InlineData("()")]
    [InlineData("1,23")]
    [InlineData("1,2345")]
    [InlineData("1234,567")]
    [InlineData("0,123")]
    [InlineData("1,,234")]
    [InlineData("1,234,")]
    [InlineData(",234")]
    [InlineData("1.")]
    [InlineData(".")]
    [InlineData("1.2.3")]
    [InlineData("1 234")]
    [InlineData("12 345 678")]
    [InlineData("(5")]
    [InlineData("5)")]
    [InlineData("((5))")]
    [InlineData("-(5)")]
    [InlineData("(5)-")]
    [InlineData("--5")]
    [InlineData("+-5")]
    [InlineData("-5-")]
    [InlineData("5%%")]
    [InlineData("$5%")]
    [InlineData("$5 €")]
    [InlineData("5% million")]
    [InlineData("12/31/2019")]
    [InlineData("2018-2019")]
    [InlineData("10-K")]
    [InlineData("3M")]
    [InlineData("Q3")]
    [InlineData("1st")]
    [InlineData("1,234(123)")]
    [InlineData("1,234(1)5")]
    [InlineData("5 XYZ")]
    [InlineData("12345678901234567890123456789")]
    [InlineData("1/2")]
    [InlineData("½")]
    [InlineData("1e5")]
    [InlineData("Infinity")]
    [InlineData("----- 5")]
    [InlineData("-----")]
    public void TryParse_AnythingElse_IsRefused(string text)
    {
        PrintedNumber.TryParse(text, out var number).ShouldBeFalse(number.ToString());

        number.ShouldBe(default);
    }

    [Theory]
    [InlineData("1.234,56,7")]
    [InlineData("12.5")]
    [InlineData("1.234 567")]
    [InlineData("1,234,567")]
    public void TryParse_PointGroupsNotOfThreeDigits_IsRefused(string text) =>
        PrintedNumber.TryParse(text, out _, NumberConvention.PointGroups).ShouldBeFalse();

    [Theory]
    [InlineData("nm", true)]
    [InlineData("NM", true)]
    [InlineData("n.m.", true)]
    [InlineData("N/M", true)]
    [InlineData("*NM*", true)]
    [InlineData("N/A", true)]
    [InlineData(" na ", true)]
    [InlineData("Not meaningful", true)]
    [InlineData("5", false)]
    [InlineData("—", false)]
    [InlineData("", false)]
    [InlineData("nmx", false)]
    public void IsNoValue_Mark_IsTold(string text, bool expected) => PrintedNumber.IsNoValue(text).ShouldBe(expected);

    [Theory]
    [InlineData("1,234", "0.5")]
    [InlineData("12.3%", "0.05")]
    [InlineData("0.125", "0.0005")]
    public void RoundingTolerance_OfPrintedDigits_IsHalfTheLastOne(string text, string expected)
    {
        PrintedNumber.TryParse(text, out var number).ShouldBeTrue();

        number.RoundingTolerance.ShouldBe(decimal.Parse(expected, CultureInfo.InvariantCulture));
    }

    [Fact]
    public void TryParse_AnyNumberPrintedInAnyStyle_ComesBack() =>
        Prop.ForAll(
            ArbMap.Default.ArbFor<int>(),
            ArbMap.Default.ArbFor<byte>(),
            (mantissa, style) =>
            {
                var decimals = style % 5;
                var value = mantissa / (decimal)Math.Pow(10, decimals);
                var european = (style & 32) != 0;
                var size = Math.Abs(value).ToString("N" + decimals, CultureInfo.InvariantCulture);
                size = european ? size.Replace(',', '_').Replace('.', ',').Replace('_', '.') : size;
                var text = (value < 0, style / 64) switch
                {
                    (false, 0) => "$ " + size,
                    (false, _) => size + "(1)",
                    (true, 0) => "$(" + size + ")",
                    (true, 1) => "\u2212" + size,
                    (true, 2) => size + "-",
                    (true, _) => "(" + size + ") *",
                };
                return PrintedNumber.TryParse(text, out var number, european ? NumberConvention.PointGroups : NumberConvention.CommaGroups)
                    && number.Value == value && number.Decimals == decimals;
            }).Check(Config.QuickThrowOnFailure.WithMaxTest(5_000));

    [Fact]
    public void TryParse_RandomText_NeverThrows()
    {
        const string alphabet = "0123456789,.()-+%$€£ \u00A0\u2009'[]*xaMBUSD—–−１％¹mnbillion/";
        var near = Gen.ArrayOf(Gen.Elements(alphabet.ToCharArray())).Select(characters => new string(characters));
        var any = ArbMap.Default.GeneratorFor<string?>().Select(text => text ?? "");
        Prop.ForAll(
            Gen.OneOf(near, any).ToArbitrary(),
            text =>
            {
                var accepted = 0;
                foreach (var convention in Enum.GetValues<NumberConvention>())
                {
                    accepted += PrintedNumber.TryParse(text, out var number, convention) && number.Decimals is >= 0 and <= 28 ? 1 : 0;
                    _ = number.RoundingTolerance;
                }

                _ = PrintedNumber.IsNoValue(text);
                return accepted >= 0;
            }).Check(Config.QuickThrowOnFailure.WithMaxTest(20_000));
    }
}
