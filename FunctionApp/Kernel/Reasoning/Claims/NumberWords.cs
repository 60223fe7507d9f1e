namespace Advisor.Kernel.Reasoning.Claims;

/// <summary>Finds numbers that a template spells out in English, since they too would be numbers nobody computed.</summary>
/// <remarks>
/// Refused, in any case and also within hyphenated words ("twenty-one"):
/// <list type="bullet">
/// <item>cardinals zero to ninety, hundred, thousand, million, billion, trillion, dozen, their plurals ("millions"), and their short forms mn, bn, mln;</item>
/// <item>multiples: twice, thrice, double, triple, quadruple and halve in their forms, and "...fold" after a number word ("tenfold");</item>
/// <item>half, except "first half", "second half", "half year" and "half-year";</item>
/// <item>fractions "a third of", "a quarter of", "a fifth of"... and the plurals thirds, fifths, tenths and so on;</item>
/// <item>roman numerals of two letters or more made of I, V and X in capitals ("Level III"): such names come by <c>label()</c>.</item>
/// </list>
/// Allowed: ordinals ("second quarter", "third largest"); "quarter" and "quarters" as a time; "one" in "one of", "one another", "one-time", "one-off",
/// "no one" and "not one"; "double-entry"; and vague words (several, few, most), which claim no figure.
/// Words of other languages are not known here.
/// </remarks>
internal static class NumberWords
{
    private static readonly HashSet<string> Always = new(StringComparer.OrdinalIgnoreCase)
    {
        "zero", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen",
        "sixteen", "seventeen", "eighteen", "nineteen", "twenty", "thirty", "forty", "fourty", "fifty", "sixty", "seventy", "eighty", "ninety",
        "hundred", "thousand", "million", "billion", "trillion", "dozen", "hundreds", "thousands", "millions", "billions", "trillions", "dozens",
        "twos", "threes", "tens", "twenties", "thirties", "forties", "fifties", "sixties", "seventies", "eighties", "nineties",
        "mn", "bn", "mln", "bln", "twice", "thrice", "doubled", "doubles", "doubling", "triple", "tripled", "triples", "tripling",
        "quadruple", "quadrupled", "quadruples", "quadrupling", "halve", "halved", "halves", "halving",
        "thirds", "fourths", "fifths", "sixths", "sevenths", "eighths", "ninths", "tenths", "hundredth", "hundredths", "thousandth", "thousandths",
        "twofold", "threefold", "fourfold", "fivefold", "sixfold", "sevenfold", "eightfold", "ninefold", "tenfold", "hundredfold",
    };

    private static readonly HashSet<string> Fractions = new(StringComparer.OrdinalIgnoreCase)
    {
        "third", "fourth", "quarter", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
    };

    public static IEnumerable<ClaimRejection> FindIn(string template)
    {
        var words = Split(template);
        for (var i = 0; i < words.Count; i++)
        {
            var (word, position) = words[i];
            var before = i > 0 ? words[i - 1].Word : "";
            var after = i + 1 < words.Count ? words[i + 1].Word : "";
            if (IsNumber(word, before, after))
            {
                yield return new ClaimRejection.NumberWord(word, position);
            }
        }
    }

    /// <summary>The word a text begins with, after a blank or hyphen if there is one; empty where it begins otherwise.</summary>
    public static string FirstWord(string text)
    {
        var start = text.Length > 0 && (text[0] is '-' || char.IsWhiteSpace(text[0])) ? 1 : 0;
        var end = start;
        while (end < text.Length && char.IsLetter(text[end]))
        {
            end++;
        }

        return text[start..end];
    }

    private static bool IsNumber(string word, string before, string after) =>
        Always.Contains(word)
        || IsRomanNumeral(word)
        || (Is(word, "one") && !IsAny(after, "of", "another", "time", "off") && !IsAny(before, "no", "not"))
        || (Is(word, "double") && !Is(after, "entry"))
        || (Is(word, "half") && !IsAny(before, "first", "second") && !Is(after, "year"))
        || (Fractions.Contains(word) && IsAny(before, "a", "an", "one") && Is(after, "of"));

    private static bool IsRomanNumeral(string word) => word.Length > 1 && !word.AsSpan().ContainsAnyExcept("IVX");

    private static bool Is(string word, string other) => word.Equals(other, StringComparison.OrdinalIgnoreCase);

    private static bool IsAny(string word, params ReadOnlySpan<string> others)
    {
        foreach (var other in others)
        {
            if (Is(word, other))
            {
                return true;
            }
        }

        return false;
    }

    private static List<(string Word, int Position)> Split(string template)
    {
        var words = new List<(string, int)>();
        for (var at = 0; at < template.Length;)
        {
            var start = at;
            while (at < template.Length && char.IsLetter(template[at]))
            {
                at++;
            }

            if (at > start)
            {
                words.Add((template[start..at], start));
            }
            else
            {
                at++;
            }
        }

        return words;
    }
}
