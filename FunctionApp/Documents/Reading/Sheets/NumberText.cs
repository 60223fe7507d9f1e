using System.Globalization;
using System.Text;

namespace Advisor.Documents.Reading.Sheets;

/// <summary>Shows numbers through the digit placeholders of a section.</summary>
internal static class NumberText
{
    /// <param name="value">Not negative; already at 15 significant digits.</param>
    public static string Render(FormatSection section, decimal value)
    {
        for (var i = 0; i < section.Percents && value < decimal.MaxValue / 100; i++)
        {
            value *= 100;
        }

        for (var i = 0; i < section.ScalingCommas; i++)
        {
            value /= 1000;
        }

        var tokens = section.Tokens;
        if (tokens.Exists(token => token.Part == FormatPart.Exponent))
        {
            return Scientific(section, value);
        }

        return tokens.Exists(token => token.Part == FormatPart.Slash)
            ? FractionText.Render(section, value)
            : Fixed(tokens, value, section.Thousands);
    }

    private static string Fixed(List<FormatToken> tokens, decimal value, bool thousands)
    {
        var point = tokens.FindIndex(token => token.Part == FormatPart.Point);
        var wholeEnd = point < 0 ? tokens.Count : point;
        var decimals = point < 0 ? 0 : tokens.Skip(point).Count(token => token.Part == FormatPart.Digit);
        var rounded = decimal.Round(value, Math.Min(decimals, 28), MidpointRounding.AwayFromZero);
        var digits = rounded.ToString("F" + Math.Min(decimals, 28).ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture).Split('.');
        var text = new StringBuilder();
        Whole(tokens, wholeEnd, digits[0] == "0" ? "" : digits[0], thousands, text);
        if (point >= 0)
        {
            text.Append('.');
            Decimals(tokens, point + 1, digits.Length > 1 ? digits[1] : "", text);
        }

        return text.ToString();
    }

    /// <summary>Digits fill the placeholders from the right; those left over stand before the first one.</summary>
    private static void Whole(List<FormatToken> tokens, int end, string digits, bool thousands, StringBuilder text)
    {
        var parts = new List<string>();
        var left = digits.Length;
        var placed = 0;
        var first = tokens.FindIndex(token => token.Part == FormatPart.Digit);
        for (var i = end - 1; i >= 0; i--)
        {
            var token = tokens[i];
            if (token.Part != FormatPart.Digit)
            {
                parts.Add(token.Part == FormatPart.Text ? "" : token.Text);
                continue;
            }

            do
            {
                var digit = left > 0 ? digits[--left].ToString() : token.Text switch { "0" => "0", "?" => " ", _ => "" };
                if (thousands && placed > 0 && placed % 3 == 0 && digit.Length > 0 && digit != " ")
                {
                    parts.Add(",");
                }

                placed++;
                parts.Add(digit);
            }
            while (i == first && left > 0);
        }

        for (var i = parts.Count - 1; i >= 0; i--)
        {
            text.Append(parts[i]);
        }
    }

    private static void Decimals(List<FormatToken> tokens, int from, string digits, StringBuilder text)
    {
        var significant = digits.TrimEnd('0').Length;
        var next = 0;
        for (var i = from; i < tokens.Count; i++)
        {
            if (tokens[i].Part != FormatPart.Digit)
            {
                text.Append(tokens[i].Part == FormatPart.Text ? "" : tokens[i].Text);
                continue;
            }

            var digit = next < digits.Length ? digits[next] : '0';
            if (tokens[i].Text == "0" || next < significant)
            {
                text.Append(digit);
            }
            else if (tokens[i].Text == "?")
            {
                text.Append(' ');
            }

            next++;
        }
    }

    private static string Scientific(FormatSection section, decimal value)
    {
        var at = section.Tokens.FindIndex(token => token.Part == FormatPart.Exponent);
        var mantissa = section.Tokens[..at];
        var exponentDigits = section.Tokens.Skip(at).Count(token => token.Part == FormatPart.Digit);
        var tail = section.Tokens.Skip(at + 1).Where(token => token.Part is FormatPart.Literal or FormatPart.Percent).Select(token => token.Text);
        var point = mantissa.FindIndex(token => token.Part == FormatPart.Point);
        var step = Math.Max(1, mantissa.Take(point < 0 ? mantissa.Count : point).Count(token => token.Part == FormatPart.Digit));
        var decimals = point < 0 ? 0 : mantissa.Skip(point).Count(token => token.Part == FormatPart.Digit);
        var exponent = value == 0 ? 0 : (int)Math.Floor(Math.Log10((double)value));
        exponent = step > 1 ? (int)Math.Floor(exponent / (double)step) * step : exponent;
        var scaled = Shift(value, exponent);
        if (decimal.Round(scaled, Math.Min(decimals, 28), MidpointRounding.AwayFromZero) >= Shift(1, -step))
        {
            exponent += step;
            scaled = Shift(value, exponent);
        }

        var sign = exponent < 0 ? "-" : section.Tokens[at].Text.EndsWith('+') ? "+" : "";
        var power = Math.Abs(exponent).ToString(CultureInfo.InvariantCulture).PadLeft(exponentDigits, '0');
        return Fixed(mantissa, scaled, section.Thousands) + "E" + sign + power + string.Concat(tail);
    }

