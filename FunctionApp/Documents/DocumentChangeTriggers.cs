using System.Text.Json;
using Advisor.Documents.Contracts;
using Advisor.Kernel.Audit;
using Advisor.Kernel.Http;
using Advisor.Kernel.Records;
using Advisor.Kernel.Tenancy;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Options;

namespace Advisor.Documents;

/// <summary>Corrects and deletes documents.</summary>
public sealed class DocumentChangeTriggers(
    IRecordStore records, KnownDocuments documents, CompanyBook companies, DocumentDeletion deletion, IAuditLog audit, IOptions<DocumentsOptions> options)
{
    [Allow(Role.Analyst, Role.Admin)]
    [Function("ChangeDocument")]
    public async Task<IResult> ChangeAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "patch", Route = "api/v1/documents/{id}")] HttpRequest request, string id, CancellationToken cancellationToken)
    {
        var caller = request.Caller();
        var (stored, absent) = await documents.FindAsync(caller.Tenant, id, cancellationToken);
        if (stored is null)
        {
            return absent!;
        }

        if (Preconditions.Unmet(request, stored.ETag, "document") is { } unmet)
        {
            return unmet;
        }

        var (body, malformed) = await JsonBody.ReadAsync<Dictionary<string, JsonElement>>(request, DocumentPatch.Form, cancellationToken);
        if (body is null)
        {
            return malformed!;
        }

        var (patch, problem) = DocumentPatch.Of(body, caller);
        if (patch is null)
        {
            return problem!;
        }

        if (patch.ChangesCompany && stored.Value.Status is DocumentStatus.Received or DocumentStatus.Read)
        {
            return new Problem(StatusCodes.Status409Conflict, "in-progress", "The document is being processed",
                "Its company can be changed once its ingestion has ended; follow the ingestion and ask again.") { RetryAfter = 1 };
        }

        var (changed, senseless) = patch.ApplyTo(stored.Value, caller.Tenant);
        if (changed is not null)
        {
            // Written down before it is done: a hold that nobody can account for must not come to be, nor one be lifted.
            await audit.AppendManyAsync(DocumentAudit.Changes(caller, stored, changed), cancellationToken);
        }

        return changed is null ? senseless! : await WriteAsync(request, stored, changed, patch.ChangesCompany, cancellationToken);
    }

    [Allow(Role.Admin)]
    [Function("DeleteDocument")]
    public async Task<IResult> DeleteAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "api/v1/documents/{id}")] HttpRequest request, string id, CancellationToken cancellationToken)
    {
        var caller = request.Caller();
        var (tombstone, refusal) = await deletion.DeleteAsync(caller.Tenant, id, caller.UserId, cancellationToken);
        return tombstone is null
            ? refusal!
            : Answer.Ok(new DeletionView(id, "deleted", tombstone.Deletion.At, tombstone.Deletion.By, tombstone.Sha256, tombstone.NameSha256, tombstone.Removed, tombstone.Remains));
    }

    /// <summary>What is kept of the document moves first and the document last, so that a change that was interrupted is asked for again under the same version.</summary>
    private async Task<IResult> WriteAsync(HttpRequest request, Stored<DocumentRecord> stored, DocumentRecord changed, bool moves, CancellationToken cancellationToken)
    {
        var tenant = request.Caller().Tenant;
        if (moves)
        {
            await companies.AssignAsync(tenant, changed, cancellationToken);
        }

        try
        {
            var written = await records.PutAsync(DocumentRecord.Container, tenant, changed.Id, changed, stored.ETag, cancellationToken);
            if (moves)
            {
                // An analysis may have stored its insights under the former company since they were moved.
                await companies.SettleAsync(tenant, changed.Id, cancellationToken);
                await companies.CountAsync(tenant, changed.CompanyId, cancellationToken);
                await companies.CountAsync(tenant, changed.FormerCompanyId, cancellationToken);
            }

            return Preconditions.Ok(request, written.ETag, DocumentView.Of(written.Value, options.Value));
        }
        catch (RecordConflictException)
        {
            if (moves)
            {
                await companies.SettleAsync(tenant, changed.Id, cancellationToken);
            }

            return Preconditions.Changed("document");
        }
    }

    private sealed record DeletionView(
        string DocumentId, string Status, DateTimeOffset DeletedAt, string DeletedBy, string Sha256, string NameSha256,
        IReadOnlyDictionary<string, int> Removed, IReadOnlyList<Remainder> Remains);
}
