using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Advisor.Documents.Reading.Pages;
using Advisor.Documents.Tables;
using Advisor.Kernel.Reasoning;

namespace Advisor.Documents.Statements;

/// <summary>Turns table cells into facts: scale and signs applied, canonical metrics named where a statement prints them.</summary>
public sealed partial class FactBuilder(string documentId, string documentName, MetricTable metrics)
{
    /// <summary>Lines above a table, nearest first, in which its scale phrase is looked for.</summary>
    private const int ScaleReach = 6;

    /// <summary>Facts of a statement's rows, in printed order.</summary>
    public List<Fact> OfStatement(Statement statement, PageReading page)
    {
        var rows = statement.Parts.SelectMany(part => UntilLookAlike(part.Table.Rows).Select(row => (Part: part, Row: row))).ToList();
        var named = MetricNaming.Name(metrics, statement.Kind, rows.ConvertAll(r => r.Row));
        var scale = statement.Scale with { IsPrinted = true, Currency = statement.Scale.Currency ?? SignOf(statement.Parts.SelectMany(part => part.Table.Rows)) };
        var facts = new List<Fact>();
        foreach (var (part, row) in rows)
        {
            var metric = named.GetValueOrDefault(row);
            foreach (var (column, cell) in row.Cells.OrderBy(c => c.Key))
            {
                var header = part.Table.Columns[column];
                var measure = MeasureOf(row, cell, header, scale, metric?.Unit);
                var period = part.Periods.GetValueOrDefault(column);
                var isMetric = metric is not null && period is not null && measure.Unit == metric.Unit && IsPlausible(metric, cell);
                facts.Add(Create(part.Table, row, column, cell, period, measure, page) with
                {
                    Label = LabelOf(row),
                    Metric = isMetric ? metric!.Id : null,
                    Rule = isMetric ? $"statement/{Slug(statement.Kind)}/{metric!.Id}" : $"statement/{Slug(statement.Kind)}/row",
                });
            }
        }

        return facts;
    }

    /// <summary>Facts of a table that is part of no statement; no canonical metric is ever taken from one.</summary>
    /// <param name="statements">The scale that all statements of the document print; used for money where the table prints none. <see cref="MoneyScale.None"/> when they differ.</param>
    public List<Fact> OfTable(PageTable table, PageReading page, PeriodDefaults defaults, MoneyScale statements)
    {
        var caption = table.Caption;
        var printed = MoneyScale.In(caption.Reverse().Take(ScaleReach).Select(line => line.Text));
        var periods = ColumnPeriods.Resolve(table.Columns, caption, instants: false, defaults);
        var money = table.Columns.Where(column => table.Rows.Any(row => row.Cells.TryGetValue(column.Index, out var cell) && cell.CurrencySign is not null))
            .Select(column => column.Index).ToHashSet();
        var sign = SignOf(table.Rows);
        return [.. from row in table.Rows
                   where row.Label.Length > 0
                   from cell in row.Cells.OrderBy(c => c.Key)
                   let scale = printed.IsPrinted ? printed with { Currency = printed.Currency ?? sign }
                       : money.Contains(cell.Key) ? statements with { IsPrinted = true, Currency = sign } : printed
                   select Create(table, row, cell.Key, cell.Value, periods.GetValueOrDefault(cell.Key),
                       MeasureOf(row, cell.Value, table.Columns[cell.Key], scale, null), page)];
    }

    /// <summary>The currency of the first sign; a table shows it on its first and total rows only.</summary>
    private static string? SignOf(IEnumerable<TableRow> rows) => rows
        .SelectMany(row => row.Cells.Values)
        .Select(cell => cell.CurrencySign is { } sign ? MoneyScale.CurrencyIn(sign) : null)
        .FirstOrDefault(currency => currency is not null);

    /// <summary>The cell's address within its table, as <see cref="SourceRef.Cell"/> has it.</summary>
    public static string CellAddress(TableRow row, int column) => string.Create(CultureInfo.InvariantCulture, $"R{row.Number}C{column + 1}");

    /// <summary>The id of the fact that stands in a cell.</summary>
    public string FactId(int page, int table, TableRow row, int column) =>
        "f" + Hash($"{documentId}|{page}|{table}|{CellAddress(row, column)}");

    /// <summary>A label of one word ("Diluted") says nothing without its heading.</summary>
    private static string LabelOf(TableRow row) =>
        row.Section is { Length: > 0 } section && !row.Label.Contains(' ') && PerShare().IsMatch(section.ToLowerInvariant()) ? $"{section}: {row.Label}" : row.Label;

