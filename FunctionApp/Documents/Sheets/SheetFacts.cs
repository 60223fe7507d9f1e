using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Advisor.Documents.Reading.Sheets;
using Advisor.Documents.Statements;
using Advisor.Documents.Tables;
using Advisor.Kernel.Reasoning;

namespace Advisor.Documents.Sheets;

/// <summary>Makes facts of cells.</summary>
public sealed partial class SheetFacts(string documentId, string documentName)
{
    public static string Id(string documentId, string sheet, string cell) =>
        "f" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{documentId}|{sheet}|{cell}")).AsSpan(0, 8));

    /// <summary>The facts of a table, row by row.</summary>
    public IEnumerable<Fact> Of(SheetStatement statement)
    {
        var (scale, currency) = Measure(statement.Source);
        for (var r = 0; r < statement.Table.Rows.Count; r++)
        {
            var row = statement.Table.Rows[r];
            var metric = statement.Named.GetValueOrDefault(row);
            for (var c = 0; c < statement.Source.Columns.Count; c++)
            {
                if (!statement.Source.Rows[r].Cells.TryGetValue(statement.Source.Columns[c].Column, out var cell) || cell.Number is null || cell.Kind == CellKind.Date)
                {
                    continue;
                }

                var period = statement.Periods.GetValueOrDefault(c);
                var fact = OfCell(statement.Source.Sheet, cell, LabelOf(row, statement, c), statement.Kind is null ? 1 : scale, statement.Kind is null ? null : currency, metric?.Unit);
                var isMetric = metric is not null && period is not null && fact.Unit == metric.Unit;
                yield return fact with
                {
                    Period = period,
                    Metric = isMetric ? metric!.Id : null,
                    Rule = statement.Kind is not { } kind ? "sheet/cell" : $"statement/{FactBuilder.Slug(kind)}/{(isMetric ? metric!.Id : "row")}",
                };
            }
        }
    }

    /// <summary>The fact of one cell, without a period.</summary>
    public Fact OfCell(string sheet, Cell cell, string label, decimal scale, string? currency, Unit? expected)
    {
        var percent = cell.NumberFormat.Contains('%');
        var unit = percent ? Unit.Percent : Counted().IsMatch(cell.Displayed) ? Unit.Number : expected ?? (label.Contains("per share", StringComparison.OrdinalIgnoreCase) ? Unit.CurrencyPerShare
            : currency is not null ? Unit.Currency : Unit.Number);
        var applied = unit is Unit.Currency or Unit.Shares ? scale : 1;
        return new Fact
        {
            Id = Id(documentId, sheet, cell.Address),
            Label = label,
            Value = cell.Number!.Value * (percent ? 100 : applied),
            Unit = unit,
            Currency = unit is Unit.Currency or Unit.CurrencyPerShare ? currency : null,
            Scale = applied,
            Printed = cell.Displayed,
            Source = new SourceRef(documentId, documentName, Sheet: sheet, Cell: cell.Address),
            ReadBy = ReadingMethod.NativeCell,
            Confidence = 1,
            Rule = "sheet/cell",
        };
    }

    private static string LabelOf(TableRow row, SheetStatement statement, int column) =>
        row.Label.Length > 0 ? row.Label : statement.Source.Columns[column].Header is { Length: > 0 } header ? header : statement.Source.Sheet;

    /// <summary>A number that says by its format what it counts, and that it is no money: <c>5.1x</c>, <c>30 days</c>, <c>25 bps</c>.</summary>
    [GeneratedRegex(@"[0-9)]\s*(x|×|times|days?|weeks?|months?|years?|yrs?|hours?|hrs?|bps?|pps?|ppts?|pts?)\s*\)?\s*\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Counted();

    private static (decimal Scale, string? Currency) Measure(SheetTable table)
    {
        var scale = table.Hints.LastOrDefault(hint => hint.Scale is not null)?.Scale ?? 1;
        return (scale, table.Hints.LastOrDefault(hint => hint.Currency is not null)?.Currency);
    }
}
