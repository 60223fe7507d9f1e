using Advisor.Documents.Reading.Sheets;
using Advisor.Documents.Statements;
using Advisor.Documents.Tables;
using Advisor.Kernel.Reasoning;

namespace Advisor.Documents.Sheets;

/// <summary>A table of a sheet seen as a statement: its rows in the form that metrics are named and totals footed by.</summary>
/// <param name="Kind">Null when the table is no statement.</param>
/// <param name="Periods">By the table's column index, from 0.</param>
public sealed record SheetStatement(
    SheetTable Source, PageTable Table, StatementKind? Kind, IReadOnlyDictionary<TableRow, MetricDefinition> Named, IReadOnlyDictionary<int, Period> Periods);

/// <summary>Recognises statements among the tables of a sheet, by title or by the rows they hold.</summary>
public static class SheetStatements
{
    /// <summary>A table without a title is a statement when it names this many of its metrics.</summary>
    private const int MinMetrics = 3;

    public static SheetStatement Of(SheetTable source, int number, MetricTable metrics)
    {
        var table = AsTable(source, number);
        var (kind, named) = Recognise(source, table, metrics);
        return new SheetStatement(source, table, kind, named, Periods(source, kind == StatementKind.BalanceSheet));
    }

    private static PageTable AsTable(SheetTable source, int number)
    {
        var columns = source.Columns.Select((column, i) => new TableColumn(i, i, i + 0.5, column.Header, IsPercent(column, source))).ToList();
        var index = source.Columns.Select((column, i) => (column.Column, i)).ToDictionary(c => c.Column, c => c.i);
        var rows = new List<TableRow>();
        string? section = null;
        foreach (var row in source.Rows)
        {
            var cells = row.Cells.Where(cell => cell.Value.Number is not null && index.ContainsKey(cell.Key))
                .ToDictionary(cell => index[cell.Key], cell => AsNumber(cell.Value));
            rows.Add(new TableRow(row.RowNumber, row.Label, row.Indent, section, cells));
            if (cells.Count == 0)
            {
                section = row.Label.TrimEnd(':', ' ');
            }
        }

        return new PageTable(0, number, [], columns, rows);
    }

    private static NumberCell AsNumber(Cell cell)
    {
        var value = cell.Number!.Value;
        var decimals = Math.Min((int)value.Scale, 12);
        return new NumberCell(cell.Displayed, new PrintedNumber(value, null, cell.NumberFormat.Contains('%'), decimals, IsDash: false, 1), null, default, null);
    }

    private static bool IsPercent(SheetColumn column, SheetTable source)
    {
        var cells = source.Rows.Select(row => row.Cells.GetValueOrDefault(column.Column)).Where(cell => cell?.Number is not null).ToList();
        return cells.Count > 0 && cells.Count(cell => cell!.NumberFormat.Contains('%')) * 2 > cells.Count;
    }

    private static (StatementKind? Kind, IReadOnlyDictionary<TableRow, MetricDefinition> Named) Recognise(SheetTable source, PageTable table, MetricTable metrics)
    {
        var titled = source.Titles.Reverse().Append(source.Sheet).Select(KindOf).FirstOrDefault(kind => kind is not null);
        if (titled is { } kind)
        {
            return (kind, MetricNaming.Name(metrics, kind, table.Rows));
        }

        foreach (var candidate in Enum.GetValues<StatementKind>())
        {
            var named = MetricNaming.Name(metrics, candidate, table.Rows);
            if (named.Count >= MinMetrics && named.Values.Any(metric => IsAnchor(metric.Id)))
            {
                return (candidate, named);
            }
        }

        return (null, new Dictionary<TableRow, MetricDefinition>());
    }

    private static bool IsAnchor(string metric) => metric is "revenue" or "total_assets" or "operating_cash_flow";

    private static StatementKind? KindOf(string title)
    {
        var text = title.ToLowerInvariant();
        return text switch
        {
            _ when text.Length > 90 => null,
            _ when text.Contains("comprehensive income") && !text.Contains("income and") => null,
            _ when text.Contains("balance sheet") || text.Contains("financial position") => StatementKind.BalanceSheet,
            _ when text.Contains("cash flow") => StatementKind.CashFlow,
            _ when text.Contains("income statement") || text.Contains("statement of income") || text.Contains("statements of income") || text.Contains("profit and loss")
                || text.Contains("p&l") || text.Contains("statement of operations") || text.Contains("statements of operations") => StatementKind.Income,
            _ => null,
        };
    }

    private static Dictionary<int, Period> Periods(SheetTable source, bool instants)
    {
        var periods = new Dictionary<int, Period>();
        for (var i = 0; i < source.Columns.Count; i++)
        {
            if (PeriodOf(source.Columns[i].Header, instants) is { } period && !periods.ContainsValue(period))
            {
                periods[i] = period;
            }
        }

        return periods;
    }

    private static Period? PeriodOf(string header, bool instants)
    {
        var tokens = PeriodTokens.In(header);
        var date = tokens.FindLast(token => token.Kind == PeriodTokenKind.Date);
        var year = tokens.FindLast(token => token.Kind == PeriodTokenKind.Year);
        var span = tokens.FindLast(token => token.Kind == PeriodTokenKind.Span);
        var quarter = span is { Quarter: > 0 } ? span.Quarter : (int?)null;
        if (date is not null && date.Day <= DateTime.DaysInMonth(date.Year, date.Month))
        {
            // A bare date over flows says when, not how long: the length must be printed too.
            var months = instants ? 0 : span?.Months;
            return months is null ? null : new Period(new DateOnly(date.Year, date.Month, date.Day), months.Value, null);
        }

        return year is null ? null : new Period(null, instants ? 0 : span?.Months ?? 12, year.Year, quarter);
    }
}
