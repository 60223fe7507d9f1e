using Advisor.Documents;
using Advisor.Documents.Intake;
using Advisor.Kernel.Reasoning;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Documents.Companies;

public sealed class MetricSeriesTests
{
    private static readonly Period s_year2023 = new(new DateOnly(2023, 12, 31), 12, null);
    private static readonly Period s_year2024 = new(new DateOnly(2024, 12, 31), 12, null);
    private static readonly DateTimeOffset s_uploaded = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>By id, with the latest period that each reports to; the later one was uploaded first.</summary>
    private static readonly Dictionary<string, DocumentRecord> s_documents = new[]
    {
        Document("later", s_year2024, s_uploaded), Document("later-amended", s_year2024, s_uploaded.AddDays(1)), Document("earlier", s_year2023, s_uploaded.AddDays(2)),
    }.ToDictionary(document => document.Id);

    [Fact]
    public void Of_TwoPeriods_ArePointsInTheirOrder()
    {
        var points = MetricSeries.Of([Fact("later", s_year2024, 120), Fact("later", s_year2023, 100)], s_documents);
        points.Select(point => (point.Period, point.Value)).ShouldBe([("FY2023", 100m), ("FY2024", 120m)]);
        points.ShouldAllBe(point => point.Agreement == Agreement.Agrees && point.Sources.Count == 1);
    }

    [Fact]
    public void Of_ValueRepeatedWithinADocument_IsOneSourceAtTheStatement()
    {
        var point = MetricSeries.Of(
            [Fact("later", s_year2024, 120, page: 3), Fact("later", s_year2024, 120, page: 40, rule: "statement/income/revenue"), Fact("later", s_year2024, 120, page: 50)], s_documents).ShouldHaveSingleItem();
        var source = point.Sources.ShouldHaveSingleItem();
        (source.Page, source.Occurrences, point.Agreement).ShouldBe((40, 3, Agreement.Agrees));
    }

    [Fact]
    public void Of_LaterReportPrintsAnotherValue_IsRestatedAndShowsBoth()
    {
        var point = MetricSeries.Of([Fact("earlier", s_year2023, 100), Fact("later", s_year2023, 97)], s_documents).ShouldHaveSingleItem();
        (point.Value, point.Agreement).ShouldBe((97m, Agreement.Restated));
        point.Sources.Select(source => (source.DocumentId, source.Value)).ShouldBe([("later", 97m), ("earlier", 100m)]);
    }

    [Fact]
    public void Of_ReportsForTheSamePeriodThatDisagree_Conflict()
    {
        var point = MetricSeries.Of([Fact("later", s_year2023, 97), Fact("later-amended", s_year2023, 98), Fact("earlier", s_year2023, 100)], s_documents).ShouldHaveSingleItem();
        (point.Value, point.Agreement).ShouldBe((98m, Agreement.Conflicting));
        point.Sources.Select(source => source.DocumentId).ShouldBe(["later-amended", "later", "earlier"]);
    }

    [Fact]
    public void Of_DocumentThatContradictsItself_Conflicts()
    {
        var point = MetricSeries.Of([Fact("later", s_year2024, 120, rule: "statement/income/revenue"), Fact("later", s_year2024, 121)], s_documents).ShouldHaveSingleItem();
        (point.Value, point.Agreement, point.Sources.Count).ShouldBe((120m, Agreement.Conflicting, 2));
    }

    [Theory]
    [InlineData("1.2", 1_000_000_000, 1_200_000_000, "1,234", 1_000_000, 1_234_000_000, Agreement.Agrees)]
    [InlineData("1.2", 1_000_000_000, 1_200_000_000, "1,251", 1_000_000, 1_251_000_000, Agreement.Restated)]
    [InlineData("1,234", 1_000_000, 1_234_000_000, "1,234,400", 1_000, 1_234_400_000, Agreement.Agrees)]
    [InlineData("1,234", 1_000_000, 1_234_000_000, "1,235", 1_000_000, 1_235_000_000, Agreement.Restated)]
    public void Of_ValuesPrintedInOtherScales_AgreeToTheDigitsOfTheCoarser(string one, decimal oneScale, decimal oneValue, string other, decimal otherScale, decimal otherValue, Agreement agreement)
    {
        var facts = new[] { Fact("earlier", s_year2023, oneValue, printed: one, scale: oneScale), Fact("later", s_year2023, otherValue, printed: other, scale: otherScale) };
        MetricSeries.Of(facts, s_documents).ShouldHaveSingleItem().Agreement.ShouldBe(agreement);
    }

    [Fact]
    public void Of_PeriodOfWhichOnlyTheNameIsPrinted_IsThatOfTheSameName()
    {
        var point = MetricSeries.Of([Fact("earlier", new Period(null, 12, 2023), 100), Fact("later", s_year2023, 100)], s_documents).ShouldHaveSingleItem();
        (point.PeriodEnd, point.Sources.Count).ShouldBe((new DateOnly(2023, 12, 31), 2));
    }

    [Fact]
    public void Of_YearAndQuarterAndInstantOfOneDay_AreThreePoints() =>
        MetricSeries.Of([Fact("later", s_year2024, 120), Fact("later", s_year2024 with { Months = 3 }, 30), Fact("later", s_year2024 with { Months = 0 }, 5)], s_documents)
            .Select(point => point.Months).ShouldBe([0, 3, 12]);

    [Fact]
    public void Of_TwoCurrencies_AreTwoPoints()
    {
        var points = MetricSeries.Of([Fact("later", s_year2024, 120), Fact("later-amended", s_year2024, 110, currency: "EUR")], s_documents);
        points.Select(point => point.Currency).ShouldBe(["EUR", "USD"]);
        MetricSeries.Of([Fact("later", s_year2024, 120), Fact("later-amended", s_year2024, 120, currency: null)], s_documents).ShouldHaveSingleItem().Currency.ShouldBe("USD");
    }

    [Fact]
    public void Of_DocumentThatIsGone_IsLeftOut() => MetricSeries.Of([Fact("deleted", s_year2024, 120)], s_documents).ShouldBeEmpty();

    private static DocumentRecord Document(string id, Period latest, DateTimeOffset uploaded) =>
        new(id, $"{id}.pdf", "00", 1, DocumentFormat.Pdf, "blob", uploaded, "someone") { LatestPeriod = latest };

    private static HeadlineFact Fact(
        string document, Period period, decimal value, int page = 1, string rule = "table/cell", string? printed = null, decimal scale = 1, string? currency = "USD") => new(
        document, "Northwind", "revenue", null, new Fact
        {
            Id = $"f{page}{value}",
            Metric = "revenue",
            Label = "Revenue",
            Period = period,
            Value = value,
            Unit = Unit.Currency,
            Currency = currency,
            Scale = scale,
            Printed = printed ?? value.ToString(System.Globalization.CultureInfo.InvariantCulture),
            Source = new SourceRef(document, $"{document}.pdf", page),
            ReadBy = ReadingMethod.TextLayer,
            Rule = rule,
        });
}
