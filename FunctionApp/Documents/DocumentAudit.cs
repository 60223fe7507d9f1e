using Advisor.Documents.Contracts;
using Advisor.Documents.Reading.Pages;
using Advisor.Kernel.Audit;
using Advisor.Kernel.Reasoning;
using Advisor.Kernel.Records;
using Advisor.Kernel.Tenancy;

namespace Advisor.Documents;

/// <summary>What the audit log keeps of documents: ids, hashes, counts and reasons, never a name or a line of one.</summary>
internal static class DocumentAudit
{
    /// <param name="by">Who asked for it.</param>
    public static AuditEvent Accepted(TenantId tenant, IngestionRecord ingestion, string by) => AuditEvent.Decision(
        tenant, "ingestion.accepted", $"ingestions/{ingestion.Id}", "accepted", ("document_id", ingestion.DocumentId)) with { UserId = by };

    /// <summary>An upload that was refused at once made no ingestion; each attempt is an entry.</summary>
    /// <param name="reason">The problem's slug.</param>
    public static AuditEvent Refused(Caller by, string reason) => new(by.Tenant, by.UserId, "ingestion.refused", "ingestions", null, "refused")
    {
        Details = new Dictionary<string, string> { ["reason"] = reason },
    };

    /// <summary>A queued request that was refused is a failed ingestion.</summary>
    public static AuditEvent Refused(TenantId tenant, IngestionRecord ingestion, string by) => AuditEvent.Decision(
        tenant, "ingestion.refused", $"ingestions/{ingestion.Id}", "refused", ("reason", Slug(ingestion.Error!))) with { UserId = by };

    /// <param name="pages">None for a workbook.</param>
    public static AuditEvent Read(DocumentRun run, DocumentRecord document, DocumentFindings findings, IReadOnlyList<PageReading> pages) => AuditEvent.Decision(
        run.Tenant, "document.read", $"documents/{run.DocumentId}", "succeeded",
        ("sha256", document.Sha256), ("ingestion_id", run.IngestionId), ("facts", findings.Facts.Count),
        ("proofs_held", findings.Proofs.Count(proof => proof.Outcome == ProofOutcome.Holds)), ("proofs_failed", findings.Proofs.Count(proof => proof.Outcome == ProofOutcome.Fails)),
        ("instructions", findings.Instructions.Count), ("engines", ReadingEngine.CountsOf(pages)));

    public static AuditEvent Completed(DocumentRun run) => AuditEvent.Decision(
        run.Tenant, "ingestion.completed", $"ingestions/{run.IngestionId}", "completed", ("document_id", run.DocumentId));

    public static AuditEvent Failed(DocumentRun run, IngestionError error) => AuditEvent.Decision(
        run.Tenant, "ingestion.failed", $"ingestions/{run.IngestionId}", "failed", ("document_id", run.DocumentId), ("reason", Slug(error)));

    /// <summary>That the bytes of an upload which came to nothing are removed; an upload that was tried in two months can leave two such.</summary>
    public static AuditEvent Swept(UploadMark mark) => AuditEvent.Decision(
        mark.Tenant, "blob.swept", $"documents/{mark.DocumentId}", "removed", ("ingestion_id", mark.IngestionId), ("blob", mark.Blob)) with { EventId = $"{mark.Tenant}/blob.swept/{mark.Blob}" };

    /// <summary>What a correction decides; each by the version that it changes, so that asking again under it appends nothing.</summary>
    public static IReadOnlyList<AuditEvent> Changes(Caller by, Stored<DocumentRecord> before, DocumentRecord after)
    {
        var changes = new List<AuditEvent>();
        if (before.Value.LegalHold != after.LegalHold)
        {
            changes.Add(Change(by, before, after.LegalHold ? "legal_hold.set" : "legal_hold.lifted", after.LegalHold ? "held" : "lifted"));
        }

        if (before.Value.CompanyId != after.CompanyId)
        {
            changes.Add(Change(by, before, "document.company_changed", "changed", ("from_company", before.Value.CompanyId), ("to_company", after.CompanyId)));
        }

        return changes;
    }

    /// <summary>That people corrected a fact; what the values are stands in the correction alone, for they are text of the document.</summary>
    public static AuditEvent FactCorrected(TenantId tenant, CorrectionOrder order, string factId) => AuditEvent.Decision(
        tenant, "fact.corrected", $"documents/{order.DocumentId}/facts/{factId}", "corrected", ("review_id", order.ReviewId), ("decided_by", string.Join(' ', order.By)))
        with { EventId = $"{tenant}/fact.corrected/{order.ReviewId}/{factId}" };

    private static AuditEvent Change(Caller by, Stored<DocumentRecord> before, string action, string result, params ReadOnlySpan<(string Name, object? Value)> details) =>
        AuditEvent.Decision(by.Tenant, action, $"documents/{before.Id}", result, details) with { UserId = by.UserId, EventId = $"{by.Tenant}/{action}/{before.Id}/{before.ETag}" };

    private static string Slug(IngestionError error) => error.Type[(error.Type.LastIndexOf(':') + 1)..];
}
