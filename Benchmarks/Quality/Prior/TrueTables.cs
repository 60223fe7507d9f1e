using System.Globalization;
using System.Xml.Linq;
using Advisor.Kernel.Reasoning;

namespace Advisor.Benchmarks.Quality.Prior;

/// <summary>A cell of a true table.</summary>
/// <param name="Region">Number of the part of a table, from 0 within the document: rows and columns count within it.</param>
/// <param name="Bottom">Points from the bottom of the page, as is <paramref name="Top"/>.</param>
internal sealed record TrueCell(int Page, int Region, int FirstRow, int LastRow, int FirstColumn, int LastColumn, decimal Left, decimal Bottom, decimal Right, decimal Top, string Text);

/// <summary>The true cells of a document's tables (ICDAR 2013 table competition, <c>*-str.xml</c>), and what they say of a fact.</summary>
internal sealed class TrueTables(IReadOnlyList<TrueCell> cells)
{
    /// <summary>How far outside a cell's box the middle of a number may lie, in points.</summary>
    private const decimal Slack = 2;

    public IReadOnlyList<int> Pages { get; } = [.. cells.Select(cell => cell.Page).Distinct().Order()];

    public static TrueTables Read(string file)
    {
        var cells = new List<TrueCell>();
        var region = 0;
        foreach (var part in XDocument.Load(file).Descendants("region"))
        {
            cells.AddRange(part.Elements("cell").Select(cell => CellOf(Number(part, "page"), region, cell)));
            region++;
        }

        return new TrueTables(cells);
    }

    /// <param name="page">In the document that the tables are of.</param>
    /// <param name="pageHeight">Points.</param>
    public Label LabelOf(Fact fact, int page, decimal pageHeight)
    {
        var box = fact.Source.Box!.Value;
        var (x, y) = ((box.Left + box.Right) / 2, pageHeight - ((box.Top + box.Bottom) / 2));
        var onPage = cells.Where(cell => cell.Page == page).ToList();
        if (onPage.Find(cell => x > cell.Left - Slack && x < cell.Right + Slack && y > cell.Bottom - Slack && y < cell.Top + Slack) is not { } cell)
        {
            var within = onPage.GroupBy(one => one.Region).Any(part => x > part.Min(one => one.Left) && x < part.Max(one => one.Right) && y > part.Min(one => one.Bottom) && y < part.Max(one => one.Top));
            return within ? Label.Wrong("no such cell") : Label.None("outside the labelled tables");
        }

        return IsOneOfSeveral(fact.Printed, cell.Text) ? Label.None("one of several numbers of a true cell") : !SameNumber(fact.Printed, cell.Text) ? Label.Wrong("value") : LabelOfRow(fact, cell) is { Right: not true } row ? row : LabelOfPeriod(fact, cell);
    }

    /// <summary>The texts that stand left of the cell in its row, together or one of them, name the row.</summary>
    private Label LabelOfRow(Fact fact, TrueCell cell)
    {
        var left = cells.Where(one => one.Region == cell.Region && one.LastColumn < cell.FirstColumn && one.FirstRow <= cell.LastRow && one.LastRow >= cell.FirstRow)
            .OrderBy(one => one.FirstColumn).ThenBy(one => one.FirstRow).ToList();
        var words = left.FindAll(one => one.Text.Any(char.IsLetter));
        string[] names = [Joined(left), Joined(words), .. words.Select(one => one.Text)];
        return words.Count == 0 ? Label.None("the true row has no label")
            : names.Any(name => Similar.Are(name, fact.Label)) ? Label.IsRight : Label.Wrong("label");
    }

    /// <summary>Where the true column names years, the period that was read must be one of them; a fact without a period says nothing that could be wrong.</summary>
    private Label LabelOfPeriod(Fact fact, TrueCell cell)
    {
        if (fact.Period is not { } period)
        {
            return Label.IsRight;
        }

        var headers = string.Join(' ', cells.Where(one => one.Region == cell.Region && one.LastRow < cell.FirstRow && one.FirstColumn <= cell.LastColumn && one.LastColumn >= cell.FirstColumn).Select(one => one.Text));
        var years = Enumerable.Range(1900, 200).Where(year => headers.Contains(year.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)).ToList();
        return years.Count == 0 ? Label.None("the true column names no year") : years.Exists(year => year == period.FiscalYear || year == period.End?.Year) ? Label.IsRight : Label.Wrong("period");
    }

    /// <summary>As printed, but for blanks and currency signs.</summary>
    private static bool SameNumber(string printed, string truth)
    {
        var (a, b) = (Bare(printed), Bare(truth));
        return a == b || (PrintedNumber.TryParse(a, out var one) && PrintedNumber.TryParse(b, out var other) && (one.Value, one.IsPercent, one.IsDash) == (other.Value, other.IsPercent, other.IsDash));

        static string Bare(string text) => string.Concat(text.Where(c => !char.IsWhiteSpace(c) && c is not ('€' or '£' or '$')));
    }

    /// <summary><c>27 (4.2%)</c> is two numbers; <c>31 900</c> is one.</summary>
    private static bool IsOneOfSeveral(string printed, string truth)
    {
        var parts = truth.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return parts.Length > 1 && parts.Contains(printed) && parts.All(part => PrintedNumber.TryParse(part, out _)) && parts.Any(part => part.AsSpan().ContainsAny('%', '(', ')'));
    }

    private static string Joined(IEnumerable<TrueCell> parts) => string.Join(' ', parts.Select(one => one.Text));

    private static TrueCell CellOf(int page, int region, XElement cell)
    {
        var box = cell.Element("bounding-box")!;
        var (row, column) = (Number(cell, "start-row"), Number(cell, "start-col"));
        return new TrueCell(
            page, region, row, Number(cell, "end-row", row), column, Number(cell, "end-col", column),
            Number(box, "x1"), Number(box, "y1"), Number(box, "x2"), Number(box, "y2"), cell.Element("content")?.Value ?? "");
    }

    private static int Number(XElement element, string name, int? otherwise = null) =>
        element.Attribute(name) is { } attribute ? int.Parse(attribute.Value, CultureInfo.InvariantCulture) : otherwise ?? throw new InvalidDataException($"An element {element.Name} has no {name}.");
}
