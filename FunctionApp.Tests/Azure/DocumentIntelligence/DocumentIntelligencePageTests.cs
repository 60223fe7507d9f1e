using System.Drawing;
using Advisor.Azure;
using Advisor.Documents.Reading.Pages;
using Advisor.Documents.Statements;
using Advisor.Documents.Tables;
using Advisor.Kernel.Reasoning;
using Advisor.Tests.Documents.Statements;
using Azure.AI.FormRecognizer.DocumentAnalysis;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;
using static Advisor.Tests.Azure.DocumentIntelligence.LayoutService;

namespace Advisor.Tests.Azure.DocumentIntelligence;

/// <summary>From the service's inches, pixels, polygons and angles to points from the page's top left.</summary>
public sealed class DocumentIntelligencePageTests
{
    private static readonly PageReading s_letter = new(1, 612, 792, ReadingMethod.TextLayer, []);

    [Fact]
    public void Of_Inches_ArePoints()
    {
        var page = Read(Page(1, [Word("1,234", 1, 2.5f, 1.75f, 2.625f, confidence: 0.987f)]));

        (page.Number, page.Width, page.Height, page.ReadBy).ShouldBe((1, 612, 792, ReadingMethod.Service));
        page.Words.ShouldBe([new Word("1,234", 72, 180, 126, 189, 0.987)]);
    }

    /// <summary>A picture has no inches: the page is as large as the PDF says, whichever way it is shown.</summary>
    [Theory]
    [InlineData(1700, 2200, 612, 792, 72, 180)]
    [InlineData(2200, 1700, 792, 612, 72, 180)]
    public void Of_Pixels_AreScaledToThePage(float width, float height, double wide, double high, double left, double top)
    {
        var page = Read(Page(1, [Word("x", 200, 500, 300, 520)], width, height, DocumentPageLengthUnit.Pixel));

        (page.Width, page.Height).ShouldBe((wide, high));
        var word = page.Words.ShouldHaveSingleItem();
        (word.Left, word.Top, word.Right, word.Bottom).ShouldBe((left, top, 108, 187.2));
    }

    [Fact]
    public void Of_PolygonAskew_IsTheRectangleAroundIt() =>
        Read(Page(1, [Word("x", 0.9f, new PointF(1, 1), new PointF(2, 1.1f), new PointF(1.95f, 1.3f), new PointF(0.95f, 1.2f))]))
            .Words.ShouldBe([new Word("x", 68.4, 72, 144, 93.6, 0.9)]);

    [Fact]
    public void Of_PolygonBeyondThePage_EndsAtItsEdge() =>
        Read(Page(1, [Word("x", -1, 10.5f, 9, 12)])).Words.ShouldBe([new Word("x", 0, 756, 612, 792, 0.98)]);

    [Theory]
    [InlineData(1, 1, 1, 2)]
    [InlineData(9, 1, 10, 2)]
    [InlineData(float.NaN, 1, 2, 2)]
    [InlineData(1, float.NegativeInfinity, 2, 2)]
    public void Of_WordWithoutAPlaceOnThePage_IsLeftOut(float left, float top, float right, float bottom) =>
        Read(Page(1, [Word("x", left, top, right, bottom)])).Words.ShouldBeEmpty();

    [Fact]
    public void Of_WordWithoutAPolygonOrText_IsLeftOut() => Read(Page(1, [Word("x", 0.9f), Word(" ", 1, 1, 2, 2), Word("y", 1, 1, 2, 2)])).Words.Select(word => word.Text).ShouldBe(["y"]);

