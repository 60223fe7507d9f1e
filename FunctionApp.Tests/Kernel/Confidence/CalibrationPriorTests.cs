using Advisor.Kernel.Confidence;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Kernel.Confidence;

/// <summary>What the committed prior makes of scores before there are verdicts.</summary>
public sealed class CalibrationPriorTests
{
    private static readonly Signals s_textLayer = new() { Grounding = Score.One };

    [Fact]
    public void Prior_IsTheCommittedOneAndProvisional()
    {
        Calibration.Prior.Version.ShouldStartWith(CalibrationPrior.Series + "+");
        (Calibration.Prior.Version, Calibration.Prior.IsProvisional).ShouldBe((CalibrationPrior.Committed.Version, true));
        CalibrationPrior.Committed.ScoredBy.ShouldBe(ConfidenceModel.Version);
        CalibrationPrior.Committed.Data.Sum(data => data.Right + data.Wrong).ShouldBeGreaterThan(CalibrationFit.LeastForIsotonic);
    }

    [Fact]
    public void Assess_FactOfATextLayer_IsReleasedOnlyWhereAProofHolds()
    {
        var (proven, alone) = (Calibration.Prior.Assess(s_textLayer with { Proof = Score.One }), Calibration.Prior.Assess(s_textLayer));
        proven.Probability.Value.ShouldBeGreaterThanOrEqualTo(0.99m);
        alone.Probability.Value.ShouldBeInRange(BandPolicy.Default.Medium, BandPolicy.Default.High - 0.01m);
        Calibration.Prior.Assess(s_textLayer with { Proof = new Score(0.5m) }).Probability.Value.ShouldBeLessThan(BandPolicy.Default.Medium);
    }

    /// <summary>Analyses that were stored under it replay under it: it never changes.</summary>
    [Fact]
    public void JudgedPrior_StaysAsItWas() =>
        Calibration.JudgedPrior.ShouldBe(new Calibration("prior-1.0.0", new CalibrationCurve.Platt(1, -0.25m), 0));
}
