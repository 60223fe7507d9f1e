using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Advisor.Embedded.Cli;
using Advisor.Embedded.Identity;
using Advisor.Embedded.Storage;
using Advisor.Kernel.Tenancy;
using Advisor.Tests.Embedded.Storage;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Embedded.Cli;

public sealed class HostCommandsTests : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly DataFolder _data;

    public HostCommandsTests() => _data = new DataFolder(_folder.Path);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await CliRun.RunAsync(_folder.Path, CancellationToken.None, "down");
        _folder.Dispose();
    }

    [Fact]
    public async Task Up_Detached_PrintsUrlAndTokensThatTheHostKnowsUntilDown()
    {
        var up = await CliRun.RunAsync(_folder.Path, "up", "--detach", "--json", "--port", "0");

        up.ExitCode.ShouldBe(0, up.Error);
        var answer = JsonDocument.Parse(up.Lines.ShouldHaveSingleItem()).RootElement;
        answer.EnumerateObject().Select(property => property.Name).ShouldBe(["url", "tokens"]);
        answer.GetProperty("tokens").EnumerateObject().Select(property => property.Name)
            .ShouldBe(["analyst", "reviewer", "approver", "cfo", "operator", "admin"]);
        using var http = new HttpClient();
        using (var reached = await http.GetAsync(answer.GetProperty("url").GetString() + "/health", Cancel))
        {
            reached.ShouldNotBeNull();
        }

        foreach (var (role, caller) in await CallersAsync(answer))
        {
            (caller.Tenant.Value, string.Join(',', caller.Roles).ToLowerInvariant()).ShouldBe(("demo", role));
        }

        var again = await CliRun.RunAsync(_folder.Path, "up", "--json");
        (again.ExitCode, again.Output).ShouldBe((0, up.Output));
        var down = await CliRun.RunAsync(_folder.Path, "down");
        (down.ExitCode, down.Output.Trim()).ShouldBe((0, $"Stopped the host at {answer.GetProperty("url").GetString()}."));
        File.Exists(_data.State).ShouldBeFalse();
        await Should.ThrowAsync<HttpRequestException>(http.GetAsync(answer.GetProperty("url").GetString() + "/health", Cancel));
    }

    [Fact]
    public async Task Up_Detached_LeavesStateReadableByItsUserOnlyAndNoTokenInTheLog()
    {
        var up = await CliRun.RunAsync(_folder.Path, "up", "--detach", "--port", "0");

        up.ExitCode.ShouldBe(0, up.Error);
        up.Lines.Length.ShouldBe(7);
        var state = HostState.Read(_data).ShouldNotBeNull();
        up.Output.ShouldContain(state.Tokens["cfo"]);
        File.ReadAllText(_data.Log).ShouldNotContain(ApiTokens.Prefix);
        if (!OperatingSystem.IsWindows())
        {
            File.GetUnixFileMode(_data.State).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    [Fact]
    public async Task Up_AfterTheHostWasKilled_StartsAnotherWithNewTokens()
    {
        var first = await CliRun.RunAsync(_folder.Path, "up", "--detach", "--json", "--port", "0");
        using (var process = Process.GetProcessById(HostState.Read(_data)!.Pid))
        {
            process.Kill();
            await process.WaitForExitAsync(Cancel);
        }

        File.Exists(_data.State).ShouldBeTrue("a killed host cleans up nothing");
        var second = await CliRun.RunAsync(_folder.Path, "up", "--detach", "--json", "--port", "0");
        second.ExitCode.ShouldBe(0, second.Error);
        second.Error.ShouldNotContain("already");
        (await CallersAsync(JsonDocument.Parse(first.Output).RootElement)).ShouldBeEmpty("tokens of an earlier start are revoked");
        (await CallersAsync(JsonDocument.Parse(second.Output).RootElement)).Count.ShouldBe(6);
    }

    [Fact]
    public async Task Down_HostThatWasKilled_SaysThereIsNoneAndCleansUp()
    {
        new HostState(Environment.ProcessId, "http://127.0.0.1:1", DateTimeOffset.UnixEpoch, new Dictionary<string, string>()).Write(_data);

        var down = await CliRun.RunAsync(_folder.Path, "down");
        (down.ExitCode, down.Output.Trim()).ShouldBe((0, "No host of this checkout is running."));
        File.Exists(_data.State).ShouldBeFalse();
    }

    [Fact]
    public async Task Up_PortTaken_TakesAFreeOne()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;

        var up = await CliRun.RunAsync(_folder.Path, "up", "--detach", "--json", "--port", $"{port}");
        up.ExitCode.ShouldBe(0, up.Error);
        var url = new Uri(JsonDocument.Parse(up.Output).RootElement.GetProperty("url").GetString()!);
        url.Host.ShouldBe("127.0.0.1");
        url.Port.ShouldNotBe(port);
    }

    [Fact]
    public async Task Up_InTheForeground_StaysUntilItIsAskedToEnd()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var up = CliRun.RunAsync(_folder.Path, stop.Token, "up", "--json", "--port", "0");
        var state = await PublishedAsync(up);
        DataFolderLock.TryTake(_data).ShouldBeNull();
        await stop.CancelAsync();

        var run = await up.WaitAsync(TimeSpan.FromSeconds(30), Cancel);
        run.ExitCode.ShouldBe(0, run.Error);
        run.Output.ShouldContain(state.Url);
        using var free = DataFolderLock.TryTake(_data).ShouldNotBeNull();
    }

    [Fact]
    public async Task Serve_FolderInUse_RefusesAndNamesTheProcess()
    {
        using var held = DataFolderLock.TryTake(_data);
        new HostState(4711, "http://127.0.0.1:1", DateTimeOffset.UnixEpoch, new Dictionary<string, string>()).Write(_data);

        var serve = await CliRun.RunAsync(_folder.Path, "serve");
        serve.ExitCode.ShouldBe(1);
        serve.Error.ShouldContain("Process 4711 runs a host");
        HostState.Delete(_data);
    }

    [Fact]
    public async Task Serve_UrlThatIsNone_IsRefused()
    {
        var serve = await CliRun.RunAsync(_folder.Path, "serve", "--url", "localhost");

        serve.ExitCode.ShouldBe(1);
        serve.Error.ShouldContain("'localhost' is not an http URL.");
    }

    private async Task<HostState> PublishedAsync(Task<CliRun> up)
    {
        using var watcher = new FileSystemWatcher(_folder.Path) { EnableRaisingEvents = true };
        var changed = new SemaphoreSlim(0);
        watcher.Renamed += (_, _) => changed.Release();
        while (true)
        {
            if (HostState.Read(_data) is { } state)
            {
                return state;
            }

            up.IsCompleted.ShouldBeFalse();
            await changed.WaitAsync(TimeSpan.FromSeconds(30), Cancel);
        }
    }

    private async Task<Dictionary<string, Caller>> CallersAsync(JsonElement answer)
    {
        await using var database = new SqliteDatabase(_data.Identity, "");
        var tokens = new ApiTokens(database, TimeProvider.System);
        return answer.GetProperty("tokens").EnumerateObject()
            .Select(property => (property.Name, Caller: tokens.Authenticate(property.Value.GetString()!)))
            .Where(pair => pair.Caller is not null)
            .ToDictionary(pair => pair.Name, pair => pair.Caller!);
    }
}
