using System.Globalization;
using Advisor.Benchmarks.Quality.Reasoning;
using Advisor.Kernel.Reasoning;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Benchmarks.Quality.Reasoning;

public sealed class AnswerJudgementTests
{
    [Theory]
    // Amounts: 1 in 10,000, or the two decimals of the answer; the sign counts.
    [InlineData("45.3333", Unit.Currency, 45.33333333, 45.33, "million", true)]
    [InlineData("45.33", Unit.Number, 45.33333333, 45.33, "million", true)]
    [InlineData("45.35", Unit.Currency, 45.33333333, 45.33, "million", false)]
    [InlineData("120040", Unit.Currency, 120050, 120050, "thousand", true)]
    [InlineData("120030", Unit.Currency, 120050, 120050, "thousand", false)]
    [InlineData("-8", Unit.Currency, 8, 8, "million", false)]
    [InlineData("0", Unit.Currency, 0, 0, "", true)]
    [InlineData("0.01", Unit.Currency, 0, 0, "", false)]
    // A share whose key is the quotient: as a quotient, in percent, and as a percentage, but not a percentage of a percentage.
    [InlineData("0.2222", Unit.Number, 0.2222222, 22.22, "percent", true)]
    [InlineData("22.22222", Unit.Percent, 0.2222222, 22.22, "percent", true)]
    [InlineData("22.22222", Unit.Number, 0.2222222, 22.22, "percent", true)]
    [InlineData("0.2222", Unit.Percent, 0.2222222, 22.22, "percent", false)]
    [InlineData("22.3", Unit.Percent, 0.2222222, 22.22, "percent", false)]
    // A difference of percentages, whose key is in percent already.
    [InlineData("2.1", Unit.Percent, 2.1, 2.1, "percent", true)]
    [InlineData("2.1", Unit.Number, 2.1, 2.1, "percent", true)]
    [InlineData("210", Unit.Percent, 2.1, 2.1, "percent", false)]
    [InlineData("0.021", Unit.Number, 2.1, 2.1, "percent", false)]
    // A key without percent takes a percentage as its hundredth.
    [InlineData("120", Unit.Percent, 1.2, 1.2, "", true)]
    [InlineData("120", Unit.Number, 1.2, 1.2, "", false)]
    public void IsRight_ComputedAmount_IsHeldAgainstTheKey(string computed, Unit unit, double value, double answer, string scale, bool right) =>
        AnswerJudgement.IsRight(decimal.Parse(computed, CultureInfo.InvariantCulture), unit, new TableQuestion("a", "sum", "?", [], [], "", value, answer, scale)).ShouldBe(right);
}
