using System.Globalization;

namespace Advisor.Kernel.Reasoning.Claims;

/// <summary>Sees that the prose around a placeholder can't change the number in it.</summary>
/// <remarks>
/// The formatter writes sign, currency, unit and scale. Prose that adds its own would state another number than the one computed: a minus or a
/// letter or point right before ("-{0}", "Q{0}"), a letter or joining mark right after ("{0}k", "{0}.{1}", but "{0}x" is how a multiple is
/// written), two placeholders without anything between them, a percent or currency sign anywhere, or a word of scale or unit next
/// ("{0} percent", "{0} m").
/// </remarks>
internal static class PlaceholderSurroundings
{
    private static readonly HashSet<string> WordsOfScale = new(StringComparer.OrdinalIgnoreCase)
    {
        "k", "m", "mm", "b", "t", "percent", "per", "percentage", "pct", "pp", "bp", "bps", "basis", "cent", "cents",
    };

    public static IEnumerable<ClaimRejection> FaultsIn(IReadOnlyList<ClaimTemplate.Part> parts)
    {
        for (var i = 0; i < parts.Count; i++)
        {
            if (parts[i].Index is { } index)
            {
                var before = i > 0 ? parts[i - 1] : null;
                var after = i + 1 < parts.Count ? parts[i + 1] : null;
                if (IsGluedBefore(before) || IsGluedAfter(after, followedByPlaceholder: i + 2 < parts.Count))
                {
                    yield return new ClaimRejection.GluedPlaceholder(index);
                }
            }
        }
    }

    public static bool IsUnitSign(char c) => c is '%' or '‰' or '‱' or '٪' or '°' || char.GetUnicodeCategory(c) == UnicodeCategory.CurrencySymbol;

    private static bool IsGluedBefore(ClaimTemplate.Part? before) =>
        before is { Index: not null }
        || (before is { Prose: [.., var last] } && (char.IsLetter(last) || last is '.' or ',' or '+' or '±' or '^' or '~' or '\'' || char.GetUnicodeCategory(last) is UnicodeCategory.DashPunctuation or UnicodeCategory.MathSymbol))
        || (before is { Prose: [.., var sign, ' '] } && (sign is '+' || char.GetUnicodeCategory(sign) is UnicodeCategory.MathSymbol));

    private static bool IsGluedAfter(ClaimTemplate.Part? after, bool followedByPlaceholder)
    {
        if (after is null)
        {
            return false;
        }

        if (after.Index is not null)
        {
            return true;
        }

        var prose = after.Prose;
        var word = NumberWords.FirstWord(prose);
        if (char.IsLetter(prose[0]) && word is not "x")
        {
            return true;
        }

        var joins = followedByPlaceholder && prose.Length == 1 && prose[0] is not (' ' or '/' or '–' or '\n');
        return joins || WordsOfScale.Contains(word) || prose[0] is '^' or '*';
    }
}
