using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using Advisor.Documents;
using Advisor.Embedded;
using Advisor.Embedded.Identity;
using Advisor.Embedded.ServiceBus;
using Advisor.Insights;
using Advisor.Kernel.Records;
using Microsoft.Extensions.DependencyInjection;

namespace Advisor.Benchmarks.Documents;

/// <summary>A host in this process on a data folder of its own.</summary>
internal sealed class WarmHost : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    /// <summary>Between two looks, which cost a few microseconds each.</summary>
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(2);

    private readonly string _folder;
    private readonly AdvisorHost _host;
    private readonly HttpClient _http;

    private WarmHost(string folder, AdvisorHost host, HttpClient http) => (_folder, _host, _http) = (folder, host, http);

    /// <summary>Pages of the document last taken in.</summary>
    public int Pages { get; private set; }

    /// <summary>Insights of the document last taken in: a run that finds none measures nothing.</summary>
    public int Insights { get; private set; }

    public static async Task<WarmHost> StartAsync(CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("advisor-bench-").FullName;
        var host = await AdvisorHost.StartAsync(
            new AdvisorHostOptions { DataFolder = folder, Url = "http://127.0.0.1:0", LogToConsole = false }, cancellationToken);
        var token = await BenchTenant.TokenAsync(host.Services.GetRequiredService<ApiTokens>());
        return new WarmHost(folder, host, BenchTenant.Client(host.Url, token));
    }

    /// <summary>From the upload until the ingestion is completed and every routed insight has reached its summary or review.</summary>
    public async Task<TimeSpan> TimeAsync(FreshCopy copy, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        using var form = copy.ToForm();
        using var response = await _http.PostAsync("api/v1/documents/ingest", form, cancellationToken);
        response.EnsureSuccessStatusCode();
        var accepted = await response.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
        var records = _host.Services.GetRequiredService<IRecordStore>();
        var ingestion = accepted.GetProperty("ingestion_id").GetString()!;
        await UntilAsync(clock, async () =>
        {
            var record = (await records.FindAsync(IngestionRecord.Container, BenchTenant.Id, ingestion, cancellationToken))!.Value;
            return record.Status switch
            {
                IngestionStatus.Completed => true,
                IngestionStatus.Failed => throw new BenchException($"The document could not be processed: {record.Error?.Detail}"),
                _ => false,
            };
        });
        var queues = _host.Services.GetRequiredService<SqliteQueues>();
        await UntilAsync(clock, () => Task.FromResult(queues.ListQueues().Count == 0));
        var elapsed = clock.Elapsed;
        var documentId = accepted.GetProperty("document_id").GetString()!;
        Pages = (await records.FindAsync(DocumentRecord.Container, BenchTenant.Id, documentId, cancellationToken))!.Value.Pages ?? 0;
        var query = new RecordQuery([new RecordFilter("document_id", RecordOperator.Equal, documentId)], PageSize: 1_000);
        Insights = (await records.QueryAsync(InsightRecord.Container, BenchTenant.Id, query, cancellationToken)).Items.Count;
        return elapsed;
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _host.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static async Task UntilAsync(Stopwatch clock, Func<Task<bool>> reached)
    {
        while (!await reached())
        {
            if (clock.Elapsed > s_patience)
            {
                throw new BenchException($"The document was not through within {s_patience.TotalSeconds:0} s.");
            }

            await Task.Delay(s_look);
        }
    }
}
