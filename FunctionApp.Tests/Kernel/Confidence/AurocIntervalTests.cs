using Advisor.Kernel.Confidence;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Kernel.Confidence;

public sealed class AurocIntervalTests
{
    [Fact]
    public void Of_AllRightOrAllWrong_IsUnknown()
    {
        AurocInterval.Of([]).ShouldBeNull();
        AurocInterval.Of([new Graded(Score.One, true), new Graded(Score.Zero, true)]).ShouldBeNull();
    }

    [Fact]
    public void Of_PerfectRanking_KeepsItsWidth()
    {
        AurocInterval.Of(1, 500, 10).ShouldSatisfyAllConditions(
            interval => interval.Lower.ShouldBeInRange(0.85m, 0.95m),
            interval => interval.Upper.ShouldBe(1));
        AurocInterval.Of(0, 500, 10).Upper.ShouldBe(1 - AurocInterval.Of(1, 500, 10).Lower);
    }

    /// <summary>Each bound is where the estimate lies 1.96 of Hanley and McNeil's standard errors away, with the mean of both counts in their bracket.</summary>
    [Theory]
    [InlineData(0.9, 100, 20)]
    [InlineData(0.6, 900, 10)]
    [InlineData(0.35, 40, 60)]
    public void Of_AnyCounts_BoundsSolveTheEquation(double estimate, int right, int wrong)
    {
        var interval = AurocInterval.Of((decimal)estimate, right, wrong);

        foreach (var bound in new[] { (double)interval.Lower, (double)interval.Upper })
        {
            var q = (((1 - bound) / (2 - bound)) + (bound / (1 + bound))) * (((right + wrong) / 2.0) - 1);
            var error = Math.Sqrt(bound * (1 - bound) * (1 + q) / ((double)right * wrong));
            (Math.Abs(estimate - bound) / error).ShouldBe(1.959964, 0.001);
        }
    }

    /// <summary>Simulated with known truth: right items score by one normal law, wrong ones by another, and the true area is known.</summary>
    [Fact]
    public void Of_SimulatedScores_HoldTheTruth()
    {
        // A distance of 1.190232 between normal laws of width 1 is an area of 0.8.
        var held = 0;
        for (var seed = 0; seed < 400; seed++)
        {
            var random = new Random(seed);
            Graded[] items = [.. Enumerable.Range(0, 220).Select(i => new Graded(ScoreOf(Simulated.Normal(random) + (i < 200 ? 1.190232 : 0)), i < 200))];
            var interval = AurocInterval.Of(items)!;
            held += interval.Lower <= 0.8m && interval.Upper >= 0.8m ? 1 : 0;
        }

        held.ShouldBeGreaterThan(372);

        static Score ScoreOf(double z) => new((decimal)Math.Round(1 / (1 + Math.Exp(-z)), 9));
    }

    [Theory]
    [InlineData(-0.1, 1, 1)]
    [InlineData(1.1, 1, 1)]
    [InlineData(0.5, 0, 1)]
    [InlineData(0.5, 1, 0)]
    public void Of_OutOfRange_IsRefused(double estimate, int right, int wrong) =>
        Should.Throw<ArgumentOutOfRangeException>(() => AurocInterval.Of((decimal)estimate, right, wrong));
}
