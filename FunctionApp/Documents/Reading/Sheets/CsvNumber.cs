using System.Buffers;
using System.Globalization;

namespace Advisor.Documents.Reading.Sheets;

/// <summary>What a column of a CSV file writes: which of point and comma marks decimals, and in which order its dates stand.</summary>
internal sealed class CsvColumn
{
    private int _pointEvidence;
    private int _commaEvidence;
    private int _dayFirst;
    private int _monthFirst;

    /// <summary>Numbers are written 1.234,56.</summary>
    public bool DecimalComma => _commaEvidence > _pointEvidence;

    /// <summary>What speaks for decimal commas in this column: above 0 yes, below 0 no, 0 nothing does.</summary>
    public int CommaEvidence => _commaEvidence - _pointEvidence;

    /// <summary>True for 31/12/2025, false for 12/31/2025, null when no date of the column tells.</summary>
    public bool? DayFirst => (_dayFirst > 0, _monthFirst > 0) switch
    {
        (true, false) => true,
        (false, true) => false,
        _ => null,
    };

    /// <summary>Learns from one field.</summary>
    public void See(ReadOnlySpan<char> field)
    {
        if (field.IsEmpty || field.Length > 40)
        {
            return;
        }

        if (CsvDate.Parts(field, out var first, out var second, out _) && first != second)
        {
            _dayFirst += first > 12 && second <= 12 ? 1 : 0;
            _monthFirst += second > 12 && first <= 12 ? 1 : 0;
            return;
        }

        var (point, comma) = (field.LastIndexOf('.'), field.LastIndexOf(','));
        if ((point < 0 && comma < 0) || !CsvNumber.LooksNumeric(field))
        {
            return;
        }

        if (point >= 0 && comma >= 0)
        {
            // The mark further right is the decimal one.
            Vote(comma > point, 4);
            return;
        }

        var mark = Math.Max(point, comma);
        var isComma = comma >= 0;
        var digitsBehind = CsvNumber.DigitsFrom(field, mark + 1);
        if (field.Count(field[mark]) > 1)
        {
            Vote(!isComma, 4);
        }
        else if (digitsBehind != 3 || CsvNumber.DigitsBefore(field, mark) is 0 or > 3 || field[..mark].TrimStart("-+( ").SequenceEqual("0"))
        {
            Vote(isComma, 2);
        }
    }

    private void Vote(bool comma, int weight)
    {
        _commaEvidence += comma ? weight : 0;
        _pointEvidence += comma ? 0 : weight;
    }
}

/// <summary>Numbers as people and programs write them into CSV files.</summary>
internal static class CsvNumber
{
    private const string Currencies = "$€£¥₹";
    private static readonly SearchValues<char> Numeric = SearchValues.Create("0123456789.,-+()% \u00A0\u202F'$€£¥₹");

    /// <summary>Reads 1,234.56, (1,234), -5, 12.5%, $3, 1 234, 1E5; false for anything else, for leading zeros and for wrong grouping.</summary>
    /// <param name="value">A percentage is divided by 100, as in a workbook; parentheses and a minus behind make it negative.</param>
    public static bool TryParse(ReadOnlySpan<char> field, bool decimalComma, out decimal value, out bool percent)
    {
        (value, percent) = (0, false);
        var text = field.Trim();
        if (text.IsEmpty || text.Length > 40)
        {
            return false;
        }

        var negative = false;
        if (text[0] == '(' && text[^1] == ')')
        {
            negative = true;
            text = text[1..^1].Trim();
        }

        if (!text.IsEmpty && text[^1] == '%')
        {
            percent = true;
            text = text[..^1].TrimEnd();
        }

        text = Unsigned(text, ref negative);
        if (!text.IsEmpty && Currencies.Contains(text[0]))
        {
            text = Unsigned(text[1..].TrimStart(), ref negative);
        }
        else if (!text.IsEmpty && Currencies.Contains(text[^1]))
        {
            text = text[..^1].TrimEnd();
        }

        Span<char> plain = stackalloc char[text.Length + 1];
        if (text.IsEmpty || !Normalise(text, decimalComma, plain, out var length) || !decimal.TryParse(plain[..length], NumberStyles.Float, CultureInfo.InvariantCulture, out value) || Math.Abs(value) > ExactNumber.Largest)
        {
            return false;
        }

        value = percent ? value / 100 : value;
        value = negative ? -value : value;
        return true;
    }

    /// <summary>Digits, marks, signs and currency only, with at least one digit.</summary>
    public static bool LooksNumeric(ReadOnlySpan<char> field) =>
        field.IndexOfAnyExcept(Numeric) < 0 && field.IndexOfAnyInRange('0', '9') >= 0;

