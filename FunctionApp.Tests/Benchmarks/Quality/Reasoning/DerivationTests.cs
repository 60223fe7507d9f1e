using Advisor.Benchmarks.Quality.Reasoning;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Benchmarks.Quality.Reasoning;

public sealed class DerivationTests
{
    private static readonly IReadOnlyList<CitableNumber> s_numbers =
        [new("f1", 2031, true), new("f2", 2029, true), new("f3", 48, false), new("f4", 40, false), new("f5", -7, false), new("f6", -7, false), new("f7", 1, false), new("f8", 9.5m, false)];

    [Theory]
    [InlineData("(48.0-40)/40", "(f3-f4)/f4")]
    [InlineData("[48 + 40]/2", "(f3 + f4)/2")]
    [InlineData("(48+40+9.5)/3", "avg(f3, f4, f8)")]
    [InlineData("48 / 40 - 1", "f3 / f4 - 1")]
    [InlineData("48-1", "f3-f7")]
    [InlineData("$7", "(-f5)")]
    [InlineData("(7-7)/7", "((-f5)-(-f6))/(-f5)")]
    [InlineData("48/48", "f3/f3")]
    [InlineData("48/3", "f3/(f1 - f2 + 1)")]
    [InlineData("48+12", "f3+f12isNotOnThePage")]
    public void Translate_Derivation_CitesWhatIsPrinted(string derivation, string expression) => Derivation.Translate(derivation, s_numbers).ShouldBe(expression);
}
