using Advisor.Kernel.Records;
using Advisor.Kernel.Tenancy;

namespace Advisor.Documents.Contracts;

/// <summary>What other slices may know of an ingestion.</summary>
/// <param name="IsRead">Its document's findings are there.</param>
public sealed record IngestionSummary(string IngestionId, string DocumentId, string DocumentName, bool IsRead);

/// <summary>Finds ingestions for other slices.</summary>
public sealed class IngestionLookup(IRecordStore records)
{
    public async Task<IngestionSummary?> FindAsync(TenantId tenant, string ingestionId, CancellationToken cancellationToken)
    {
        var stored = await records.FindAsync(IngestionRecord.Container, tenant, ingestionId, cancellationToken);
        return stored is null ? null : new IngestionSummary(
            stored.Value.Id, stored.Value.DocumentId, stored.Value.DocumentName,
            await records.FindAsync(DocumentRecord.Container, tenant, stored.Value.DocumentId, cancellationToken) is { Value.HasStatements: not null });
    }
}
