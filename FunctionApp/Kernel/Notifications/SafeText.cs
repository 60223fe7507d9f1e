using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Advisor.Kernel.Notifications;

/// <summary>Keeps text that others wrote from being more than text in a message.</summary>
public static partial class SafeText
{
    /// <summary>Characters after which a value is cut: the longest that people enter themselves, a note.</summary>
    public const int MaxLength = 1_000;

    private const char WordJoiner = '\u2060';

    /// <summary>The text in one line, without control, direction and other invisible characters, at most <see cref="MaxLength"/> long.</summary>
    /// <remarks>Line breaks become spaces, so nothing can begin a header or a line of its own; half characters become U+FFFD.</remarks>
    public static string Clean(string text)
    {
        var clean = new StringBuilder(Math.Min(text.Length, MaxLength));
        foreach (var rune in text.EnumerateRunes())
        {
            switch (Rune.GetUnicodeCategory(rune))
            {
                case UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.SpaceSeparator:
                    if (clean.Length > 0 && clean[^1] != ' ')
                    {
                        clean.Append(' ');
                    }

                    break;
                case UnicodeCategory.Format or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned:
                    break;
                default:
                    clean.Append(rune.ToString());
                    break;
            }

            if (clean.Length > MaxLength)
            {
                clean.Length = MaxLength - 1;
                if (char.IsHighSurrogate(clean[^1]))
                {
                    clean.Length--;
                }

                return clean.Append('…').ToString();
            }
        }

        return clean.ToString().TrimEnd(' ');
    }

    /// <summary>The same to a reader, but no program that looks for addresses in text makes a link of it.</summary>
    /// <remarks>Mail programs link <c>https://…</c>, <c>www.…</c>, bare domains and addresses wherever they stand; an invisible word joiner in each ends that.</remarks>
    public static string Unlinked(string text) => Linkable().Replace(text, $"$0{WordJoiner}");

    [GeneratedRegex(@":(?=//)|@(?=[\p{L}\p{N}\[])|(?<=[\p{L}\p{N}\-])\.(?=\p{L})", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Linkable();
}
