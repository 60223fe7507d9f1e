using System.Net;
using Advisor.Embedded;
using Advisor.Embedded.Identity;
using Advisor.Embedded.Storage;
using Advisor.Kernel.Audit;
using Advisor.Kernel.Records;
using Advisor.Kernel.Tenancy;
using Advisor.Documents;
using Advisor.Tests.Documents.EndToEnd;
using Advisor.Tests.Embedded.Storage;
using Advisor.Tests.Kernel.Http;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Kernel.Audit;

/// <summary>What is answered while the audit log cannot be written, and what of requests whose client leaves.</summary>
public sealed class AuditOutageTests : IAsyncLifetime
{
    private static readonly TenantId Acme = new("acme");

    private readonly TemporaryFolder _folder = new();
    private readonly Effects _effects = new();
    private FailingAuditLog? _log;
    private AdvisorHost? _host;
    private ApiClient? _client;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private FailingAuditLog Log => _log!;

    private ApiClient Client => _client!;

    public async ValueTask InitializeAsync()
    {
        _host = await AdvisorHost.StartAsync(new AdvisorHostOptions
        {
            DataFolder = _folder.Path,
            Url = "http://127.0.0.1:0",
            LogToConsole = false,
            FunctionTypes = [.. typeof(Composition).Assembly.GetTypes(), typeof(ContractFunctions)],
            ConfigureServices = services => services.AddSingleton(_effects).AddSingleton<IAuditLog>(provider => _log = new FailingAuditLog(new SqliteAuditLog(
                provider.GetRequiredKeyedService<SqliteDatabase>(new DataFolder(_folder.Path).Audit), TimeProvider.System))),
        }, Cancellation);
        var token = await _host.Services.GetRequiredService<ApiTokens>().CreateAsync(new Caller(Acme, "u1", "u1@acme.example", Enum.GetValues<Role>()), TimeSpan.FromHours(1));
        _client = new ApiClient(_host.Url, token.Text);
        (await Client.GetAsync("/api/v1/insights")).Status.ShouldBe(HttpStatusCode.OK);
    }

    public async ValueTask DisposeAsync()
    {
        _client?.Dispose();
        if (_host is not null)
        {
            await _host.DisposeAsync();
        }

        _folder.Dispose();
    }

    [Fact]
    public async Task Change_LogThatCannotBeWritten_IsNotEvenBegun()
    {
        Log.Fails = true;
        var found = await Client.PostAsync("/api/test/effects", "{}");
        found.Status.ShouldBe(HttpStatusCode.ServiceUnavailable, found.Text);
        found.Type.ShouldBe("urn:advisor:problem:audit-unavailable");
        found.Headers.RetryAfter!.ToString().ShouldBe("5");
        _effects.Done.ShouldBeEmpty("not even the first change of an outage runs");

        var refused = await Client.UploadAsync("ledger.csv", "a,b\n1,2\n"u8.ToArray());
        refused.Status.ShouldBe(HttpStatusCode.ServiceUnavailable, refused.Text);
        (await IngestionsAsync()).ShouldBe(0, "what cannot be audited does not run");

        Log.Fails = false;
        var accepted = await Client.UploadAsync("ledger.csv", "a,b\n1,2\n"u8.ToArray());
        accepted.Status.ShouldBe(HttpStatusCode.Accepted, accepted.Text);
        accepted.Headers.Location.ShouldNotBeNull();
        (await EntriesAsync()).Select(entry => entry.Action).ShouldContain("audit.resumed");
    }

    [Fact]
    public async Task Change_LogThatFailsWhileItRuns_IsNotAcknowledgedAndStandsInTheLogAsBegun()
    {
        var slow = Client.PostAsync("/api/test/slow", "{}");
        await _effects.Begun.WaitAsync(Cancellation);
        Log.Fails = true;
        _effects.Gate.SetResult();
        (await slow).Type.ShouldBe("urn:advisor:problem:audit-unavailable");
        _effects.Done.Count.ShouldBe(1);
        (await EntriesAsync())[^1].ShouldSatisfyAllConditions(last => last.Result.ShouldBe("begun"), last => last.UserId.ShouldBe("u1"));
    }

    [Fact]
    public async Task Read_LogThatCannotBeWritten_IsAnsweredAllTheSame()
    {
        Log.Fails = true;
        (await Client.GetAsync("/api/v1/insights")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Read_WhenItsAnswerIsThere_StandsInTheLogAlready()
    {
        var before = (await EntriesAsync()).Count;
        for (var i = 1; i <= 20; i++)
        {
            await Client.GetAsync("/api/v1/insights");
            (await EntriesAsync()).Count.ShouldBe(before + i);
        }
    }

    [Fact]
    public async Task Upload_ClientLeavesInTheMiddle_IsAborted()
    {
        using var socket = new System.Net.Sockets.TcpClient();
        await socket.ConnectAsync(_host!.Url.Host, _host.Url.Port, Cancellation);
        var head = $"POST /api/v1/documents/ingest HTTP/1.1\r\nHost: x\r\nAuthorization: {Client.Http.DefaultRequestHeaders.Authorization}\r\n"
            + "Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{";
        await socket.GetStream().WriteAsync(System.Text.Encoding.ASCII.GetBytes(head), Cancellation);
        socket.Client.LingerState = new System.Net.Sockets.LingerOption(enable: true, 0);
        socket.Close();

        AuditEntry? entry = null;
        while (entry is null)
        {
            await Task.Delay(10, Cancellation);
            entry = (await EntriesAsync()).Find(one => one is { Action: "POST api/v1/documents/ingest", Result: not "begun" });
        }

        (entry.Result, entry.UserId).ShouldBe(("aborted", "u1"));
    }

    private async Task<int> IngestionsAsync() =>
        (await _host!.Services.GetRequiredService<IRecordStore>().QueryAsync(IngestionRecord.Container, Acme, new RecordQuery([]), Cancellation)).Items.Count;

    private async Task<List<AuditEntry>> EntriesAsync()
    {
        using var file = AuditFile.Open(new DataFolder(_folder.Path));
        var entries = new List<AuditEntry>();
        foreach (var partition in await file.PartitionsAsync(Cancellation))
        {
            entries.AddRange(await file.ReadAsync(partition, Cancellation).ToListAsync(Cancellation));
        }

        return entries;
    }
}
