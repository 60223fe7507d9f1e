namespace Advisor.Samples.Books;

/// <summary>Statements of cash flows: 2025, 2024, 2023.</summary>
internal static class CashFlow
{
    public static readonly Figures Depreciation = new(31_742, 30_918, 29_605);
    public static readonly Figures DepreciationAndAmortization = Depreciation + Income.Amortization;
    public static readonly Figures DeferredTaxes = new(-5_968, -2_316, -1_488);
    public static readonly Figures LeaseExpense = new(8_912, 8_640, 8_355);
    public static readonly Figures WriteDowns = new(6_240, 3_115, 2_208);
    public static readonly Figures CreditLosses = new(1_518, 864, 642);
    public static readonly Figures DebtCosts = new(777, 777, 741);
    public static readonly Figures DisposalLoss = new(308, 142, 96);

    public static readonly Figures Receivables = new(-17_281, -4_218, -8_944);
    public static readonly Figures Inventories = new(-33_307, -12_406, -7_215);
    public static readonly Figures Prepaid = new(-2_003, 1_127, -1_868);
    public static readonly Figures Payables = new(15_253, 3_942, -4_126);
    public static readonly Figures AccruedCompensation = new(-5_810, -2_874, 3_240);
    public static readonly Figures AccruedOther = new(2_368, -1_216, 1_957);
    public static readonly Figures ContractLiabilities = new(-3_638, 1_385, 2_604);
    public static readonly Figures LeasePayments = new(-9_103, -8_516, -8_210);
    public static readonly Figures OtherLiabilities = new(-1_230, -640, 412);

    public static readonly Figures Operating = Figures.Sum(
        Income.Net, DepreciationAndAmortization, Income.Impairment, Equity.Compensation, DeferredTaxes, LeaseExpense, WriteDowns,
        CreditLosses, DebtCosts, DisposalLoss, Receivables, Inventories, Prepaid, Payables, AccruedCompensation, AccruedOther,
        ContractLiabilities, LeasePayments, OtherLiabilities);

    public static readonly Figures CapitalExpenditures = new(-30_397, -36_842, -41_207);
    public static readonly Figures Acquisition = new(0, 0, -18_650);
    public static readonly Figures Proceeds = new(615, 388, 274);
    public static readonly Figures Investing = Figures.Sum(CapitalExpenditures, Acquisition, Proceeds);

    public static readonly Figures Borrowings = new(95_000, 30_000, 40_000);
    public static readonly Figures Repayments = new(-58_000, -45_000, -20_000);
    public static readonly Figures TermLoan = new(-12_500, -12_500, -12_500);
    public static readonly Figures Financing = Figures.Sum(
        Borrowings, Repayments, TermLoan, -Equity.Dividends, -Equity.Repurchases, Equity.Issued, -Equity.Withheld);

    public static readonly Figures Exchange = new(1_689, -1_294, 612);
    public static readonly Figures Change = Figures.Sum(Operating, Investing, Financing, Exchange);
    public static readonly Figures Opening = new(88_427, 100_717, 117_792);
    public static readonly Figures Closing = Opening + Change;

    public static readonly Figures InterestPaid = new(17_402, 15_211, 14_386);
    public static readonly Figures TaxesPaid = new(8_048, 14_920, 18_205);
    public static readonly Figures UnpaidCapital = new(3_370, 2_916, 3_148);
    public static readonly Figures NewLeases = new(5_122, 7_418, 9_206);
}
