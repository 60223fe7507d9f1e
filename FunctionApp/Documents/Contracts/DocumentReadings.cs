using Advisor.Kernel.Records;
using Advisor.Kernel.Tenancy;

namespace Advisor.Documents.Contracts;

/// <summary>What was read of a document, for other slices.</summary>
public sealed class DocumentReadings(IRecordStore records, IBlobStore blobs)
{
    /// <summary>The document's findings under the company that it now has; null when it has not been read.</summary>
    public async Task<(DocumentFindings Findings, CompanyLabel? Company)?> FindAsync(TenantId tenant, string documentId, CancellationToken cancellationToken)
    {
        if (await DocumentFindings.ReadAsync(blobs, tenant, documentId, cancellationToken) is not { } findings
            || await records.FindAsync(DocumentRecord.Container, tenant, documentId, cancellationToken) is not { Value: var document })
        {
            return null;
        }

        return (findings with { Company = document.Company, Instructions = InstructionSighting.Under(document.Company, findings.Instructions) }, document is { Company: { } name, CompanyId: { } id } ? new CompanyLabel(id, name) : null);
    }
}
