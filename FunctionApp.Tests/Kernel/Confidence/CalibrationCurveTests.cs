using System.Text.Json;
using Advisor.Kernel.Confidence;
using Advisor.Kernel.Http;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Kernel.Confidence;

public sealed class CalibrationCurveTests
{
    private static readonly CalibrationCurve Steps = new CalibrationCurve.Isotonic([Point(0.2m, 0.1m), Point(0.6m, 0.5m), Point(0.8m, 0.9m)]);

    [Theory]
    [InlineData(0, 0.1)]
    [InlineData(0.2, 0.1)]
    [InlineData(0.4, 0.3)]
    [InlineData(0.6, 0.5)]
    [InlineData(0.7, 0.7)]
    [InlineData(0.8, 0.9)]
    [InlineData(1, 0.9)]
    public void Apply_Isotonic_GoesStraightBetweenPoints(double raw, double expected) =>
        Steps.Apply(new Score((decimal)raw)).ShouldBe(new Score((decimal)expected));

    [Fact]
    public void Apply_Platt_IsLogistic()
    {
        new CalibrationCurve.Platt(1, 0).Apply(new Score(0.7m)).ShouldBe(new Score(0.7m));
        new CalibrationCurve.Platt(2, -1).Apply(new Score(0.7m)).Value.ShouldBe((decimal)(1 / (1 + Math.Exp(-((2 * Math.Log(0.7 / 0.3)) - 1)))), 1e-6m);
        new CalibrationCurve.Platt(100, 100).Apply(Score.One).ShouldBe(Score.One);
        new CalibrationCurve.Platt(100, -100).Apply(Score.Zero).ShouldBe(Score.Zero);
    }

    [Fact]
    public void Apply_AnyCurve_KeepsTheOrder() =>
        Prop.ForAll(RandomScores.Score.ToArbitrary(), RandomScores.Score.ToArbitrary(), Gen.Choose(0, 300).ToArbitrary(), (a, b, n) =>
        {
            var (low, high) = a <= b ? (a, b) : (b, a);
            CalibrationCurve[] curves = [new CalibrationCurve.Identity(), Steps, new CalibrationCurve.Platt(n / 100m, 1 - (n / 100m)), Calibration.Prior.Curve];
            return curves.All(curve => curve.Apply(low) <= curve.Apply(high));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1_000));

    [Fact]
    public void Json_OfEachKind_RoundTrips()
    {
        CalibrationCurve[] curves = [new CalibrationCurve.Identity(), new CalibrationCurve.Platt(1.5m, -0.25m), Steps];
        foreach (var curve in curves)
        {
            JsonSerializer.Deserialize<CalibrationCurve>(JsonSerializer.Serialize(curve, AdvisorJson.Options), AdvisorJson.Options).ShouldBe(curve);
        }

        JsonSerializer.Serialize(curves[1], AdvisorJson.Options).ShouldBe("""{"kind":"platt","a":1.5,"b":-0.25}""");
    }

    [Theory]
    [InlineData("""{"kind":"platt","a":-1,"b":0}""")]
    [InlineData("""{"kind":"platt","a":101,"b":0}""")]
    [InlineData("""{"kind":"platt","a":1}""")]
    [InlineData("""{"kind":"isotonic","points":[]}""")]
    [InlineData("""{"kind":"isotonic","points":[{"raw":0.5,"probability":0.5},{"raw":0.5,"probability":0.6}]}""")]
    [InlineData("""{"kind":"isotonic","points":[{"raw":0.5,"probability":0.5},{"raw":0.6,"probability":0.4}]}""")]
    [InlineData("""{"kind":"spline"}""")]
    public void Json_OfNoCurve_IsRefused(string json) => Should.Throw<JsonException>(() => JsonSerializer.Deserialize<CalibrationCurve>(json, AdvisorJson.Options));

    private static CalibrationPoint Point(decimal raw, decimal probability) => new(new Score(raw), new Score(probability));
}
