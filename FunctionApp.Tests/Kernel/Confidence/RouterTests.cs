using Advisor.Kernel.Confidence;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Kernel.Confidence;

public sealed class RouterTests
{
    [Theory]
    [InlineData(1, Band.High, RouteReason.HighScore)]
    [InlineData(0.85, Band.High, RouteReason.HighScore)]
    [InlineData(0.849999, Band.Medium, RouteReason.MediumScore)]
    [InlineData(0.60, Band.Medium, RouteReason.MediumScore)]
    [InlineData(0.599999, Band.Low, RouteReason.LowScore)]
    [InlineData(0, Band.Low, RouteReason.LowScore)]
    public void Route_ByScore_FollowsTheDefaultBands(double score, Band band, RouteReason reason)
    {
        var route = Router.Route(new Score((decimal)score), new RouteOverrides());

        route.Band.ShouldBe(band);
        route.ByScore.ShouldBe(band);
        route.Reasons.ShouldBe([reason]);
    }

    [Fact]
    public void Route_EachOverride_SendsToReviewWhateverTheScore()
    {
        (RouteOverrides Overrides, RouteReason Reason)[] each =
        [
            (new() { FailedProof = true }, RouteReason.FailedProof),
            (new() { MaterialAmount = true }, RouteReason.MaterialAmount),
            (new() { InjectedInstruction = true }, RouteReason.InjectedInstruction),
            (new() { UnknownGrounding = true }, RouteReason.UnknownGrounding),
        ];
        foreach (var (overrides, reason) in each)
        {
            var route = Router.Route(Score.One, overrides);

            route.Band.ShouldBe(Band.Low);
            route.ByScore.ShouldBe(Band.High);
            route.Reasons.ShouldBe([RouteReason.HighScore, reason]);
        }
    }

    [Fact]
    public void Route_AnyOverrides_NeverMakeItMoreLenient() =>
        Prop.ForAll(RandomScores.Score.ToArbitrary(), RandomScores.Overrides.ToArbitrary(), RandomScores.Overrides.ToArbitrary(), (score, some, more) =>
        {
            var both = new RouteOverrides
            {
                FailedProof = some.FailedProof || more.FailedProof,
                MaterialAmount = some.MaterialAmount || more.MaterialAmount,
                InjectedInstruction = some.InjectedInstruction || more.InjectedInstruction,
                UnknownGrounding = some.UnknownGrounding || more.UnknownGrounding,
            };
            var plain = Router.Route(score, new RouteOverrides());
            return Router.Route(score, both).Band <= Router.Route(score, some).Band
                && Router.Route(score, some).Band <= plain.Band
                && Router.Route(score, some).ByScore == plain.Band;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1_000));

    [Fact]
    public void Route_RisingScore_NeverMakesItStricter() =>
        Prop.ForAll(RandomScores.Score.ToArbitrary(), RandomScores.Score.ToArbitrary(), RandomScores.Overrides.ToArbitrary(), (a, b, overrides) =>
            Router.Route(Score.Min(a, b), overrides).Band <= Router.Route(a > b ? a : b, overrides).Band)
            .Check(Config.QuickThrowOnFailure.WithMaxTest(1_000));

    [Fact]
    public void Overrides_OfSignals_ComeFromProofAndGrounding()
    {
        RouteOverrides.Of(new Signals { Grounding = Score.One }).ShouldBe(new RouteOverrides());
        RouteOverrides.Of(new Signals { Grounding = Score.One, Proof = Score.One }).ShouldBe(new RouteOverrides());
        RouteOverrides.Of(new Signals { Proof = new Score(0.5m) }).ShouldBe(new RouteOverrides { FailedProof = true, UnknownGrounding = true });
    }

    [Theory]
    [InlineData(1.01, 0.6, "The high threshold must be above 0 and at most 1.")]
    [InlineData(0, 0.6, "The high threshold must be above 0 and at most 1.")]
    [InlineData(0.9, 0, "The medium threshold must be above 0 and at most 1.")]
    [InlineData(0.9, 1.2, "The medium threshold must be above 0 and at most 1.")]
    [InlineData(0.6, 0.6, "The medium threshold must be below the high one.")]
    public void BandPolicy_InvalidThresholds_AreRefused(double high, double medium, string message)
    {
        BandPolicy.FaultOf((decimal)high, (decimal)medium).ShouldBe(message);
        Should.Throw<ArgumentException>(() => new BandPolicy((decimal)high, (decimal)medium)).Message.ShouldStartWith(message);
    }
}
