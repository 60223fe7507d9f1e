using System.Globalization;

namespace Advisor.Kernel.Http;

/// <summary>Makes text that may quote a request harmless wherever a client shows it.</summary>
internal static class PlainText
{
    private const int MaxLength = 500;

    /// <summary>Without anything that a page would take for markup or a terminal for a command, and not long.</summary>
    /// <remarks>Angle brackets become their typographic likes, so that a reader still sees what was sent; control and direction characters become '?'.</remarks>
    public static string Of(string text)
    {
        var shown = text.Length <= MaxLength ? text : string.Concat(text.AsSpan(0, MaxLength - 1), "…");
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
}
