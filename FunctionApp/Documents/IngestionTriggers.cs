using System.Text.Json;
using System.Text.Json.Serialization;
using Advisor.Documents.Intake;
using Advisor.Insights.Contracts;
using Advisor.Kernel.Audit;
using Advisor.Kernel.Http;
using Advisor.Kernel.Messaging;
using Advisor.Kernel.Records;
using Advisor.Kernel.Tenancy;
using Advisor.Kernel.Timeline;
using Azure.Messaging.ServiceBus;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Options;

namespace Advisor.Documents;

/// <summary>Takes documents in, over HTTP and from the queue.</summary>
public sealed class IngestionTriggers(
    IRecordStore records, DocumentBlobs blobs, IMessageBus bus, RemoteDocuments remote, RunTimeline timeline, QueueIntake intake, IAuditLog audit, IOptions<DocumentsOptions> options, TimeProvider time)
{
    [Allow(Role.Analyst, Role.Admin)]
    [Reads("application/json", "multipart/form-data")]
    [Function("IngestDocumentTrigger")]
    public async Task<IResult> IngestAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/v1/documents/ingest")] HttpRequest request, CancellationToken cancellationToken)
    {
        var (asked, problem) = await IngestRequest.ReadAsync(request, options.Value, cancellationToken);
        if (asked is null)
        {
            return problem!;
        }

        var caller = request.Caller();
        var now = time.GetUtcNow();
        var id = request.OperationId(time);
        var documentId = DeterministicId.Of("document", id);
        if (asked.Url is { } url && remote.Check(url) is { } forbidden)
        {
            return await RefusedAsync(caller, DocumentProblems.Of(forbidden), cancellationToken);
        }

        var asking = new IngestionRecord(
            id, documentId, DeterministicId.Of("run", id), asked.Name, asked.Url, asked.DeclaredType,
            asked.Types, caller.UserId, IngestionStatus.Queued, [], null, null, now, now, asked.Company);
        DocumentRecord? document = null;
        if (asked.File is { } file)
        {
            var sniffed = ContentSniffer.Sniff(file, asked.Name, asked.DeclaredType, options.Value.Limits);
            if (sniffed is SniffOutcome.Rejected { Reason: var reason })
            {
                return await RefusedAsync(caller, DocumentProblems.Of(reason), cancellationToken);
            }

            document = DocumentActivities.NewDocument(documentId, asked.Name, file, ((SniffOutcome.Accepted)sniffed).Format, caller.UserId, now).Of(caller.Tenant, asked.Company);
        }

        // First of all, so that nothing half-done stays behind when it cannot be written down.
        await audit.AppendAsync(DocumentAudit.Accepted(caller.Tenant, asking, caller.UserId), cancellationToken);
        if (document is not null)
        {
            await blobs.WriteOriginalAsync(caller.Tenant, id, document, asked.File!, cancellationToken);
            await records.CreateOnceAsync(DocumentRecord.Container, caller.Tenant, documentId, document, cancellationToken);
        }

        var ingestion = await records.CreateOnceAsync(IngestionRecord.Container, caller.Tenant, id, asking, cancellationToken);
        await timeline.AppendAsync(caller.Tenant, ingestion.RunId, new RunTimeline.Entry("queued", TimelineEventType.StepStarted, "queued"), cancellationToken);
        await bus.SendAsync(DocumentQueues.Ingestion, TenantMessage.Create(caller.Tenant, $"ingest/{ingestion.Id}", new IngestionRequested(ingestion.Id)), cancellationToken);
        return Answer.Accepted($"/api/v1/ingestions/{ingestion.Id}", IngestionView.Of(ingestion, progress: null));
    }

    /// <summary>Starts the run of an ingestion. A message that comes twice finds the run already there.</summary>
    [Function("ProcessIngestionWorker")]
    public Task ProcessAsync(
        [ServiceBusTrigger(DocumentQueues.Ingestion)] ServiceBusReceivedMessage message, ServiceBusMessageActions actions, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken) =>
        message.HandleAsync<IngestionRequested>(actions, (tenant, asked) => StartAsync(tenant, message.MessageId, asked, client, cancellationToken), cancellationToken);

    private async Task StartAsync(TenantId tenant, string messageId, IngestionRequested asked, DurableTaskClient client, CancellationToken cancellationToken)
    {
        var ingestion = asked.IngestionId is not { } id
            ? await intake.AcceptAsync(tenant, messageId, asked, cancellationToken)
            : (await records.FindAsync(IngestionRecord.Container, tenant, id, cancellationToken))?.Value
                ?? throw new InvalidOperationException($"The message names the unknown ingestion {id}.");
        if (ingestion.Status == IngestionStatus.Queued && await client.GetInstanceAsync(ingestion.RunId, cancellationToken) is null)
        {
            await client.ScheduleNewOrchestrationInstanceAsync(
                nameof(DocumentOrchestrator),
                new DocumentRun(tenant, ingestion.RunId, ingestion.Id, ingestion.DocumentId, ingestion.AnalysisTypes),
                new StartOrchestrationOptions(ingestion.RunId) { Tags = new Dictionary<string, string> { ["tenant"] = tenant.Value } },
                cancellationToken);
        }
    }

    private async Task<Problem> RefusedAsync(Caller caller, Problem problem, CancellationToken cancellationToken)
    {
        await audit.AppendAsync(DocumentAudit.Refused(caller, problem.Slug), cancellationToken);
        return problem;
    }

    [AllowAnyRole]
    [Function("GetIngestion")]
    public async Task<IResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/v1/ingestions/{id}")] HttpRequest request,
        string id,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        var ingestion = (await records.FindAsync(IngestionRecord.Container, request.Caller().Tenant, id, cancellationToken))?.Value;
        if (ingestion is null)
        {
            return Problem.NotFound("ingestion", id);
        }

        var instance = ingestion.Status is IngestionStatus.Completed or IngestionStatus.Failed
            ? null
            : await client.GetInstanceAsync(ingestion.RunId, getInputsAndOutputs: true, cancellationToken);
        var progress = instance?.SerializedCustomStatus is { } status ? JsonSerializer.Deserialize<RunProgress>(status, AdvisorJson.Options) : null;
        return Answer.Ok(IngestionView.Of(ingestion, progress));
    }
}

