using System.Globalization;
using Advisor.Samples.Books;

namespace Advisor.Samples.Report;

/// <summary>How numbers are printed: parentheses for negatives, an em dash for nil.</summary>
internal static class Amounts
{
    public static string Thousands(decimal value) => Signed(value, "#,##0");

    public static string PerShare(decimal value) => Signed(value, "#,##0.00");

    public static string Percent(decimal value) => value < 0 ? $"({Format(-value, "0.0")})%" : Format(value, "0.0") + "%";

    /// <summary>For prose: "$661.2 million" from thousands, always positive.</summary>
    public static string Millions(decimal thousands) => $"${Format(Math.Abs(thousands) / 1000, "#,##0.0")} million";

    public static string Share(decimal part, decimal whole) => Percent(100 * part / whole);

    /// <summary>For prose: the size of a change in percent, without its sign.</summary>
    public static string Change(decimal now, decimal before) => Percent(Math.Abs(100 * (now - before) / before));

    public static string[] All(Figures figures) => [.. figures.Values.Select(Thousands)];

    private static string Signed(decimal value, string format) => value switch
    {
        0 => "—",
        < 0 => $"({Format(-value, format)})",
        _ => Format(value, format),
    };

    private static string Format(decimal value, string format) =>
        value.ToString(format, CultureInfo.InvariantCulture);
}
