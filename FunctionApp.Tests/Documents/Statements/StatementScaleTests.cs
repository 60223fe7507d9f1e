using Advisor.Documents.Statements;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Documents.Statements;

public sealed class StatementScaleTests
{
    private const string Income =
        """
        Consolidated Statements of Income
        (in thousands)
                                         Year Ended December 31,
                                         2022          2021
        Net sales                     150,000       140,000
        Cost of sales                  90,000        85,000
        Income tax expense              4,000         3,000
        Net income                     15,000        14,000
        """;

    [Fact]
    public void Read_StatementWithoutAPrintedScale_TakesTheOthers() => TotalAssets("210,000").ShouldBe(210_000_000m);

    [Fact]
    public void Read_StatementInWholeUnitsBesideScaledOnes_StaysInWholeUnits() => TotalAssets("210,000,000").ShouldBe(210_000_000m);

    private static decimal TotalAssets(string printed)
    {
        var balance =
            $"""
            Consolidated Balance Sheets
                                         December 31,
                                         2022
            Cash                          1,000
            Inventories                   2,000
            Receivables                   3,000
            Total assets                 {printed}
            """;
        var pages = new[] { PrintedLine.Page(Income), PrintedLine.Page(balance) with { Number = 2 } };
        return PageFacts.Read("d", "report.pdf", pages, MetricTable.Default).Facts.Single(fact => fact.Metric == "total_assets").Value;
    }
}
