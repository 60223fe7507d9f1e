using Advisor.Documents.Contracts;
using Advisor.Insights.Proposing;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Insights.Proposing;

public sealed class PassagesTests
{
    private const string Prose = "The company sells instruments to laboratories in many countries and serves them from two sites.";

    [Fact]
    public void Of_HeadingsByTypeCapitalsAndNumber_BecomeSectionsWithTheirPage()
    {
        var passages = Passages.Of([
            Line(1, "Overview", 14), Line(1, Prose), Line(2, "MANAGEMENT DISCUSSION"), Line(2, $"In short, {Prose}"), Line(3, "Note 4 Inventories"), Line(3, $"In total, {Prose}"),
        ]);
        passages.Select(passage => (passage.Section, passage.Page)).ShouldBe([("Overview", 1), ("MANAGEMENT DISCUSSION", 2), ("Note 4 Inventories", 3)]);
    }

    [Fact]
    public void Of_RowsOfTablesAndRunningHeads_AreLeftOut()
    {
        var passages = Passages.Of([
            Line(1, "Annual report of Northwind, page 1 of 9"), Line(1, Prose), Line(1, "Total revenue 1,200 1,000 900"),
            Line(2, "Annual report of Northwind, page 2 of 9"), Line(3, "Annual report of Northwind, page 3 of 9"),
        ]);
        passages.ShouldHaveSingleItem().Text.ShouldBe(Prose);
    }

    [Fact]
    public void Choose_WordsAskedFor_FindTheirSectionAmongMany()
    {
        var passages = Enumerable.Range(1, 200).Select(page => new Passage($"Section {page}", page, page == 137 ? $"{Prose} Inventories were written down." : Prose)).ToList();
        Passages.Choose(passages, ["Inventories"], 4, 10_000).ShouldHaveSingleItem().Page.ShouldBe(137);
    }

    [Fact]
    public void Choose_NoRoomOrNoneAsked_GivesWhatFits()
    {
        var passages = Enumerable.Range(1, 20).Select(page => new Passage("", page, Prose)).ToList();
        Passages.Choose(passages, ["instruments"], 0, 10_000).ShouldBeEmpty();
        Passages.Choose(passages, ["instruments"], 3, 10_000).Select(passage => passage.Page).ShouldBe([1, 2, 3]);
        Passages.Choose(passages, ["instruments"], 3, Tokens.Of(Prose) * 2).Count.ShouldBe(2);
        Passages.Choose(passages, ["dividends"], 3, 10_000).ShouldBeEmpty();
    }

    private static PrintedLine Line(int page, string text, double height = 10) => new(page, text, height);
}
