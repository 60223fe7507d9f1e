using Advisor.Documents.Reading.Pages;
using Advisor.Documents.Tables;
using Advisor.Kernel.Reasoning;

namespace Advisor.Documents.Statements;

/// <summary>What was found in a document's pages.</summary>
/// <param name="Facts">In reading order. A metric that is printed twice for a period is there twice, equal or not.</param>
public sealed record PageFindings(
    DocumentProfile Profile, IReadOnlyList<PageTable> Tables, IReadOnlyList<Statement> Statements, IReadOnlyList<Fact> Facts);

/// <summary>Reads facts from pages: tables, then statements among them, then their cells.</summary>
public static class PageFacts
{
    public static PageFindings Read(string documentId, string documentName, IReadOnlyList<PageReading> pages, MetricTable metrics)
    {
        var lines = pages.AsParallel().AsOrdered().Select(PageLine.Of).ToList();
        var profile = DocumentProfile.Of(lines);
        var builder = new FactBuilder(documentId, documentName, metrics);
        var found = pages.AsParallel().AsOrdered().Select((page, index) =>
        {
            var tables = TableFinder.Find(page, lines[index]);
            return (Page: page, Tables: tables, Statements: StatementFinder.Find(page.Number, lines[index], tables, profile.Defaults));
        }).ToList();
        var scale = CommonScale(found.SelectMany(f => f.Statements));
        var largest = found.SelectMany(f => f.Statements).Where(statement => statement.Scale.IsPrinted).Select(Largest).DefaultIfEmpty(0).Max() * scale.Money;
        found = found.ConvertAll(f => f with { Statements = f.Statements.ConvertAll(statement => WithScale(statement, scale, largest)) });
        var facts = found.AsParallel().AsOrdered().Select(f =>
        {
            var inStatements = f.Statements.SelectMany(s => s.Parts).Select(part => part.Table).ToHashSet(ReferenceEqualityComparer.Instance);
            return f.Statements.SelectMany(statement => builder.OfStatement(statement, f.Page))
                .Concat(f.Tables.Where(table => !inStatements.Contains(table)).SelectMany(table => builder.OfTable(table, f.Page, profile.Defaults, scale)))
                .ToList();
        }).ToList();
        return new PageFindings(
            profile with { Company = profile.Company ?? CompanyAbove(found.SelectMany(f => f.Statements)) },
            [.. found.SelectMany(f => f.Tables)],
            [.. found.SelectMany(f => f.Statements)],
            [.. facts.SelectMany(f => f)]);
    }

    private static MoneyScale CommonScale(IEnumerable<Statement> statements)
    {
        var scales = statements.Where(statement => statement.Scale.IsPrinted).Select(statement => (statement.Scale.Money, statement.Scale.Shares)).Distinct().ToList();
        return scales.Count == 1 ? new MoneyScale(scales[0].Money, scales[0].Shares, null, IsPrinted: true) : MoneyScale.None;
    }

    /// <summary>A statement whose amounts would be this many times the others' is in whole units, not in their scale.</summary>
    private const decimal OutOfScale = 20;

    private static decimal Largest(Statement statement) =>
        statement.Parts.SelectMany(part => part.Table.Rows).SelectMany(row => row.Cells.Values).Select(cell => Math.Abs(cell.Number.Value)).DefaultIfEmpty(0).Max();

    /// <summary>A statement that prints no scale has that of the others, as its continuation pages do, unless its amounts would be far out of theirs.</summary>
    private static Statement WithScale(Statement statement, MoneyScale common, decimal largest) =>
        statement.Scale.IsPrinted || !common.IsPrinted || Largest(statement) * common.Money > OutOfScale * largest ? statement : statement with { Scale = common with { Currency = statement.Scale.Currency } };

    /// <summary>The line that stands above most statement titles, when it stands above two or more.</summary>
    private static string? CompanyAbove(IEnumerable<Statement> statements) => statements
        .Where(statement => statement.Above is { Length: > 2 and < 80 } line && line.Any(char.IsLetter) && !line.Any(char.IsAsciiDigit)
            && !line.Contains("table of contents", StringComparison.OrdinalIgnoreCase))
        .GroupBy(statement => statement.Above!, StringComparer.Ordinal)
        .Where(group => group.Count() > 1)
        .MaxBy(group => group.Count())?.Key;
}
