using Advisor.Kernel.Reasoning;

namespace Advisor.Benchmarks.Quality.Reasoning;

/// <summary>What a table's cells are called by the headings of their rows and columns.</summary>
/// <remarks>
/// A heading row holds words or bare years, and no other number; several in a row belong together until data rows end, and those that come
/// later replace them. A heading over several columns is printed over one of them, so a column without one takes the nearest to its left, else
/// to its right. A row with its first cell alone is the section of the rows below it.
/// </remarks>
internal sealed class TableHeadings
{
    private readonly IReadOnlyList<IReadOnlyList<string>> _rows;
    private readonly List<(string? Section, IReadOnlyList<int> Headings)> _above = [];

    public TableHeadings(IReadOnlyList<IReadOnlyList<string>> rows)
    {
        _rows = rows;
        string? section = null;
        List<int> headings = [];
        var inData = false;
        for (var r = 0; r < rows.Count; r++)
        {
            if (IsHeading(rows[r]))
            {
                (headings, inData) = (inData ? [r] : [.. headings, r], false);
            }
            else if (IsSection(rows[r]))
            {
                section = rows[r][0].Trim();
            }
            else
            {
                inData = true;
            }

            _above.Add((section, headings));
        }
    }

    /// <summary>The heading rows, their cells as printed.</summary>
    public IEnumerable<IReadOnlyList<string>> HeadingRows => _rows.Where(IsHeading);

    /// <summary>Section, row heading and column headings, those there are.</summary>
    public string LabelOf(int row, int column)
    {
        var (section, headings) = _above[row];
        var rowHeading = _rows[row].Take(column).Where((cell, c) => !string.IsNullOrWhiteSpace(cell) && (!PrintedNumber.TryParse(cell, out _) || (c == 0 && TablePage.IsYear(cell)))).FirstOrDefault();
        var columnHeadings = headings.Where(heading => heading != row).Select(heading => Over(_rows[heading], column)).Append(headings.Contains(row) ? "heading" : null);
        return string.Join(" > ", new[] { section, rowHeading }.Concat(columnHeadings).Where(part => !string.IsNullOrWhiteSpace(part)).Select(part => part!.Trim()).Distinct());
    }

    private static string? Over(IReadOnlyList<string> heading, int column) =>
        Enumerable.Range(1, Math.Max(0, heading.Count - 1))
            .Where(c => !string.IsNullOrWhiteSpace(heading[c]))
            .OrderBy(c => c > column)
            .ThenBy(c => Math.Abs(c - column))
            .Select(c => heading[c])
            .FirstOrDefault();

    private static bool IsHeading(IReadOnlyList<string> row) =>
        row.Skip(1).Any(cell => !string.IsNullOrWhiteSpace(cell)) && !row.Skip(1).Any(cell => PrintedNumber.TryParse(cell, out _) && !TablePage.IsYear(cell));

    private static bool IsSection(IReadOnlyList<string> row) =>
        row.Count > 0 && !string.IsNullOrWhiteSpace(row[0]) && row.Skip(1).All(string.IsNullOrWhiteSpace);
}
