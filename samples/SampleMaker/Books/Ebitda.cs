namespace Advisor.Samples.Books;

/// <summary>Adjusted EBITDA as the credit agreement defines it, and the leverage that its covenant limits: 2025, 2024, 2023.</summary>
internal static class Ebitda
{
    public static readonly Figures Adjusted = Figures.Sum(
        Income.Net, Income.Tax, Income.Interest, -Income.Other, CashFlow.DepreciationAndAmortization,
        Equity.Compensation, Income.Restructuring, Income.Impairment);

    public static readonly Figures Principal = new(Notes.Principal[0], Notes.Principal[1], 340_000);

    public static decimal Leverage(int index) => Math.Round(Principal[index] / Adjusted[index], 2, MidpointRounding.AwayFromZero);
}
