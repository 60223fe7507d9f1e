namespace Advisor.Kernel.Reasoning.Expressions;

/// <summary>A published number that expressions may cite by name.</summary>
/// <param name="Name">Two lower-case names joined by a dot.</param>
/// <param name="Source">Where the number is published, so that a reader can check it.</param>
public sealed record NamedConstant(string Name, decimal Value, Unit Unit, string Source);

/// <summary>The table of named constants. Any change of a value is a new <see cref="Version"/>, which stored claims keep.</summary>
public static class NamedConstants
{
    /// <summary>Semantic version of the table: major when a value changes, minor when one is added.</summary>
    public const string Version = "1.0.0";

    private const string Altman1968 = "Altman, Financial Ratios, Discriminant Analysis and the Prediction of Corporate Bankruptcy, Journal of Finance 23(4), 1968; coefficients for ratios as fractions from Altman, Revisiting the Z-Score and ZETA Models, 2000";
    private const string Altman2000 = "Altman, Predicting Financial Distress of Companies: Revisiting the Z-Score and ZETA Models, 2000: Z' for private firms";
    private const string AltmanEmerging = "Altman, Predicting Financial Distress of Companies: Revisiting the Z-Score and ZETA Models, 2000: Z'' for non-manufacturers";
    private const string Beneish1999 = "Beneish, The Detection of Earnings Manipulation, Financial Analysts Journal 55(5), 1999";
    private const string BenfordLaw = "Benford, The Law of Anomalous Numbers, 1938: log10(1 + 1/d)";
    private const string Nigrini2012 = "Nigrini, Benford's Law, Wiley 2012: mean absolute deviation of first digits";
    private const string ChiSquare = "Chi-square distribution, eight degrees of freedom";
    private const string Iglewicz1993 = "Iglewicz and Hoaglin, How to Detect and Handle Outliers, ASQC 1993: modified z-score";

    /// <summary>All constants in the order of the table.</summary>
    public static IReadOnlyList<NamedConstant> All { get; } =
    [
        Of("altman.working_capital", 1.2m, Altman1968),
        Of("altman.retained_earnings", 1.4m, Altman1968),
        Of("altman.ebit", 3.3m, Altman1968),
        Of("altman.market_equity", 0.6m, Altman1968),
        Of("altman.sales", 1.0m, Altman1968),
        Of("altman.distress", 1.81m, Altman1968),
        Of("altman.safe", 2.99m, Altman1968),
        Of("altman_private.working_capital", 0.717m, Altman2000),
        Of("altman_private.retained_earnings", 0.847m, Altman2000),
        Of("altman_private.ebit", 3.107m, Altman2000),
        Of("altman_private.book_equity", 0.420m, Altman2000),
        Of("altman_private.sales", 0.998m, Altman2000),
        Of("altman_private.distress", 1.23m, Altman2000),
        Of("altman_private.safe", 2.90m, Altman2000),
        Of("altman_services.working_capital", 6.56m, AltmanEmerging),
        Of("altman_services.retained_earnings", 3.26m, AltmanEmerging),
        Of("altman_services.ebit", 6.72m, AltmanEmerging),
        Of("altman_services.book_equity", 1.05m, AltmanEmerging),
        Of("altman_services.distress", 1.10m, AltmanEmerging),
        Of("altman_services.safe", 2.60m, AltmanEmerging),
        Of("beneish.intercept", -4.84m, Beneish1999),
        Of("beneish.receivables_index", 0.920m, Beneish1999),
        Of("beneish.gross_margin_index", 0.528m, Beneish1999),
        Of("beneish.asset_quality_index", 0.404m, Beneish1999),
        Of("beneish.sales_growth_index", 0.892m, Beneish1999),
        Of("beneish.depreciation_index", 0.115m, Beneish1999),
        Of("beneish.expense_index", -0.172m, Beneish1999),
        Of("beneish.accruals", 4.679m, Beneish1999),
        Of("beneish.leverage_index", -0.327m, Beneish1999),
        Of("beneish.threshold", -1.78m, Beneish1999),
        Of("benford.first_1", 0.3010299956639812m, BenfordLaw),
        Of("benford.first_2", 0.1760912590556812m, BenfordLaw),
        Of("benford.first_3", 0.1249387366082999m, BenfordLaw),
        Of("benford.first_4", 0.0969100130080564m, BenfordLaw),
        Of("benford.first_5", 0.0791812460476248m, BenfordLaw),
        Of("benford.first_6", 0.0669467896306132m, BenfordLaw),
        Of("benford.first_7", 0.0579919469776867m, BenfordLaw),
        Of("benford.first_8", 0.0511525224473813m, BenfordLaw),
        Of("benford.first_9", 0.0457574905606751m, BenfordLaw),
        Of("benford.close", 0.006m, Nigrini2012),
        Of("benford.acceptable", 0.012m, Nigrini2012),
        Of("benford.nonconforming", 0.015m, Nigrini2012),
        Of("benford.chi_square_5_percent", 15.507m, ChiSquare),
        Of("benford.chi_square_1_percent", 20.090m, ChiSquare),
        Of("outlier.normal_consistency", 0.6745m, Iglewicz1993),
        Of("outlier.threshold", 3.5m, Iglewicz1993),
        Of("days.year", 365m, "Calendar days of a common year"),
        Of("months.year", 12m, "Calendar months of a year"),
    ];

    private static readonly Dictionary<string, NamedConstant> ByName = All.ToDictionary(constant => constant.Name, StringComparer.Ordinal);

    /// <summary>The constant of that exact name, or null.</summary>
    public static NamedConstant? Find(string name) => ByName.GetValueOrDefault(name);

    private static NamedConstant Of(string name, decimal value, string source) => new(name, value, Unit.Number, source);
}
