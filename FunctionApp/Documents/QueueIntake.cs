using Advisor.Kernel.Audit;
using Advisor.Kernel.Records;
using Advisor.Kernel.Tenancy;
using Advisor.Kernel.Timeline;

namespace Advisor.Documents;

/// <summary>Accepts documents that another system asks for on the ingestion queue.</summary>
/// <remarks>Ids follow from the message's id, so a message that is delivered twice is one ingestion. What is refused becomes a failed ingestion that says why.</remarks>
public sealed class QueueIntake(IRecordStore records, RemoteDocuments remote, RunTimeline timeline, IAuditLog audit, TimeProvider time)
{
    /// <summary>Who asked, in the records of such an ingestion.</summary>
    public const string RequestedBy = "ingestion-queue";

    public async Task<IngestionRecord> AcceptAsync(TenantId tenant, string messageId, IngestionRequested asked, CancellationToken cancellationToken)
    {
        var id = DeterministicId.Of("queued-ingestion", tenant.Value, messageId);
        if (await records.FindAsync(IngestionRecord.Container, tenant, id, cancellationToken) is { } known)
        {
            return known.Value;
        }

        var (request, problem) = IngestRequest.Validate(null, null, asked.DocumentUrl, asked.DocumentType, asked.AnalysisTypes ?? [], asked.Company);
        var refusal = problem is not null ? new IngestionError($"urn:advisor:problem:{problem.Slug}", problem.Title, problem.Detail)
            : asked.DocumentUrl is null ? new IngestionError("urn:advisor:problem:invalid-request", "The request is not valid", "Give the message a 'document_url' or an 'ingestion_id'.")
            : remote.Check(asked.DocumentUrl);
        var now = time.GetUtcNow();
        var record = new IngestionRecord(
            id, DeterministicId.Of("document", id), DeterministicId.Of("run", id), request?.Name ?? "document", asked.DocumentUrl, request?.DeclaredType,
            request?.Types ?? [], RequestedBy, refusal is null ? IngestionStatus.Queued : IngestionStatus.Failed, [], refusal, null, now, now, request?.Company);
        await timeline.AppendAsync(tenant, record.RunId, refusal is null
            ? [new RunTimeline.Entry("queued", TimelineEventType.StepStarted, "queued")]
            : [new RunTimeline.Entry("error", TimelineEventType.Error, "failed", Payload: refusal), new RunTimeline.Entry("final", TimelineEventType.Final, "failed")],
            cancellationToken);
        await audit.AppendAsync(refusal is null ? DocumentAudit.Accepted(tenant, record, RequestedBy) : DocumentAudit.Refused(tenant, record, RequestedBy), cancellationToken);
        await records.PutAsync(IngestionRecord.Container, tenant, id, record, null, cancellationToken);
        return record;
    }
}
