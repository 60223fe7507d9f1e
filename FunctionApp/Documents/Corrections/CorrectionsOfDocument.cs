using Advisor.Documents.Contracts;
using Advisor.Kernel.Tenancy;

namespace Advisor.Documents.Corrections;

/// <summary>The corrections of a document go with it.</summary>
public sealed class CorrectionsOfDocument(CorrectedFindings findings) : IDerivedFromDocument
{
    public async Task<DerivedInventory> InventoryAsync(TenantId tenant, string documentId, CancellationToken cancellationToken) =>
        new(new Dictionary<string, int> { ["fact_corrections"] = (await findings.OfAsync(tenant, documentId, cancellationToken)).Count }, []);

    public Task RemoveAsync(TenantId tenant, string documentId, CancellationToken cancellationToken) => findings.RemoveAsync(tenant, documentId, cancellationToken);

    /// <remarks>They are of a document, whosever it is.</remarks>
    public Task AssignCompanyAsync(TenantId tenant, string documentId, CompanyLabel? company, CancellationToken cancellationToken) => Task.CompletedTask;
}
