using System.Globalization;

namespace Advisor.Kernel.Http;

/// <summary>Makes text that may quote a request harmless wherever a client shows it.</summary>
internal static class PlainText
{
    private const int MaxLength = 500;

    /// <summary>Of a name that a client chose, within a sentence.</summary>
    private const int MaxNameLength = 60;

    /// <summary>A name that a client chose, short enough to leave room for the advice behind it.</summary>
    public static string Shortened(string name) => Cut(name, MaxNameLength);

    /// <summary>Without anything that a page would take for markup or a terminal for a command, and not long.</summary>
    /// <remarks>Angle brackets become their typographic likes, so that a reader still sees what was sent; control and direction characters become '?'.</remarks>
    public static string Of(string text)
    {
        var shown = Cut(text, MaxLength);
        return string.Create(shown.Length, shown, static (plain, source) =>
        {
            for (var i = 0; i < plain.Length; i++)
            {
                plain[i] = source[i] switch
                {
                    '<' => '‹',
                    '>' => '›',
                    var c when char.GetUnicodeCategory(c) is UnicodeCategory.Control or UnicodeCategory.Format => '?',
                    var c => c,
                };
            }
        });
    }

    private static string Cut(string text, int most) => text.Length <= most ? text : string.Concat(text.AsSpan(0, most - 1), "…");
}
