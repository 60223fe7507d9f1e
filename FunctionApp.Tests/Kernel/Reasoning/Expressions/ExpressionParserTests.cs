using Advisor.Kernel.Reasoning.Expressions;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Kernel.Reasoning.Expressions;

public sealed class ExpressionParserTests
{
    [Theory]
    [InlineData("f1", "f1")]
    [InlineData(" ( f1 ) ", "f1")]
    [InlineData("f1+f2*f3", "f1 + f2 * f3")]
    [InlineData("(f1+f2)*f3", "(f1 + f2) * f3")]
    [InlineData("f1-(f2-f3)", "f1 - (f2 - f3)")]
    [InlineData("f1-f2-f3", "f1 - f2 - f3")]
    [InlineData("f1/f2/f3", "f1 / f2 / f3")]
    [InlineData("f1/(f2/f3)", "f1 / (f2 / f3)")]
    [InlineData("-f1*f2", "-f1 * f2")]
    [InlineData("-(f1*f2)", "-(f1 * f2)")]
    [InlineData("--f1", "--f1")]
    [InlineData("f1 - -f2", "f1 - -f2")]
    [InlineData("pct( f1,f2 )", "pct(f1, f2)")]
    [InlineData("round(f1/100,2)", "round(f1 / 100, 2)")]
    [InlineData("altman.distress", "altman.distress")]
    [InlineData("company()", "company()")]
    [InlineData("form()", "form()")]
    [InlineData("f1 * 365", "f1 * 365")]
    public void Parse_Valid_PrintsInPlainForm(string text, string printed)
    {
        var parsed = ExpressionParser.Parse(text).ShouldBeOfType<ParseResult.Parsed>();

        ExpressionPrinter.Print(parsed.Expression).ShouldBe(printed);
    }

    [Theory]
    [InlineData("", "syntax")]
    [InlineData("   ", "syntax")]
    [InlineData("f1 +", "syntax")]
    [InlineData("f1 f2", "syntax")]
    [InlineData("(f1", "syntax")]
    [InlineData("f1)", "syntax")]
    [InlineData("+f1", "syntax")]
    [InlineData("sum(f1,)", "syntax")]
    [InlineData("sum(f1", "syntax")]
    [InlineData("f1 ^ 2", "syntax")]
    [InlineData("f1 ** 2", "syntax")]
    [InlineData("revenue", "syntax")]
    [InlineData("f", "syntax")]
    [InlineData("f_1", "syntax")]
    [InlineData("f1; f2", "syntax")]
    [InlineData("'3'", "syntax")]
    [InlineData("f1 + ½", "syntax")]
    [InlineData("f1 * 3", "literal_not_allowed")]
    [InlineData("f1 * 1.5", "literal_not_allowed")]
    [InlineData("f1 * 1.0", "literal_not_allowed")]
    [InlineData("f1 * 01", "literal_not_allowed")]
    [InlineData("f1 * 1e4", "literal_not_allowed")]
    [InlineData("f1 * 12x", "literal_not_allowed")]
    [InlineData("100", "cites_nothing")]
    [InlineData("12 * 4", "cites_nothing")]
    [InlineData("sum(2, 4)", "cites_nothing")]
    [InlineData("f1 + 12 * 4", "literal_arithmetic")]
    [InlineData("f1 + sum(12, 4)", "literal_arithmetic")]
    [InlineData("f1 - -(2 + 1)", "literal_arithmetic")]
    public void Parse_Invalid_NamesTheFault(string text, string code)
    {
        var failed = ExpressionParser.Parse(text).ShouldBeOfType<ParseResult.Failed>();

        failed.Error.Code.ShouldBe(code, failed.Error.Message);
    }

    [Fact]
    public void Parse_TooDeep_IsRefused()
    {
        ErrorOf(new string('(', 40) + "f1" + new string(')', 40)).ShouldBeOfType<ExpressionError.TooDeep>();
        ErrorOf(new string('-', 40) + "f1").ShouldBeOfType<ExpressionError.TooDeep>();
        ErrorOf(string.Concat(Enumerable.Repeat("abs(", 400)) + "f1").ShouldBeOfType<ExpressionError.TooDeep>();
    }

    [Fact]
    public void Parse_TooLong_IsRefused() =>
        ErrorOf(string.Join('+', Enumerable.Repeat("f1", 2_000))).ShouldBeOfType<ExpressionError.TooLong>();

    [Fact]
    public void Parse_LongestChain_IsParsed() =>
        ExpressionParser.Parse(string.Join('+', Enumerable.Repeat("f1", 683))).ShouldBeOfType<ParseResult.Parsed>();

    [Fact]
    public void Parse_WhatWasPrinted_GivesTheSameExpression() =>
        Prop.ForAll(RandomExpressions.Any, expression =>
            ExpressionParser.Parse(ExpressionPrinter.Print(expression)) is ParseResult.Parsed parsed && parsed.Expression == expression)
            .Check(Config.QuickThrowOnFailure.WithMaxTest(3_000));

    [Fact]
    public void Parse_RandomText_NeverThrows()
    {
        var pieces = Gen.Elements("f1", "f", "sum", "pct(", "(", ")", ",", "+", "-", "*", "/", "2", "100", "3.5", ".", " ", "altman.distress", "période", "\0", "{", "٣", "form()");
        var near = Gen.ListOf(pieces).Select(string.Concat);
        var any = ArbMap.Default.GeneratorFor<string?>().Select(text => text ?? "");
        Prop.ForAll(Gen.OneOf(near, any).ToArbitrary(), text => ExpressionParser.Parse(text) is not null)
            .Check(Config.QuickThrowOnFailure.WithMaxTest(10_000));
    }

    private static ExpressionError ErrorOf(string text) => ExpressionParser.Parse(text).ShouldBeOfType<ParseResult.Failed>().Error;
}
