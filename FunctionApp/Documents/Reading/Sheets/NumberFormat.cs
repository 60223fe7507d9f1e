using System.Collections.Concurrent;
using System.Globalization;

namespace Advisor.Documents.Reading.Sheets;

/// <summary>A number format code, taken apart once, that shows numbers, dates and texts as a workbook does.</summary>
/// <remarks>ECMA-376 part 1, 18.8.30 and 18.8.31, in the conventions of the United States (point, comma, English month names). Immutable.</remarks>
public sealed class NumberFormat
{
    private const int MaxCached = 4096;

    // Workbook programs take 255 characters at most.
    private const int MaxLength = 1024;
    private static readonly ConcurrentDictionary<string, NumberFormat> Cache = new(StringComparer.Ordinal);
    private readonly FormatSection[] _sections;

    private NumberFormat(string code)
    {
        Code = code;
        _sections = FormatSection.ParseAll(code);
        CurrencySign = SignIn(string.Concat(_sections[0].Tokens.Where(token => token.Part == FormatPart.Literal).Select(token => token.Text)));
    }

    /// <summary>The format of a cell that was given none.</summary>
    public static NumberFormat General { get; } = new("General");

    /// <summary>The code as stored.</summary>
    public string Code { get; }

    /// <summary>Numbers are shown as dates or times.</summary>
    public bool IsDate => _sections[0].IsDate;

    /// <summary>Shown values are multiplied by 100 and followed by a percent sign.</summary>
    public bool IsPercent => _sections[0].Percents > 0;

    /// <summary>The currency sign or code among the literals: <c>$</c>, <c>€</c>, <c>USD</c>; null when there is none.</summary>
    public string? CurrencySign { get; }

    /// <summary>Powers of 1,000 that the format hides by trailing commas: 1 shows thousands, 2 millions.</summary>
    public int HiddenThousands => _sections[0].ScalingCommas;

    /// <summary>The format of this code; never fails: an odd code shows its parts as they stand, one of over 1,024 characters counts as General.</summary>
    public static NumberFormat Parse(string code)
    {
        if (code.Length is 0 or > MaxLength || code.Equals("General", StringComparison.OrdinalIgnoreCase))
        {
            return General;
        }

        if (Cache.TryGetValue(code, out var known))
        {
            return known;
        }

        var format = new NumberFormat(code);
        if (Cache.Count < MaxCached)
        {
            Cache.TryAdd(code, format);
        }

        return format;
    }

    /// <summary>The format with one of the numbers that files use without spelling out the code (0 to 49); General for an unknown one.</summary>
    public static NumberFormat BuiltIn(int id) => Parse(BuiltInFormats.Code(id));

    /// <summary>A number, or a date's serial day, as shown.</summary>
    public string Display(decimal value, bool date1904 = false)
    {
        var section = Choose((double)value, out var negativeSign);
        if (section.IsDate)
        {
            return DateText.Render(section, value, date1904) ?? "########";
        }

        var rounded = Round15(Math.Abs(value));
        var shown = section.IsGeneral ? section.Wrap(GeneralText.Render(rounded)) : NumberText.Render(section, rounded);
        return (negativeSign && value < 0 ? "-" + shown : shown).Trim();
    }

    /// <summary>As <see cref="Display(decimal, bool)"/>, for numbers beyond the range of decimals.</summary>
    public string Display(double value)
    {
        if (Math.Abs(value) < 7.9e27 && (value == 0 || Math.Abs(value) > 1e-20))
        {
            return Display((decimal)value);
        }

        var section = Choose(value, out var negativeSign);
        var shown = Math.Abs(value).ToString("0.#####E+00", CultureInfo.InvariantCulture);
        return (negativeSign && value < 0 ? "-" + shown : shown).Trim();
    }

    /// <summary>A text as shown: the fourth section, where there is one, puts words around it.</summary>
    public string Display(string text)
    {
        var section = _sections.Length >= 4 ? _sections[3] : Array.Find(_sections, candidate => candidate.IsText);
        return section is null ? text : section.WrapText(text);
    }

