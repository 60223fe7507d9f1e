using System.Text.RegularExpressions;

namespace Advisor.Documents.Tables;

/// <summary>Joins the phrases printed above each column.</summary>
public static partial class ColumnHeaders
{
    public static IReadOnlyList<TableColumn> Of(IReadOnlyList<ColumnBands.Band> bands, IReadOnlyList<PageLine> headerLines, IReadOnlyList<TableRow> rows)
    {
        var headers = bands.Select(_ => new List<string>()).ToList();
        foreach (var phrase in headerLines.SelectMany(Phrases))
        {
            for (var i = 0; i < bands.Count; i++)
            {
                // A column's own room reaches half way to its neighbours.
                var left = i == 0 ? bands[i].Left - 25 : (bands[i - 1].Right + bands[i].Left) / 2;
                var right = i == bands.Count - 1 ? bands[i].Right + 25 : (bands[i].Right + bands[i + 1].Left) / 2;
                if (Math.Min(phrase.Right, right) - Math.Max(phrase.Left, left) > 0.3 * (phrase.Right - phrase.Left))
                {
                    headers[i].Add(phrase.Text);
                }
            }
        }

        return [.. bands.Select((band, i) =>
        {
            var header = string.Join(' ', headers[i]);
            return new TableColumn(i, band.Left, band.Right, header, PercentHeader().IsMatch(header) || NoteHeader().IsMatch(header) || MostlyPercent(rows, i));
        })];
    }

    private static bool MostlyPercent(IReadOnlyList<TableRow> rows, int column)
    {
        var cells = rows.Where(row => row.Cells.ContainsKey(column)).Select(row => row.Cells[column]).Where(cell => !cell.Number.IsDash).ToList();
        return cells.Count > 0 && cells.Count(cell => cell.Number.IsPercent) * 2 > cells.Count;
    }

    private static IEnumerable<(string Text, double Left, double Right)> Phrases(PageLine line)
    {
        var start = 0;
        for (var i = 1; i <= line.Words.Count; i++)
        {
            if (i == line.Words.Count || line.Words[i].Left - line.Words[i - 1].Right > line.Height * 0.7)
            {
                yield return (string.Join(' ', line.Words.Skip(start).Take(i - start).Select(w => w.Text)), line.Words[start].Left, line.Words[i - 1].Right);
                start = i;
            }
        }
    }

    [GeneratedRegex(@"^\W*(notes?|ref\.?|reference)\W*$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 2000)]
    private static partial Regex NoteHeader();

    [GeneratedRegex(@"%|\bpercent|\bchange|\bgrowth|\b(increase|decrease)\b|\bvariance|\bto sales\b|\bbasis points\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 2000)]
    private static partial Regex PercentHeader();
}
