using System.Text.Json;
using Advisor.Kernel.Confidence;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Kernel.Confidence;

public sealed class ConfidenceReportTests
{
    /// <summary>The published figures have four digits, so half of the last one is allowed; the test below has the exact values.</summary>
    [Fact]
    public void Reports_PublishedInputs_GivePublishedFigures()
    {
        var file = Path.Combine(Evals.Folder("calibration"), "golden.json");
        using var json = JsonDocument.Parse(File.ReadAllText(file));
        var figures = 0;
        foreach (var item in json.RootElement.EnumerateArray())
        {
            var graded = GradedOf(item);
            Check(item, "ece_l1", () => ReliabilityDiagram.OfEqualWidth(graded, item.GetProperty("n_bins").GetInt32()).Ece);
            Check(item, "ece_l2", () => ReliabilityDiagram.OfEqualWidth(graded, item.GetProperty("n_bins").GetInt32()).RootMeanSquare);
            Check(item, "ece_max", () => ReliabilityDiagram.OfEqualWidth(graded, item.GetProperty("n_bins").GetInt32()).Maximum);
            Check(item, "brier", () => ConfidenceReport.BrierOf(graded));
            Check(item, "aurc", () => RiskCoverage.Of(graded).Aurc!.Value);
            Check(item, "coverage", () => RiskCoverage.Of(graded).CoverageAt(item.GetProperty("risk").GetDecimal()));
            if (item.TryGetProperty("prob_true", out var expected))
            {
                var bins = item.GetProperty("n_bins").GetInt32();
                var diagram = item.TryGetProperty("strategy", out _) ? ReliabilityDiagram.OfQuantiles(graded, bins) : ReliabilityDiagram.OfEqualWidth(graded, bins);
                CheckAll(diagram.Bins.Select(bin => bin.Accuracy), expected);
                CheckAll(diagram.Bins.Select(bin => bin.Confidence), item.GetProperty("prob_pred"));
            }
        }

        figures.ShouldBe(7 + 8);

        void Check(JsonElement item, string name, Func<decimal> compute)
        {
            if (item.TryGetProperty(name, out var expected))
            {
                compute().ShouldBe(expected.GetDecimal(), 0.00005m, item.GetProperty("source").GetString());
                figures++;
            }
        }

        void CheckAll(IEnumerable<decimal> actual, JsonElement expected)
        {
            foreach (var (one, other) in actual.Zip(expected.EnumerateArray(), (one, other) => (one, other.GetDecimal())))
            {
                one.ShouldBe(other, 1e-6m);
                figures++;
            }
        }
    }

    /// <summary>The same inputs worked out by hand in fractions.</summary>
    [Fact]
    public void Reports_PublishedInputs_AreExact()
    {
        var calibration = Of((0.25m, false), (0.25m, false), (0.55m, true), (0.75m, true), (0.75m, true));

        ReliabilityDiagram.OfEqualWidth(calibration, 2).Ece.ShouldBe(0.29m, 1e-20m);
        ReliabilityDiagram.OfEqualWidth(calibration, 2).RootMeanSquare.ShouldBe((decimal)Math.Sqrt((0.4 * 0.0625) + (0.6 * 0.95 * 0.95 / 9)), 1e-12m);
        ReliabilityDiagram.OfEqualWidth(calibration, 2).Maximum.ShouldBe(0.95m / 3, 1e-20m);
        RiskCoverage.Of(Of((0.7m, true), (0.6m, false), (0.8m, true))).Aurc!.Value.ShouldBe(1m / 12, 1e-20m);
        ConfidenceReport.BrierOf(Of((0.1m, false), (0.9m, true), (0.8m, true), (0.3m, false))).ShouldBe(0.0375m, 1e-20m);
        RiskCoverage.Of(Of((0.9m, true), (0.6m, false), (0.8m, true), (0.5m, false), (0.7m, true))).CoverageAt(0.3m).ShouldBe(0.8m);
    }

    [Fact]
    public void EqualWidth_OnTheEdge_BelongsToTheBinBelow()
    {
        var diagram = ReliabilityDiagram.OfEqualWidth(Of((0.85m, true), (0.60m, false), (0m, false), (1m, true)), 20);

        diagram.Bins.Select(bin => bin.Upper).ShouldBe([0.05m, 0.60m, 0.85m, 1m]);
    }

