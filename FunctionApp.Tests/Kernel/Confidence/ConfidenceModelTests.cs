using Advisor.Kernel.Confidence;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Kernel.Confidence;

public sealed class ConfidenceModelTests
{
    private static readonly Signals Best = new() { Grounding = Score.One, Reading = Score.One, Agreement = Score.One, Proof = Score.One, Model = Score.One, History = Score.One };

    private static readonly (string Name, Func<Signals, Score?> Get, Func<Signals, Score?, Signals> Set)[] All =
    [
        ("grounding", signals => signals.Grounding, (signals, score) => signals with { Grounding = score }),
        ("reading", signals => signals.Reading, (signals, score) => signals with { Reading = score }),
        ("agreement", signals => signals.Agreement, (signals, score) => signals with { Agreement = score }),
        ("proof", signals => signals.Proof, (signals, score) => signals with { Proof = score }),
        ("model", signals => signals.Model, (signals, score) => signals with { Model = score }),
        ("history", signals => signals.History, (signals, score) => signals with { History = score }),
    ];

    [Fact]
    public void Combine_AllCertain_IsAlmostCertain() => ConfidenceModel.Combine(Best).Score.ShouldBe(new Score(0.99m));

    [Fact]
    public void Combine_AllUnknown_IsAtMostEven() => ConfidenceModel.Combine(new Signals()).ShouldSatisfyAllConditions(
        raw => raw.Score.ShouldBe(ConfidenceModel.UnknownGroundingCap),
        raw => raw.Caps.ShouldBe([ScoreCap.UnknownGrounding]));

    [Fact]
    public void Combine_AnyUnknownSignal_NeverCountsAsCertain()
    {
        foreach (var (name, _, set) in All)
        {
            ConfidenceModel.Combine(set(Best, null)).Score.ShouldBeLessThan(ConfidenceModel.Combine(Best).Score, name);
        }
    }

    [Fact]
    public void Combine_FailedProof_IsCapped()
    {
        var raw = ConfidenceModel.Combine(Best with { Proof = new Score(0.99m) });

        raw.Score.ShouldBe(ConfidenceModel.FailedProofCap);
        raw.Caps.ShouldBe([ScoreCap.FailedProof]);
    }

    [Fact]
    public void Combine_NumberNotFoundAtItsPlace_IsWorthNothing() =>
        ConfidenceModel.Combine(Best with { Grounding = Score.Zero }).Score.ShouldBe(Score.Zero);

    [Fact]
    public void Combine_RisingSignal_NeverLowersTheScore() =>
        Prop.ForAll(RandomScores.Signals.ToArbitrary(), RandomScores.Score.ToArbitrary(), Gen.Choose(0, All.Length - 1).ToArbitrary(), (signals, other, which) =>
        {
            var (_, get, set) = All[which];
            var one = get(signals) ?? Score.One;
            var low = ConfidenceModel.Combine(set(signals, Score.Min(one, other))).Score;
            var high = ConfidenceModel.Combine(set(signals, one > other ? one : other)).Score;
            return low <= high;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(3_000));

    [Fact]
    public void Combine_FailedProofOrUnknownGrounding_StaysUnderTheCap() =>
        Prop.ForAll(RandomScores.Signals.ToArbitrary(), signals =>
        {
            var score = ConfidenceModel.Combine(signals).Score;
            return (!(signals.Proof < Score.One) || score <= ConfidenceModel.FailedProofCap)
                && (signals.Grounding is not null || score <= ConfidenceModel.UnknownGroundingCap)
                && (signals.Grounding is not { } grounding || score <= grounding);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));

    [Fact]
    public void Assess_UnderThePrior_FillsTheBands()
    {
        var grounded = new Signals { Grounding = Score.One, Reading = new Score(0.99m) };

        BandOf(grounded with { Proof = Score.One }).ShouldBe(Band.High);
        BandOf(grounded).ShouldBe(Band.Medium);
        BandOf(grounded with { Proof = new Score(0.5m) }).ShouldBe(Band.Low);
        Calibration.Prior.Assess(grounded).Provisional.ShouldBeTrue();

        static Band BandOf(Signals signals) => BandPolicy.Default.BandOf(Calibration.Prior.Assess(signals).Probability);
    }
}
