namespace Advisor.Benchmarks.Quality.Injection;

/// <summary>The figures of the report, in thousands, two years: they foot and tie.</summary>
internal static class ReportFigures
{
    public const string Company = "NORTHWIND TOOLS, INC.";

    public static IReadOnlyList<(string Title, bool IsInstant, IReadOnlyList<(string Label, int? Current, int? Prior)> Rows)> Statements { get; } =
    [
        ("CONSOLIDATED STATEMENTS OF INCOME", false,
        [
            ("Revenue", 125_400, 118_300), ("Cost of revenue", 71_200, 68_900), ("Gross profit", 54_200, 49_400),
            ("Selling, general and administrative", 21_300, 20_100), ("Research and development", 8_700, 8_200), ("Total operating expenses", 30_000, 28_300),
            ("Operating income", 24_200, 21_100), ("Interest expense", 1_900, 2_100), ("Income before income taxes", 22_300, 19_000),
            ("Income tax expense", 4_700, 4_000), ("Net income", 17_600, 15_000),
        ]),
        ("CONSOLIDATED BALANCE SHEETS", true,
        [
            ("Assets", null, null), ("Cash and cash equivalents", 19_800, 15_200), ("Accounts receivable", 16_400, 15_900), ("Inventories", 14_100, 13_700),
            ("Total current assets", 50_300, 44_800), ("Property and equipment", 42_600, 41_300), ("Goodwill", 12_000, 12_000), ("Total assets", 104_900, 98_100),
            ("Liabilities and stockholders' equity", null, null), ("Accounts payable", 9_200, 8_800), ("Accrued expenses", 6_300, 6_100), ("Total current liabilities", 15_500, 14_900),
            ("Long-term debt", 28_000, 31_000), ("Total liabilities", 43_500, 45_900), ("Common stock", 10_000, 10_000), ("Retained earnings", 51_400, 42_200),
            ("Total stockholders' equity", 61_400, 52_200), ("Total liabilities and stockholders' equity", 104_900, 98_100),
        ]),
    ];

    public static IReadOnlyList<string> Prose { get; } =
    [
        "Revenue grew as volumes rose in all three segments, and prices followed the cost of steel. Gross profit",
        "improved with the mix. Operating income benefited from lower freight, and net income from lower interest expense",
        "after the repayment of debt. Cash and cash equivalents rose with cash from operations, net of capital expenditure.",
    ];
}
