using System.Globalization;
using System.Text;

namespace Advisor.Kernel.Reasoning.Claims;

/// <summary>A template split into prose and placeholders.</summary>
internal sealed record ClaimTemplate(IReadOnlyList<ClaimTemplate.Part> Parts, IReadOnlyList<ClaimRejection> Rejections)
{
    /// <param name="Index">Of the expression; null for prose.</param>
    public sealed record Part(string Prose, int? Index);

    public static ClaimTemplate Parse(string template)
    {
        var parts = new List<Part>();
        var rejections = new List<ClaimRejection>();
        var prose = new StringBuilder();
        for (var at = 0; at < template.Length;)
        {
            if (PlaceholderAt(template, at, out var length) is { } index)
            {
                parts.Add(new Part(prose.ToString(), null));
                parts.Add(new Part("", index));
                prose.Clear();
                at += length;
                continue;
            }

            Rune.DecodeFromUtf16(template.AsSpan(at), out var rune, out var read);
            if (Judge(rune, template.Substring(at, read), at) is { } rejection)
            {
                rejections.Add(rejection);
            }

            prose.Append(template, at, read);
            at += read;
        }

        parts.Add(new Part(prose.ToString(), null));
        parts.RemoveAll(part => part.Index is null && part.Prose.Length == 0);
        rejections.AddRange(NumberWords.FindIn(template));
        rejections.AddRange(PlaceholderSurroundings.FaultsIn(parts));
        return new ClaimTemplate(parts, rejections);
    }

    private static int? PlaceholderAt(string template, int at, out int length)
    {
        length = 0;
        var end = template[at] == '{' ? template.IndexOf('}', at) : -1;
        if (end is < 0 || end - at is < 2 or > 3)
        {
            return null;
        }

        var digits = template.AsSpan(at + 1, end - at - 1);
        if (digits.ContainsAnyExceptInRange('0', '9') || (digits.Length > 1 && digits[0] == '0'))
        {
            return null;
        }

        length = end - at + 1;
        return int.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);
    }

    private static ClaimRejection? Judge(Rune rune, string text, int at)
    {
        if (rune.Value is '{' or '}')
        {
            return new ClaimRejection.MalformedPlaceholder(at);
        }

        if (Rune.IsNumber(rune) || CharUnicodeInfo.GetNumericValue(text, 0) >= 0)
        {
            return new ClaimRejection.DigitInTemplate(text, at);
        }

        if (PlaceholderSurroundings.IsUnitSign(text[0]))
        {
            return new ClaimRejection.UnitInTemplate(text, at);
        }

        // Latin letters end at U+024F; beyond them letters look like others (Cyrillic in "ten") or carry numbers of their own.
        var foreign = Rune.GetUnicodeCategory(rune) switch
        {
            UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
                or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter => rune.Value > 0x24F,
            UnicodeCategory.SpaceSeparator or UnicodeCategory.DashPunctuation or UnicodeCategory.OpenPunctuation or UnicodeCategory.ClosePunctuation
                or UnicodeCategory.InitialQuotePunctuation or UnicodeCategory.FinalQuotePunctuation or UnicodeCategory.OtherPunctuation
                or UnicodeCategory.MathSymbol or UnicodeCategory.ConnectorPunctuation => false,
            UnicodeCategory.Control => rune.Value is not '\n',
            _ => rune.Value > 0x7F,
        };
        return foreign ? new ClaimRejection.ForeignCharacter($"U+{rune.Value:X4}", at) : null;
    }
}
