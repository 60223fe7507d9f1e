using Advisor.Kernel.Http;
using Advisor.Kernel.Records;
using Advisor.Kernel.Tenancy;

namespace Advisor.Documents;

/// <summary>Documents by id, and changes to them that lose no other change.</summary>
public sealed class KnownDocuments(IRecordStore records)
{
    private const int MaxAttempts = 50;

    /// <summary>The document, or why it is not shown: 410 when it was deleted or is being deleted, 404 when the tenant never had it.</summary>
    public async Task<(Stored<DocumentRecord>? Document, Problem? Problem)> FindAsync(TenantId tenant, string id, CancellationToken cancellationToken)
    {
        var document = await records.FindAsync(DocumentRecord.Container, tenant, id, cancellationToken);
        if (document is { Value.Deletion: null })
        {
            return (document, null);
        }

        var deletion = document?.Value.Deletion ?? (await records.FindAsync(Tombstone.Container, tenant, id, cancellationToken))?.Value.Deletion;
        return (null, deletion is null ? Problem.NotFound("document", id) : DocumentProblems.Deleted(id, deletion));
    }

    /// <summary>Changes the document as it now is, however many others change it at the same time; null when it is no longer there.</summary>
    public async Task<Stored<DocumentRecord>?> ChangeAsync(TenantId tenant, string id, Func<DocumentRecord, DocumentRecord> change, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            if (await records.FindAsync(DocumentRecord.Container, tenant, id, cancellationToken) is not { } stored)
            {
                return null;
            }

            try
            {
                var changed = change(stored.Value);
                return changed == stored.Value ? stored : await records.PutAsync(DocumentRecord.Container, tenant, id, changed, stored.ETag, cancellationToken);
            }
            catch (RecordConflictException) when (attempt < MaxAttempts)
            {
                // Another step or a person changed it first: look again, so that neither change is lost.
            }
        }
    }

    /// <summary>Whether another document of the tenant has the same bytes, and so the same reading.</summary>
    public async Task<bool> SharesBytesAsync(TenantId tenant, DocumentRecord document, CancellationToken cancellationToken) =>
        (await AllAsync(tenant, "sha256", document.Sha256, cancellationToken)).Exists(other => other.Id != document.Id && other.Deletion is null);

    /// <summary>All documents that a property of theirs picks, in no order.</summary>
    public async Task<List<DocumentRecord>> AllAsync(TenantId tenant, string property, string value, CancellationToken cancellationToken) =>
        [.. (await records.AllAsync(DocumentRecord.Container, tenant, [new RecordFilter(property, RecordOperator.Equal, value)], cancellationToken)).Select(item => item.Value)];
}
