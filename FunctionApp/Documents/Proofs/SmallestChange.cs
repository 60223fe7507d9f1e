using System.Globalization;

namespace Advisor.Documents.Proofs;

/// <summary>A value that stands in a sum, as printed: unscaled, with the number of its decimals.</summary>
/// <param name="Name">What to call it in an explanation: its label.</param>
public readonly record struct Addend(string Name, decimal Value, int Decimals);

public enum ChangeKind
{
    Transposition,
    OneDigit,
    Sign,
    MissingRow,
}

/// <summary>The smallest misprint that would make a failed sum hold.</summary>
/// <param name="Name">The cell to look at.</param>
/// <param name="IsTotal">The total itself is the suspect.</param>
public sealed record SmallestChange(ChangeKind Kind, string Name, bool IsTotal)
{
    public string Describe() => Kind switch
    {
        ChangeKind.Transposition => $"two transposed digits in “{Name}” would explain it",
        ChangeKind.OneDigit => $"one wrong digit in “{Name}” would explain it",
        ChangeKind.Sign => $"a wrong sign of “{Name}” would explain it",
        _ => $"“{Name}” would explain it if it belonged to the sum",
    };

    /// <summary>
    /// Looks for one, smallest first: a transposition, a digit, a sign, a row left out. When several cells could be to blame the total is
    /// named first, then the parts in printed order.
    /// </summary>
    /// <param name="neighbours">Rows beside the parts that might belong to them.</param>
    public static SmallestChange? Find(Addend total, IReadOnlyList<Addend> parts, IReadOnlyList<Addend> neighbours)
    {
        var difference = total.Value - parts.Sum(part => part.Value);
        if (difference == 0)
        {
            return null;
        }

        foreach (var kind in new[] { ChangeKind.Transposition, ChangeKind.OneDigit })
        {
            if (Misprint(kind, total.Value, total.Value - difference, total.Decimals))
            {
                return new SmallestChange(kind, total.Name, IsTotal: true);
            }

            foreach (var part in parts)
            {
                if (Misprint(kind, part.Value, part.Value + difference, part.Decimals))
                {
                    return new SmallestChange(kind, part.Name, IsTotal: false);
                }
            }
        }

        foreach (var part in parts)
        {
            if (part.Value != 0 && difference == -2 * part.Value)
            {
                return new SmallestChange(ChangeKind.Sign, part.Name, IsTotal: false);
            }
        }

        foreach (var neighbour in neighbours)
        {
            if (neighbour.Value != 0 && neighbour.Value == difference)
            {
                return new SmallestChange(ChangeKind.MissingRow, neighbour.Name, IsTotal: false);
            }
        }

        return null;
    }

    private static bool Misprint(ChangeKind kind, decimal printed, decimal meant, int decimals)
    {
        if (Math.Sign(printed) != Math.Sign(meant))
        {
            return false;
        }

        var (a, b) = (Digits(printed, decimals), Digits(meant, decimals));
        if (a.Length != b.Length || a.Length < 2)
        {
            return false;
        }

        var different = Enumerable.Range(0, a.Length).Where(i => a[i] != b[i]).ToList();
        return kind == ChangeKind.OneDigit
            ? different.Count == 1
            : different.Count == 2 && different[1] == different[0] + 1 && a[different[0]] == b[different[1]] && a[different[1]] == b[different[0]];
    }

    private static string Digits(decimal value, int decimals) =>
        Math.Abs(value).ToString("F" + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture).Replace(".", "");
}
