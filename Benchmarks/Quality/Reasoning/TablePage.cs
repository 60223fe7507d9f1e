using System.Globalization;
using Advisor.Kernel.Reasoning;
using Advisor.Kernel.Reasoning.Expressions;

namespace Advisor.Benchmarks.Quality.Reasoning;

/// <summary>How units are read from print, where the data does not give them. Each is tried where the one before gives a unit mismatch.</summary>
internal enum UnitReading
{
    /// <summary>Percent with a percent sign; money where the number, or a number in its row or column, has a currency sign; else a number. A bare year is a number.</summary>
    Narrow,

    /// <summary>Accountants print the sign on the first and last rows only, so every number of a table that has one, years and percentages aside, is money.</summary>
    Wide,

    /// <summary>All are numbers: one value may be printed in two units, and money may stand beside counts in one row.</summary>
    None,
}

/// <summary>The numbers of a question's table and paragraphs as facts: value and sign as printed, no scale applied.</summary>
/// <remarks>
/// First every cell that is a number, row by row; then every number within other cells and within paragraphs. Ids are <c>f1</c>, <c>f2</c> and
/// so on in that order, whichever way units are read.
/// </remarks>
internal sealed class TablePage
{
    /// <summary>Words on each side of a number in prose that its label holds.</summary>
    private const int WordsAround = 6;

    private static readonly char[] s_wordEnds = [' ', '\u00A0', '\n', '\r', '\t', '-', '–', '—', '/'];
    private static readonly char[] s_wordMarks = ['(', ')', '.', ',', ';', ':', '“', '”', '\'', '’'];

    private readonly List<Fact> _facts = [];
    private readonly string _document;
    private readonly UnitReading _units;

    public TablePage(TableQuestion question, UnitReading units)
    {
        (_document, _units) = (question.Id, units);
        AddCells(question.Table);
        for (var r = 0; r < question.Table.Count; r++)
        {
            for (var c = 0; c < question.Table[r].Count; c++)
            {
                if (!PrintedNumber.TryParse(question.Table[r][c], out _))
                {
                    AddProse(question.Table[r][c], "heading", Cell(r, c));
                }
            }
        }

        for (var p = 0; p < question.Paragraphs.Count; p++)
        {
            var place = string.Create(CultureInfo.InvariantCulture, $"paragraph {p + 1}");
            AddProse(question.Paragraphs[p], place, new SourceRef(_document, place, Page: 1));
        }

        ById = _facts.ToDictionary(fact => fact.Id, StringComparer.Ordinal);
    }

    /// <summary>In the order of their ids.</summary>
    public IReadOnlyList<Fact> Facts => _facts;

    public IReadOnlyDictionary<string, Fact> ById { get; }

    /// <summary>Evaluates over the page as the product evaluates claims, with the first reading of units that gives no mismatch.</summary>
    /// <remarks>A number that does not come from the cited facts is no value; see <see cref="Dependence"/>.</remarks>
    public static (EvaluationResult Result, UnitReading Units) Evaluate(TableQuestion question, string expression)
    {
        EvaluationResult? result = null;
        foreach (var units in Enum.GetValues<UnitReading>())
        {
            result = Evaluate(new EvaluationContext(new TablePage(question, units).ById), expression);
            if (result is not EvaluationResult.Failed { Error: ExpressionError.UnitMismatch })
            {
                return (result, units);
            }
        }

        return (result!, UnitReading.None);
    }

    /// <summary>Four digits, 1900 to 2099, and nothing else.</summary>
    public static bool IsYear(string printed) =>
        printed.Trim() is { Length: 4 } text && (text.StartsWith("19", StringComparison.Ordinal) || text.StartsWith("20", StringComparison.Ordinal)) && text.All(char.IsAsciiDigit);

    private static EvaluationResult Evaluate(EvaluationContext context, string expression) =>
        ExpressionEvaluator.Evaluate(expression, context) is EvaluationResult.Evaluated evaluated && ExpressionParser.Parse(expression) is ParseResult.Parsed parsed
            ? Dependence.Check(parsed.Expression, context) is { } error ? new EvaluationResult.Failed(error) : evaluated
            : ExpressionEvaluator.Evaluate(expression, context);

    private void AddCells(IReadOnlyList<IReadOnlyList<string>> rows)
    {
        var headings = new TableHeadings(rows);
        var signs = rows.Select(row => row.Select(cell => PrintedNumber.TryParse(cell, out var number) ? number.Currency : null).ToArray()).ToArray();
        for (var r = 0; r < rows.Count; r++)
        {
            for (var c = 0; c < rows[r].Count; c++)
            {
                if (!PrintedNumber.TryParse(rows[r][c], out var number))
                {
                    continue;
                }

                var column = c;
                var near = signs[r].Concat(signs.Select(row => row.ElementAtOrDefault(column)));
                var around = _units == UnitReading.Wide ? signs.SelectMany(row => row) : near;
                Add(number, number.Currency ?? (IsYear(rows[r][c]) ? null : around.FirstOrDefault(sign => sign is not null)), rows[r][c].Trim(), headings.LabelOf(r, c), Cell(r, c));
            }
        }
    }

    private void AddProse(string text, string place, SourceRef source)
    {
        var words = text.Split(s_wordEnds, StringSplitOptions.RemoveEmptyEntries);
        for (var w = 0; w < words.Length; w++)
        {
            var word = words[w].Trim(s_wordMarks);
            if (PrintedNumber.TryParse(word, out var number))
            {
                Add(number, number.Currency, word, $"{place}: {string.Join(' ', words[Math.Max(0, w - WordsAround)..Math.Min(words.Length, w + WordsAround + 1)])}", source);
            }
        }
    }

    private SourceRef Cell(int row, int column) =>
        new(_document, "table", Page: 1, Cell: string.Create(CultureInfo.InvariantCulture, $"R{row + 1}C{column + 1}"), Table: 1);

    private void Add(PrintedNumber number, string? currency, string printed, string label, SourceRef source)
    {
        var unit = _units == UnitReading.None ? Unit.Number : number.IsPercent ? Unit.Percent : currency is null ? Unit.Number : Unit.Currency;
        _facts.Add(new Fact
        {
            Id = string.Create(CultureInfo.InvariantCulture, $"f{_facts.Count + 1}"),
            Label = label,
            Value = number.Value,
            Unit = unit,
            Currency = unit == Unit.Currency ? currency : null,
            Printed = printed,
            Source = source,
            ReadBy = ReadingMethod.TextLayer,
            Rule = source.Cell is null ? "paragraph/number" : "table/cell",
        });
    }
}
