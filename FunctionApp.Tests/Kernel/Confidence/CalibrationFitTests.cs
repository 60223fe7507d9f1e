using System.Text.Json;
using Advisor.Kernel.Confidence;
using Advisor.Kernel.Http;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Kernel.Confidence;

public sealed class CalibrationFitTests
{
    /// <summary>The pooled values worked out by hand: 0.3 and 0.4 are out of order and share one third.</summary>
    [Fact]
    public void Isotonic_ViolatorsInARow_ArePooledAtTheirWeightedMean()
    {
        var curve = IsotonicFit.Of([new(0.1m, 10, 1), new(0.3m, 2, 1), new(0.4m, 4, 1), new(0.9m, 5, 5)]);

        curve.Points.Select(point => (point.Raw.Value, point.Probability.Value)).ShouldBe([(0.1m, 0.1m), (0.366667m, 0.333333m), (0.9m, 1m)]);
    }

    /// <summary>The least-squares fit among non-decreasing ones is the largest mean over all beginnings of the smallest mean over all ends (Barlow et al., Statistical Inference under Order Restrictions, 1972).</summary>
    [Fact]
    public void Isotonic_AnyVerdicts_IsTheMaxMinOfMeans() =>
        Prop.ForAll(RandomScores.Graded.ToArbitrary(), items =>
        {
            var scores = Scores(items);
            if (scores.Count == 0)
            {
                return true;
            }

            var curve = IsotonicFit.Of(scores);
            var expected = scores.Select((_, i) => Enumerable.Range(0, i + 1).Max(from => Enumerable.Range(i, scores.Count - i).Min(to => Mean(scores[from..(to + 1)])))).ToList();
            var blocks = scores.Zip(expected).GroupBy(pair => pair.Second).Select(block => (
                Raw: block.Sum(pair => pair.First.Raw * pair.First.Weight) / block.Sum(pair => pair.First.Weight), block.Key)).ToList();
            return curve.Points.Count == blocks.Count
                && curve.Points.Zip(blocks).All(pair => Math.Abs(pair.First.Raw.Value - pair.Second.Raw) < 1e-6m && Math.Abs(pair.First.Probability.Value - pair.Second.Key) < 1e-6m);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    /// <summary>At the optimum both derivatives of the likelihood are zero: expected and counted rights agree, alone and weighted by the score.</summary>
    [Fact]
    public void Platt_AnyVerdicts_BalancesExpectedAndCounted()
    {
        var random = new Random(3);
        var items = Enumerable.Range(0, 400).Select(_ => random.Next(2, 99)).Select(n => new Graded(new Score(n / 100m), random.Next(100) < n)).ToList();
        var scores = Scores(items);
        var (right, wrong) = (scores.Sum(one => one.Right), scores.Sum(one => one.Weight - one.Right));

        var curve = PlattFit.Of(scores);

        curve.A.ShouldBe(1, 0.35m);
        Balance(_ => 1).ShouldBe(0, 0.02m);
        Balance(one => (decimal)Math.Log((double)(one.Raw / (1 - one.Raw)))).ShouldBe(0, 0.04m);

        decimal Balance(Func<ScoreWeight, decimal> weight) => scores.Sum(one =>
            weight(one) * ((one.Right * (right + 1) / (right + 2)) + ((one.Weight - one.Right) / (wrong + 2)) - (one.Weight * curve.Apply(new Score(one.Raw)).Value)));
    }

    [Fact]
    public void Platt_PerfectSeparation_StaysFinite()
    {
        var curve = PlattFit.Of([new(0.2m, 20, 0), new(0.8m, 20, 20)]);

        curve.A.ShouldBeInRange(1, 10);
        curve.Apply(new Score(0.8m)).Value.ShouldBe(21m / 22, 0.001m);
        curve.Apply(new Score(0.2m)).Value.ShouldBe(1m / 22, 0.001m);
    }

    [Fact]
    public void Platt_ScorerTurnedRound_IsLevelAtTheShareOfRight()
    {
        var curve = PlattFit.Of([new(0.2m, 100, 90), new(0.8m, 100, 10)]);

        curve.A.ShouldBe(0);
        curve.Apply(new Score(0.99m)).Value.ShouldBe(0.5m, 0.001m);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(29, 10)]
    [InlineData(500, 4)]
    [InlineData(500, 496)]
    public void Of_TooFewOfOneKind_IsThePrior(int count, int wrong) =>
        CalibrationFit.Of(Verdicts(count, wrong), Calibration.Prior).ShouldBeSameAs(Calibration.Prior);

    [Theory]
    [InlineData(30, 5, "platt-")]
    [InlineData(999, 100, "platt-")]
    [InlineData(1_000, 100, "isotonic-")]
    public void Of_Enough_IsFittedAndNamedByItsContent(int count, int wrong, string version)
    {
        var calibration = CalibrationFit.Of(Verdicts(count, wrong), Calibration.Prior);

        calibration.Version.ShouldStartWith(version);
        calibration.Version.Length.ShouldBe(version.Length + 8);
        calibration.Verdicts.ShouldBe(count);
        calibration.IsProvisional.ShouldBeFalse();
        CalibrationFit.Of(Verdicts(count, wrong + 1), Calibration.Prior).Version.ShouldNotBe(calibration.Version);
        JsonSerializer.Deserialize<Calibration>(JsonSerializer.Serialize(calibration, AdvisorJson.Options), AdvisorJson.Options).ShouldBe(calibration);
    }

    [Fact]
    public void Of_AnyVerdicts_IsMonotoneAndDoesNotHangOnTheirOrder() =>
        Prop.ForAll(RandomScores.Graded.ToArbitrary(), Gen.Choose(1, 60).ToArbitrary(), Gen.Choose(0, 1_000).ToArbitrary(), (some, times, seed) =>
        {
            Graded[] items = [.. Enumerable.Repeat(some, times).SelectMany(all => all)];
            Graded[] shuffled = [.. items];
            new Random(seed).Shuffle(shuffled);
            var fit = CalibrationFit.Of(items, Calibration.Prior);
            var scores = Enumerable.Range(0, 101).Select(i => fit.Curve.Apply(new Score(i / 100m)).Value).ToList();
            return scores.Zip(scores.Skip(1)).All(pair => pair.First <= pair.Second) && CalibrationFit.Of(shuffled, Calibration.Prior) == fit;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(100));

    [Fact]
    public void Of_FewVerdicts_MovesPartOfTheWay()
    {
        var verdicts = Enumerable.Range(0, 30).Select(i => new Graded(new Score(0.9m), i >= 15)).ToList();

        var probability = CalibrationFit.Of(verdicts, Calibration.Prior).Curve.Apply(new Score(0.9m)).Value;

        probability.ShouldBeInRange(0.51m, Calibration.Prior.Curve.Apply(new Score(0.9m)).Value - 0.1m);
    }

    [Fact]
    public void Of_LongRunOfLuckAtTheTop_IsNotCertain()
    {
        var verdicts = Enumerable.Range(0, 1_500).Select(i => new Graded(new Score(i % 10 == 0 ? 0.3m : 0.95m), i % 10 != 0)).ToList();

        var curve = CalibrationFit.Of(verdicts, Calibration.Prior).Curve.ShouldBeOfType<CalibrationCurve.Isotonic>();

        curve.Apply(Score.One).Value.ShouldBeInRange(0.99m, 0.9999m);
        curve.Apply(Score.Zero).Value.ShouldBeInRange(0.0001m, 0.02m);
        curve.Points.Count.ShouldBeLessThan(10);
    }

    /// <summary>Claims whose true chance is the square of their score: the fit comes near it, and nearer than the prior was.</summary>
    [Theory]
    [InlineData(800, 0.06)]
    [InlineData(5_000, 0.07)]
    public void Of_VerdictsOfKnownTruth_ComesNearIt(int count, double near)
    {
        var random = new Random(11);
        var verdicts = Enumerable.Range(0, count).Select(_ => random.Next(1, 1_000) / 1_000m).Select(raw => new Graded(new Score(raw), (decimal)random.NextDouble() < raw * raw)).ToList();

        var fitted = Distance(CalibrationFit.Of(verdicts, Calibration.Prior));

        fitted.ShouldBeLessThan((decimal)near);
        fitted.ShouldBeLessThan(Distance(Calibration.Prior) / 2);

        static decimal Distance(Calibration calibration) => Enumerable.Range(1, 19).Max(i => Math.Abs(calibration.Curve.Apply(new Score(i / 20m)).Value - (i * i / 400m)));
    }

    private static List<ScoreWeight> Scores(IEnumerable<Graded> items) =>
        [.. items.GroupBy(item => item.Confidence).OrderBy(tie => tie.Key).Select(tie => new ScoreWeight(tie.Key.Value, tie.Count(), tie.Count(item => item.Correct)))];

    private static decimal Mean(IReadOnlyList<ScoreWeight> scores) => scores.Sum(one => one.Right) / scores.Sum(one => one.Weight);

    private static List<Graded> Verdicts(int count, int wrong) =>
        [.. Enumerable.Range(0, count).Select(i => new Graded(new Score((decimal)(i + 1) / (count + 1)), i >= wrong))];
}
