using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Advisor.Embedded.Identity;
using Advisor.Embedded.Storage;
using Advisor.Kernel.Tenancy;
using Advisor.Tests.Documents;
using Advisor.Tests.Embedded.Storage;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Embedded.Durability;

/// <summary>The host as a process of its own on a disk that takes no more, in a folder that it may not write, and on files that are damaged.</summary>
public sealed class HostDiskTests : IDisposable
{
    private const int MostUploads = 300;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(50);

    private readonly TemporaryFolder _folder = new();
    private int _uploads;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    /// <summary>Full for real: no file may grow beyond a bound. What it acknowledges then is there when the bound is gone, and in the next process.</summary>
    [Fact]
    public async Task Upload_WhenNothingCanBeWrittenAnyMore_IsRefusedInWordsAndNothingAcknowledgedIsLost()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Bounds of a running process are set with prlimit, which Linux has.");
        SystemTool.Require("prlimit", "util-linux");
        var token = await TokenAsync();
        List<AcceptedDocument> accepted = [];
        using (var host = await HostProcess.StartAsync(_folder.Path, token, Cancel))
        {
            accepted.Add(await AcceptAsync(host));
            await LimitAsync(host, LargestFile() + (64 * 1024));
            var refused = await UploadUntilRefusedAsync(host, accepted);

            refused.Status.ShouldBe(503, refused.Body + host.Log());
            var problem = JsonDocument.Parse(refused.Body).RootElement;
            problem.GetProperty("type").GetString().ShouldBe("urn:advisor:problem:dependency-unavailable");
            problem.GetProperty("detail").GetString()!.ShouldContain("so the request was not carried out");
            refused.Body.ShouldNotContain(_folder.Path);
            host.Log().ShouldContain("ulimit -f");

            await LimitAsync(host, null);
            accepted.Add(await AcceptAsync(host));
        }

