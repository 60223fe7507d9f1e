namespace Advisor.Samples.Books;

/// <summary>Statements of income and comprehensive income: 2025, 2024, 2023.</summary>
internal static class Income
{
    public static readonly Figures ProductRevenue = Segments.TestAndMeasurement + Segments.Process;
    public static readonly Figures ServiceRevenue = Segments.Services;
    public static readonly Figures Revenue = ProductRevenue + ServiceRevenue;

    public static readonly Figures ProductCost = new(327_553, 336_954, 340_215);
    public static readonly Figures ServiceCost = new(78_453, 73_541, 71_029);
    public static readonly Figures CostOfRevenue = ProductCost + ServiceCost;
    public static readonly Figures GrossProfit = Revenue - CostOfRevenue;

    public static readonly Figures Selling = new(149_887, 157_316, 158_722);
    public static readonly Figures Research = new(66_104, 70_218, 68_430);
    public static readonly Figures Amortization = new(9_612, 9_840, 9_840);
    public static readonly Figures Restructuring = new(11_860, 4_175, 0);
    public static readonly Figures Impairment = new(14_200, 0, 0);
    public static readonly Figures OperatingExpenses = Figures.Sum(Selling, Research, Amortization, Restructuring, Impairment);
    public static readonly Figures OperatingIncome = GrossProfit - OperatingExpenses;

    public static readonly Figures Interest = new(18_437, 15_964, 15_208);
    public static readonly Figures Other = new(-614, 842, 1_209);
    public static readonly Figures Pretax = OperatingIncome - Interest + Other;
    public static readonly Figures Tax = new(-702, 11_590, 18_259);
    public static readonly Figures Net = Pretax - Tax;

    /// <summary>Weighted average shares in thousands; the dilutive ones are left out of a year with a loss.</summary>
    public static readonly Figures BasicShares = new(37_640, 37_905, 38_412);
    public static readonly Figures DilutiveShares = new(0, 455, 612);
    public static readonly Figures DilutedShares = BasicShares + DilutiveShares;
    public static readonly Figures BasicPerShare = PerShare(BasicShares);
    public static readonly Figures DilutedPerShare = PerShare(DilutedShares);
    public static readonly Figures DividendsPerShare = new(0.52m, 0.52m, 0.48m);

    public static readonly Figures Translation = new(6_148, -5_263, 2_417);
    public static readonly Figures Hedges = new(-2_036, -1_120, -874);
    public static readonly Figures OtherComprehensive = Translation + Hedges;
    public static readonly Figures Comprehensive = Net + OtherComprehensive;

    private static Figures PerShare(Figures shares) =>
        Net.With(shares, (net, count) => Math.Round(net / count, 2, MidpointRounding.AwayFromZero));
}
