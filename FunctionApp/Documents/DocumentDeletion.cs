using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Advisor.Documents.Contracts;
using Advisor.Kernel.Http;
using Advisor.Kernel.Records;
using Advisor.Kernel.Tenancy;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Advisor.Documents;

/// <summary>Decides whether a document may be deleted, and deletes it with all that was made of it.</summary>
/// <remarks>
/// The decision is one conditional write that marks the document: from then on nobody is shown it, and no legal hold can come between. All
/// that follows may be repeated, so that whoever asks again finishes what was interrupted. See docs/adr/0006.
/// </remarks>
public sealed class DocumentDeletion(
    IRecordStore records, IBlobStore store, DocumentBlobs blobs, KnownDocuments documents, CompanyBook companies,
    IEnumerable<IDerivedFromDocument> derived, IOptions<DocumentsOptions> options, IOptions<IdempotencyOptions> keys, TimeProvider time)
{
    /// <summary>A document that was not done after so long will not be: its run has given up, or was lost.</summary>
    private static readonly TimeSpan s_processing = TimeSpan.FromDays(1);

    private const string Scrubbed = "(deleted)";

    /// <summary>The tombstone, also of a document that was deleted before; or why the document stays.</summary>
    public async Task<(Tombstone? Tombstone, Problem? Refusal)> DeleteAsync(TenantId tenant, string id, string by, CancellationToken cancellationToken)
    {
        while (true)
        {
            var stored = await records.FindAsync(DocumentRecord.Container, tenant, id, cancellationToken);
            if (stored is null)
            {
                var known = (await records.FindAsync(Tombstone.Container, tenant, id, cancellationToken))?.Value;
                return known is null ? (null, Problem.NotFound("document", id)) : (await CloseAsync(tenant, known, cancellationToken), null);
            }

            if (stored.Value.Deletion is not null)
            {
                return (await CarryOutAsync(tenant, stored.Value, stored.Value.Deletion, cancellationToken), null);
            }

            if (Refusal(stored.Value) is { } refusal)
            {
                return (null, refusal);
            }

            try
            {
                var marked = stored.Value with { Status = DocumentStatus.Deleting, Deletion = new DeletionMark(by, time.GetUtcNow()) };
                await records.PutAsync(DocumentRecord.Container, tenant, id, marked, stored.ETag, cancellationToken);
            }
            catch (RecordConflictException)
            {
                // Something about the document changed, perhaps a legal hold: decide again.
            }
        }
    }

    private Problem? Refusal(DocumentRecord document)
    {
        if (document.LegalHold)
        {
            return new Problem(StatusCodes.Status409Conflict, "legal-hold", "The document is under legal hold",
                "Nothing under legal hold is deleted; an administrator lifts the hold first, when the matter has ended.");
        }

        if (document.Status is DocumentStatus.Received or DocumentStatus.Read && time.GetUtcNow() - document.UploadedAt < s_processing)
        {
            return new Problem(StatusCodes.Status409Conflict, "in-progress", "The document is being processed",
                "It can be deleted once its ingestion has ended; follow the ingestion and ask again.") { RetryAfter = 1 };
        }

        var until = options.Value.RetainUntil(document.UploadedAt);
        return (document.Status == DocumentStatus.Completed || document.HasStatements is not null) && time.GetUtcNow() < until
            ? new Problem(StatusCodes.Status409Conflict, "under-retention", "The document must be kept",
                string.Create(CultureInfo.InvariantCulture, $"Insights rest on this document: it is kept until {until.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}; delete it after that."))
            : null;
    }

    private async Task<Tombstone> CarryOutAsync(TenantId tenant, DocumentRecord document, DeletionMark mark, CancellationToken cancellationToken)
    {
        // What goes is counted before anything does: an interrupted deletion still tells all of it.
        var tombstone = (await records.FindAsync(Tombstone.Container, tenant, document.Id, cancellationToken))?.Value
            ?? await InventoryAsync(tenant, document, mark, cancellationToken);
        await records.PutAsync(Tombstone.Container, tenant, document.Id, tombstone, null, cancellationToken);

        await RemoveDerivedAsync(tenant, document.Id, cancellationToken);
        var facts = await companies.FactsOfAsync(tenant, document.Id, cancellationToken);
        await Parallel.ForEachAsync(facts, cancellationToken, async (fact, cancel) => await records.DeleteAsync(HeadlineFact.Container, tenant, fact.Id, cancel));
        await DocumentFindings.DeleteAsync(store, tenant, document.Id, cancellationToken);
        if (!await documents.SharesBytesAsync(tenant, document, cancellationToken))
        {
            await blobs.DeleteReadingsAsync(tenant, document.Sha256, cancellationToken);
        }

        await store.DeleteAsync(DocumentRecord.BlobContainer, document.Blob, cancellationToken);
        await companies.CountAsync(tenant, document.CompanyId, cancellationToken);
        await records.DeleteAsync(DocumentRecord.Container, tenant, document.Id, cancellationToken);
        return await CloseAsync(tenant, tombstone, cancellationToken);
    }

    private async Task RemoveDerivedAsync(TenantId tenant, string documentId, CancellationToken cancellationToken)
    {
        foreach (var slice in derived)
        {
            await slice.RemoveAsync(tenant, documentId, cancellationToken);
        }
    }

    /// <summary>Takes the document's name out of what tells of its processing, and closes the deletion.</summary>
    /// <remarks>Asked for again, it also removes what a request that died with its host may have stored since.</remarks>
    private async Task<Tombstone> CloseAsync(TenantId tenant, Tombstone tombstone, CancellationToken cancellationToken)
    {
        await RemoveDerivedAsync(tenant, tombstone.DocumentId, cancellationToken);
        var ingestions = await records.AllAsync(IngestionRecord.Container, tenant, [new RecordFilter("document_id", RecordOperator.Equal, tombstone.DocumentId)], cancellationToken);
        await records.PutManyAsync(IngestionRecord.Container, tenant,
            [.. ingestions.Select(item => (item.Id, item.Value with { DocumentName = Scrubbed, DocumentUrl = null, Company = null }))], cancellationToken);
        var closed = tombstone with { Finished = true };
        await records.PutAsync(Tombstone.Container, tenant, tombstone.DocumentId, closed, null, cancellationToken);
        return closed;
    }

    private async Task<Tombstone> InventoryAsync(TenantId tenant, DocumentRecord document, DeletionMark mark, CancellationToken cancellationToken)
    {
        var readings = await documents.SharesBytesAsync(tenant, document, cancellationToken) ? 0 : (await blobs.ReadingsAsync(tenant, document.Sha256, cancellationToken)).Count;
        var removed = new SortedDictionary<string, int>(StringComparer.Ordinal)
        {
            ["facts"] = document.Counts?.Facts ?? 0,
            ["findings"] = document.HasStatements is null ? 0 : 1,
            ["originals"] = await store.ExistsAsync(DocumentRecord.BlobContainer, document.Blob, cancellationToken) ? 1 : 0,
            ["text_readings"] = readings,
        };
        var remains = new List<Remainder>
        {
            new("tombstone", "It proves which bytes were here and who deleted them: id, SHA-256 of bytes and of the name, times.", null),
            new("audit_entries", "They prove who did what; they hold no text of the document.", null),
            new("ingestion", "It tells who asked for the document and what came of it, without its name, address or company; the run's timeline goes with it.", null),
            new("kept_answers", "An answer that is kept for repeats of its request (Idempotency-Key) may name the document; it is given to the same caller alone.", mark.At.AddHours(keys.Value.KeepHours)),
        };
        foreach (var slice in derived)
        {
            var inventory = await slice.InventoryAsync(tenant, document.Id, cancellationToken);
            foreach (var (what, count) in inventory.Removable)
            {
                removed[what] = count;
            }

            remains.AddRange(inventory.Remains);
        }

        return new Tombstone(
            document.Id, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(document.Name))), document.Sha256, document.UploadedAt, mark, removed, remains, Finished: false);
    }
}
