using Advisor.Kernel.Reasoning;

namespace Advisor.Documents.Tables;

/// <summary>A number as printed on a line of a page, before its column is known.</summary>
/// <param name="Printed">As printed, parts joined without spaces, the currency sign left out: <c>(4,378)</c>, <c>12.5%</c>, <c>—</c>.</param>
/// <param name="Number">The parsed value, no scale applied.</param>
/// <param name="CurrencySign">The sign that stood before it, or null.</param>
/// <param name="Confidence">Lowest OCR confidence of its words; null for a text layer.</param>
public sealed record NumberCell(string Printed, PrintedNumber Number, string? CurrencySign, Box Box, double? Confidence)
{
    public double Left => (double)Box.Left;

    public double Right => (double)Box.Right;

    /// <summary>Right edge of the digits: a closing parenthesis or percent sign hangs outside the column.</summary>
    public double DigitsRight => Right - (HangingCharacters * (Right - Left) / Math.Max(1, Printed.Length));

    private int HangingCharacters => Printed.Length - Printed.TrimEnd(')', '%').Length;
}
