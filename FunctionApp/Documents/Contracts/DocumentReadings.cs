using Advisor.Documents.Corrections;
using Advisor.Kernel.Http;
using Advisor.Kernel.Tenancy;

namespace Advisor.Documents.Contracts;

/// <summary>What was read of a document, for other slices.</summary>
public sealed class DocumentReadings(KnownDocuments documents, CorrectedFindings corrected)
{
    /// <summary>Why the document is not shown: it was deleted, is being deleted, or the tenant never had it; null when it is there.</summary>
    public async Task<Problem?> AbsenceAsync(TenantId tenant, string documentId, CancellationToken cancellationToken) =>
        (await documents.FindAsync(tenant, documentId, cancellationToken)).Problem;

    /// <summary>Whether the document is there, and the company that it is of now; null for none.</summary>
    public async Task<(bool IsThere, CompanyLabel? Company)> CompanyAsync(TenantId tenant, string documentId, CancellationToken cancellationToken) =>
        (await documents.FindAsync(tenant, documentId, cancellationToken)).Document is { Value: var document } ? (true, document.Label) : (false, null);

    /// <summary>The document's findings as people corrected them, under the company that it now has; null when it has not been read, or was deleted.</summary>
    public async Task<(DocumentFindings Findings, CompanyLabel? Company)?> FindAsync(TenantId tenant, string documentId, CancellationToken cancellationToken) =>
        await OfNowAsync(tenant, documentId, await corrected.ReadAsync(tenant, documentId, cancellationToken), cancellationToken);

    /// <summary>The same with no corrections but those that are named: the findings as an analysis of then had them.</summary>
    /// <param name="corrections">Ids, see <see cref="DocumentFindings.Corrections"/>.</param>
    public async Task<(DocumentFindings Findings, CompanyLabel? Company)?> FindAsOfAsync(
        TenantId tenant, string documentId, IReadOnlyCollection<string> corrections, CancellationToken cancellationToken) =>
        await OfNowAsync(tenant, documentId, await corrected.ReadAsOfAsync(tenant, documentId, corrections, cancellationToken), cancellationToken);

    private async Task<(DocumentFindings Findings, CompanyLabel? Company)?> OfNowAsync(TenantId tenant, string documentId, DocumentFindings? read, CancellationToken cancellationToken)
    {
        if (read is not { } findings
            || await documents.FindAsync(tenant, documentId, cancellationToken) is not ({ Value: var document }, _))
        {
            return null;
        }

        return (findings with { Company = document.Company, Instructions = InstructionSighting.Under(document.Company, findings.Instructions) }, document.Label);
    }
}