    /// <summary>The colour named by the section that shows this value, lower case; null when it names none.</summary>
    public string? ColourOf(double value) => Choose(value, out _).Colour;

    internal static string? SignIn(string text)
    {
        foreach (var sign in (ReadOnlySpan<string>)["$", "€", "£", "¥", "₹", "USD", "EUR", "GBP", "CHF", "JPY"])
        {
            if (text.Contains(sign, StringComparison.Ordinal))
            {
                return sign;
            }
        }

        return null;
    }

    private FormatSection Choose(double value, out bool negativeSign)
    {
        negativeSign = true;
        if (Array.Exists(_sections, section => section.Condition is not null))
        {
            foreach (var section in _sections)
            {
                if (section.Condition is null || section.Condition(value))
                {
                    // A section for negative numbers alone brings its own sign.
                    negativeSign = section.Condition is null || !section.IsForNegatives;
                    return section;
                }
            }

            return _sections[^1];
        }

        var numeric = _sections.Length >= 4 ? 3 : _sections.Length;
        if (value < 0 && numeric >= 2)
        {
            negativeSign = false;
            return _sections[1];
        }

        return value == 0 && numeric >= 3 ? _sections[2] : _sections[0];
    }

    /// <summary>Workbooks show 15 significant digits, so the last bits of a double never appear.</summary>
    private static decimal Round15(decimal value)
    {
        if (value == 0)
        {
            return 0;
        }

        var decimals = 14 - (int)Math.Floor(Math.Log10((double)value));
        if (decimals >= 0)
        {
            return decimal.Round(value, Math.Min(decimals, 28), MidpointRounding.AwayFromZero);
        }

        var unit = 1m;
        for (; decimals < 0; decimals++)
        {
            unit *= 10;
        }

        return decimal.Round(value / unit, MidpointRounding.AwayFromZero) is var whole && whole <= decimal.MaxValue / unit ? whole * unit : value;
    }
}

/// <summary>The codes that files refer to by number: ECMA-376 part 1, 18.8.30, with Excel's own US forms where the two differ.</summary>
internal static class BuiltInFormats
{
    public static string Code(int id) => id switch
    {
        1 => "0",
        2 => "0.00",
        3 => "#,##0",
        4 => "#,##0.00",
        5 => "$#,##0_);($#,##0)",
        6 => "$#,##0_);[Red]($#,##0)",
        7 => "$#,##0.00_);($#,##0.00)",
        8 => "$#,##0.00_);[Red]($#,##0.00)",
        9 => "0%",
        10 => "0.00%",
        11 => "0.00E+00",
        12 => "# ?/?",
        13 => "# ??/??",
        14 => "m/d/yyyy",
        15 => "d-mmm-yy",
        16 => "d-mmm",
        17 => "mmm-yy",
        18 => "h:mm AM/PM",
        19 => "h:mm:ss AM/PM",
        20 => "h:mm",
        21 => "h:mm:ss",
        22 => "m/d/yyyy h:mm",
        37 => "#,##0_);(#,##0)",
        38 => "#,##0_);[Red](#,##0)",
        39 => "#,##0.00_);(#,##0.00)",
        40 => "#,##0.00_);[Red](#,##0.00)",
        41 => "_(* #,##0_);_(* (#,##0);_(* \"-\"_);_(@_)",
        42 => "_($* #,##0_);_($* (#,##0);_($* \"-\"_);_(@_)",
        43 => "_(* #,##0.00_);_(* (#,##0.00);_(* \"-\"??_);_(@_)",
        44 => "_($* #,##0.00_);_($* (#,##0.00);_($* \"-\"??_);_(@_)",
        45 => "mm:ss",
        46 => "[h]:mm:ss",
        47 => "mm:ss.0",
        48 => "##0.0E+0",
        49 => "@",
        _ => "General",
    };
}
