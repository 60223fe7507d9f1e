using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace Advisor.Kernel.LanguageModels.Prompts;

/// <summary>Masks what names or reaches a person, and leaves figures as they are.</summary>
/// <remarks>
/// What has check digits is masked only where they hold. A card number needs its issuer's first digits, and the grouping that cards have or none,
/// so that amounts with separators of thousands or decimals are no cards. A figure that passes for a card or a phone number all the same costs
/// the model that figure in its text; facts come with their own values, so it costs no claim.
/// </remarks>
internal static partial class PersonalData
{
    private const int Patience = 2_000;

    /// <summary>Countries and territories of the IBAN registry (ISO 13616). One in 660 of our own fact ids has the form and the check digits of an IBAN, and none has a country.</summary>
    private static readonly FrozenSet<string> s_ibanCountries = (
        "AD AE AL AT AZ BA BE BG BH BI BR BY CH CR CY CZ DE DJ DK DO DZ EE EG ES FI FK FO FR GB GE GI GL GR GT HN HR HU IE IL IQ IR IS IT JO KW KZ LB LC LI LT LU LV LY " +
        "MA MC MD ME MG MK ML MN MR MT MU MZ NE NI NL NO OM PK PL PS PT QA RO RS RU SA SC SD SE SI SK SM SN SO ST SV TD TG TL TN TR UA VA VG XK YE").Split(' ').ToFrozenSet(StringComparer.Ordinal);

    /// <summary>The text with each finding replaced by its kind in brackets, and how many there were of each kind.</summary>
    public static (string Masked, IReadOnlyDictionary<string, int> Counts) Mask(string text)
    {
        var counts = new SortedDictionary<string, int>(StringComparer.Ordinal);
        text = Replace(text, Email(), "email", _ => true);
        text = Replace(text, Iban(), "iban", IsIban);
        text = Replace(text, Card(), "card", IsCard);
        text = Replace(text, SocialSecurity(), "ssn", IsSocialSecurity);
        text = Replace(text, Phone(), "phone", IsPhone);
        return (text, counts);

        string Replace(string from, Regex pattern, string kind, Func<string, bool> holds) => pattern.Replace(from, match =>
        {
            if (!holds(match.Value))
            {
                return match.Value;
            }

            counts[kind] = counts.GetValueOrDefault(kind) + 1;
            return $"[{kind}]";
        });
    }

    /// <summary>ISO 13616: a country of the registry, and the rest of the number, read with A as 10 to Z as 35, is 1 modulo 97.</summary>
    private static bool IsIban(string printed)
    {
        var iban = printed.Replace(" ", "", StringComparison.Ordinal).ToUpperInvariant();
        if (iban.Length is < 15 or > 34 || !s_ibanCountries.Contains(iban[..2]))
        {
            return false;
        }

        var remainder = 0;
        foreach (var c in iban[4..] + iban[..4])
        {
            remainder = char.IsAsciiDigit(c) ? ((remainder * 10) + (c - '0')) % 97 : ((remainder * 100) + (c - 'A' + 10)) % 97;
        }

        return remainder == 1;
    }

    /// <summary>ISO/IEC 7812: an issuer's first digits with their length, and the check digit of Luhn.</summary>
    private static bool IsCard(string printed)
    {
        var digits = Digits(printed);
        var first4 = int.Parse(digits.AsSpan(0, 4), System.Globalization.CultureInfo.InvariantCulture);
        var issuer = digits.Length switch
        {
            14 => first4 / 100 is 36 or 38 or 39 || first4 / 10 is >= 300 and <= 305,
            15 => first4 / 100 is 34 or 37,
            16 or 18 or 19 => first4 is (>= 2221 and <= 2720) or (>= 3528 and <= 3589) or (>= 4000 and <= 4999) or (>= 5000 and <= 5999) or (>= 6000 and <= 6999),
            _ => false,
        };
        if (!issuer)
        {
            return false;
        }

        var sum = 0;
        for (var place = 0; place < digits.Length; place++)
        {
            var digit = digits[^(place + 1)] - '0';
            sum += place % 2 == 0 ? digit : digit > 4 ? (digit * 2) - 9 : digit * 2;
        }

        return sum % 10 == 0;
    }

    /// <summary>The numbers that the Social Security Administration gives out: no area 000, 666 or from 900, no group 00, no serial 0000.</summary>
    private static bool IsSocialSecurity(string printed)
    {
        var digits = Digits(printed);
        return digits[..3] is not ("000" or "666") && digits[0] != '9' && digits[3..5] != "00" && digits[5..] != "0000";
    }

    /// <summary>E.164 has at most 15 digits; a figure with a plus sign and groups of three stays a figure while it is under ten.</summary>
    private static bool IsPhone(string printed)
    {
        var count = printed.Count(char.IsAsciiDigit);
        return printed[0] != '+' || count is >= 10 and <= 15 || (count is 8 or 9 && !Thousands().IsMatch(printed));
    }

    private static string Digits(string printed) => string.Concat(printed.Where(char.IsAsciiDigit));

    [GeneratedRegex(@"(?<![\p{L}\p{N}._%+'-])[\p{L}\p{N}._%+'-]+\s?@\s?[\p{L}\p{N}-]+(\.[\p{L}\p{N}-]+)+", RegexOptions.ExplicitCapture, Patience)]
    private static partial Regex Email();

    [GeneratedRegex(@"(?<![A-Za-z0-9])[A-Za-z]{2}[0-9]{2}( ?[A-Za-z0-9]{4}){2,7}( ?[A-Za-z0-9]{1,3})?(?![A-Za-z0-9])", RegexOptions.ExplicitCapture, Patience)]
    private static partial Regex Iban();

    [GeneratedRegex(@"(?<![0-9A-Za-z]|[0-9][.,' -]|\p{Sc} ?)([0-9]{14,19}|[0-9]{4}(?<gap>[ -])[0-9]{4}\k<gap>[0-9]{4}\k<gap>[0-9]{2,4}(\k<gap>[0-9]{3})?|[0-9]{4}[ -][0-9]{6}[ -][0-9]{4,5})(?![0-9A-Za-z]|[.,' -][0-9])", RegexOptions.ExplicitCapture, Patience)]
    private static partial Regex Card();

    [GeneratedRegex(@"(?<![0-9A-Za-z.,-])[0-9]{3}-[0-9]{2}-[0-9]{4}(?![0-9A-Za-z-]|[.,][0-9])|(?<=\b(SSN|social security( number| no\.?)?)[:#]? ?)[0-9]{9}(?![0-9])", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase, Patience)]
    private static partial Regex SocialSecurity();

    [GeneratedRegex(
        @"(?<![0-9A-Za-z+])\+[0-9]{1,3}([ .-]?\(?[0-9]{1,5}\)?){2,7}(?![0-9]|[.,][0-9])" +
        @"|(?<![0-9A-Za-z.,-]|[0-9] )(\([2-9][0-9]{2}\) ?|[2-9][0-9]{2}[.-])[2-9][0-9]{2}[.-][0-9]{4}(?![0-9A-Za-z-]|[.,][0-9])" +
        @"|(?<=\b(tel|telephone|phone|mobile|cell|fax)\b[.:]* ?)\(?[0-9]{2,5}\)?([ .-/]?[0-9]{2,5}){1,5}(?![0-9])",
        RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase, Patience)]
    private static partial Regex Phone();

    [GeneratedRegex(@"^\+[0-9]{1,3}([ .][0-9]{3})+$", RegexOptions.ExplicitCapture, Patience)]
    private static partial Regex Thousands();
}
