using Advisor.Benchmarks.Quality.Prior;
using Advisor.Kernel.Confidence;
using Advisor.Kernel.Reasoning;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Benchmarks.Quality.Prior;

/// <summary>When a fact counts as right, wrong or unlabelled.</summary>
public sealed class LabelTests
{
    /// <summary>A table of two columns of years; points are counted from the foot of a page of 800.</summary>
    private static readonly TrueTables s_table = new(
    [
        Cell(0, 1, 200, "2011"), Cell(0, 2, 300, "2012"),
        Cell(1, 0, 50, "Total expenditure"), Cell(1, 1, 200, "1 250"), Cell(1, 2, 300, "€1,310"),
    ]);

    [Theory]
    [InlineData("1,310", "Total expenditure", 300, 2012, true, "")]
    [InlineData("1,310", "Total expenditvre", 300, null, true, "")]
    [InlineData("1,370", "Total expenditure", 300, 2012, false, "value")]
    [InlineData("250", "Total expenditure 1", 200, 2011, false, "value")]
    [InlineData("1,310", "Total revenue", 300, 2012, false, "label")]
    [InlineData("1,310", "Total expenditure", 300, 2011, false, "period")]
    [InlineData("7", "Total expenditure", 250, null, false, "no such cell")]
    [InlineData("1,310", "Total expenditure", 500, null, null, "outside the labelled tables")]
    public void LabelOf_FactOfATable_SaysWhetherTheTrueCellHoldsIt(string printed, string label, int left, int? year, bool? right, string kind) =>
        s_table.LabelOf(FactOf(printed, label, left, year), page: 1, pageHeight: 800).ShouldBe(new Label(right, kind));

    [Theory]
    [InlineData("Net cash from operations", "Net cash from operations", true)]
    [InlineData("Net cash from operations", "Net cosh from 0perations", true)]
    [InlineData("Net cash from operations", "Net cash from investing", false)]
    [InlineData("Goods on hand", "Goods on hand 7 42,605 ¤", true)]
    [InlineData("Goods on hand", "Goodson ha nd", true)]
    [InlineData("Current assets", "Non-current assets", false)]
    [InlineData("Current assets", "Noncurrent assets", false)]
    [InlineData("Result of the audited accounts", "Result of the unaudited accounts", false)]
    [InlineData("Result of the audited accounts", "Result of the un-audited accounts", false)]
    [InlineData("Increase in goods on hand", "Decrease in goods on hand", false)]
    [InlineData("Income from ordinary operations", "Income from ordinary overseas operations", false)]
    [InlineData("Short-term deposits with other banks", "Long-term deposits with other banks", false)]
    [InlineData("Deposits of class A", "Deposits of class B", false)]
    [InlineData("2008/09", "2009/10", false)]
    [InlineData("", "", false)]
    public void Are_Labels_ForgivesOneLetterInFiveAndNoWord(string one, string other, bool same) => Similar.Are(one, other).ShouldBe(same);

    [Theory]
    [InlineData("27", null)]
    [InlineData("28", false)]
    public void LabelOf_OneOfSeveralNumbersOfACell_IsUnlabelled(string printed, bool? right) =>
        new TrueTables([Cell(1, 0, 50, "Apples"), Cell(1, 1, 200, "27 (4.2%)")]).LabelOf(FactOf(printed, "Apples", 200, null), page: 1, pageHeight: 800).Right.ShouldBe(right);

    [Theory]
    [InlineData(990, 0.99)]
    [InlineData(989, 0.84)]
    public void Held_ScoresThatAreNotRightNinetyNineTimesInAHundred_StayUnderTheHighBand(int right, double expected)
    {
        List<Graded> graded = [.. Enumerable.Range(0, 1_000).Select(i => new Graded(new Score(0.8m), i < right)), new Graded(new Score(0.95m), true)];
        var curve = PriorFit.Held(new CalibrationCurve.Isotonic([new(new Score(0.8m), new Score(0.99m)), new(new Score(0.95m), new Score(0.995m))]), graded);

        curve.Apply(new Score(0.8m)).Value.ShouldBe((decimal)expected);
        curve.Apply(new Score(0.7m)).Value.ShouldBe(0.84m);
        curve.Apply(new Score(0.95m)).Value.ShouldBe(0.99m);
    }