/// <summary>An ingestion as the API shows it.</summary>
/// <param name="Progress">0 to 1.</param>
/// <param name="Stage">What is being done, in words.</param>
public sealed record IngestionView(
    string IngestionId,
    string DocumentId,
    string DocumentName,
    IngestionStatus Status,
    double Progress,
    string Stage,
    string RunId,
    IReadOnlyList<string> AnalysisTypes,
    IReadOnlyList<string> AnalysisIds,
    IngestionError? Error,
    string? Finding,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    [property: JsonPropertyName("_links")] IReadOnlyDictionary<string, Link> Links)
{
    public static IngestionView Of(IngestionRecord record, RunProgress? progress) => new(
        record.Id,
        record.DocumentId,
        record.DocumentName,
        record.Status,
        record.Status is IngestionStatus.Completed or IngestionStatus.Failed ? 1 : progress?.Progress ?? 0,
        record.Status switch
        {
            IngestionStatus.Completed => "done",
            IngestionStatus.Failed => "failed",
            _ => progress?.Stage ?? "queued",
        },
        record.RunId,
        record.AnalysisTypes,
        record.AnalysisIds,
        record.Error,
        record.Finding,
        record.CreatedAt,
        record.UpdatedAt,
        new Dictionary<string, Link>
        {
            ["self"] = new($"/api/v1/ingestions/{record.Id}"),
            ["run"] = new($"/api/v1/runs/{record.RunId}"),
            ["events"] = new($"/api/v1/runs/{record.RunId}/events"),
            ["stream"] = new($"/api/v1/runs/{record.RunId}/stream"),
            ["document"] = new($"/api/v1/documents/{record.DocumentId}"),
            ["facts"] = new($"/api/v1/documents/{record.DocumentId}/facts"),
            ["proofs"] = new($"/api/v1/documents/{record.DocumentId}/proofs"),
            ["insights"] = new($"/api/v1/insights?ingestion_id={record.Id}"),
        });
}
