using System.Diagnostics;
using System.Net.Http.Headers;
using Advisor.Tests.Embedded.Storage;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Embedded.Durability;

/// <summary>A host in a process of its own whose clock is set back an hour: under its work, and between a kill and the next start.</summary>
public sealed class ClockSetBackTests : IDisposable
{
    private const string FolderVariable = "ADVISOR_SET_CLOCK";

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(20);

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Clock => _folder.File("clock");

    private string Address => _folder.File("address");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task SetBackAnHour_UnderWorkAndOverAKill_LosesAndDoublesNothingAndWaitsForNothing()
    {
        SetClock.Set(Clock, TimeSpan.Zero);
        List<AcceptedDocument> accepted = [];
        using (var host = await StartAsync())
        {
            await UploadAsync(host.Http, accepted, 2);
            SetClock.Set(Clock, TimeSpan.FromHours(-1));
            await UploadAsync(host.Http, accepted, 2);
            await EndAsync(host.Http, accepted);
            SetClock.Set(Clock, TimeSpan.Zero);
            await UploadAsync(host.Http, accepted, 3);
        }

        SetClock.Set(Clock, TimeSpan.FromHours(-1));
        using var next = await StartAsync();
        await UploadAsync(next.Http, accepted, 2);
        await EndAsync(next.Http, accepted);
        var clock = Stopwatch.StartNew();
        while (await StoredState.ReadAsync(_folder.File("host")) is var state && (state.Backlog.Count > 0 || state.OpenWork.Count > 0))
        {
            clock.Elapsed.ShouldBeLessThan(s_patience, $"Work is left over: {string.Join("; ", [.. state.Backlog, .. state.OpenWork])}");
            await Task.Delay(s_look, Cancel);
        }

        var outcomes = new List<DocumentOutcome>();
        foreach (var document in accepted)
        {
            outcomes.Add(await document.OutcomeAsync(next.Http, Cancel));
        }

        outcomes.ShouldAllBe(outcome => outcome.Steps.SequenceEqual(outcomes[0].Steps) && outcome.Statements.Count == outcomes[0].Statements.Count && outcome.BrokenChains.Count == 0);
        outcomes.SelectMany(outcome => outcome.Insights).Select(insight => insight.GetProperty("id").GetString()).ShouldBeUnique();
        (await StoredState.ReadAsync(_folder.File("host"))).ReviewSubjects.ShouldBeUnique();
    }

    /// <summary>The host on the clock: a process of its own, started by the test above.</summary>
    [Fact(Explicit = true)]
    public async Task Victim()
    {
        var folder = Environment.GetEnvironmentVariable(FolderVariable);
        Assert.SkipWhen(folder is null, $"It runs under the test beside it, which says where ({FolderVariable}).");
        var load = await UploadLoad.StartAsync(Path.Combine(folder!, "host"), new SetClock(Path.Combine(folder!, "clock")));
        await File.WriteAllTextAsync(Path.Combine(folder!, "address.new"), $"{load.Http.BaseAddress} {load.Http.DefaultRequestHeaders.Authorization!.Parameter}", Cancel);
        File.Move(Path.Combine(folder!, "address.new"), Path.Combine(folder!, "address"));
        await Task.Delay(Timeout.InfiniteTimeSpan, Cancel);
    }

    private async Task<Running> StartAsync()
    {
        File.Delete(Address);
        string[] arguments = [typeof(ClockSetBackTests).Assembly.Location, "-noLogo", "-explicit", "only", "-method", $"*{nameof(ClockSetBackTests)}.{nameof(Victim)}"];
        var process = Process.Start(new ProcessStartInfo("dotnet", arguments) { Environment = { [FolderVariable] = _folder.Path }, UseShellExecute = false })!;
        var clock = Stopwatch.StartNew();
        while (!File.Exists(Address))
        {
            process.HasExited.ShouldBeFalse("the process ended by itself");
            clock.Elapsed.ShouldBeLessThan(s_patience, "the host does not start");
            await Task.Delay(s_look, Cancel);
        }

        var words = (await File.ReadAllTextAsync(Address, Cancel)).Split(' ');
        var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri(words[0]) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", words[1]);
        return new Running(process, http);
    }

    private static async Task UploadAsync(HttpClient http, List<AcceptedDocument> accepted, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var name = $"{accepted.Count}.csv";
            accepted.Add(await AcceptedDocument.UploadAsync(http, name, UploadLoad.ContentOf(name), Cancel));
        }
    }

    private static async Task EndAsync(HttpClient http, IEnumerable<AcceptedDocument> accepted)
    {
        var clock = Stopwatch.StartNew();
        foreach (var document in accepted)
        {
            while (await document.IngestionAsync(http, Cancel) is var ingestion && ingestion.GetProperty("status").GetString() != "completed")
            {
                ingestion.GetProperty("status").GetString().ShouldNotBe("failed", ingestion.ToString());
                clock.Elapsed.ShouldBeLessThan(s_patience, $"{document.Name} waits: {ingestion}");
                await Task.Delay(s_look, Cancel);
            }
        }
    }

    private sealed record Running(Process Process, HttpClient Http) : IDisposable
    {
        public void Dispose()
        {
            Process.Kill();
            Process.WaitForExit();
            Process.Dispose();
            Http.Dispose();
        }
    }
}
