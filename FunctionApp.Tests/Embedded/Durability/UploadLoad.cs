using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using Advisor.Embedded;
using Advisor.Embedded.Durable;
using Advisor.Embedded.Identity;
using Advisor.Embedded.ServiceBus;
using Advisor.Embedded.Storage;
using Advisor.Kernel.Messaging;
using Advisor.Kernel.Tenancy;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Shouldly;

namespace Advisor.Tests.Embedded.Durability;

/// <summary>The whole host in this process, and documents that are uploaded to it over HTTP.</summary>
/// <remarks>What is running at its death is not counted against anything: here the process dies of the test, not of its work.</remarks>
internal sealed class UploadLoad : IAsyncDisposable
{
    /// <summary>Lines of the sample ledger that a document has: enough to say something of, and quickly read.</summary>
    private const int Lines = 150;

    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(20);

    private readonly AdvisorHost _host;

    private UploadLoad(AdvisorHost host, HttpClient http)
    {
        _host = host;
        Http = http;
    }

    public HttpClient Http { get; }

    public static async Task<UploadLoad> StartAsync(string folder, TimeProvider? time = null)
    {
        var host = await AdvisorHost.StartAsync(
            new AdvisorHostOptions
            {
                DataFolder = folder,
                Url = "http://127.0.0.1:0",
                LogToConsole = false,
                TimeProvider = time ?? TimeProvider.System,
                Settings = new Dictionary<string, string?> { ["RateLimit:PerSecond"] = "1000000", ["RateLimit:Burst"] = "1000000" },
                ConfigureServices = Patient,
            },
            CancellationToken.None);
        var caller = new Caller(new TenantId("durability"), "tester", "tester@durability.example", [Role.Analyst]);
        var token = (await host.Services.GetRequiredService<ApiTokens>().CreateAsync(caller, TimeSpan.FromDays(1))).Text;
        var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = host.Url };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return new UploadLoad(host, http);
    }

    /// <summary>Uploads one document after the other and never ends; what is acknowledged is noted then.</summary>
    public async Task RunAsync(string prefix, Action<string> acknowledged)
    {
        for (var number = 0; ; number++)
        {
            acknowledged(Line(await UploadAsync(string.Create(CultureInfo.InvariantCulture, $"{prefix}-{number}.csv"), CancellationToken.None)));
        }
    }

    public Task<AcceptedDocument> UploadAsync(string name, CancellationToken cancellationToken) =>
        AcceptedDocument.UploadAsync(Http, name, ContentOf(name), cancellationToken);

    /// <summary>Waits until the document is finished.</summary>
    public async Task EndAsync(AcceptedDocument document, TimeSpan patience, CancellationToken cancellationToken)
    {
        using var waited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        waited.CancelAfter(patience);
        while (await document.IngestionAsync(Http, waited.Token) is var ingestion && ingestion.GetProperty("status").GetString() is var status && status != "completed")
        {
            status.ShouldNotBe("failed", ingestion.ToString());
            await Task.Delay(s_look, waited.Token);
        }
    }

    /// <summary>What was kept of the upload, byte for byte.</summary>
    public Task<byte[]> OriginalAsync(AcceptedDocument document, CancellationToken cancellationToken) =>
        Http.GetByteArrayAsync($"api/v1/documents/{document.DocumentId}/original", cancellationToken);

    /// <summary>The bytes of a document; no two names have the same.</summary>
    public static byte[] ContentOf(string name) => Encoding.UTF8.GetBytes(
        string.Join('\n', File.ReadLines(Path.Combine(Evals.RepositoryRoot, "samples", "ledger.csv")).Take(Lines).Append($"2025-12-31,JE-9999,1010,Operating bank account,Note on {name},,1.00,USD,a.brandt")));

    /// <summary>An acknowledged document as a line of a file.</summary>
    public static string Line(AcceptedDocument document) => $"upload {document.Name} {document.IngestionId} {document.DocumentId} {document.RunId}";

    public static IEnumerable<AcceptedDocument> Uploads(IEnumerable<string> lines) =>
        lines.Select(line => line.Split(' ')).Where(words => words is ["upload", _, _, _, _]).Select(words => new AcceptedDocument(words[1], words[2], words[3], words[4]));

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _host.DisposeAsync();
    }

    /// <summary>An engine and queues that hold no death against the work that ran then.</summary>
    public static void Patient(IServiceCollection services)
    {
        services.AddSingleton(provider => new DurableEngine(
            provider.GetRequiredKeyedService<SqliteDatabase>(provider.GetRequiredService<DataFolder>().Journal),
            provider.GetRequiredService<IDurableFunctions>(),
            new DurableEngineOptions { MaxProcessDeaths = 1_000, SuspectHeadStart = TimeSpan.FromMilliseconds(5), Suspects = provider.GetRequiredService<SuspectTurns>() },
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILoggerFactory>()));
        services.AddSingleton(provider => new SqliteQueues(
            provider.GetRequiredKeyedService<SqliteDatabase>(provider.GetRequiredService<DataFolder>().Queues),
            provider.GetRequiredService<TimeProvider>(),
            _ => new QueueOptions { MaxDeliveryCount = 1_000 }));
    }
}
