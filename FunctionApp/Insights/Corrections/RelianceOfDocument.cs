using Advisor.Documents.Contracts;
using Advisor.Kernel.Records;
using Advisor.Kernel.Tenancy;

namespace Advisor.Insights.Corrections;

/// <summary>What is kept of who relied on a document's values goes with the document; the notifications about it are removed with all others that quote the document.</summary>
public sealed class RelianceOfDocument(IRecordStore records) : IDerivedFromDocument
{
    /// <remarks>Each goes with its correction, which is counted.</remarks>
    public Task<DerivedInventory> InventoryAsync(TenantId tenant, string documentId, CancellationToken cancellationToken) =>
        Task.FromResult(new DerivedInventory(new Dictionary<string, int>(), []));

    public async Task RemoveAsync(TenantId tenant, string documentId, CancellationToken cancellationToken)
    {
        foreach (var reliance in await OfAsync(records, tenant, documentId, cancellationToken))
        {
            await records.DeleteAsync(CorrectionReliance.Container, tenant, reliance.CorrectionId, cancellationToken);
        }
    }

    public Task AssignCompanyAsync(TenantId tenant, string documentId, CompanyLabel? company, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Of all corrections of the document.</summary>
    internal static async Task<IReadOnlyList<CorrectionReliance>> OfAsync(IRecordStore records, TenantId tenant, string documentId, CancellationToken cancellationToken) =>
        (await records.AllAsync(CorrectionReliance.Container, tenant, [new RecordFilter("document_id", RecordOperator.Equal, documentId)], cancellationToken)).ConvertAll(item => item.Value);
}
