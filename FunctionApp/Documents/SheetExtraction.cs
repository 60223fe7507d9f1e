using Advisor.Documents.Contracts;
using Advisor.Documents.Intake;
using Advisor.Documents.Proofs;
using Advisor.Documents.Reading.Sheets;
using Advisor.Documents.Sheets;
using Advisor.Documents.Statements;
using Advisor.Kernel.Reasoning;

namespace Advisor.Documents;

/// <summary>From a workbook or CSV file to its findings.</summary>
public static class SheetExtraction
{
    /// <param name="content">The raw bytes, for the second reading.</param>
    public static DocumentFindings Extract(DocumentRecord document, Workbook workbook, byte[] content, CancellationToken cancellationToken)
    {
        var builder = new SheetFacts(document.Id, document.Name);
        var (facts, proofs, ledger) = (new Dictionary<string, Fact>(StringComparer.Ordinal), new List<Proof>(), new List<string>());
        var hasStatements = false;
        string? company = null;
        foreach (var sheet in workbook.Sheets)
        {
            if (LedgerBalance.Of(sheet, builder) is { } book)
            {
                Add(facts, book.Facts);
                proofs.AddRange(book.Proofs);
                ledger.AddRange(book.Amounts);
                continue;
            }

            var statements = SheetTables.Find(sheet, cancellationToken).Select((table, i) => SheetStatements.Of(table, i + 1, MetricTable.Default)).ToList();
            foreach (var statement in statements)
            {
                Add(facts, builder.Of(statement));
                proofs.AddRange(Footings(document.Id, statement, facts));
                hasStatements |= statement is { Kind: not null, Named.Count: >= 2 };
                company ??= statement.Kind is null ? null : statement.Source.Titles.FirstOrDefault(LooksLikeCompany);
            }
        }

        var all = facts.Values.ToList();
        proofs.AddRange(Identities.Prove(all));
        proofs.AddRange(Checks(document, workbook, builder, facts, all, cancellationToken));
        var seen = SecondReading.Of(document.Format, content, workbook, all, cancellationToken);
        return new DocumentFindings(
            document.Id, document.Name, company, null, hasStatements, Contradictions.Resolve(all, proofs), proofs, seen, document.Format is DocumentFormat.Xls ? new Dictionary<string, bool>() : seen, ledger, MetricTable.Default.Version);
    }

    private static void Add(Dictionary<string, Fact> facts, IEnumerable<Fact> more)
    {
        foreach (var fact in more)
        {
            facts.TryAdd(fact.Id, fact);
        }
    }

    private static IEnumerable<Proof> Footings(string documentId, SheetStatement statement, Dictionary<string, Fact> facts)
    {
        foreach (var check in Footing.Check(statement.Table))
        {
            var column = CellAddress.Column(statement.Source.Columns[check.Column].Column);
            string[] ids = [.. check.Parts.Prepend(check.Total).Select(row => SheetFacts.Id(documentId, statement.Source.Sheet, $"{column}{row.Number}"))];
            if (ids.All(facts.ContainsKey))
            {
                yield return ProofBuilder.OfFooting(check, [.. ids.Select(id => facts[id])]);
            }
        }
    }

    /// <summary>The checks that only a workbook allows; cells they name that are no facts yet become facts, so that an insight can cite them.</summary>
    private static IEnumerable<Proof> Checks(
        DocumentRecord document, Workbook workbook, SheetFacts builder, Dictionary<string, Fact> known, List<Fact> all, CancellationToken cancellationToken)
    {
        foreach (var proof in WorkbookChecks.Run(workbook, document.Id, document.Name, cancellationToken).Proofs)
        {
            var ids = new List<string>();
            foreach (var place in proof.Cells)
            {
                var id = SheetFacts.Id(document.Id, place.Sheet!, place.Cell!);
                if (!known.ContainsKey(id) && workbook.Find(place.Sheet!) is { } sheet && sheet[place.Cell!] is { Number: not null } cell)
                {
                    var fact = builder.OfCell(sheet.Name, cell, RowLabel(sheet, cell), 1, null, null);
                    known[id] = fact;
                    all.Add(fact);
                }

                if (known.ContainsKey(id))
                {
                    ids.Add(id);
                }
            }

            yield return proof with { FactIds = ids };
        }
    }

    private static string RowLabel(Sheet sheet, Cell cell) =>
        sheet.Cells.Where(other => other.Row == cell.Row && other.Column < cell.Column && other.Text is { Length: > 0 }).Select(other => other.Text!).FirstOrDefault() ?? cell.Address;

    private static bool LooksLikeCompany(string title) =>
        title.Length < 60 && (title.EndsWith("Inc.", StringComparison.OrdinalIgnoreCase) || title.EndsWith(" plc", StringComparison.OrdinalIgnoreCase)
            || title.EndsWith("Ltd", StringComparison.OrdinalIgnoreCase) || title.EndsWith("Corp.", StringComparison.OrdinalIgnoreCase)
            || title.EndsWith(" Company", StringComparison.OrdinalIgnoreCase) || title.EndsWith("GmbH", StringComparison.Ordinal) || title.EndsWith("LLC", StringComparison.Ordinal));
}
