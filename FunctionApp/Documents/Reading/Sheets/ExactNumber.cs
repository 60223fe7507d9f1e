using System.Globalization;

namespace Advisor.Documents.Reading.Sheets;

/// <summary>Numbers of a file as decimals, keeping the text only where the decimal does not print as it.</summary>
internal static class ExactNumber
{
    /// <summary>Larger numbers stay doubles, so that two million of them can be added up without leaving the range of decimals.</summary>
    public const decimal Largest = 1e22m;

    /// <param name="stored">Null when the decimal's own digits are the stored text.</param>
    /// <returns>False beyond <see cref="Largest"/>, where a number would become zero, or when it is none.</returns>
    public static bool TryParse(string text, out decimal number, out string? stored)
    {
        stored = text;
        if (!decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number) || Math.Abs(number) > Largest)
        {
            return false;
        }

        if (number == 0 && text.AsSpan().IndexOfAnyInRange('1', '9') is var digit and >= 0 && text.AsSpan().IndexOfAny('e', 'E') is var exponent && (exponent < 0 || digit < exponent))
        {
            return false;
        }

        Span<char> printed = stackalloc char[40];
        if (number.TryFormat(printed, out var length, default, CultureInfo.InvariantCulture) && printed[..length].SequenceEqual(text))
        {
            stored = null;
        }

        return true;
    }
}