    [Fact]
    public void Of_ItemsOfTwoFilers_MeasuresEachUnderItsOwnCurve()
    {
        var signals = new Signals { Grounding = Score.One };
        ScoredItem[] items =
        [
            new("a", Truth.ByHand, signals, new Score(0.9m), true), new("a", Truth.ByHand, signals with { Grounding = null }, new Score(0.9m), false), new("b", Truth.ByHand, signals, new Score(0.9m), true),
        ];

        var figures = CurveFigures.Of(items, filer => filer == "a" ? new CalibrationCurve.Identity() : new CalibrationCurve.Platt(0, 0));

        figures.ByScore.Select(band => (band.Band, band.Count, band.Wrong)).ShouldBe([(Band.High, 2, 1), (Band.Medium, 0, 0), (Band.Low, 1, 0)]);
        figures.Routed.Select(band => (band.Band, band.Count, band.Wrong)).ShouldBe([(Band.High, 1, 0), (Band.Medium, 0, 0), (Band.Low, 2, 1)]);
    }

    /// <summary>What nobody can say of a fact must not make the high band look better than it is.</summary>
    [Fact]
    public void Of_DoubtfulItems_CountInTheWorstCaseAlone()
    {
        var signals = new Signals { Grounding = Score.One };
        ScoredItem[] items =
        [
            new("a", Truth.ByHand, signals, new Score(0.9m), true), new("a", Truth.PageAsPrinted, signals, new Score(0.9m), true),
            new("a", Truth.PageAsPrinted, signals, new Score(0.9m), null), new("a", Truth.PageAsPrinted, signals, new Score(0.3m), null),
        ];

        var figures = CurveFigures.Of(items, _ => new CalibrationCurve.Identity());

        figures.Count.ShouldBe(2);
        figures.HighBand.Select(part => (part.Truth, part.Count, part.Wrong, part.Doubtful, part.WorstCase!.Share)).ShouldBe([(Truth.ByHand, 1, 0, 0, 1m), (Truth.PageAsPrinted, 1, 0, 1, 0.5m)]);
        figures.WorstCase!.Share.ShouldBe(0.6667m, 0.0001m);
    }

    [Theory]
    [InlineData("ACME_2022_10K.pdf", "ACME")]
    [InlineData("ACME_WORKS_2023Q4_EARNINGS.pdf", "ACME_WORKS")]
    [InlineData("ACME_WORKS_2023_8K_dated-2023-08-30.pdf", "ACME_WORKS")]
    [InlineData("table-001.pdf", "table-001.pdf")]
    public void FilerOf_Filing_IsTheSameForAllItsFilings(string document, string filer) => Labelling.FilerOf(document).ShouldBe(filer);

    [Fact]
    public void Aged_SamePicture_GivesTheSamePixels()
    {
        var picture = new GreyPicture(4, 3, [.. Enumerable.Repeat((byte)128, 12)]);

        picture.Aged(12, 1).Pixels.ShouldBe(picture.Aged(12, 1).Pixels);
        picture.Aged(12, 2).Pixels.ShouldNotBe(picture.Aged(12, 1).Pixels);
        GreyPicture.Read(picture.ToPgm()).Pixels.ShouldBe(picture.Pixels);
    }

    private static TrueCell Cell(int row, int column, int left, string text) => new(1, 0, row, row, column, column, left, 500 - (row * 20), left + 60, 510 - (row * 20), text);

    private static Fact FactOf(string printed, string label, int left, int? year) => new()
    {
        Id = "f1",
        Label = label,
        Value = 0,
        Unit = Unit.Number,
        Printed = printed,
        Source = new SourceRef("d", "d", 1, new Box(left + 20, 311, left + 50, 319)),
        ReadBy = ReadingMethod.TextLayer,
        Rule = "table/cell",
        Period = year is { } known ? new Period(null, 12, known) : null,
    };
}
