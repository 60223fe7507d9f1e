namespace Advisor.Samples.Books;

/// <summary>The figures that only the notes give. Year-end lines: 2025, 2024. Flow lines: 2025, 2024, 2023. Roll-forwards as remarked.</summary>
internal static class Notes
{
    public static readonly Figures RawMaterials = new(71_208, 60_842);
    public static readonly Figures WorkInProcess = new(33_915, 31_470);
    public static readonly Figures FinishedGoods = new(78_436, 58_316);
    public static readonly Figures ObsolescenceReserve = new(-15_185, -10_976);

    /// <summary>
    /// The planted fault: the note prints 168,734 for 2025 where its lines add to 168,374, as on the balance sheet (two digits transposed).
    /// </summary>
    public static readonly Figures PrintedInventories = new(168_734, 139_652);

    // Cost by class: opening, additions, transfers, disposals, exchange.
    public static readonly Figures Land = new(12_480, 0, 0, 0, 112);
    public static readonly Figures Buildings = new(96_315, 1_240, 4_860, -310, 684);
    public static readonly Figures Machinery = new(214_702, 9_418, 13_275, -8_146, 1_027);
    public static readonly Figures Computers = new(58_290, 4_106, 2_118, -3_402, 143);
    public static readonly Figures Construction = new(18_364, 16_087, -20_253, 0, 61);
    public static readonly Figures PropertyCost = Figures.Sum(Land, Buildings, Machinery, Computers, Construction);
    public static readonly Figures PropertyDepreciation = new(-251_904, -31_742, 0, 10_935, -1_108);

    // Test and Measurement, Process Instrumentation, Services.
    public static readonly Figures GoodwillOpening = new(119_232, 97_861, 26_385);
    public static readonly Figures GoodwillExchangePrior = new(-812, -655, -175);
    public static readonly Figures GoodwillPrior = GoodwillOpening + GoodwillExchangePrior;
    public static readonly Figures GoodwillImpairment = new(0, -14_200, 0);
    public static readonly Figures GoodwillExchange = new(904, 766, 204);
    public static readonly Figures GoodwillClosing = Figures.Sum(GoodwillPrior, GoodwillImpairment, GoodwillExchange);

    // Gross, accumulated amortization, at December 31, 2025 and then 2024.
    public static readonly Figures Customers = new(84_600, -49_216, 84_310, -43_920);
    public static readonly Figures Technology = new(52_300, -38_714, 52_140, -34_862);
    public static readonly Figures TradeNames = new(14_800, -4_691, 14_750, -3_963);
    public static readonly Figures FutureAmortization = new(9_410, 9_180, 8_645, 8_120, 7_235, 16_489);

    public static readonly Figures Warranty = new(9_846, 8_215);
    public static readonly Figures WarrantyOpening = new(8_215, 7_640);
    public static readonly Figures WarrantyAccruals = new(9_872, 8_014);
    public static readonly Figures WarrantySettlements = new(-8_327, -7_391);
    public static readonly Figures WarrantyExchange = new(86, -48);
    public static readonly Figures RestructuringLiability = new(5_214, 1_486);
    public static readonly Figures TaxesPayable = new(4_120, 6_902);
    public static readonly Figures Rebates = new(7_388, 8_140);
    public static readonly Figures AccruedInterest = new(2_964, 2_310);
    public static readonly Figures OtherAccruals = new(12_170, 11_893);

    // Opening, charges, cash payments, exchange.
    public static readonly Figures Severance = new(1_204, 9_420, -6_871, 47);
    public static readonly Figures Facilities = new(282, 2_440, -1_315, 7);

    public static readonly Figures TermLoan = new(175_000, 187_500);
    public static readonly Figures Revolver = new(62_000, 25_000);
    public static readonly Figures SeniorNotes = new(100_000, 100_000);
    public static readonly Figures Principal = Figures.Sum(TermLoan, Revolver, SeniorNotes);
    public static readonly Figures IssuanceCosts = new(-2_437, -3_214);
    public static readonly Figures Debt = Principal + IssuanceCosts;
    public static readonly Figures Maturities = new(18_750, 25_000, 193_250, 0, 100_000, 0);

