using System.Globalization;
using System.Text;

namespace Advisor.Kernel.LanguageModels.Prompts;

/// <summary>Text as a person would see it: what a reviewer cannot see, a model is not shown.</summary>
internal static class ShownText
{
    /// <summary>The text without control, direction, tag and other invisible characters; half characters become U+FFFD.</summary>
    /// <param name="lines">Whether line breaks stay; if not, they become spaces.</param>
    public static string Clean(string text, bool lines)
    {
        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.ReplaceLineEndings("\n").EnumerateRunes())
        {
            switch (Rune.GetUnicodeCategory(rune))
            {
                case UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator:
                case UnicodeCategory.Control when rune.Value == '\n':
                    clean.Append(lines ? '\n' : ' ');
                    break;
                case UnicodeCategory.Control when rune.Value == '\t':
                    clean.Append(' ');
                    break;
                case UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned:
                    break;
                default:
                    clean.Append(rune.ToString());
                    break;
            }
        }

        return clean.ToString();
    }
}