    private Fact Create(PageTable table, TableRow row, int column, NumberCell cell, Period? period, Measure measure, PageReading page) => new()
    {
        Id = FactId(table.Page, table.Number, row, column),
        Label = row.Label,
        Period = period,
        Value = cell.Number.Value * cell.Number.Scale * measure.Scale,
        Unit = measure.Unit,
        Currency = measure.Currency,
        Scale = cell.Number.Scale * measure.Scale,
        Printed = cell.Printed,
        Source = new SourceRef(documentId, documentName, table.Page, page.Shown(cell.Box), Cell: CellAddress(row, column), Table: table.Number),
        ReadBy = page.ReadBy,
        Confidence = cell.Confidence is { } confidence ? Math.Round((decimal)confidence, 4) : null,
        Rule = "table/cell",
    };

    private readonly record struct Measure(Unit Unit, decimal Scale, string? Currency);

    private static Measure MeasureOf(TableRow row, NumberCell cell, TableColumn column, MoneyScale scale, Unit? metricUnit)
    {
        var label = row.Label.ToLowerInvariant();
        var section = row.Section?.ToLowerInvariant() ?? "";
        var currency = (cell.CurrencySign is { } sign ? MoneyScale.CurrencyIn(sign) : null) ?? scale.Currency;
        if (cell.Number.IsPercent || column.IsPercent)
        {
            return new Measure(Unit.Percent, 1, null);
        }

        if (StockWithParValue().IsMatch(label) && !UncountedShares().IsMatch(label))
        {
            // "Common stock, $0.05 par value; 40 shares issued ... 6" says what a share is worth and how many there are: 6 is neither.
            return Amount();
        }

        if (cell.CurrencySign is null && ShareCount().IsMatch(label) && !PerShare().IsMatch(label))
        {
            return new Measure(Unit.Shares, scale.Shares, null);
        }

        if (cell.CurrencySign is null && metricUnit != Unit.CurrencyPerShare && ShareCount().IsMatch(section) && !PerShare().IsMatch(label) && (!PerShare().IsMatch(section) || section.Contains("shares used")))
        {
            return new Measure(Unit.Shares, scale.Shares, null);
        }

        if (PerShare().IsMatch(label) || metricUnit == Unit.CurrencyPerShare || (PerShare().IsMatch(section) && cell.Number.Decimals >= 2))
        {
            return new Measure(Unit.CurrencyPerShare, 1, currency);
        }

        return metricUnit is null && Rate().IsMatch(label) ? new Measure(Unit.Number, 1, null) : Amount();

        Measure Amount() => !scale.IsPrinted && cell.CurrencySign is null && metricUnit is null
            ? new Measure(Unit.Number, 1, null)
            : new Measure(Unit.Currency, scale.Money, currency);
    }

    private static bool IsPlausible(MetricDefinition metric, NumberCell cell) =>
        metric.Unit != Unit.CurrencyPerShare || cell.Number.Decimals > 0 || Math.Abs(cell.Number.Value) < 50;

    /// <summary>A non-GAAP block below a statement repeats its labels with other values: reading stops there.</summary>
    private static IEnumerable<TableRow> UntilLookAlike(IEnumerable<TableRow> rows) =>
        rows.TakeWhile(row => !LookAlikeRow().IsMatch(row.Label) || !row.IsHeading);

    /// <summary>The statement's name in rules.</summary>
    public static string Slug(StatementKind kind) => kind switch
    {
        StatementKind.Income => "income",
        StatementKind.BalanceSheet => "balance_sheet",
        _ => "cash_flow",
    };

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 8));

    [GeneratedRegex(@"\bper\b.{0,30}\bshare|\bper unit\b|\beps\b", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 2000)]
    private static partial Regex PerShare();

    [GeneratedRegex(@"\bshares\b.*\b(outstanding|used|issued|repurchased|authorized|diluted|basic)|weighted[- ]average.*shares|average shares|number of shares", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 2000)]
    private static partial Regex ShareCount();

    /// <summary>A class of stock, and what a share of it is nominally worth: an amount, or none.</summary>
    [GeneratedRegex(@"^(?!\D*\b(number of|per share|weighted|average|shares of [a-z]))(?=.{0,60}\b(stock|shares|capital)\b).*(\b(no|without) (par|nominal|stated)\b|[$€£¥]\s?[\d.][^;]{0,15}\b(par|nominal|stated)\b|\b(par|nominal|stated) value,?( of)?:? ?([$€£¥]|us\$)\s?[\d.])", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 2000)]
    private static partial Regex StockWithParValue();

    /// <summary>Shares whose count the label, after the par value, does not give: they are what the figure counts.</summary>
    [GeneratedRegex(@"\b(par|nominal|stated)\b(?!.*\d[\d.,]*\s*(thousand |million |billion )?shares\b)(?!.*\bshares\b[^\d]{0,40}\d).*\bshares\b", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 2000)]
    private static partial Regex UncountedShares();

    [GeneratedRegex(@"\b(rate|ratio|turnover|percentage|margin rate|% of)\b", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 2000)]
    private static partial Regex Rate();

    [GeneratedRegex(@"\b(adjusted|non-gaap|pro\s*forma)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 2000)]
    private static partial Regex LookAlikeRow();
}