    /// <summary>The value divided by ten to the power of <paramref name="exponent"/>.</summary>
    private static decimal Shift(decimal value, int exponent)
    {
        for (; exponent > 0; exponent--)
        {
            value /= 10;
        }

        for (; exponent < 0 && value < decimal.MaxValue / 10; exponent++)
        {
            value *= 10;
        }

        return value;
    }
}

/// <summary>The General format: up to 11 characters, then scientific.</summary>
internal static class GeneralText
{
    public static string Render(decimal value)
    {
        if (value == 0)
        {
            return "0";
        }

        var magnitude = (int)Math.Floor(Math.Log10((double)value));
        if (magnitude >= 11)
        {
            return Scientific(value);
        }

        if (magnitude >= 0)
        {
            return Plain(value, Math.Max(0, 9 - magnitude));
        }

        if (magnitude >= -4)
        {
            return Plain(value, 9);
        }

        var exact = Trimmed(decimal.Round(value, 12));
        return exact.Length <= 11 && decimal.Round(value, 12) == value ? exact : Scientific(value);
    }

    private static string Plain(decimal value, int decimals) => Trimmed(decimal.Round(value, decimals, MidpointRounding.AwayFromZero));

    private static string Trimmed(decimal value)
    {
        var text = value.ToString(CultureInfo.InvariantCulture);
        return text.Contains('.') ? text.TrimEnd('0').TrimEnd('.') : text;
    }

    private static string Scientific(decimal value) => ((double)value).ToString("0.#####E+00", CultureInfo.InvariantCulture);
}

/// <summary>Fraction formats: <c># ?/?</c>, <c># ??/??</c>, <c>?/8</c>.</summary>
internal static class FractionText
{
    public static string Render(FormatSection section, decimal value)
    {
        var bar = section.Tokens.FindIndex(token => token.Part == FormatPart.Slash);
        var below = string.Concat(section.Tokens.Skip(bar + 1).TakeWhile(token => token.Part is FormatPart.Digit || (token.Part == FormatPart.Literal && token.Text.Length == 1 && char.IsAsciiDigit(token.Text[0]))).Select(token => token.Text));
        var mixed = section.Tokens.Take(bar).SkipWhile(token => token.Part != FormatPart.Digit).Any(token => token is { Part: FormatPart.Literal, Text: " " });
        var whole = mixed ? decimal.Truncate(value) : 0;
        var rest = (double)(value - whole);
        var fixedBelow = int.TryParse(below, NumberStyles.None, CultureInfo.InvariantCulture, out var denominator) && denominator > 0;
        var numerator = 0L;
        if (fixedBelow)
        {
            numerator = (long)Math.Round(Math.Min(rest, 1e12) * denominator, MidpointRounding.AwayFromZero);
        }
        else
        {
            var best = double.MaxValue;
            var limit = below.Length switch { <= 1 => 9, 2 => 99, _ => 999 };
            for (var candidate = 1; candidate <= limit; candidate++)
            {
                var top = Math.Round(Math.Min(rest, 1e12) * candidate, MidpointRounding.AwayFromZero);
                var error = Math.Abs(rest - (top / candidate));
                if (error < best - 1e-12)
                {
                    (best, numerator, denominator) = (error, (long)top, candidate);
                }
            }
        }

        if (mixed && numerator == denominator)
        {
            (whole, numerator) = (whole + 1, 0);
        }

        return !mixed ? string.Create(CultureInfo.InvariantCulture, $"{numerator}/{denominator}")
            : numerator == 0 ? whole.ToString("F0", CultureInfo.InvariantCulture)
            : whole == 0 ? string.Create(CultureInfo.InvariantCulture, $"{numerator}/{denominator}")
            : string.Create(CultureInfo.InvariantCulture, $"{whole:F0} {numerator}/{denominator}");
    }
}
