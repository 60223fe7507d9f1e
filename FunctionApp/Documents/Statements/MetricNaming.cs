using Advisor.Documents.Tables;

namespace Advisor.Documents.Statements;

/// <summary>Finds the rows of a statement that print canonical metrics.</summary>
public static class MetricNaming
{
    /// <summary>One row for each metric: the first label expression that any row matches decides, and the first such row.</summary>
    /// <param name="rows">All rows of the statement, top to bottom, headings included.</param>
    public static IReadOnlyDictionary<TableRow, MetricDefinition> Name(MetricTable metrics, StatementKind kind, IReadOnlyList<TableRow> rows)
    {
        var candidates = rows.Where(row => !row.IsHeading)
            .Select(row => (Row: row, Label: MetricLabel.Normalise(row.Label), Section: MetricLabel.Normalise(row.Section ?? "")))
            .ToList();
        var named = new Dictionary<TableRow, MetricDefinition>(ReferenceEqualityComparer.Instance);
        foreach (var metric in metrics.Metrics.Where(metric => metric.Statement == kind))
        {
            var row = metric.Labels
                .Select(pattern => candidates.Find(c => !named.ContainsKey(c.Row)
                    && pattern.Label.IsMatch(c.Label)
                    && pattern.Section?.IsMatch(c.Section) != false
                    && metric.Unless?.IsMatch(c.Section) != true).Row)
                .FirstOrDefault(found => found is not null);
            if (row is not null)
            {
                named[row] = metric;
            }
        }

        return named;
    }
}
