using System.Globalization;
using static Advisor.Kernel.Reasoning.Expressions.ExpressionValue;

namespace Advisor.Kernel.Reasoning.Expressions;

/// <summary>Turns values into the text that people read. The exact value is kept beside the text; only the text is rounded.</summary>
/// <remarks>
/// All rounding is half away from zero. A value that is not zero is never shown as zero while six decimals can tell it apart.
/// <list type="bullet">
/// <item>Money from a million up: in millions, billions or trillions, with two decimals below ten of them and one from ten up: <c>$1.25 billion</c>, <c>$17.6 billion</c>. A value that rounds up to a thousand moves to the next word.</item>
/// <item>Money from a thousand up: whole units, <c>$12,346</c>. Below: whole when exact, else two decimals, <c>$12.50</c>.</item>
/// <item>Money per share: two decimals, <c>$10.10</c>; four when below a cent.</item>
/// <item>Percent: one decimal, <c>11.5 %</c>; two below a tenth.</item>
/// <item>Numbers: as they are when whole, <c>1,234</c>; else two decimals below a hundred and one from there: <c>1.25</c>; from a million up like money.</item>
/// <item>Shares: like numbers, whole below a million, followed by the word <c>shares</c>.</item>
/// <item>USD, EUR, GBP and JPY have a sign; other currencies their code and a space (<c>CHF 17.6 billion</c>); an unknown currency nothing.</item>
/// <item>The minus is a hyphen before the sign of the currency: <c>-$5.00 million</c>.</item>
/// </list>
/// </remarks>
public static class ProseFormat
{
    /// <summary>Version of the rules above; a stored claim keeps the one it was written with.</summary>
    public const string Version = "1.0.0";

    private const int MostDecimals = 6;

    private static readonly (decimal Size, string Word)[] Words =
    [
        (1_000_000m, " million"),
        (1_000_000_000m, " billion"),
        (1_000_000_000_000m, " trillion"),
    ];

    public static string Format(ExpressionValue value) => value switch
    {
        Text text => text.Value,
        Amount amount => Format(amount),
        _ => throw new ArgumentOutOfRangeException(nameof(value), "Unknown kind of expression value."),
    };

    private static string Format(Amount amount)
    {
        var size = Math.Abs(amount.Value);
        var text = amount.Unit switch
        {
            Unit.Currency => SignOf(amount.Currency) + (InWords(size) ?? Money(size)),
            Unit.CurrencyPerShare => SignOf(amount.Currency) + Fixed(size, size is > 0 and < 0.01m ? 4 : 2),
            Unit.Percent => Fixed(size, size is > 0 and < 0.1m ? 2 : 1) + " %",
            Unit.Shares => (InWords(size) ?? Fixed(size, 0)) + " shares",
            _ => InWords(size) ?? Number(size),
        };
        return amount.Value < 0 ? "-" + text : text;
    }

    private static string? InWords(decimal size)
    {
        for (var i = Words.Length - 1; i >= 0; i--)
        {
            var (unit, word) = Words[i];
            var below = i == 0 ? Round(size, 0) : Round(size / Words[i - 1].Size, 1) * Words[i - 1].Size;
            if (size >= unit || below >= unit)
            {
                var scaled = size / unit;
                return Fixed(scaled, Round(scaled, 2) < 10 ? 2 : 1) + word;
            }
        }

        return null;
    }

    private static string Money(decimal size) => size switch
    {
        _ when decimal.Truncate(size) == size => Fixed(size, 0),
        >= 1000 => Fixed(size, 0),
        _ => Fixed(size, 2),
    };

    private static string Number(decimal size) => size switch
    {
        _ when decimal.Truncate(size) == size => Fixed(size, 0),
        >= 100 => Fixed(size, 1),
        _ => Fixed(size, 2),
    };

    private static string Fixed(decimal size, int decimals)
    {
        while (size != 0 && Round(size, decimals) == 0 && decimals < MostDecimals)
        {
            decimals++;
        }

        return Round(size, decimals).ToString("N" + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
    }

    private static decimal Round(decimal size, int decimals) => decimal.Round(size, decimals, MidpointRounding.AwayFromZero);

    private static string SignOf(string? currency) => currency switch
    {
        null => "",
        "USD" => "$",
        "EUR" => "€",
        "GBP" => "£",
        "JPY" => "¥",
        _ => currency + " ",
    };
}
