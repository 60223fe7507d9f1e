using System.Globalization;
using System.Runtime.InteropServices;

namespace Advisor.Documents.Reading.Sheets;

/// <summary>A1 addresses.</summary>
public static class CellAddress
{
    /// <summary>Rows of a sheet, 2^20.</summary>
    public const int MaxRow = 1_048_576;

    /// <summary>Columns of a sheet, 2^14: A to XFD.</summary>
    public const int MaxColumn = 16_384;

    /// <summary>"C7" for row 7, column 3.</summary>
    public static string Format(int row, int column) => string.Create(CultureInfo.InvariantCulture, $"{Column(column)}{row}");

    /// <summary>"C" for 3, "AA" for 27.</summary>
    public static string Column(int column)
    {
        Span<char> letters = stackalloc char[8];
        var at = letters.Length;
        for (; column > 0; column = (column - 1) / 26)
        {
            letters[--at] = (char)('A' + ((column - 1) % 26));
        }

        return new(letters[at..]);
    }

    /// <summary>Reads "C7", dollar signs allowed; false for anything else or outside the largest sheet.</summary>
    public static bool TryParse(ReadOnlySpan<char> address, out int row, out int column)
    {
        (row, column) = (0, 0);
        var i = 0;
        i += i < address.Length && address[i] == '$' ? 1 : 0;
        for (; i < address.Length && char.IsAsciiLetter(address[i]) && column <= MaxColumn; i++)
        {
            column = (column * 26) + ((address[i] | 0x20) - 'a') + 1;
        }

        if (column is 0 or > MaxColumn)
        {
            return false;
        }

        i += i < address.Length && address[i] == '$' ? 1 : 0;
        var digits = i;
        for (; i < address.Length && char.IsAsciiDigit(address[i]) && row <= MaxRow; i++)
        {
            row = (row * 10) + (address[i] - '0');
        }

        return i == address.Length && i > digits && row is > 0 and <= MaxRow;
    }
}

/// <summary>A rectangle of cells, all four sides inclusive, from 1.</summary>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct CellRange(int Top, int Left, int Bottom, int Right)
{
    /// <summary>Cells in the rectangle, filled or not.</summary>
    public long Area => (Bottom - Top + 1L) * (Right - Left + 1L);

    public bool Contains(int row, int column) => row >= Top && row <= Bottom && column >= Left && column <= Right;

    /// <summary>Reads "A1:C3" or "B2".</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out CellRange range)
    {
        range = default;
        var colon = text.IndexOf(':');
        var first = colon < 0 ? text : text[..colon];
        var last = colon < 0 ? text : text[(colon + 1)..];
        if (!CellAddress.TryParse(first, out var top, out var left) || !CellAddress.TryParse(last, out var bottom, out var right))
        {
            return false;
        }

        range = new(Math.Min(top, bottom), Math.Min(left, right), Math.Max(top, bottom), Math.Max(left, right));
        return true;
    }

    /// <summary>"A1:C3"; "B2" for a single cell.</summary>
    public override string ToString() => Top == Bottom && Left == Right
        ? CellAddress.Format(Top, Left)
        : $"{CellAddress.Format(Top, Left)}:{CellAddress.Format(Bottom, Right)}";
}
