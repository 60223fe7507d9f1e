using Advisor.Documents.Contracts;
using Advisor.Documents.Proofs;
using Advisor.Documents.Reading.Pages;
using Advisor.Documents.Statements;
using Advisor.Kernel.Reasoning;

namespace Advisor.Documents;

/// <summary>From a document's pages to its findings.</summary>
public static class PageExtraction
{
    /// <param name="file">Local copy of the document, for the second reading.</param>
    public static async Task<DocumentFindings> ExtractAsync(
        DocumentRecord document, IReadOnlyList<PageReading> pages, string file, CancellationToken cancellationToken)
    {
        var metrics = MetricTable.Default;
        var found = PageFacts.Read(document.Id, document.Name, pages, metrics);
        var proofs = ProofBuilder.Prove(found, new FactBuilder(document.Id, document.Name, metrics));
        var grounding = await GroundAsync(found.Facts, proofs, file, cancellationToken);
        return new DocumentFindings(
            document.Id,
            document.Name,
            found.Profile.Company,
            found.Profile.Form,
            found.Statements.Count > 0,
            Contradictions.Resolve(found.Facts, proofs),
            proofs,
            grounding,
            new Dictionary<string, bool>(),
            [],
            metrics.Version);
    }

    /// <summary>Re-reads what insights are made of: the statements, and every cell of a failed proof. OCR has no second path, so its facts stay unknown.</summary>
    private static async Task<Dictionary<string, bool>> GroundAsync(
        IReadOnlyList<Fact> facts, List<Proof> proofs, string file, CancellationToken cancellationToken)
    {
        var inFailed = proofs.Where(proof => proof.Outcome == ProofOutcome.Fails).SelectMany(proof => proof.FactIds).ToHashSet(StringComparer.Ordinal);
        var wanted = facts.Where(fact => fact.ReadBy == ReadingMethod.TextLayer && (fact.Rule.StartsWith("statement/", StringComparison.Ordinal) || inFailed.Contains(fact.Id))).ToList();
        var readings = await Task.WhenAll(Grounding.Ranges(wanted.Select(fact => fact.Source.Page!.Value))
            .Select(range => PdfReader.ReadAgainAsync(file, range.First, range.Last, cancellationToken)));
        return Grounding.Check(wanted, readings.SelectMany(pages => pages).ToDictionary(page => page.Number));
    }
}
