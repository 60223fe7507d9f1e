using System.Text.Json;
using System.Text.Json.Serialization;
using Advisor.Insights.Analyst;
using Advisor.Insights.Contracts;
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

namespace Advisor.Insights;

/// <summary>Runs an analysis again, asked for over HTTP or on the queue.</summary>
public sealed class AnalysisTriggers(IRecordStore records, IMessageBus bus, Documents.Contracts.IngestionLookup ingestions, RunTimeline timeline, TimeProvider time)
{
    [Allow(Role.Analyst, Role.Reviewer, Role.Admin)]
    [Function("TriggerAnalysis")]
    public async Task<IResult> TriggerAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/v1/analysis/trigger")] HttpRequest request, CancellationToken cancellationToken)
    {
        const string Form = "{\"ingestion_id\": \"...\", \"analysis_type\": \"anomaly|trend|risk\"}";
        var (body, problem) = await JsonBody.ReadAsync<TriggerBody>(request, Form, cancellationToken);
        if (body is null)
        {
            return problem!;
        }

        if (body.IngestionId is not { Length: > 0 } ingestionId)
        {
            return Problem.Invalid("ingestion_id", $"Give an 'ingestion_id': the body is JSON of the form {Form}.");
        }

        if (body.AnalysisType is not { } type || !AnalysisTypes.All.Contains(type))
        {
            return Problem.Invalid("analysis_type", $"'analysis_type' is one of {string.Join(", ", AnalysisTypes.All)}.");
        }

        var tenant = request.Caller().Tenant;
        if (await ingestions.FindAsync(tenant, ingestionId, cancellationToken) is not { } ingestion)
        {
            return Problem.NotFound("ingestion", ingestionId);
        }

        if (!ingestion.IsRead)
        {
            return new Problem(StatusCodes.Status409Conflict, "not-ready", "The document has not been read yet",
                "Wait until its ingestion is completed and trigger the analysis again.") { RetryAfter = 1 };
        }

        // Asked for by a person, it is a run of its own: the run of the ingestion has ended.
        var id = request.OperationId(time);
        var asked = new AnalysisRequest(tenant, id, id, ingestionId, ingestion.DocumentId, type);
        var record = await records.CreateOnceAsync(AnalysisRecord.Container, tenant, id, new AnalysisRecord(
            id, id, ingestionId, ingestion.DocumentId, type, AnalysisStatus.Queued, null, null, 0, 0, [], null, time.GetUtcNow()), cancellationToken);
        await timeline.AppendAsync(tenant, id, new RunTimeline.Entry("queued", TimelineEventType.StepStarted, "queued"), cancellationToken);
        await bus.SendAsync(InsightQueues.Analysis, TenantMessage.Create(tenant, $"analyze/{id}", asked), cancellationToken);
        return Answer.Accepted($"/api/v1/analysis/{id}", AnalysisView.Of(record));
    }

    /// <summary>Starts the analysis of a message. A message that comes twice finds it already there.</summary>
    [Function("AnalyzeDataWorker")]
    public static async Task AnalyzeAsync(
        [ServiceBusTrigger(InsightQueues.Analysis)] ServiceBusReceivedMessage message, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        var asked = message.Body.ToObjectFromJson<AnalysisRequest>(AdvisorJson.Options)!;
        if (await client.GetInstanceAsync(asked.AnalysisId, cancellationToken) is null)
        {
            await client.ScheduleNewOrchestrationInstanceAsync(AnalysisRequest.Orchestrator, asked, new StartOrchestrationOptions(asked.AnalysisId), cancellationToken);
        }
    }

    [AllowAnyRole]
    [Function("GetAnalysis")]
    public async Task<IResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/v1/analysis/{id}")] HttpRequest request, string id, CancellationToken cancellationToken) =>
        await records.FindAsync(AnalysisRecord.Container, request.Caller().Tenant, id, cancellationToken) is { } stored
            ? Answer.Ok(AnalysisView.Of(stored.Value))
            : Problem.NotFound("analysis", id);

    private sealed record TriggerBody(string? IngestionId, string? AnalysisType);
}

/// <summary>An analysis as the API shows it.</summary>
public sealed record AnalysisView(
    string AnalysisId,
    string IngestionId,
    string DocumentId,
    string RunId,
    string AnalysisType,
    AnalysisStatus Status,
    decimal? ConfidenceScore,
    int Insights,
    int Rejected,
    IReadOnlyList<NotComputed> NotComputed,
    string? Finding,
    string? ReasoningChainId,
    DateTimeOffset CreatedAt,
    [property: JsonPropertyName("_links")] IReadOnlyDictionary<string, Link> Links)
{
    public static AnalysisView Of(AnalysisRecord record) => new(
        record.Id, record.IngestionId, record.DocumentId, record.RunId, record.AnalysisType, record.Status, record.ConfidenceScore, record.Insights, record.Rejected,
        record.NotComputed, record.Finding, record.ReasoningChainId, record.CreatedAt,
        LinksOf(record));

    private static Dictionary<string, Link> LinksOf(AnalysisRecord record)
    {
        var links = new Dictionary<string, Link>
        {
            ["self"] = new($"/api/v1/analysis/{record.Id}"),
            ["insights"] = new($"/api/v1/insights?analysis_id={record.Id}"),
            ["run"] = new($"/api/v1/runs/{record.RunId}"),
        };
        if (record.ReasoningChainId is { } chain)
        {
            // The chain is there once the analysis has reasoned.
            links["reasoning_chain"] = new Link($"/api/v1/reasoning-chains/{chain}");
        }

        return links;
    }
}
