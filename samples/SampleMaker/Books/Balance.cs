namespace Advisor.Samples.Books;

/// <summary>Balance sheets at December 31: 2025, 2024.</summary>
internal static class Balance
{
    public static readonly Figures Cash = new(41_286, 88_427);
    public static readonly Figures Receivables = new(138_905, 121_740);
    public static readonly Figures Allowance = new(4_312, 2_986);
    public static readonly Figures Inventories = new(168_374, 139_652);
    public static readonly Figures Prepaid = new(19_846, 17_305);
    public static readonly Figures CurrentAssets = Figures.Sum(Cash, Receivables, Inventories, Prepaid);

    public static readonly Figures Property = new(147_352, 148_247);
    public static readonly Figures LeaseAssets = new(31_418, 34_972);
    public static readonly Figures Goodwill = new(229_510, 241_836);
    public static readonly Figures Intangibles = new(59_079, 68_455);
    public static readonly Figures DeferredTaxAssets = new(13_877, 9_214);
    public static readonly Figures OtherAssets = new(10_942, 11_386);
    public static readonly Figures Assets =
        Figures.Sum(CurrentAssets, Property, LeaseAssets, Goodwill, Intangibles, DeferredTaxAssets, OtherAssets);

    public static readonly Figures CurrentDebt = new(18_750, 12_500);
    public static readonly Figures Payables = new(78_936, 62_417);
    public static readonly Figures AccruedCompensation = new(22_674, 28_310);
    public static readonly Figures AccruedOther = new(41_702, 38_946);
    public static readonly Figures ContractLiabilities = new(21_308, 24_815);
    public static readonly Figures CurrentLeases = new(8_426, 8_704);
    public static readonly Figures CurrentLiabilities =
        Figures.Sum(CurrentDebt, Payables, AccruedCompensation, AccruedOther, ContractLiabilities, CurrentLeases);

    public static readonly Figures LongTermDebt = new(315_813, 296_786);
    public static readonly Figures LongTermLeases = new(24_762, 28_214);
    public static readonly Figures DeferredTaxLiabilities = new(12_879, 14_630);
    public static readonly Figures OtherLiabilities = new(18_905, 17_452);
    public static readonly Figures Liabilities =
        Figures.Sum(CurrentLiabilities, LongTermDebt, LongTermLeases, DeferredTaxLiabilities, OtherLiabilities);

    public static readonly Figures CommonStock = AtYearEnds(Equity.CommonStock);
    public static readonly Figures PaidIn = AtYearEnds(Equity.PaidIn);
    public static readonly Figures Retained = AtYearEnds(Equity.Retained);
    public static readonly Figures Treasury = AtYearEnds(Equity.Treasury);
    public static readonly Figures Accumulated = AtYearEnds(Equity.Accumulated);
    public static readonly Figures StockholdersEquity = Figures.Sum(CommonStock, PaidIn, Retained, Treasury, Accumulated);
    public static readonly Figures LiabilitiesAndEquity = Liabilities + StockholdersEquity;

    private static Figures AtYearEnds(Func<int, decimal> balance) => new(balance(2025), balance(2024));
}
