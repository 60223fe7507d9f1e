using System.Globalization;
using System.Text;

namespace Advisor.Embedded.Cli;

/// <summary>Makes text that may come from a document safe to show.</summary>
internal static class TerminalText
{
    /// <summary>
    /// The text with every control and formatting character made visible as '·', line ends as blanks: a document must not move the
    /// cursor, set the window title, or turn the reading direction of what stands beside it.
    /// </summary>
    public static string Of(string text)
    {
        var safe = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            safe.Append(Rune.GetUnicodeCategory(rune) switch
            {
                UnicodeCategory.Control when rune.Value is '\n' or '\r' or '\t' => " ",
                UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => "·",
                _ => rune.ToString(),
            });
        }

        return safe.ToString();
    }
}
