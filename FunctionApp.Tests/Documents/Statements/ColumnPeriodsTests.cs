using Advisor.Documents.Statements;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Documents.Statements;

public sealed class ColumnPeriodsTests
{
    private static readonly PeriodDefaults s_annual = new(12, new DateOnly(2022, 12, 31), FiscalCalendar.Empty);
    private static readonly PeriodDefaults s_silent = new(null, null, FiscalCalendar.Empty);

    [Fact]
    public void Resolve_YearsUnderSpanAndDay_GivesFullYears() => Labels(
        """
        Consolidated Statements of Income
                                         Year Ended December 31,
                                         2022          2021
        Net sales                       1,500         1,400
        Net income                        150           140
        """, s_annual, instants: false).ShouldBe(["FY2022", "FY2021"]);

    [Fact]
    public void Resolve_TwoSpansOverFourDates_GivesEachColumnItsSpan() => Labels(
        """
                                  Three Months Ended                     Six Months Ended
                            July 29, 2023  July 30, 2022       July 29, 2023  July 30, 2022
        Revenue                  9,583         10,329             19,050         20,976
        Net earnings               274            306                518            647
        """, s_silent, instants: false).ShouldBe(["3M to 2023-07-29", "3M to 2022-07-30", "6M to 2023-07-29", "6M to 2022-07-30"]);

    [Fact]
    public void Resolve_DayAboveYear_JoinsThem() => Labels(
        """
                                     December 2,     December 3,
                                        2022            2021
        Total assets                   27,165          27,241
        Total liabilities              13,114          12,444
        """, s_silent, instants: true).ShouldBe(["2022-12-02", "2021-12-03"]);

    [Fact]
    public void Resolve_CommonDayOverOwnYears_NeverGivesTwoColumnsOneDay() => Labels(
        """
        September 30, 2025 and 2024
                                        2025            2024
        Total assets                 2,730,780       2,639,958
        Total liabilities            1,090,406       1,156,400
        """, s_silent, instants: true).ShouldBe(["2025-09-30", "2024-09-30"]);

    [Fact]
    public void Resolve_QuarterWithoutDate_KeepsTheQuarter() => Labels(
        """
                                          2023
                                   Q1           Q2
        Sales                    20,894       21,519
        Net earnings                (68)       5,144
        """, s_silent, instants: false).ShouldBe(["Q1 FY2023", "Q2 FY2023"]);

    [Fact]
    public void Resolve_PercentColumnsBetween_AreLeftOut() => Labels(
        """
                                13 Weeks Ended
                            January 28,         January 29,
                                2023                2022
        Net sales          3,226,773  100.0%   2,729,388  100.0%
        Net income           340,751   10.6%     289,366   10.6%
        """, s_silent, instants: false).ShouldBe(["3M to 2023-01-28", "3M to 2022-01-29"]);

    [Fact]
    public void Resolve_FlowsWithoutSpan_HaveNoPeriodUnlessTheDocumentSaysOne()
    {
        const string listing =
            """
                                        2022          2021
            Net sales                  1,500         1,400
            Net income                   150           140
            """;
        Labels(listing, s_silent, instants: false).ShouldBeEmpty();
        Labels(listing, s_annual, instants: false).ShouldBe(["FY2022", "FY2021"]);
    }

    private static List<string> Labels(string listing, PeriodDefaults defaults, bool instants)
    {
        var table = PrintedLine.Tables(listing).ShouldHaveSingleItem();
        return [.. ColumnPeriods.Resolve(table.Columns, table.Caption, instants, defaults).OrderBy(p => p.Key).Select(p => p.Value.Label)];
    }
}
