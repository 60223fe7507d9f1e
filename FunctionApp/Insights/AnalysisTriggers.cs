using System.Text.Json;
using System.Text.Json.Serialization;
using Advisor.Insights.Analyst;
using Advisor.Insights.Contracts;
using Advisor.Insights.Proposing;
using Advisor.Insights.Replaying;
using Advisor.Kernel.Http;
using Advisor.Kernel.LanguageModels;
using Advisor.Kernel.LanguageModels.Prompts;
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

namespace Advisor.Insights;

/// <summary>Runs an analysis again, asked for over HTTP or on the queue.</summary>
public sealed class AnalysisTriggers(
    IRecordStore records, IMessageBus bus, Documents.Contracts.IngestionLookup ingestions, ModelGateway gateway, PromptLibrary prompts, IOptions<LanguageModelOptions> models, RunTimeline timeline, TimeProvider time)
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

        if (ShadowProblem(body) is { } unfit)
        {
            return unfit;
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
        var asked = new AnalysisRequest(tenant, id, id, ingestionId, ingestion.DocumentId, type) { Shadow = body.Shadow == true ? true : null, PromptVersion = body.PromptVersion, Model = body.Model };
        var record = await records.CreateOnceAsync(AnalysisRecord.ContainerOf(asked), tenant, id, new AnalysisRecord(
            id, id, ingestionId, ingestion.DocumentId, type, AnalysisStatus.Queued, null, null, 0, 0, [], null, time.GetUtcNow()) { Shadow = asked.Shadow }, cancellationToken);
        await timeline.AppendAsync(tenant, id, new RunTimeline.Entry("queued", TimelineEventType.StepStarted, "queued"), cancellationToken);
        await bus.SendAsync(InsightQueues.Analysis, TenantMessage.Create(tenant, $"analyze/{id}", asked), cancellationToken);
        return Answer.Accepted($"/api/v1/analysis/{id}", AnalysisView.Of(record));
    }

    /// <summary>Starts the analysis of a message. A message that comes twice finds it already there.</summary>
    [Function("AnalyzeDataWorker")]
    public static Task AnalyzeAsync(
        [ServiceBusTrigger(InsightQueues.Analysis)] ServiceBusReceivedMessage message, ServiceBusMessageActions actions, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken) =>
        message.HandleAsync<AnalysisRequest>(
            actions,
            async (_, asked) =>
            {
                if (await client.GetInstanceAsync(asked.AnalysisId, cancellationToken) is null)
                {
                    var options = new StartOrchestrationOptions(asked.AnalysisId) { Tags = new Dictionary<string, string> { ["tenant"] = asked.Tenant.Value } };
                    await client.ScheduleNewOrchestrationInstanceAsync(AnalysisRequest.Orchestrator, asked, options, cancellationToken);
                }
            },
            cancellationToken);

    [AllowAnyRole]
    [Function("GetAnalysis")]
    public async Task<IResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/v1/analysis/{id}")] HttpRequest request, string id, CancellationToken cancellationToken) =>
        (await records.FindAsync(AnalysisRecord.Container, request.Caller().Tenant, id, cancellationToken)
            ?? await records.FindAsync(AnalysisRecord.Shadows, request.Caller().Tenant, id, cancellationToken)) is { } stored
            ? Answer.Ok(AnalysisView.Of(stored.Value))
            : Problem.NotFound("analysis", id);

    /// <summary>What is live is set by those who run the product; another prompt or model is tried in shadow.</summary>
    private Problem? ShadowProblem(TriggerBody body)
    {
        if (body.Shadow != true)
        {
            return body.PromptVersion is not null ? Problem.Invalid("prompt_version", "Another prompt is tried in shadow: give \"shadow\": true with 'prompt_version'.")
                : body.Model is not null ? Problem.Invalid("model", "Another model is tried in shadow: give \"shadow\": true with 'model'.")
                : null;
        }

        if (body.PromptVersion is { } version && prompts.Find(ModelPrompt.Name, version) is null)
        {
            return Problem.Invalid("prompt_version", $"'prompt_version' is one of {string.Join(", ", ModelAsking.KnownVersions(prompts))}.");
        }

        if (!gateway.IsConfigured)
        {
            return new Problem(StatusCodes.Status409Conflict, "no-language-model", "No language model is configured",
                "There is nothing to try in shadow: set OpenAI:BaseUrl or AzureOpenAI:Endpoint, and start the host again.");
        }

        return body.Model is { } model && !gateway.Allows(model)
            ? Problem.Invalid("model", $"'model' is one of {string.Join(", ", models.Value.AllowedModels.Prepend(gateway.DefaultModel).Distinct(StringComparer.Ordinal))}; others are allowed by LanguageModels:AllowedModels.")
            : null;
    }

    private sealed record TriggerBody(string? IngestionId, string? AnalysisType, string? PromptVersion, string? Model, bool? Shadow);
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
    /// <summary>What came of asking a language model; absent where none was asked.</summary>
    public ModelOutcome? LanguageModel { get; init; }

    /// <summary>True for an analysis in shadow; absent for any other.</summary>
    public bool? Shadow { get; init; }

    /// <summary>The live analysis that the differences are against; absent where there is none.</summary>
    public string? ComparedWith { get; init; }

    /// <summary>Of a shadow that has ended.</summary>
    public IReadOnlyList<AnalysisDifference>? Differences { get; init; }

    public static AnalysisView Of(AnalysisRecord record) => new(
        record.Id, record.IngestionId, record.DocumentId, record.RunId, record.AnalysisType, record.Status, record.ConfidenceScore, record.Insights, record.Rejected,
        record.NotComputed, record.Finding, record.ReasoningChainId, record.CreatedAt,
        LinksOf(record))
    {
        LanguageModel = record.LanguageModel,
        Shadow = record.Shadow,
        ComparedWith = record.ComparedWith,
        Differences = record.Differences,
    };

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
