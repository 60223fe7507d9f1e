using System.Net.Http.Json;
using System.Text.Json;
using Advisor.Benchmarks.Documents;
using Advisor.Documents;
using Advisor.Embedded;
using Advisor.Embedded.Identity;
using Advisor.Insights;
using Advisor.Kernel.Records;
using Advisor.Kernel.Tenancy;
using Microsoft.Extensions.DependencyInjection;

namespace Advisor.Benchmarks.Api;

/// <summary>A user of the load: a token of their own, and what there is to ask for in their tenant.</summary>
/// <param name="IngestionId">A finished ingestion of the tenant, to analyse again.</param>
internal sealed record BenchUser(string Tenant, string Token, string IngestionId, IReadOnlyList<string> DocumentIds);

/// <summary>A data folder with tenants, users and many insights: those of a real analysis over and over, each under ids of its own.</summary>
internal sealed class SeededFolder : IDisposable
{
    private const int Tenants = 4;
    private const int PerDocument = 100;
    private const int Batch = 2_000;

    private SeededFolder(string path, IReadOnlyList<BenchUser> users) => (FolderPath, Users) = (path, users);

    public string FolderPath { get; }

    public IReadOnlyList<BenchUser> Users { get; }

    public static async Task<SeededFolder> MakeAsync(string document, int users, int insights, CancellationToken cancellationToken)
    {
        var path = Directory.CreateTempSubdirectory("advisor-bench-").FullName;
        try
        {
            await using var host = await AdvisorHost.StartAsync(new AdvisorHostOptions { DataFolder = path, Url = "http://127.0.0.1:0", LogToConsole = false }, cancellationToken);
            var tokens = host.Services.GetRequiredService<ApiTokens>();
            var made = new List<BenchUser>();
            for (var tenant = 0; tenant < Tenants; tenant++)
            {
                var id = new TenantId($"bench-{tenant}");
                var callers = new List<string>();
                for (var user = tenant; user < users; user += Tenants)
                {
                    var caller = new Caller(id, $"user-{user}", $"user-{user}@bench.example", [Role.Analyst]);
                    callers.Add((await tokens.CreateAsync(caller, TimeSpan.FromHours(4))).Text);
                }

                var ingestion = await AnalyzeAsync(host, callers[0], document, cancellationToken);
                var documents = await MultiplyAsync(host.Services.GetRequiredService<IRecordStore>(), id, insights / Tenants, cancellationToken);
                made.AddRange(callers.Select(token => new BenchUser(id.Value, token, ingestion, documents)));
            }

            return new SeededFolder(path, made);
        }
        catch
        {
            Directory.Delete(path, recursive: true);
            throw;
        }
    }

    public void Dispose() => Directory.Delete(FolderPath, recursive: true);

    private static async Task<string> AnalyzeAsync(AdvisorHost host, string token, string document, CancellationToken cancellationToken)
    {
        using var http = BenchTenant.Client(host.Url, token);
        using var form = new FreshCopy(document, await File.ReadAllBytesAsync(document, cancellationToken)).ToForm();
        using var accepted = await http.PostAsync("api/v1/documents/ingest", form, cancellationToken);
        accepted.EnsureSuccessStatusCode();
        var id = (await accepted.Content.ReadFromJsonAsync<JsonElement>(cancellationToken)).GetProperty("ingestion_id").GetString()!;
        while ((await http.GetFromJsonAsync<JsonElement>($"api/v1/ingestions/{id}", cancellationToken)).GetProperty("status").GetString() is var status && status != "completed")
        {
            if (status == "failed")
            {
                throw new BenchException("The document of the bench could not be processed.");
            }

            await Task.Delay(250, cancellationToken);
        }

        return id;
    }

    /// <summary>Spreads copies of the tenant's insights over documents and four months.</summary>
    /// <returns>Ids of the documents.</returns>
    private static async Task<IReadOnlyList<string>> MultiplyAsync(IRecordStore records, TenantId tenant, int count, CancellationToken cancellationToken)
    {
        var real = (await records.QueryAsync(InsightRecord.Container, tenant, new RecordQuery([], PageSize: 500), cancellationToken)).Items;
        var documents = new List<string>();
        var batch = new List<(string, InsightRecord)>(Batch);
        var now = TimeProvider.System.GetUtcNow();
        for (var i = 0; i < count; i++)
        {
            if (i % PerDocument == 0)
            {
                documents.Add(DeterministicId.Of("bench document", tenant.Value, i.ToString(System.Globalization.CultureInfo.InvariantCulture)));
            }

            var source = real[i % real.Count].Value;
            var created = now - TimeSpan.FromDays(120.0 * (count - i) / count);
            var rank = (i % PerDocument) + 1;
            var copy = source with
            {
                Id = DeterministicId.Of("bench insight", documents[^1], i.ToString(System.Globalization.CultureInfo.InvariantCulture)),
                DocumentId = documents[^1],
                AnalysisId = DeterministicId.Of("bench analysis", documents[^1], source.Type),
                Rank = rank,
                CreatedAt = created,
                SortKey = InsightRecord.SortKeyOf(created, source.Type, rank),
            };
            batch.Add((copy.Id, copy));
            if (batch.Count == Batch || i == count - 1)
            {
                await records.PutManyAsync(InsightRecord.Container, tenant, batch, cancellationToken);
                batch.Clear();
            }
        }

        return documents;
    }
}