    [Theory]
    [InlineData(1.5f, 1)]
    [InlineData(-0.1f, 0)]
    [InlineData(float.NaN, 0)]
    public void Of_ConfidenceThatIsNone_IsBroughtIntoItsRange(float confidence, double expected) =>
        Read(Page(1, [Word("x", 1, 1, 2, 2, confidence)])).Words.ShouldHaveSingleItem().Confidence.ShouldBe(expected);

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(1, 0, 0.01746)]
    [InlineData(-2, 0, -0.03492)]
    [InlineData(0.02, 0, 0)]
    [InlineData(20, 0, 0)]
    [InlineData(90, 1, 0)]
    [InlineData(91, 1, 0.01746)]
    [InlineData(180, 2, 0)]
    [InlineData(-179, 2, 0.01746)]
    [InlineData(-90, 3, 0)]
    [InlineData(-91, 3, -0.01746)]
    [InlineData(float.NaN, 0, 0)]
    public void Of_Angle_IsQuarterTurnsAndWhatRemains(float angle, int turn, double skew)
    {
        var page = Read(Page(1, [Word("x", 1, 1, 2, 2)], angle: angle));

        (page.Turn, page.Skew).ShouldBe((turn, skew));
        page.Words.ShouldBe([new Word("x", 72, 72, 144, 144, 0.98)], "the box stays where the word is shown");
    }

    [Fact]
    public void Of_Cells_AreThoseOfThePageThatHoldText()
    {
        var page = DocumentIntelligencePage.Of(
            Page(1, []), [Cell(1, "1,234", 1, 1, 2, 1.5f), Cell(2, "elsewhere", 1, 1, 2, 2), Cell(1, " ", 3, 1, 4, 2), Cell(1, "beyond", 9, 1, 10, 2)], s_letter);

        page.Cells.ShouldBe([new Box(72, 72, 144, 108)]);
    }

    [Fact]
    public void Of_AnyPage_PutsEveryBoxOnThePageAndOnThePageTurnedUpright() =>
        Prop.ForAll(Pages().ToArbitrary(), given =>
        {
            var page = DocumentIntelligencePage.Of(given, given.Words.Select(word => Cell(1, word.Content, [.. word.BoundingPolygon])), s_letter);
            var upright = page.Upright();
            return Lies(page) && Lies(upright) && upright.Words.Count == page.Words.Count && page.Cells!.SequenceEqual(page.Words.Select(BoxOf))
                && page.Words.Zip(upright.Words, (shown, turned) => page.Shown(BoxOf(turned)) == BoxOf(shown)).All(same => same)
                && upright.Cells!.SequenceEqual(upright.Words.Select(BoxOf));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));

    /// <summary>The same table, however it stands on the page: the same facts, at the places where they are shown.</summary>
    [Theory]
    [InlineData(90, 1)]
    [InlineData(180, 2)]
    [InlineData(-90, 3)]
    public void Of_TableThatStandsSideways_GivesTheFactsOfTheTable(float angle, int turn)
    {
        const string listing = """
            CONSOLIDATED BALANCE SHEETS
            (in thousands)
                                                December 31,
                                              2025      2024
            Cash and cash equivalents        1,200     1,100
            Inventories                        300       250
            Total current assets             1,500     1,350
            Property and equipment             500       450
            Total assets                     2,000     1,800
            """;
        var level = Read(Page(1, InInches(PrintedLine.Words(listing))));
        var size = turn == 2 ? (Width: 612m, Height: 792m) : (Width: 792m, Height: 612m);
        var quarter = new QuarterTurn(turn, size.Width, size.Height);
        var sideways = level.Words.Select(word => (word.Text, Box: quarter.Shown(BoxOf(word))))
            .Select(word => new Word(word.Text, (double)word.Box.Left, (double)word.Box.Top, (double)word.Box.Right, (double)word.Box.Bottom));
        var turned = Read(Page(1, InInches(sideways), (float)size.Width / 72, (float)size.Height / 72, angle: angle));

        var expected = Facts(level);
        expected.Select(fact => fact.Printed).ShouldBe(["1,200", "1,100", "300", "250", "1,500", "1,350", "500", "450", "2,000", "1,800"]);
        expected.ShouldContain(fact => fact.Metric == "total_assets" && fact.Value == 2_000_000);
        var facts = Facts(turned);
        facts.Select(fact => (fact.Id, fact.Label, fact.Printed, fact.Value, fact.Metric, fact.ReadBy, fact.Confidence))
            .ShouldBe(expected.Select(fact => (fact.Id, fact.Label, fact.Printed, fact.Value, fact.Metric, fact.ReadBy, fact.Confidence)));
        facts.ShouldAllBe(fact => turned.Words.Any(word => word.Text == fact.Printed && BoxOf(word) == fact.Source.Box));
    }

    /// <summary>A number that is set a mere space behind its label is taken for a part of it, unless the service saw two cells.</summary>
    [Theory]
    [InlineData(true, new[] { "99", "88" })]
    [InlineData(false, new string[0])]
    public void Of_Cells_PartNumbersFromTheLabelsThatTheyTouch(bool cells, string[] numbers)
    {
        var words = new[] { "Goodwill 99", "Licences 88" }.SelectMany((line, y) => PrintedLine.Words(line).Select(word => word with { Top = 100 + (20 * y), Bottom = 110 + (20 * y) })).ToList();
        var tables = words.Select(word => Cell(1, word.Text, (float)word.Left / 72, (float)word.Top / 72, (float)word.Right / 72, (float)word.Bottom / 72));
        var page = DocumentIntelligencePage.Of(Page(1, InInches(words)), cells ? tables : [], s_letter);

        TableFinder.Find(page, PageLine.Of(page)).SelectMany(table => table.Rows).SelectMany(row => row.Cells.Values).Select(cell => cell.Printed).ShouldBe(numbers);
    }

    private static PageReading Read(DocumentPage page) => DocumentIntelligencePage.Of(page, [], s_letter);

    private static IReadOnlyList<Fact> Facts(PageReading page) => PageFacts.Read("doc_1", "scan.pdf", [page], MetricTable.Default).Facts;

    private static Box BoxOf(Word word) => new((decimal)word.Left, (decimal)word.Top, (decimal)word.Right, (decimal)word.Bottom);

    private static bool Lies(PageReading page) => page.Words.All(word =>
        word.Left >= 0 && word.Left < word.Right && word.Right <= page.Width && word.Top >= 0 && word.Top < word.Bottom && word.Bottom <= page.Height);

    /// <summary>Pages of any size and turn, with polygons of any form on them and beyond them.</summary>
    private static Gen<DocumentPage> Pages() =>
        from inches in Gen.Elements(true, false)
        from width in Gen.Choose(1, 4_000)
        from height in Gen.Choose(1, 4_000)
        from angle in Gen.Choose(-179, 180)
        from words in Gen.ListOf(Gen.ListOf(Gen.Choose(-200, 1_300), 8), 6)
        let unit = inches ? 100f : 1
        select Page(
            1, words.Select(corners => Word("x", 0.5f, [.. corners.Chunk(2).Select(corner => new PointF(corner[0] / 1_000f * width / unit, corner[1] / 1_000f * height / unit))])),
            width / unit, height / unit, inches ? DocumentPageLengthUnit.Inch : DocumentPageLengthUnit.Pixel, angle);
}
