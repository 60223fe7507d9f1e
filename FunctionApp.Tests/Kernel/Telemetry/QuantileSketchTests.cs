using Advisor.Kernel.Telemetry;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Kernel.Telemetry;

public sealed class QuantileSketchTests
{
    /// <summary>From a microsecond's worth to a day's, in milliseconds, as many decades as there are.</summary>
    private static readonly Gen<double[]> s_values = Gen.Choose(-2_900, 7_900).Select(exponent => Math.Pow(10, exponent / 1000.0)).NonEmptyListOf().Select(list => list.ToArray());

    [Fact]
    public void Quantile_OfAnyValues_IsWithinTheRelativeErrorOfTheExactOne() =>
        Prop.ForAll(s_values.ToArbitrary(), Gen.Choose(0, 1000).Select(permille => permille / 1000.0).ToArbitrary(), (values, q) =>
        {
            var sketch = Of(values);
            var exact = values.Order().ElementAt(Math.Max(1, (int)Math.Ceiling(q * values.Length)) - 1);
            return Math.Abs(sketch.Quantile(q) - exact) <= (QuantileSketch.RelativeError * exact) + 1e-12;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1_000));

    [Fact]
    public void Quantile_OfAHigherPart_IsNotLower() =>
        Prop.ForAll(s_values.ToArbitrary(), Gen.Choose(0, 100).ToArbitrary(), Gen.Choose(0, 100).ToArbitrary(), (values, a, b) =>
            Of(values).Quantile(Math.Min(a, b) / 100.0) <= Of(values).Quantile(Math.Max(a, b) / 100.0)).Check(Config.QuickThrowOnFailure);

    [Fact]
    public void Add_AnyValues_KeepsCountSumAndExtremesExactly() =>
        Prop.ForAll(s_values.ToArbitrary(), values =>
        {
            var sketch = Of(values);
            return sketch.Count == values.Length && sketch.Min == values.Min() && sketch.Max == values.Max()
                && Math.Abs(sketch.Sum - values.Sum()) <= 1e-9 * values.Sum();
        }).Check(Config.QuickThrowOnFailure);

    [Theory]
    [InlineData(0)]
    [InlineData(-5)]
    [InlineData(1e12)]
    public void Quantile_OfAValueOutsideTheRange_IsThatValueAtTheExtreme(double value) => Of([value]).Quantile(0.5).ShouldBe(value);

    [Fact]
    public void Add_NotANumber_IsIgnored() => Of([double.NaN, double.PositiveInfinity]).Count.ShouldBe(0);

    private static QuantileSketch Of(double[] values)
    {
        var sketch = new QuantileSketch();
        Array.ForEach(values, sketch.Add);
        return sketch;
    }
}