    public static readonly Figures OperatingLeaseCost = new(10_684, 10_390, 10_128);
    public static readonly Figures ShortTermLeaseCost = new(1_212, 1_148, 1_076);
    public static readonly Figures VariableLeaseCost = new(1_906, 1_822, 1_745);
    public static readonly Figures LeaseMaturities = new(9_914, 8_306, 6_842, 5_218, 3_640, 4_375);
    public static readonly Figures LeaseInterest = new(-5_107);

    public static readonly Figures DomesticPretax = new(-27_846, 32_180, 56_214);
    public static readonly Figures ForeignPretax = new(12_373, 19_560, 23_869);
    public static readonly Figures CurrentFederal = new(1_482, 7_214, 11_846);
    public static readonly Figures CurrentState = new(396, 1_602, 2_341);
    public static readonly Figures CurrentForeign = new(3_388, 5_090, 5_560);
    public static readonly Figures DeferredFederal = new(-4_470, -1_618, -1_102);
    public static readonly Figures DeferredState = new(-905, -310, -214);
    public static readonly Figures DeferredForeign = new(-593, -388, -172);

    public static readonly Figures Statutory = new(-3_249, 10_865, 16_817);
    public static readonly Figures StateTaxes = new(-402, 1_242, 1_922);
    public static readonly Figures ForeignRates = new(731, 986, 1_214);
    public static readonly Figures GoodwillEffect = new(2_982, 0, 0);
    public static readonly Figures ResearchCredits = new(-2_410, -2_265, -2_190);
    public static readonly Figures AwardEffect = new(388, 214, -318);
    public static readonly Figures AllowanceEffect = new(1_146, 320, 410);
    public static readonly Figures OtherTax = new(112, 228, 404);

    public static readonly Figures TaxInventories = new(8_914, 6_230);
    public static readonly Figures TaxAccruals = new(5_148, 4_806);
    public static readonly Figures TaxAwards = new(4_210, 4_655);
    public static readonly Figures TaxLeases = new(7_634, 8_491);
    public static readonly Figures TaxLosses = new(9_846, 7_120);
    public static readonly Figures TaxResearch = new(11_420, 8_935);
    public static readonly Figures TaxHedges = new(1_206, 665);
    public static readonly Figures GrossTaxAssets =
        Figures.Sum(TaxInventories, TaxAccruals, TaxAwards, TaxLeases, TaxLosses, TaxResearch, TaxHedges);

    public static readonly Figures TaxAllowance = new(-6_318, -5_172);
    public static readonly Figures TaxProperty = new(-15_482, -15_918);
    public static readonly Figures TaxIntangibles = new(-18_354, -17_185);
    public static readonly Figures TaxLeaseAssets = new(-7_226, -8_043);
    public static readonly Figures TaxLiabilities = Figures.Sum(TaxProperty, TaxIntangibles, TaxLeaseAssets);

    public static readonly Figures AwardCost = new(1_214, 1_302, 1_288);
    public static readonly Figures AwardSelling = new(7_018, 7_745, 8_116);
    public static readonly Figures AwardResearch = new(2_614, 2_878, 2_936);

    // Opening, granted, vested, forfeited: thousands of units, then dollars a unit.
    public static readonly Figures Units = new(1_184, 742, -585, -148);
    public static readonly Figures UnitValues = new(28.64m, 19.87m, 29.41m, 26.12m);

    // Total, 2026, 2027-2028, 2029-2030, thereafter.
    public static readonly Figures DebtObligations = new(337_000, 18_750, 218_250, 100_000, 0);
    public static readonly Figures InterestObligations = new(62_470, 19_845, 29_180, 13_445, 0);
    public static readonly Figures LeaseObligations = new(38_295, 9_914, 15_148, 8_858, 4_375);
    public static readonly Figures PurchaseObligations = new(54_812, 43_206, 11_606, 0, 0);
    public static readonly Figures PurchasesByYear = new(43_206, 8_114, 3_492);
}
