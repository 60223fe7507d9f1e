namespace Advisor.Samples.Books;

/// <summary>Selected financial data: 2025, 2024, 2023, 2022, 2021.</summary>
internal static class FiveYears
{
    public static readonly Figures Revenue = Extend(Income.Revenue, 709_465, 654_820);
    public static readonly Figures GrossProfit = Extend(Income.GrossProfit, 317_840, 291_395);
    public static readonly Figures OperatingIncome = Extend(Income.OperatingIncome, 90_215, 79_630);
    public static readonly Figures Net = Extend(Income.Net, 59_706, 52_418);
    public static readonly Figures DilutedPerShare = Extend(Income.DilutedPerShare, 1.51m, 1.31m);
    public static readonly Figures DividendsPerShare = Extend(Income.DividendsPerShare, 0.44m, 0.40m);
    public static readonly Figures Cash = new(41_286, 88_427, 100_717, 117_792, 109_340);
    public static readonly Figures Assets = Extend(Balance.Assets, 879_306, 868_447, 842_610);
    public static readonly Figures LongTermDebt = Extend(Balance.LongTermDebt, 323_509, 315_268, 331_540);
    public static readonly Figures StockholdersEquity = Extend(Balance.StockholdersEquity, Equity.Total(2023), Equity.Total(2022), 298_716);
    public static readonly Figures OperatingCashFlow = Extend(CashFlow.Operating, 96_482, 88_915);
    public static readonly Figures CapitalExpenditures = Extend(-CashFlow.CapitalExpenditures, 38_416, 33_270);

    private static Figures Extend(Figures known, params decimal[] earlier) => new([.. known.Values, .. earlier]);
}
