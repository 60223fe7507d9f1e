using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Advisor.Benchmarks.Documents;
using Advisor.Documents;
using Advisor.Embedded;
using Advisor.Embedded.Identity;
using Advisor.Embedded.ScriptedModels;
using Advisor.Embedded.ServiceBus;
using Advisor.Insights;
using Advisor.Insights.Alerts;
using Advisor.Kernel.Notifications;
using Advisor.Kernel.Records;
using Advisor.Kernel.Reviews;
using Advisor.Kernel.Timeline;
using Microsoft.Extensions.DependencyInjection;

namespace Advisor.Benchmarks.Quality.Injection;

/// <summary>A host in this process whose language model obeys whatever it reads.</summary>
internal sealed class InjectionHost : IAsyncDisposable
{
    /// <summary>The server that stands in for the model; it says of itself that it is none.</summary>
    public const string Script = "obeys";

    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(10);

    private readonly string _folder;
    private readonly AdvisorHost _host;
    private readonly ScriptedModel _model;
    private readonly HttpClient _http;

    private InjectionHost(string folder, AdvisorHost host, ScriptedModel model, HttpClient http) => (_folder, _host, _model, _http) = (folder, host, model, http);

    /// <summary>Prompts that the model was asked with.</summary>
    public IReadOnlyList<ScriptedRequest> Asked => _model.Requests;

    public static async Task<InjectionHost> StartAsync(CancellationToken cancellationToken)
    {
        var model = await ScriptedModel.StartAsync(Script, cancellationToken: cancellationToken);
        var folder = Directory.CreateTempSubdirectory("advisor-quality-").FullName;
        var host = await AdvisorHost.StartAsync(new AdvisorHostOptions
        {
            DataFolder = folder,
            Url = "http://127.0.0.1:0",
            LogToConsole = false,
            Settings = new Dictionary<string, string?>
            {
                ["OpenAI:BaseUrl"] = model.BaseUrl.ToString(),
                ["OpenAI:Model"] = $"scripted-{Script}",
                ["LanguageModels:TenantTokensPerDay"] = "100000000000",
                ["RateLimit:PerSecond"] = "1000000",
                ["RateLimit:Burst"] = "1000000",
            },
        }, cancellationToken);
        var token = await BenchTenant.TokenAsync(host.Services.GetRequiredService<ApiTokens>());
        return new InjectionHost(folder, host, model, BenchTenant.Client(host.Url, token));
    }

    /// <summary>Takes a file in and waits for its run.</summary>
    /// <exception cref="BenchException">The file was refused, or its run failed.</exception>
    public async Task<Observation> ObserveAsync(TriedFile file, CancellationToken cancellationToken)
    {
        using var form = new MultipartFormDataContent { { new ByteArrayContent(file.Content), "file", file.Name } };
        using var response = await _http.PostAsync("api/v1/documents/ingest", form, cancellationToken);
        if (!response.IsSuccessStatusCode)
        {
            throw new BenchException($"The upload of '{file.Name}' was refused: {await response.Content.ReadAsStringAsync(cancellationToken)}");
        }

        var accepted = await response.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
        var (ingestion, document) = (Id(accepted, "ingestion_id"), Id(accepted, "document_id"));
        var records = _host.Services.GetRequiredService<IRecordStore>();
        await UntilAsync(async () => (await records.FindAsync(IngestionRecord.Container, BenchTenant.Id, ingestion, cancellationToken))!.Value switch
        {
            { Status: IngestionStatus.Completed } => true,
            { Status: IngestionStatus.Failed, Error: var error } => throw new BenchException($"'{file.Name}' could not be processed: {error?.Detail}"),
            _ => false,
        }, cancellationToken);
        var insights = await ListAsync($"api/v1/insights?document_id={document}&limit=500", "insights", cancellationToken);
        var analyses = await records.AllAsync(AnalysisRecord.Container, BenchTenant.Id, [new RecordFilter("document_id", RecordOperator.Equal, document)], cancellationToken);
        return new Observation(
            document,
            await ListAsync($"api/v1/documents/{document}", null, cancellationToken),
            await ListAsync($"api/v1/documents/{document}/facts?limit=500", "facts", cancellationToken),
            await ListAsync($"api/v1/documents/{document}/proofs?limit=500", "proofs", cancellationToken),
            insights,
            [.. analyses.Select(item => string.Create(CultureInfo.InvariantCulture, $"{item.Value.AnalysisType} {item.Value.ConfidenceScore}")).Order(StringComparer.Ordinal)]);
    }

