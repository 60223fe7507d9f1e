using System.Text.RegularExpressions;
using Advisor.Documents.Tables;

namespace Advisor.Documents.Proofs;

/// <summary>A total compared with its parts in one column, in printed units.</summary>
/// <param name="IsComplete">Every row between has a value in this column.</param>
/// <param name="Tolerance">Half a last digit of each part and of the total: what rounding can cause.</param>
public sealed record FootingCheck(
    TableRow Total, int Column, IReadOnlyList<TableRow> Parts, bool IsComplete, decimal Expected, decimal Found, decimal Tolerance, SmallestChange? Change)
{
    public bool Holds => Math.Abs(Found - Expected) <= Tolerance;
}

/// <summary>
/// Foots the totals of a table. Which rows a total sums is not guessed from layout alone: a reading of the structure counts when it holds
/// in at least one column, and then must hold in all; a table with one column fails only when a misprint of the smallest kind explains it.
/// </summary>
public static partial class Footing
{
    /// <summary>Relative error that adding doubles can leave; smaller than any printed digit.</summary>
    private const decimal BinaryNoise = 1e-11m;

    /// <summary>Longest run of rows that a total is tried against.</summary>
    private const int MaxParts = 40;

    /// <summary>A sum that misses its total by more than this share of it is another structure, not a fault. Set by judgement, on a few published tables.</summary>
    private const decimal NearShare = 0.1m;

    /// <summary>Totals with fewer digits than this can agree by accident.</summary>
    private const decimal MinConvincingTotal = 100;

    public static List<FootingCheck> Check(PageTable table)
    {
        var columns = table.Columns.Where(column => !column.IsPercent).Select(column => column.Index).ToList();
        var rows = table.Rows;
        var consumed = new HashSet<int>();
        var checks = new List<FootingCheck>();
        for (var t = 0; t < rows.Count; t++)
        {
            if (rows[t].IsHeading || !IsTotal(rows[t].Label) || columns.All(c => !rows[t].Cells.ContainsKey(c)))
            {
                continue;
            }

            var found = Best(rows, t, columns, consumed);
            if (found is not { } best)
            {
                continue;
            }

            checks.AddRange(best.Checks);
            consumed.UnionWith(best.PartIndexes);
        }

        return checks;
    }

    private sealed record Reading(List<int> PartIndexes, List<FootingCheck> Checks, bool AtBoundary)
    {
        public int Holding => Checks.Count(check => check.Holds && Math.Abs(check.Found) >= MinConvincingTotal);
    }

    private static Reading? Best(IReadOnlyList<TableRow> rows, int total, List<int> columns, HashSet<int> consumed)
    {
        var readings = Readings(rows, total, columns, consumed).ToList();
        var holding = readings.Where(reading => reading.Holding > 0)
            .OrderByDescending(reading => reading.Holding)
            .ThenByDescending(reading => reading.AtBoundary)
            .ThenBy(reading => reading.PartIndexes.Count)
            .FirstOrDefault();
        if (holding is not null)
        {
            // Off the natural boundary, or far off the total, the reading may be an accident: what holds is kept, what fails proves nothing.
            return holding with { Checks = holding.Checks.FindAll(check => check.Holds || (holding.AtBoundary && IsNear(check))) };
        }

        return readings.Find(reading => reading is { AtBoundary: true, PartIndexes.Count: >= 3 }
            && reading.Checks.Count == 1
            && reading.Checks[0].IsComplete
            && reading.Checks[0].Change is { Kind: ChangeKind.Transposition or ChangeKind.OneDigit }
            && Math.Abs(reading.Checks[0].Found) >= MinConvincingTotal * 10);
    }

    /// <summary>Whether a miss is a fault: every part has a value (a blank may stand for one that is not printed), and the sum is close.</summary>
    private static bool IsNear(FootingCheck check) =>
        check.IsComplete && (check.Change is not null || Math.Abs(check.Found - check.Expected) <= NearShare * Math.Abs(check.Found));

    /// <summary>The runs of rows right above the total, shortest first, earlier subtotals standing for their parts.</summary>
    private static IEnumerable<Reading> Readings(IReadOnlyList<TableRow> rows, int total, List<int> columns, HashSet<int> consumed)
    {
        var parts = new List<int>();
        for (var i = total - 1; i >= 0 && parts.Count < MaxParts; i--)
        {
            if (rows[i].IsHeading || consumed.Contains(i))
            {
                continue;
            }

            parts.Add(i);
            if (parts.Count < 2)
            {
                continue;
            }

            var boundary = AtBoundary(rows, i, consumed);
            var checks = columns.Where(column => rows[total].Cells.ContainsKey(column)).Select(column => One(rows, total, column, parts)).ToList();
            yield return new Reading([.. parts], checks, boundary);
        }
    }

    private static bool AtBoundary(IReadOnlyList<TableRow> rows, int first, HashSet<int> consumed)
    {
        if (first == 0 || rows[first - 1].IsHeading)
        {
            return true;
        }

        // Right below an earlier total, whose parts are consumed.
        return IsTotal(rows[first - 1].Label) || consumed.Contains(first - 1);
    }

    private static FootingCheck One(IReadOnlyList<TableRow> rows, int total, int column, List<int> parts)
    {
        var cell = rows[total].Cells[column];
        var present = parts.Where(i => rows[i].Cells.ContainsKey(column)).Order().Select(i => rows[i]).ToList();
        var expected = present.Sum(row => row.Cells[column].Number.Value);
        var tolerance = cell.Number.RoundingTolerance + present.Sum(row => row.Cells[column].Number.IsDash ? 0 : row.Cells[column].Number.RoundingTolerance);
        // Whole numbers that are shown in full foot exactly: rounding is granted only where the statement rounds, one unit for each three parts.
        tolerance = Math.Min(tolerance, (1 + (present.Count / 3)) * 2 * cell.Number.RoundingTolerance);
        // Cells of a workbook carry binary fractions: the last digits of a double are no misprint.
        tolerance = Math.Max(tolerance, Math.Abs(cell.Number.Value) * BinaryNoise);
        var found = cell.Number.Value;
        var change = Math.Abs(found - expected) <= tolerance ? null : SmallestChange.Find(
            Addend(rows[total], column), present.ConvertAll(row => Addend(row, column)), Neighbours(rows, parts, column));
        return new FootingCheck(rows[total], column, present, present.Count == parts.Count && !HidesRows(rows, parts.Min(), total), expected, found, tolerance, change);
    }

    /// <summary>A row without numbers among the parts, that is no section heading, may be a part whose value is not printed.</summary>
    private static bool HidesRows(IReadOnlyList<TableRow> rows, int first, int total) => Enumerable.Range(first, total - first)
        .Any(i => rows[i].IsHeading && !rows[i].Label.EndsWith(':') && rows[i].Label.Any(char.IsLower));

    private static List<Addend> Neighbours(IReadOnlyList<TableRow> rows, List<int> parts, int column)
    {
        var before = parts.Min() - 1;
        return before >= 0 && rows[before].Cells.ContainsKey(column) ? [Addend(rows[before], column)] : [];
    }

    private static Addend Addend(TableRow row, int column) => new(row.Label, row.Cells[column].Number.Value, row.Cells[column].Number.Decimals);

    /// <summary>The label announces a total.</summary>
    public static bool IsTotal(string label) => TotalLabel().IsMatch(label);

    [GeneratedRegex(@"^\W*(sub-?)?totals?\b|^net cash (flows? )?(provided|used|from|generated)|\btotal$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 2000)]
    private static partial Regex TotalLabel();
}