        using var next = await HostProcess.StartAsync(_folder.Path, token, Cancel);
        foreach (var document in accepted)
        {
            await EndsAsync(next, document);
        }
    }

    [Fact]
    public async Task Start_InAFolderThatMayNotBeWritten_NamesItAndSaysWhatToDo()
    {
        var lesser = await LesserUser.GetAsync(_folder.Path, Cancel);
        var locked = Directory.CreateDirectory(_folder.File("data")).FullName;
        using var readOnly = lesser.MakeReadOnly(locked);

        var fault = await Should.ThrowAsync<InvalidOperationException>(HostProcess.StartAsync(locked, "none", Cancel, lesser.Run));

        fault.Message.ShouldContain($"{locked}/host.lock cannot be written. Give the user that runs the host the right to read and write everything in {locked}, or name another folder with --data.");
    }

    [Fact]
    public async Task Start_OnAFileThatMayNotBeWritten_NamesItAndSaysWhatToDo()
    {
        var lesser = await LesserUser.GetAsync(_folder.Path, Cancel);
        var data = Directory.CreateDirectory(_folder.File("data")).FullName;
        await using (new SqliteDatabase(new DataFolder(data).Journal, ""))
        {
            // Made, and closed again.
        }

        lesser.Give(data);
        using var readOnly = lesser.MakeReadOnly(new DataFolder(data).Journal);

        var fault = await Should.ThrowAsync<InvalidOperationException>(HostProcess.StartAsync(data, "none", Cancel, lesser.Run));

        fault.Message.ShouldContain($"{new DataFolder(data).Journal} cannot be written. Give the user that runs the host");
    }

    [Fact]
    public async Task Upload_OnceTheFolderMayNotBeWrittenAnyMore_IsRefusedInWordsAndNothingAcknowledgedIsLost()
    {
        var lesser = await LesserUser.GetAsync(_folder.Path, Cancel);
        var data = Directory.CreateDirectory(_folder.File("data")).FullName;
        var token = await TokenAsync(data);
        lesser.Give(data);
        using var host = await HostProcess.StartAsync(data, token, Cancel, lesser.Run);
        var accepted = await AcceptAsync(host);
        await EndsAsync(host, accepted);

        using (lesser.MakeReadOnly(Path.Combine(data, "blobs", ".unfinished")))
        {
            var refused = await UploadAsync(host);

            refused.Status.ShouldBe(503, refused.Body + host.Log());
            refused.Body.ShouldContain("This host may not write where it stores");
            host.Log().ShouldContain($"{Path.Combine(data, "blobs")} cannot be written");
        }

        await EndsAsync(host, await AcceptAsync(host));
        await EndsAsync(host, accepted);
    }

    [Theory]
    [InlineData("journal.db")]
    [InlineData("records.db")]
    [InlineData("queues.db")]
    [InlineData("identity.db")]
    [InlineData("audit.db")]
    public async Task Start_OnAFileThatIsNoDatabaseAnyMore_NamesItAndSaysWhatToDo(string file)
    {
        await File.WriteAllBytesAsync(_folder.File(file), Enumerable.Repeat((byte)0xA5, 8192).ToArray(), Cancel);

        var fault = await Should.ThrowAsync<InvalidOperationException>(HostProcess.StartAsync(_folder.Path, "none", Cancel));

        fault.Message.ShouldContain($"{_folder.File(file)} is damaged. Stop the host and restore its data folder from a backup");
    }

    private static async Task LimitAsync(HostProcess host, long? bytes)
    {
        var most = bytes?.ToString(CultureInfo.InvariantCulture) ?? "unlimited";
        using var limit = Process.Start("prlimit", ["--pid", host.Id.ToString(CultureInfo.InvariantCulture), $"--fsize={most}:unlimited"]);
        await limit.WaitForExitAsync(Cancel);
        limit.ExitCode.ShouldBe(0);
    }

    private long LargestFile() => Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories).Max(file => new FileInfo(file).Length);

    private async Task<(int Status, string Body)> UploadUntilRefusedAsync(HostProcess host, List<AcceptedDocument> accepted)
    {
        while (accepted.Count < MostUploads)
        {
            var answer = await UploadAsync(host);
            if (answer.Status != 202)
            {
                return answer;
            }

            accepted.Add(AcceptedDocument.Of("ledger.csv", answer.Body));
        }

        throw new InvalidOperationException("The disk does not fill up.");
    }

    private async Task<AcceptedDocument> AcceptAsync(HostProcess host)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            var (status, body) = await UploadAsync(host);
            if (status == 202)
            {
                return AcceptedDocument.Of("ledger.csv", body);
            }

            clock.Elapsed.ShouldBeLessThan(s_patience, body + host.Log());
            await Task.Delay(s_look, Cancel);
        }
    }

    /// <summary>Uploads a table that no other upload has.</summary>
    private async Task<(int Status, string Body)> UploadAsync(HostProcess host)
    {
        var lines = new StringBuilder(await File.ReadAllTextAsync(Path.Combine(Evals.RepositoryRoot, "samples", "ledger.csv"), Cancel));
        lines.Append(CultureInfo.InvariantCulture, $"\nnote {++_uploads}\n");
        using var file = new ByteArrayContent(Encoding.UTF8.GetBytes(lines.ToString()));
        file.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        using var form = new MultipartFormDataContent { { file, "file", "ledger.csv" } };
        using var response = await host.Http.PostAsync("api/v1/documents/ingest", form, Cancel);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(Cancel));
    }

    private static async Task EndsAsync(HostProcess host, AcceptedDocument document)
    {
        var clock = Stopwatch.StartNew();
        while (await document.IngestionAsync(host.Http, Cancel) is var ingestion && ingestion.GetProperty("status").GetString() != "completed")
        {
            ingestion.GetProperty("status").GetString().ShouldNotBe("failed", $"{ingestion}\n{host.Log()}");
            clock.Elapsed.ShouldBeLessThan(s_patience, $"It did not come to its end: {ingestion}\n{host.Log()}");
            await Task.Delay(s_look, Cancel);
        }
    }

    private Task<string> TokenAsync() => TokenAsync(_folder.Path);

    private static async Task<string> TokenAsync(string data)
    {
        await using var database = new SqliteDatabase(new DataFolder(data).Identity, "");
        var caller = new Caller(new TenantId("durability"), "tester", "tester@durability.example", [Role.Analyst]);
        return (await new ApiTokens(database, TimeProvider.System).CreateAsync(caller, TimeSpan.FromHours(1))).Text;
    }
}
