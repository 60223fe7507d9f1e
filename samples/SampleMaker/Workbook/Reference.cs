using System.Globalization;

namespace Advisor.Samples.Workbook;

/// <summary>Cell references such as "K14"; columns count from 1.</summary>
internal static class Reference
{
    public static (int Column, int Row) Parse(string reference)
    {
        int letters = reference.TakeWhile(char.IsAsciiLetterUpper).Count();
        int column = reference.Take(letters).Aggregate(0, (sum, letter) => (sum * 26) + letter - 'A' + 1);
        return (column, int.Parse(reference.AsSpan(letters), CultureInfo.InvariantCulture));
    }

    public static string Of(int column, int row)
    {
        string letters = column > 26 ? $"{(char)('A' + ((column - 1) / 26) - 1)}" : "";
        return $"{letters}{(char)('A' + ((column - 1) % 26))}{row.ToString(CultureInfo.InvariantCulture)}";
    }

    public static IEnumerable<string> Range(string first, string last)
    {
        (int left, int top) = Parse(first);
        (int right, int bottom) = Parse(last);
        return Enumerable.Range(top, bottom - top + 1).SelectMany(row => Enumerable.Range(left, right - left + 1).Select(column => Of(column, row)));
    }
}
