using System.Text.RegularExpressions;
using Advisor.Documents.Tables;
using Advisor.Kernel.Reasoning;

namespace Advisor.Documents.Statements;

/// <summary>Finds the primary statements among the tables of a page.</summary>
public static partial class StatementFinder
{
    /// <summary>Lines above and below the title in which its scale phrase can stand.</summary>
    private const int ScaleReach = 8;

    /// <summary>The statements that begin on a page, top to bottom.</summary>
    public static List<Statement> Find(int page, List<PageLine> lines, IReadOnlyList<PageTable> tables, PeriodDefaults defaults)
    {
        var found = new List<Statement>();
        if (tables.Count == 0)
        {
            return found;
        }

        var titles = Titles(lines);
        for (var i = 0; i < titles.Count; i++)
        {
            var (index, kind, title) = titles[i];
            var bottom = i + 1 < titles.Count ? lines[titles[i + 1].Index].Top : double.MaxValue;
            var own = tables.Where(table => FirstRowTop(table) > lines[index].Top && FirstRowTop(table) < bottom).ToList();
            var reach = lines.Take(index + 1 + ScaleReach).Skip(Math.Max(0, index - 1)).Where(line => own.Count == 0 || line.Top <= FirstRowTop(own[0]));
            var above = reach.Select(line => line.Text).ToList();
            var scale = MoneyScale.In(above);
            scale = scale with { Currency = scale.Currency ?? above.Select(MoneyScale.CurrencyIn).FirstOrDefault(currency => currency is not null) };
            if (Read(kind, title, page, scale, lines.Skip(index).ToList(), own, defaults) is { } statement)
            {
                found.Add(statement with { Above = index > 0 ? lines[index - 1].Text : null });
            }
        }

        return found;
    }

    private static List<(int Index, StatementKind Kind, string Title)> Titles(List<PageLine> lines)
    {
        var titles = new List<(int, StatementKind, string)>();
        for (var i = 0; i < lines.Count; i++)
        {
            if (StatementTitle.Of(lines[i]) is { } kind)
            {
                titles.Add((i, kind, lines[i].Text));
            }
        }

        return titles;
    }

    private static Statement? Read(
        StatementKind kind, string title, int page, MoneyScale scale, List<PageLine> linesFromTitle, List<PageTable> tables, PeriodDefaults defaults)
    {
        var parts = new List<StatementPart>();
        foreach (var table in tables)
        {
            if (parts.Count > 0 && LookAlikeCaption().IsMatch(string.Join('\n', table.Caption.Select(line => line.Text))))
            {
                break;
            }

            var caption = parts.Count == 0 ? linesFromTitle.TakeWhile(line => line.Top < FirstRowTop(table)).ToList() : table.Caption;
            var periods = ColumnPeriods.Resolve(table.Columns, caption, kind == StatementKind.BalanceSheet, defaults);
            if (periods.Count == 0 && parts.Count > 0)
            {
                periods = Inherit(parts[^1], table);
            }

            if (periods.Count > 0)
            {
                parts.Add(new StatementPart(table, periods));
            }
        }

        var statement = new Statement(kind, title, null, page, scale, parts);
        return IsConvincing(statement) ? statement : null;
    }

    /// <summary>A part without headers of its own continues the columns above it.</summary>
    private static Dictionary<int, Period> Inherit(StatementPart above, PageTable table)
    {
        var periods = new Dictionary<int, Period>();
        foreach (var column in table.Columns)
        {
            var same = above.Table.Columns.FirstOrDefault(c => Math.Min(c.Right, column.Right) - Math.Max(c.Left, column.Left) > 0);
            if (same is not null && above.Periods.TryGetValue(same.Index, out var period))
            {
                periods.TryAdd(column.Index, period);
            }
        }

        return periods;
    }

    /// <summary>A title is not enough: the lines that make a statement what it is must be there.</summary>
    private static bool IsConvincing(Statement statement)
    {
        var labels = statement.Parts.SelectMany(part => part.Table.Rows).Where(row => !row.IsHeading).Select(row => MetricLabel.Normalise(row.Label)).ToList();
        return labels.Count >= 4 && statement.Kind switch
        {
            StatementKind.Income => labels.Exists(label => ProfitLine().IsMatch(label)) && labels.Exists(label => TaxOrShareOrRevenue().IsMatch(label)),
            StatementKind.BalanceSheet => labels.Exists(label => BalanceLine().IsMatch(label)),
            _ => labels.Exists(label => CashLine().IsMatch(label)),
        };
    }

    private static double FirstRowTop(PageTable table) => table.Rows.SelectMany(row => row.Cells.Values).Min(cell => (double)cell.Box.Top);

    [GeneratedRegex(@"\b(net|operating) (income|earnings|profit|loss)|(profit|loss|income) for the (year|period)|from operations\b", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 2000)]
    private static partial Regex ProfitLine();

    [GeneratedRegex(@"\btax|per .*share|revenue|sales|turnover", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 2000)]
    private static partial Regex TaxOrShareOrRevenue();

    [GeneratedRegex(@"^total (current )?assets|^total liabilities|equity$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 2000)]
    private static partial Regex BalanceLine();

    [GeneratedRegex(@"cash.*(operating|investing|financing) activities|cash.*operations", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 2000)]
    private static partial Regex CashLine();

    [GeneratedRegex(@"\b(non-gaap|adjusted|pro\s*forma|reconciliation|exhibit \d|schedule \d|store update)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 2000)]
    private static partial Regex LookAlikeCaption();
}
