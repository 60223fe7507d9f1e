using Advisor.Kernel.Reasoning.Expressions;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Kernel.Reasoning.Expressions;

public sealed class NamedConstantsTests
{
    [Fact]
    public void All_Names_ParseAsConstantsAndHaveASource()
    {
        foreach (var constant in NamedConstants.All)
        {
            ExpressionParser.Parse(constant.Name).ShouldBe(new ParseResult.Parsed(new Expression.ConstantReference(constant.Name)));
            constant.Source.ShouldNotBeNullOrWhiteSpace();
            NamedConstants.Find(constant.Name).ShouldBe(constant);
        }
    }

    [Theory]
    [InlineData("altman.distress", 1.81)]
    [InlineData("altman.safe", 2.99)]
    [InlineData("beneish.threshold", -1.78)]
    public void Find_Threshold_IsThePublishedOne(string name, double value) => NamedConstants.Find(name)!.Value.ShouldBe((decimal)value);

    [Fact]
    public void BenfordShares_OfAllDigits_MakeOne() =>
        NamedConstants.All.Where(constant => constant.Name.StartsWith("benford.first_")).Sum(constant => constant.Value).ShouldBe(1, 1e-12m);

    [Fact]
    public void Version_WithTheTable_WasNotForgotten()
    {
        // A changed sum means a changed value: raise the version and then this figure.
        NamedConstants.Version.ShouldBe("1.0.0");
        NamedConstants.All.Sum(constant => constant.Value).ShouldBe(462.0325m, 1e-12m);
    }
}
