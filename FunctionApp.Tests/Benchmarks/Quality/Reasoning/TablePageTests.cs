using Advisor.Benchmarks.Quality.Reasoning;
using Advisor.Kernel.Reasoning;
using Advisor.Kernel.Reasoning.Expressions;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Benchmarks.Quality.Reasoning;

public sealed class TablePageTests
{
    [Fact]
    public void Facts_OfTableAndText_HavePlaceLabelUnitAndValueAsPrinted() =>
        new TablePage(OwnQuestions.All[0], UnitReading.Narrow).Facts.Select(fact => $"{fact.Id} {fact.Source.Cell} {fact.Label} = {fact.Value} {fact.Currency ?? fact.Unit.ToString()}").ShouldBe(
        [
            "f1 R2C2 Years ended May 31, > heading = 2031 Number",
            "f2 R2C3 Years ended May 31, > heading = 2030 Number",
            "f3 R5C2 Flour: > Orders > Years ended May 31, > 2031 > (in millions) = 48.0 USD",
            "f4 R5C3 Flour: > Orders > Years ended May 31, > 2030 > (in millions) = 40.0 USD",
            "f5 R6C2 Flour: > Returns > Years ended May 31, > 2031 > (in millions) = -3.0 USD",
            "f6 R6C3 Flour: > Returns > Years ended May 31, > 2030 > (in millions) = -2.0 USD",
            "f7 R7C2 Flour: > Freight > Years ended May 31, > 2031 > (in millions) = -7.0 USD",
            "f8 R7C3 Flour: > Freight > Years ended May 31, > 2030 > (in millions) = -7.0 USD",
            "f9 R9C2 Bran: > Orders > Years ended May 31, > 2031 > (in millions) = 9.6 USD",
            "f10 R9C3 Bran: > Orders > Years ended May 31, > 2030 > (in millions) = 9.0 USD",
            "f11 R10C2 Bran: > Yield > Years ended May 31, > 2031 > (in millions) = 12.5 Percent",
            "f12 R10C3 Bran: > Yield > Years ended May 31, > 2030 > (in millions) = 10.0 Percent",
            "f13 R1C2 heading: Years ended May 31, = 31 Number",
            "f14  paragraph 1: of the year the mill had 250 people, of whom 50 work nights. = 250 Number",
            "f15  paragraph 1: mill had 250 people, of whom 50 work nights. = 50 Number",
            "f16  paragraph 2: Output was 4.2 thousand tonnes (1,900 by rail). = 4.2 Number",
            "f17  paragraph 2: Output was 4.2 thousand tonnes (1,900 by rail). = 1900 Number",
        ]);

    [Fact]
    public void LabelOf_HeadingsOverSeveralColumnsAndAgainBelow_TakesTheNearestOfTheLast()
    {
        var headings = new TableHeadings(
        [
            ["", "Home", "", "Abroad", ""],
            ["(in tonnes)", "2031", "2030", "2031", "2030"],
            ["Rye", "1", "2", "3", "4"],
            ["", "Barges", "", "", ""],
            ["Canal", "5", "6", "7", "8"],
            ["2029", "9"],
        ]);

        headings.LabelOf(2, 2).ShouldBe("Rye > Home > 2030");
        headings.LabelOf(2, 3).ShouldBe("Rye > Abroad > 2031");
        headings.LabelOf(4, 4).ShouldBe("Canal > Barges");
        headings.LabelOf(5, 1).ShouldBe("2029 > Barges");
        headings.HeadingRows.Select(row => row[0]).ShouldBe(["", "(in tonnes)", ""]);
    }

    [Theory]
    [InlineData("f3 - f4", "8.0", "Narrow")]
    [InlineData("pct(f3, f4)", "20.0", "Narrow")]
    [InlineData("f3 + f14", "298.0", "None")]
    public void Evaluate_UnitsThatDoNotFit_AreReadInAnotherWay(string expression, string value, string units)
    {
        var (result, read) = TablePage.Evaluate(OwnQuestions.All[0], expression);
        result.ShouldBeOfType<EvaluationResult.Evaluated>().Value.ShouldBeOfType<ExpressionValue.Amount>().Value.ToString().ShouldBe(value);
        read.ToString().ShouldBe(units);
    }
}
