using Advisor.Kernel.Records;
using Advisor.Kernel.Tenancy;

namespace Advisor.Documents.Contracts;

/// <summary>What other slices may know of an ingestion.</summary>
/// <param name="IsRead">Its document's findings are there.</param>
public sealed record IngestionSummary(string IngestionId, string DocumentId, string DocumentName, bool IsRead);

/// <summary>Finds ingestions for other slices.</summary>
public sealed class IngestionLookup(IRecordStore records)
{
    /// <summary>The ingestion; null when there is none, or none any more: its document was deleted.</summary>
    public async Task<IngestionSummary?> FindAsync(TenantId tenant, string ingestionId, CancellationToken cancellationToken)
    {
        if (await records.FindAsync(IngestionRecord.Container, tenant, ingestionId, cancellationToken) is not { Value: var ingestion })
        {
            return null;
        }

        var document = (await records.FindAsync(DocumentRecord.Container, tenant, ingestion.DocumentId, cancellationToken))?.Value;
        var deleted = document is null ? ingestion.Status == IngestionStatus.Completed : document.Deletion is not null;
        return deleted ? null : new IngestionSummary(ingestion.Id, ingestion.DocumentId, ingestion.DocumentName, document is { HasStatements: not null });
    }
}
