using Advisor.Kernel.Http;
using Advisor.Kernel.Records;
using Advisor.Kernel.Tenancy;

namespace Advisor.Documents.Contracts;

/// <summary>What was read of a document, for other slices.</summary>
public sealed class DocumentReadings(KnownDocuments documents, IBlobStore blobs)
{
    /// <summary>Why the document is not shown: it was deleted, is being deleted, or the tenant never had it; null when it is there.</summary>
    public async Task<Problem?> AbsenceAsync(TenantId tenant, string documentId, CancellationToken cancellationToken) =>
        (await documents.FindAsync(tenant, documentId, cancellationToken)).Problem;

    /// <summary>Whether the document is there, and the company that it is of now; null for none.</summary>
    public async Task<(bool IsThere, CompanyLabel? Company)> CompanyAsync(TenantId tenant, string documentId, CancellationToken cancellationToken) =>
        (await documents.FindAsync(tenant, documentId, cancellationToken)).Document is { Value: var document } ? (true, document.Label) : (false, null);

    /// <summary>The document's findings under the company that it now has; null when it has not been read, or was deleted.</summary>
    public async Task<(DocumentFindings Findings, CompanyLabel? Company)?> FindAsync(TenantId tenant, string documentId, CancellationToken cancellationToken)
    {
        if (await DocumentFindings.ReadAsync(blobs, tenant, documentId, cancellationToken) is not { } findings
            || await documents.FindAsync(tenant, documentId, cancellationToken) is not ({ Value: var document }, _))
        {
            return null;
        }

        return (findings with { Company = document.Company, Instructions = InstructionSighting.Under(document.Company, findings.Instructions) }, document.Label);
    }
}
