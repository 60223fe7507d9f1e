using Advisor.Kernel.Confidence;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Kernel.Confidence;

public sealed class ClopperPearsonTests
{
    /// <summary>Figures of Newcombe, Statistics in Medicine 17 (1998), table I, method 5 (exact, Clopper-Pearson).</summary>
    [Theory]
    [InlineData(81, 263, 0.2527, 0.3676)]
    [InlineData(15, 148, 0.0578, 0.1617)]
    [InlineData(0, 20, 0.0000, 0.1684)]
    [InlineData(1, 29, 0.0009, 0.1776)]
    public void Bounds_PublishedExamples_AreMet(int errors, int total, double lower, double upper)
    {
        ClopperPearson.Lower(errors, total, 0.975m).ShouldBe((decimal)lower, 0.00005m);
        ClopperPearson.Upper(errors, total, 0.975m).ShouldBe((decimal)upper, 0.00005m);
    }

    [Theory]
    [InlineData(1, 0.95, 0.95)]
    [InlineData(598, 0.95, 0.004997059)]
    [InlineData(597, 0.95, 0.005005408)]
    [InlineData(1_000_000, 0.95, 0.000002996)]
    public void Upper_NoErrors_IsTheRootOfTheChance(int total, double confidence, double expected)
    {
        ClopperPearson.Upper(0, total, (decimal)confidence).ShouldBe((decimal)expected, 1e-9m);
        ClopperPearson.Lower(total, total, (decimal)confidence).ShouldBe(1 - (decimal)expected, 1e-9m);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1_000_000)]
    public void Bounds_AtTheEnds_AreExact(int total)
    {
        ClopperPearson.Upper(total, total, 0.95m).ShouldBe(1);
        ClopperPearson.Lower(0, total, 0.95m).ShouldBe(0);
    }

    /// <summary>The definition itself, with the tail added up term by term: at the bound so few errors have just the chance that is left.</summary>
    [Fact]
    public void Bounds_AnyCounts_LeaveTheChanceSaid() =>
        Prop.ForAll(Gen.Choose(1, 400).ToArbitrary(), Gen.Choose(0, 400).ToArbitrary(), Gen.Elements(0.8m, 0.95m, 0.975m, 0.999m).ToArbitrary(), (total, some, confidence) =>
        {
            var errors = some % total;
            var upper = (double)ClopperPearson.Upper(errors, total, confidence);
            var lower = (double)ClopperPearson.Lower(errors + 1, total, confidence);
            return Math.Abs(AtMost(errors, total, upper) - (double)(1 - confidence)) < 1e-5
                && Math.Abs(1 - AtMost(errors, total, lower) - (double)(1 - confidence)) < 1e-5;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Fact]
    public void Upper_AMillionTrials_AgreesWithTheSum() =>
        AtMost(10_000, 1_000_000, (double)ClopperPearson.Upper(10_000, 1_000_000, 0.95m)).ShouldBe(0.05, 1e-5);

    [Theory]
    [InlineData(-1, 10, 0.95)]
    [InlineData(11, 10, 0.95)]
    [InlineData(1, 10, 0)]
    [InlineData(1, 10, 1)]
    public void Bounds_OutOfRange_AreRefused(int errors, int total, double confidence)
    {
        Should.Throw<ArgumentOutOfRangeException>(() => ClopperPearson.Upper(errors, total, (decimal)confidence));
        Should.Throw<ArgumentOutOfRangeException>(() => ClopperPearson.Lower(errors, total, (decimal)confidence));
    }

    /// <summary>Term by term from the logarithm of the first, without gamma or beta functions.</summary>
    private static double AtMost(int errors, int total, double share)
    {
        var (log, sum) = (total * Math.Log(1 - share), 0.0);
        for (var i = 0; i <= errors; i++)
        {
            sum += Math.Exp(log);
            log += Math.Log((total - i) / (i + 1.0)) + Math.Log(share / (1 - share));
        }

        return sum;
    }
}
