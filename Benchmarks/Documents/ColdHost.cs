using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using Advisor.Embedded.Identity;
using Advisor.Embedded.Storage;

namespace Advisor.Benchmarks.Documents;

/// <summary>A host that was not there before.</summary>
internal static class ColdHost
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    /// <summary>From the start of a host's process on an empty data folder until its first upload is completed.</summary>
    public static async Task<TimeSpan> TimeAsync(FreshCopy copy, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("advisor-bench-");
        try
        {
            string token;
            await using (var identity = new SqliteDatabase(new DataFolder(folder.FullName).Identity, ""))
            {
                token = await BenchTenant.TokenAsync(new ApiTokens(identity, TimeProvider.System));
            }

            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            patience.CancelAfter(s_patience);
            return await TimeAsync(folder.FullName, token, copy, patience.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new BenchException($"A fresh host was not through with its first document within {s_patience.TotalSeconds:0} s.");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<TimeSpan> TimeAsync(string folder, string token, FreshCopy copy, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        await using var host = await HostProcess.StartAsync(folder, cancellationToken, limitRate: false);
        using var http = BenchTenant.Client(host.Url, token);
        using var form = copy.ToForm();
        using var response = await http.PostAsync("api/v1/documents/ingest", form, cancellationToken);
        response.EnsureSuccessStatusCode();
        var ingestion = (await response.Content.ReadFromJsonAsync<JsonElement>(cancellationToken)).GetProperty("ingestion_id").GetString();
        while (true)
        {
            var answer = await http.GetFromJsonAsync<JsonElement>($"api/v1/ingestions/{ingestion}", cancellationToken);
            switch (answer.GetProperty("status").GetString())
            {
                case "completed":
                    return clock.Elapsed;
                case "failed":
                    throw new BenchException($"The document could not be processed: {answer.GetProperty("error")}");
                default:
                    await Task.Delay(10, cancellationToken);
                    break;
            }
        }
    }
}