    /// <summary>What went out of all runs so far, by document, once nothing is under way any more.</summary>
    public async Task<Effects> EffectsAsync(CancellationToken cancellationToken)
    {
        var queues = _host.Services.GetRequiredService<SqliteQueues>();
        await UntilAsync(() => Task.FromResult(queues.ListQueues().Count == 0), cancellationToken);
        var records = _host.Services.GetRequiredService<IRecordStore>();
        var told = await records.AllAsync(NotificationRecord.Container, BenchTenant.Id, [], cancellationToken);
        var alerts = await records.AllAsync(AlertRecord.Container, BenchTenant.Id, [], cancellationToken);
        var summaries = await records.AllAsync(SummaryRecord.Container, BenchTenant.Id, [], cancellationToken);
        var reviews = await records.AllAsync(ReviewRecord.Container, BenchTenant.Id, [], cancellationToken);
        return new Effects(
            [.. told.Select(item => item.Value)],
            [.. alerts.Select(item => item.Value.DocumentId)],
            summaries.ToDictionary(item => item.Value.DocumentId, item => item.Value.InsightIds, StringComparer.Ordinal),
            [.. reviews.Where(item => item.Value.AssignedTo is not null).Select(item => item.Value.SubjectId)]);
    }

    /// <summary>Prompts that offered the model a tool, or told it what a tool gave: without either it can call none, whatever it is told.</summary>
    public int ToolsOffered => Asked.Count(request => request.Member("tools") is not null || request.Member("functions") is not null
        || (request.Member("messages") is { ValueKind: JsonValueKind.Array } messages && messages.EnumerateArray().Any(message => message.GetProperty("role").GetString() is not ("system" or "user"))));

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _host.DisposeAsync();
        await _model.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task<IReadOnlyList<JsonElement>> ListAsync(string path, string? name, CancellationToken cancellationToken)
    {
        var answer = await _http.GetFromJsonAsync<JsonElement>(path, cancellationToken);
        return name is null ? [answer] : [.. answer.GetProperty(name).EnumerateArray()];
    }

    private static string Id(JsonElement accepted, string name) => accepted.GetProperty(name).GetString()!;

    private static async Task UntilAsync(Func<Task<bool>> reached, CancellationToken cancellationToken)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!await reached())
        {
            if (TimeProvider.System.GetElapsedTime(started) > s_patience)
            {
                throw new BenchException($"A document was not through within {s_patience.TotalSeconds:0} s.");
            }

            await Task.Delay(s_look, cancellationToken);
        }
    }
}

/// <summary>What is said of a document after its run.</summary>
/// <param name="Analyses">Type and confidence of each, in order.</param>
internal sealed record Observation(
    string DocumentId, IReadOnlyList<JsonElement> Document, IReadOnlyList<JsonElement> Facts, IReadOnlyList<JsonElement> Proofs, IReadOnlyList<JsonElement> Insights, IReadOnlyList<string> Analyses)
{
    /// <summary>Places that the screen found.</summary>
    public int Sightings => Document[0].GetProperty("instructions").GetArrayLength();
}

/// <summary>What left the product.</summary>
/// <param name="AlertedDocuments">One entry for an alert.</param>
/// <param name="Summaries">Insights of a document's summary.</param>
/// <param name="AssignedReviews">Insights whose review was put before somebody by name.</param>
internal sealed record Effects(
    IReadOnlyList<NotificationRecord> Notifications, IReadOnlyList<string> AlertedDocuments, IReadOnlyDictionary<string, IReadOnlyList<string>> Summaries, IReadOnlyList<string> AssignedReviews);
