namespace Advisor.Documents.Tables;

/// <summary>The horizontal bands in which a table's numbers stand.</summary>
public static class ColumnBands
{
    /// <summary>Right edges that differ by less than this many font heights are one column.</summary>
    private const double EdgeTolerance = 0.8;

    /// <summary>A band with fewer cells than this share of the fullest one is an accident of some label.</summary>
    private const double MinShare = 0.12;

    /// <summary>A band by its edges in points, left to right.</summary>
    public readonly record struct Band(double Left, double Right, double Edge, int Cells)
    {
        public double Center => (Left + Right) / 2;
    }

    public static List<Band> Of(IReadOnlyList<LineCells> lines)
    {
        var cells = lines.SelectMany(line => line.Numbers.Select(number => (number, line.Line.Height)))
            .Where(cell => !cell.number.Number.IsDash)
            .OrderBy(cell => cell.number.DigitsRight)
            .ToList();
        var bands = new List<Band>();
        foreach (var (number, height) in cells)
        {
            if (bands.Count > 0 && number.DigitsRight - bands[^1].Edge <= EdgeTolerance * height)
            {
                var last = bands[^1];
                bands[^1] = new Band(Math.Min(last.Left, number.Left), Math.Max(last.Right, number.Right), number.DigitsRight, last.Cells + 1);
            }
            else
            {
                bands.Add(new Band(number.Left, number.Right, number.DigitsRight, 1));
            }
        }

        bands = Merge(bands, lines);
        var most = bands.Count == 0 ? 0 : bands.Max(band => band.Cells);
        return bands.FindAll(band => band.Cells >= Math.Max(1, MinShare * most));
    }

    /// <summary>The band a number stands in, or -1.</summary>
    public static int IndexOf(IReadOnlyList<Band> bands, NumberCell number)
    {
        var best = -1;
        var bestOverlap = 0d;
        for (var i = 0; i < bands.Count; i++)
        {
            var overlap = Math.Min(bands[i].Right, number.Right) - Math.Max(bands[i].Left, number.Left);
            if (overlap > bestOverlap)
            {
                (best, bestOverlap) = (i, overlap);
            }
        }

        if (best >= 0 || !number.Number.IsDash)
        {
            return best;
        }

        // A dash may stand beside its column's digits.
        var center = (number.Left + number.Right) / 2;
        var nearest = Enumerable.Range(0, bands.Count).MinBy(i => Math.Abs(bands[i].Center - center));
        return bands.Count > 0 && Math.Abs(bands[nearest].Center - center) < 40 ? nearest : -1;
    }

    /// <summary>Bands that overlap and never hold two numbers of one line are one column, set unevenly.</summary>
    private static List<Band> Merge(List<Band> bands, IReadOnlyList<LineCells> lines)
    {
        var merged = new List<Band>();
        foreach (var band in bands)
        {
            if (merged.Count > 0 && Overlaps(merged[^1], band) && !lines.Any(line => InBoth(line, merged[^1], band)))
            {
                var last = merged[^1];
                merged[^1] = new Band(Math.Min(last.Left, band.Left), Math.Max(last.Right, band.Right), band.Edge, last.Cells + band.Cells);
            }
            else
            {
                merged.Add(band);
            }
        }

        return merged;
    }

    private static bool Overlaps(Band a, Band b) =>
        Math.Min(a.Right, b.Right) - Math.Max(a.Left, b.Left) > 0.25 * Math.Min(a.Right - a.Left, b.Right - b.Left);

    private static bool InBoth(LineCells line, Band a, Band b) =>
        line.Numbers.Any(n => n.DigitsRight <= a.Edge + 0.5 && n.DigitsRight >= a.Left)
        && line.Numbers.Any(n => n.DigitsRight > a.Edge + 0.5 && n.DigitsRight <= b.Edge + 0.5);
}
