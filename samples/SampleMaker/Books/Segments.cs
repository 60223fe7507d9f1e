namespace Advisor.Samples.Books;

/// <summary>Revenue and operating income by segment, and revenue by geography: 2025, 2024, 2023.</summary>
internal static class Segments
{
    public static readonly Figures TestAndMeasurement = new(331_518, 376_842, 398_214);
    public static readonly Figures Process = new(198_974, 216_355, 221_640);
    public static readonly Figures Services = new(130_755, 125_709, 122_464);

    public static readonly Figures TestAndMeasurementIncome = new(28_914, 62_480, 79_318);
    public static readonly Figures ProcessIncome = new(6_205, 18_906, 26_240);
    public static readonly Figures ServicesIncome = new(31_082, 29_744, 28_156);
    public static readonly Figures SegmentIncome = Figures.Sum(TestAndMeasurementIncome, ProcessIncome, ServicesIncome);
    public static readonly Figures Corporate = new(-26_951, -30_253, -29_792);

    public static readonly Figures UnitedStates = new(312_405, 330_218, 334_902);
    public static readonly Figures OtherAmericas = new(41_826, 44_107, 45_318);
    public static readonly Figures Europe = new(168_712, 180_936, 188_240);
    public static readonly Figures AsiaPacific = new(138_304, 163_645, 173_858);
    public static readonly Figures Geography = Figures.Sum(UnitedStates, OtherAmericas, Europe, AsiaPacific);

    public static readonly Figures QuarterRevenue = new(158_079, 163_018, 168_244, 171_906);
    public static readonly Figures QuarterGrossProfit = new(56_596, 61_245, 66_918, 70_482);
    public static readonly Figures QuarterNet = new(-21_871, -1_422, 2_604, 5_918);
}