    [Fact]
    public void Reports_WithoutItems_SaySo()
    {
        var report = ConfidenceReport.Of([], 0.85m);

        report.ShouldSatisfyAllConditions(
            empty => empty.Count.ShouldBe(0),
            empty => empty.Ece.ShouldBe(0),
            empty => empty.Auroc.ShouldBeNull(),
            empty => empty.RiskCoverage.Aurc.ShouldBeNull(),
            empty => empty.RiskCoverage.CoverageAt(0.1m).ShouldBe(0),
            empty => empty.ErrorAmongAccepted.ShouldBe(new WilsonInterval(0, 1)));
        ReliabilityDiagram.OfQuantiles([], 3).Ece.ShouldBe(0);
    }

    [Fact]
    public void Of_Items_CountsTheAcceptedErrors()
    {
        var report = ConfidenceReport.Of(Of((0.9m, true), (0.85m, false), (0.84m, false), (0.5m, true)), 0.85m);

        (report.Accepted, report.AcceptedErrors).ShouldBe((2, 1));
    }

    [Fact]
    public void Auroc_EverythingInOneBin_IsAHalf() =>
        ConfidenceReport.AurocOf(Of((0.8m, true), (0.8m, true), (0.8m, true), (0.8m, true), (0.8m, false))).ShouldBe(0.5m);

    [Fact]
    public void Auroc_AnyItems_IsTheShareOfOrderedPairs() =>
        Prop.ForAll(RandomScores.Graded.ToArbitrary(), items =>
        {
            var pairs = (from right in items where right.Correct from wrong in items where !wrong.Correct select (decimal)((1 + right.Confidence.CompareTo(wrong.Confidence)) / 2.0)).ToList();
            var expected = pairs.Count == 0 ? (decimal?)null : pairs.Average();
            return ConfidenceReport.AurocOf(items) is var actual && (actual is null) == (expected is null) && Math.Abs((actual ?? 0) - (expected ?? 0)) < 1e-12m;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1_000));

    [Fact]
    public void Aurc_AnyOrderOfTheItems_IsTheSame() =>
        Prop.ForAll(RandomScores.Graded.ToArbitrary(), items =>
            RiskCoverage.Of(items).Aurc == RiskCoverage.Of([.. items.Reverse()]).Aurc)
            .Check(Config.QuickThrowOnFailure.WithMaxTest(1_000));

    [Fact]
    public void Reports_AnyItems_StayWithinTheirRanges() =>
        Prop.ForAll(RandomScores.Graded.ToArbitrary(), items =>
        {
            var report = ConfidenceReport.Of(items, 0.85m);
            return report.Ece is >= 0 and <= 1 && report.Brier is >= 0 and <= 1 && report.Auroc is null or (>= 0 and <= 1)
                && report.RiskCoverage.Aurc is null or (>= 0 and <= 1)
                && report.ErrorAmongAccepted.Lower is >= 0 && report.ErrorAmongAccepted.Upper <= 1 && report.ErrorAmongAccepted.Lower <= report.ErrorAmongAccepted.Upper;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1_000));

    /// <summary>Figures of Newcombe, Statistics in Medicine 17 (1998), table I, method 3.</summary>
    [Theory]
    [InlineData(81, 263, 0.2553, 0.3662)]
    [InlineData(15, 148, 0.0624, 0.1605)]
    [InlineData(0, 20, 0.0000, 0.1611)]
    [InlineData(1, 29, 0.0061, 0.1718)]
    public void Wilson_PublishedExamples_AreMet(int count, int total, double lower, double upper)
    {
        var interval = WilsonInterval.Of(count, total);

        interval.Lower.ShouldBe((decimal)lower, 0.00005m);
        interval.Upper.ShouldBe((decimal)upper, 0.00005m);
    }

    private static Graded[] Of(params (decimal Confidence, bool Correct)[] items) => [.. items.Select(item => new Graded(new Score(item.Confidence), item.Correct))];

    private static Graded[] GradedOf(JsonElement item)
    {
        var confidence = item.EnumerateObject().First(member => member.Name is "preds" or "y_prob" or "confidence").Value;
        var correct = item.EnumerateObject().First(member => member.Name is "target" or "y_true" or "error");
        return [.. confidence.EnumerateArray().Zip(correct.Value.EnumerateArray(), (score, hit) => new Graded(new Score(score.GetDecimal()), (hit.GetInt32() == 1) != (correct.Name == "error")))];
    }
}