    public static int DigitsFrom(ReadOnlySpan<char> field, int from)
    {
        var end = from;
        while (end < field.Length && char.IsAsciiDigit(field[end]))
        {
            end++;
        }

        return end - from;
    }

    public static int DigitsBefore(ReadOnlySpan<char> field, int end)
    {
        var from = end;
        while (from > 0 && char.IsAsciiDigit(field[from - 1]))
        {
            from--;
        }

        return end - from;
    }

    private static ReadOnlySpan<char> Unsigned(ReadOnlySpan<char> text, scoped ref bool negative)
    {
        if (text.IsEmpty)
        {
            return text;
        }

        if (text[0] is '-' or '\u2212' && !negative)
        {
            negative = true;
            return text[1..].TrimStart();
        }

        if (text[^1] is '-' && text.Length > 1 && !negative)
        {
            negative = true;
            return text[..^1].TrimEnd();
        }

        return text[0] == '+' ? text[1..] : text;
    }

    /// <summary>Writes the digits with a point for decimals and without grouping; false where the grouping is not one.</summary>
    private static bool Normalise(ReadOnlySpan<char> text, bool decimalComma, Span<char> plain, out int length)
    {
        length = 0;
        var (decimalMark, groupMark) = decimalComma ? (',', '.') : ('.', ',');
        var (inDecimals, inExponent, group, groups) = (false, false, 0, 0);
        if (text.Length > 1 && text[0] == '0' && char.IsAsciiDigit(text[1]))
        {
            // A number with leading zeros is an identifier: an account, a postcode.
            return false;
        }

        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (char.IsAsciiDigit(c))
            {
                group++;
            }
            else if (c == decimalMark && !inDecimals && !inExponent)
            {
                if (groups > 0 && group != 3)
                {
                    return false;
                }

                (inDecimals, c) = (true, '.');
            }
            else if (!inDecimals && !inExponent && (c == groupMark || c is ' ' or '\u00A0' or '\u202F' or '\'') && i > 0)
            {
                if (groups > 0 ? group != 3 : group is 0 or > 3)
                {
                    return false;
                }

                (group, groups) = (0, groups + 1);
                continue;
            }
            else if (c is 'e' or 'E' && !inExponent && length > 0 && groups == 0)
            {
                inExponent = true;
            }
            else if (!(c is '-' or '+' && inExponent && text[i - 1] is 'e' or 'E'))
            {
                return false;
            }

            plain[length++] = c;
        }

        return group > 0 && (groups == 0 || inDecimals || group == 3) && char.IsAsciiDigit(plain[length - 1]) && plain[0] != 'e';
    }
}

/// <summary>Dates as they stand in CSV files.</summary>
internal static class CsvDate
{
    /// <summary>2025-12-31, or with slashes or points in the order the column uses; false when the order is not known.</summary>
    public static bool TryParse(ReadOnlySpan<char> field, bool? dayFirst, out DateTime date)
    {
        date = default;
        var text = field.Trim();
        if (text.Length >= 10 && text[4] == '-' && text[7] == '-')
        {
            return DateTime.TryParseExact(text, ["yyyy-MM-dd", "yyyy-MM-dd HH:mm", "yyyy-MM-dd HH:mm:ss", "yyyy-MM-ddTHH:mm:ss", "yyyy-MM-ddTHH:mm:ss.FFFFFFF"], CultureInfo.InvariantCulture, DateTimeStyles.None, out date);
        }

        if (!Parts(text, out var first, out var second, out var year))
        {
            return false;
        }

        if (dayFirst is null && first != second)
        {
            return false;
        }

        var (day, month) = dayFirst ?? true ? (first, second) : (second, first);
        if (month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month))
        {
            return false;
        }

        date = new(year, month, day);
        return true;
    }

    /// <summary>Two numbers and a year of four digits between slashes, points or dashes.</summary>
    public static bool Parts(ReadOnlySpan<char> field, out int first, out int second, out int year)
    {
        (first, second, year) = (0, 0, 0);
        var text = field.Trim();
        if (text.Length is < 8 or > 10 || text.LastIndexOfAny("/.-") is not (>= 3 and var last) || text.Length - last != 5)
        {
            return false;
        }

        var mark = text.IndexOf(text[last]);
        return mark < last
            && int.TryParse(text[..mark], NumberStyles.None, CultureInfo.InvariantCulture, out first)
            && int.TryParse(text[(mark + 1)..last], NumberStyles.None, CultureInfo.InvariantCulture, out second)
            && int.TryParse(text[(last + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out year)
            && first is > 0 and <= 31 && second is > 0 and <= 31 && year is >= 1900 and <= 9999;
    }
}
