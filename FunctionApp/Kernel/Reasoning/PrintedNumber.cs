namespace Advisor.Kernel.Reasoning;

/// <summary>How a document separates thousands and decimals. It is never guessed from one number: 1.234 is both 1.234 and 1234.</summary>
public enum NumberConvention
{
    /// <summary>1,234.5. A no-break or thin space or an apostrophe may group too; an ordinary space never does, because it also parts two columns.</summary>
    CommaGroups,

    /// <summary>1.234,5 and 1 234,5 with any kind of space.</summary>
    PointGroups,

    /// <summary>1 234.5 with any kind of space; commas never group.</summary>
    SpaceGroups,
}

/// <summary>A number as it stands in print, with what its typography says about it.</summary>
/// <param name="Value">Sign applied, scale not applied, percentages as printed (12.5 for "12.5%"). A dash is 0.</param>
/// <param name="Currency">
/// ISO 4217 code of the sign or code printed with it, else null. <c>$</c> gives USD and <c>¥</c> gives JPY: who knows that the
/// document means other dollars or yuan replaces it.
/// </param>
/// <param name="IsPercent">A percent sign belongs to the number.</param>
/// <param name="Decimals">Digits printed after the decimal separator, 0 to 28.</param>
/// <param name="IsDash">Printed as a dash, which accountants write for zero.</param>
/// <param name="Scale">Multiplier printed beside the number ("4.2 million"): 1, 1000, 1000000 or 1000000000. Not applied to <paramref name="Value"/>.</param>
/// <remarks>
/// Read: "1,234", "$ (1,234)", "(5.2)%", "-5", "−5", "5-", "USD 5", "1,234(1)", "12.3%*", "—", "$ —", "(—)", "4.2 million", "2.5x".
/// Refused, because a wrong number is worse than a missing one: groups that are not of three digits ("1,23"), an unclosed parenthesis,
/// two signs, dates, ranges, list marks ("1."), words, and more than 28 digits.
/// Reading allocates nothing, uses no culture, and never throws.
/// </remarks>
public readonly record struct PrintedNumber(
    decimal Value,
    string? Currency,
    bool IsPercent,
    int Decimals,
    bool IsDash,
    decimal Scale)
{
    private const int MaximumDigits = 28;

    /// <summary>Largest distance between the printed and the exact value that rounding explains: half a unit of the last printed digit, scale not applied.</summary>
    public decimal RoundingTolerance => new(5, 0, 0, isNegative: false, (byte)Math.Min(Decimals + 1, MaximumDigits));

    /// <summary>Reads one printed number that fills the whole text, apart from blanks around it.</summary>
    /// <returns>False where the text is anything but one number; then <paramref name="number"/> is the default.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, out PrintedNumber number, NumberConvention convention = NumberConvention.CommaGroups)
    {
        number = default;
        var rest = TrimBlanks(text);
        if (rest.IsEmpty || rest.Length > 128)
        {
            return false;
        }

        var marks = default(Marks);
        if (!ContainsDigit(rest) || rest.ContainsAny('\u2014', '\u2015'))
        {
            return TryDash(rest, ref marks, out number);
        }

        if (!ReadBefore(ref rest, ref marks)
            || !ReadDigits(ref rest, convention, out var mantissa, out var decimals)
            || !ReadAfter(rest, ref marks))
        {
            return false;
        }

        var negative = (marks.Minus || marks.Closed) && mantissa != 0;
        var value = new decimal((int)(uint)mantissa, (int)(uint)(mantissa >> 32), (int)(uint)(mantissa >> 64), negative, (byte)decimals);
        number = new PrintedNumber(value, marks.Currency, marks.Percent, decimals, IsDash: false, marks.Scale == 0 ? 1 : marks.Scale);
        return true;
    }

    /// <summary>True for the marks that say "there is no meaningful number here": nm, n.m., NM, n/m, N/A, na, n.a., *nm*, "not meaningful", "not applicable".</summary>
    /// <remarks>They are no number, and <see cref="TryParse"/> refuses them; but a cell that holds one is still a value cell of its column.</remarks>
    public static bool IsNoValue(ReadOnlySpan<char> text)
    {
        var rest = TrimBlanks(text).Trim("*()");
        return rest.Equals("nm", StringComparison.OrdinalIgnoreCase)
            || rest.Equals("n.m.", StringComparison.OrdinalIgnoreCase)
            || rest.Equals("n.m", StringComparison.OrdinalIgnoreCase)
            || rest.Equals("n/m", StringComparison.OrdinalIgnoreCase)
            || rest.Equals("na", StringComparison.OrdinalIgnoreCase)
            || rest.Equals("n.a.", StringComparison.OrdinalIgnoreCase)
            || rest.Equals("n.a", StringComparison.OrdinalIgnoreCase)
            || rest.Equals("n/a", StringComparison.OrdinalIgnoreCase)
            || rest.Equals("not meaningful", StringComparison.OrdinalIgnoreCase)
            || rest.Equals("not applicable", StringComparison.OrdinalIgnoreCase);
    }

    private static bool TryDash(ReadOnlySpan<char> rest, ref Marks marks, out PrintedNumber number)
    {
        number = default;
        ReadCurrency(ref rest, ref marks);
        rest = TrimBlanks(rest);
        if (rest is ['(', ..])
        {
            marks.Open = true;
            rest = TrimBlanks(rest[1..]);
        }

        var dashes = 0;
        while (!rest.IsEmpty && (IsDashSign(rest[0]) || (dashes > 0 && IsBlank(rest[0]))))
        {
            dashes += IsBlank(rest[0]) ? 0 : 1;
            rest = rest[1..];
        }

        if (dashes is 0 or > 4 || !ReadAfter(rest, ref marks) || marks.Scale != 0 || marks.Minus)
        {
            return false;
        }

        number = new PrintedNumber(0, marks.Currency, marks.Percent, 0, IsDash: true, 1);
        return true;
    }

    private static bool ReadBefore(ref ReadOnlySpan<char> rest, ref Marks marks)
    {
        while (!rest.IsEmpty)
        {
            var first = rest[0];
            if (DigitOf(first) >= 0 || first is '.' or ',')
            {
                return true;
            }

            if (IsBlank(first))
            {
                rest = rest[1..];
            }
            else if (first is '(' && !marks.Open && !marks.Minus && !marks.Plus)
            {
                marks.Open = true;
                rest = rest[1..];
            }
            else if (IsMinus(first) && !marks.Minus && !marks.Plus)
            {
                marks.Minus = true;
                rest = rest[1..];
            }
            else if (first is '+' && !marks.Minus && !marks.Plus && !marks.Open)
            {
                marks.Plus = true;
                rest = rest[1..];
            }
            else if (!ReadCurrency(ref rest, ref marks))
            {
                return false;
            }
        }

        return false;
    }

    private static bool ReadDigits(ref ReadOnlySpan<char> rest, NumberConvention convention, out UInt128 mantissa, out int decimals)
    {
        mantissa = 0;
        decimals = 0;
        var point = convention is NumberConvention.PointGroups ? ',' : '.';
        var digits = 0;
        var inGroup = 0;
        var group = '\0';
        var at = 0;
        for (; at < rest.Length; at++)
        {
            var digit = DigitOf(rest[at]);
            if (digit >= 0)
            {
                mantissa = (mantissa * 10) + (uint)digit;
                inGroup++;
                if (++digits > MaximumDigits)
                {
                    return false;
                }

                continue;
            }

            var separator = GroupSeparator(rest[at], convention);
            var endsHere = separator is '\0' || at + 1 >= rest.Length || DigitOf(rest[at + 1]) < 0;
            if (endsHere && (separator is '\0' or ' '))
            {
                break;
            }

            var opensGroups = group is '\0' && inGroup is >= 1 and <= 3 && mantissa != 0 && DigitOf(rest[0]) != 0;
            if (endsHere || !(opensGroups || (group == separator && inGroup == 3)))
            {
                return false;
            }

            group = separator;
            inGroup = 0;
        }

        if (group is not '\0' && inGroup != 3)
        {
            return false;
        }

        rest = rest[at..];
        return ReadFraction(ref rest, point, digits, ref mantissa, out decimals);
    }

    private static bool ReadFraction(ref ReadOnlySpan<char> rest, char point, int digits, ref UInt128 mantissa, out int decimals)
    {
        decimals = 0;
        if (rest.IsEmpty || rest[0] != point)
        {
            return digits > 0;
        }

        var at = 1;
        for (; at < rest.Length && DigitOf(rest[at]) is >= 0 and var digit; at++)
        {
            mantissa = (mantissa * 10) + (uint)digit;
            decimals++;
            if (digits + decimals > MaximumDigits)
            {
                return false;
            }
        }

        rest = rest[at..];
        return decimals > 0;
    }

    private static bool ReadAfter(ReadOnlySpan<char> rest, ref Marks marks)
    {
        var adjoining = true;
        var footnoted = false;
        while (!rest.IsEmpty)
        {
            var first = rest[0];
            if (IsBlank(first))
            {
                rest = rest[1..];
                adjoining = false;
                continue;
            }

            if (ReadFootnote(ref rest, marks))
            {
                footnoted = true;
            }
            else if (footnoted)
            {
                return false;
            }
            else if (first is ')' && marks.Open && !marks.Closed)
            {
                marks.Closed = true;
                rest = rest[1..];
            }
            else if (first is '%' or '％' && !marks.Percent && !marks.Multiple)
            {
                marks.Percent = true;
                rest = rest[1..];
            }
            else if (adjoining && IsMinus(first) && !marks.Minus && !marks.Plus && !marks.Open)
            {
                marks.Minus = true;
                rest = rest[1..];
            }
            else if (adjoining && first is 'x' or '×' && !marks.Multiple && !marks.Percent)
            {
                marks.Multiple = true;
                rest = rest[1..];
            }
            else if (!ReadScale(ref rest, ref marks) && !ReadCurrency(ref rest, ref marks))
            {
                return false;
            }
        }

        return marks.Open == marks.Closed && !(marks.Percent && marks.Currency is not null) && !(marks.Percent && marks.Scale != 0);
    }

    /// <summary>"(1)", "(12)", "(a)", "[1]", stars, daggers and superscripts after a number; "(5" alone or "(1,234)" is none.</summary>
    private static bool ReadFootnote(ref ReadOnlySpan<char> rest, in Marks marks)
    {
        var first = rest[0];
        if (first is '*' or '†' or '‡' or '§' or '#' or '¹' or '²' or '³' or (>= '⁰' and <= '⁹'))
        {
            rest = rest[1..];
            return true;
        }

        if (first is not ('(' or '[') || marks.Open != marks.Closed)
        {
            return false;
        }

        var end = rest.IndexOf(first is '(' ? ')' : ']');
        var mark = end is 2 or 3 ? rest[1..end] : default;
        var isMark = mark.Length switch
        {
            1 => char.IsAsciiLetterOrDigit(mark[0]),
            2 => char.IsAsciiDigit(mark[0]) && char.IsAsciiLetterOrDigit(mark[1]),
            _ => false,
        };
        if (isMark)
        {
            rest = rest[(end + 1)..];
        }

        return isMark;
    }

    private static bool ReadScale(ref ReadOnlySpan<char> rest, ref Marks marks)
    {
        if (marks.Scale != 0)
        {
            return false;
        }

        var word = rest[..WordLength(rest)];
        decimal scale = word switch
        {
            _ when word.Equals("thousand", StringComparison.OrdinalIgnoreCase) => 1_000,
            _ when word.Equals("million", StringComparison.OrdinalIgnoreCase) => 1_000_000,
            _ when word.Equals("billion", StringComparison.OrdinalIgnoreCase) => 1_000_000_000,
            _ when word is "mn" or "mm" or "MM" => 1_000_000,
            _ when word is "bn" => 1_000_000_000,
            _ => 0,
        };
        marks.Scale = scale;
        rest = scale == 0 ? rest : rest[word.Length..];
        return scale != 0;
    }

    private static bool ReadCurrency(ref ReadOnlySpan<char> rest, ref Marks marks)
    {
        if (rest.IsEmpty || marks.Currency is not null)
        {
            return false;
        }

        var letters = WordLength(rest);
        var dollars = letters < rest.Length && rest[letters] is '$' or '＄';
        var (code, length) = (letters, dollars) switch
        {
            (0, true) => ("USD", 1),
            (0, false) => (CodeOfSign(rest[0]), 1),
            (_, true) => (CodeOfDollar(rest[..letters]), letters + 1),
            (_, false) => (CodeOfWord(rest[..letters]), letters),
        };
        if (code is null)
        {
            return false;
        }

        marks.Currency = code;
        rest = rest[length..];
        return true;
    }

    private static string? CodeOfSign(char sign) => sign switch
    {
        '€' => "EUR",
        '£' => "GBP",
        '¥' or '￥' => "JPY",
        '₹' => "INR",
        '₩' => "KRW",
        '₪' => "ILS",
        '₺' => "TRY",
        _ => null,
    };

    private static string? CodeOfDollar(ReadOnlySpan<char> country) => country switch
    {
        "US" => "USD",
        "C" or "CA" or "CAD" or "Cdn" => "CAD",
        "A" or "AU" => "AUD",
        "NZ" => "NZD",
        "HK" => "HKD",
        "S" => "SGD",
        "NT" => "TWD",
        "R" => "BRL",
        _ => null,
    };

    private static string? CodeOfWord(ReadOnlySpan<char> word) => word switch
    {
        "USD" => "USD",
        "EUR" => "EUR",
        "GBP" => "GBP",
        "JPY" => "JPY",
        "CHF" or "Fr" => "CHF",
        "CAD" => "CAD",
        "AUD" => "AUD",
        "NZD" => "NZD",
        "CNY" or "RMB" => "CNY",
        "HKD" => "HKD",
        "SGD" => "SGD",
        "TWD" => "TWD",
        "INR" => "INR",
        "KRW" => "KRW",
        "BRL" => "BRL",
        "MXN" => "MXN",
        "SEK" => "SEK",
        "NOK" => "NOK",
        "DKK" => "DKK",
        "PLN" => "PLN",
        "CZK" => "CZK",
        "HUF" => "HUF",
        "ZAR" => "ZAR",
        "ILS" => "ILS",
        "TRY" => "TRY",
        _ => null,
    };

    private static char GroupSeparator(char c, NumberConvention convention) => c switch
    {
        ',' when convention is NumberConvention.CommaGroups => ',',
        '.' when convention is NumberConvention.PointGroups => '.',
        '\'' or '’' => '\'',
        ' ' when convention is NumberConvention.CommaGroups => '\0',
        _ when IsBlank(c) => ' ',
        _ => '\0',
    };

    private static int WordLength(ReadOnlySpan<char> rest)
    {
        var length = 0;
        while (length < rest.Length && char.IsAsciiLetter(rest[length]))
        {
            length++;
        }

        return length;
    }

    private static bool ContainsDigit(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (DigitOf(c) >= 0)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>ASCII and fullwidth digits; -1 for all else.</summary>
    private static int DigitOf(char c) => c switch
    {
        >= '0' and <= '9' => c - '0',
        >= '０' and <= '９' => c - '０',
        _ => -1,
    };

    private static bool IsBlank(char c) =>
        c is ' ' or '\u00A0' or '\u2009' or '\u202F' or '\u200B' or '\uFEFF' || (c is (< ' ' or > '\u007F') && char.IsWhiteSpace(c));

    /// <summary>Hyphen-minus, hyphens, minus, small and fullwidth minus, and the en dash that typesetters use as a minus.</summary>
    private static bool IsMinus(char c) => c is '-' or '\u2010' or '\u2011' or '\u2012' or '\u2013' or '\u2212' or '\uFE63' or '\uFF0D';

    private static bool IsDashSign(char c) => IsMinus(c) || c is '\u2014' or '\u2015' or '\u2500';

    private static ReadOnlySpan<char> TrimBlanks(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty && IsBlank(text[0]))
        {
            text = text[1..];
        }

        while (!text.IsEmpty && IsBlank(text[^1]))
        {
            text = text[..^1];
        }

        return text;
    }

    private struct Marks
    {
        public bool Open;
        public bool Closed;
        public bool Minus;
        public bool Plus;
        public bool Percent;
        public bool Multiple;
        public decimal Scale;
        public string? Currency;
    }
}
