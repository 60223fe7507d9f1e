namespace Advisor.Samples.Books;

/// <summary>Movements of stockholders' equity 2025, 2024, 2023, and the balances that they lead to.</summary>
internal static class Equity
{
    public static readonly Figures Dividends = new(19_573, 19_710, 18_438);
    public static readonly Figures Repurchases = new(32_486, 7_303, 48_372);
    public static readonly Figures Issued = new(2_164, 2_438, 2_611);
    public static readonly Figures IssuedPar = new(6, 5, 5);
    public static readonly Figures Withheld = new(2_318, 3_106, 3_418);
    public static readonly Figures Compensation = new(10_846, 11_925, 12_340);

    /// <summary>Thousands of shares.</summary>
    public static readonly Figures SharesIssued = new(588, 496, 514);
    public static readonly Figures SharesRepurchased = new(1_600, 268, 1_560);

    public static decimal Shares(int yearEnd) => Closing(38_850, SharesIssued - SharesRepurchased, yearEnd);

    public static decimal CommonStock(int yearEnd) => Closing(421, IssuedPar, yearEnd);

    public static decimal PaidIn(int yearEnd) => Closing(214_866, Issued - IssuedPar - Withheld + Compensation, yearEnd);

    public static decimal Retained(int yearEnd) => Closing(271_028, Income.Net - Dividends, yearEnd);

    public static decimal Treasury(int yearEnd) => Closing(-142_650, -Repurchases, yearEnd);

    public static decimal Accumulated(int yearEnd) => Closing(-21_306, Income.OtherComprehensive, yearEnd);

    public static decimal Total(int yearEnd) =>
        CommonStock(yearEnd) + PaidIn(yearEnd) + Retained(yearEnd) + Treasury(yearEnd) + Accumulated(yearEnd);

    // Movements stand latest first; the opening balance is that of December 31, 2022.
    private static decimal Closing(decimal opening, Figures movements, int yearEnd) =>
        opening + Enumerable.Range(2023, yearEnd - 2022).Sum(year => movements[2025 - year]);
}
