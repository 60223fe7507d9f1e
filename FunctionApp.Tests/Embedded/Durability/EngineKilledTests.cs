using System.Diagnostics;
using System.Globalization;
using Advisor.Embedded.ServiceBus;
using Advisor.Tests.Embedded.Storage;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Embedded.Durability;

/// <summary>Kills processes that run the engine, the queues and the whole host with uploads over HTTP under load with SIGKILL, hundreds of times on the same files, and looks at what is left of all of it.</summary>
public sealed class EngineKilledTests(ITestOutputHelper output)
{
    private const int AllKills = 300;
    private const int SampleKills = 12;

    /// <summary>Folders that are killed at the same time, each by its own turn.</summary>
    private const int Lanes = 3;

    private const string FolderVariable = "ADVISOR_KILLED_ENGINE";
    private const string Acknowledged = "acknowledged";

    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(5);

    /// <summary>Kills come up to so long after the engine has started.</summary>
    private static readonly TimeSpan s_longest = TimeSpan.FromMilliseconds(200);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Kill_AtRandomMomentsUnderLoad_LosesAndDoublesNothing()
    {
        var kills = (TestDepth.IsSample ? SampleKills : AllKills) / Lanes;
        output.WriteLine($"{TestDepth.SeedVariable}={TestDepth.Seed}, {kills * Lanes} kills");
        var acknowledged = await Task.WhenAll(Enumerable.Range(0, Lanes).Select(lane => LaneAsync(new Random(TestDepth.Seed + lane), kills)));

        // The few processes of one lane may die before the engine of any has acknowledged something, for the first upload comes before it.
        acknowledged.Sum().ShouldBeGreaterThan(0);
    }

    /// <summary>What is killed: a process of its own, started by the test above.</summary>
    [Fact(Explicit = true)]
    public async Task Victim()
    {
        var folder = Environment.GetEnvironmentVariable(FolderVariable);
        Assert.SkipWhen(folder is null, $"It runs under the test beside it, which says where ({FolderVariable}).");

        // Not synced: what the kernel has outlives the process.
        await using var noted = new StreamWriter(Path.Combine(folder!, Acknowledged), append: true) { AutoFlush = true };
        var gate = new Lock();
        var uploads = await UploadLoad.StartAsync(HostOf(folder!));
        var load = await EngineLoad.StartAsync(folder!);
        var prefix = $"p{Environment.ProcessId}-{Stopwatch.GetTimestamp()}";

        // The first upload takes longer than a process lives after it was told that something is durable.
        Note(UploadLoad.Line(await uploads.UploadAsync($"{prefix}.csv", CancellationToken.None)));
        await Task.WhenAll(load.RunAsync(prefix, Note), uploads.RunAsync(prefix, Note));

        void Note(string line)
        {
            lock (gate)
            {
                noted.WriteLine(line);
            }
        }
    }

    private static string HostOf(string folder) => Path.Combine(folder, "host");

    /// <returns>How much the engine and the queues have acknowledged.</returns>
    private async Task<int> LaneAsync(Random random, int kills)
    {
        using var folder = new TemporaryFolder();
        for (var kill = 0; kill < kills; kill++)
        {
            await KillAsync(folder, s_longest * random.NextDouble());
        }

        var lines = LinesOf(folder).ToList();
        HashSet<string> acknowledged = [.. lines.Where(line => !line.StartsWith("upload ", StringComparison.Ordinal))];
        await JudgeAsync(folder.Path, acknowledged);
        await JudgeUploadsAsync(HostOf(folder.Path), [.. UploadLoad.Uploads(lines)]);
        return acknowledged.Count;
    }

    private static IEnumerable<string> LinesOf(TemporaryFolder folder) => File.Exists(folder.File(Acknowledged)) ? File.ReadLines(folder.File(Acknowledged)) : [];

    /// <summary>Starts a process, and kills it so long after it was first told that something is durable.</summary>
    private static async Task KillAsync(TemporaryFolder folder, TimeSpan after)
    {
        var before = Length(folder);
        string[] arguments = [typeof(EngineKilledTests).Assembly.Location, "-noLogo", "-explicit", "only", "-method", $"*{nameof(EngineKilledTests)}.{nameof(Victim)}"];
        using var victim = Process.Start(new ProcessStartInfo("dotnet", arguments)
        {
            Environment = { [FolderVariable] = folder.Path },
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var printed = Task.WhenAll(victim.StandardOutput.ReadToEndAsync(Cancel), victim.StandardError.ReadToEndAsync(Cancel));
        try
        {
            var clock = Stopwatch.StartNew();
            while (Length(folder) == before)
            {
                victim.HasExited.ShouldBeFalse("the process ended by itself");
                clock.Elapsed.ShouldBeLessThan(s_patience, "the process does nothing");
                await Task.Delay(s_look, Cancel);
            }

            await Task.Delay(after, Cancel);
        }
        catch (ShouldAssertException fault)
        {
            victim.Kill();
            throw new InvalidOperationException(string.Join('\n', await printed), fault);
        }
        finally
        {
            victim.Kill();
            await victim.WaitForExitAsync(Cancel);
        }
    }

    private static long Length(TemporaryFolder folder) => new FileInfo(folder.File(Acknowledged)) is { Exists: true } file ? file.Length : 0;

    /// <summary>Holds every acknowledged document against one that nothing disturbed.</summary>
    private async Task JudgeUploadsAsync(string folder, List<AcceptedDocument> accepted)
    {
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{accepted.Count} documents acknowledged."));
        accepted.ShouldNotBeEmpty();
        await using var load = await UploadLoad.StartAsync(folder);
        var undisturbed = await load.UploadAsync("undisturbed.csv", Cancel);
        await load.EndAsync(undisturbed, s_patience, Cancel);
        var expected = await undisturbed.OutcomeAsync(load.Http, Cancel);
        expected.Statements.ShouldNotBeEmpty();
        foreach (var document in accepted)
        {
            await load.EndAsync(document, s_patience, Cancel);
        }

        var clock = Stopwatch.StartNew();
        while (await StoredState.ReadAsync(folder) is var state && (state.Backlog.Count > 0 || state.OpenWork.Count > 0))
        {
            clock.Elapsed.ShouldBeLessThan(s_patience, $"Work is left over: {string.Join("; ", [.. state.Backlog, .. state.OpenWork])}");
            await Task.Delay(s_look, Cancel);
        }

        List<string> insights = [];
        foreach (var document in accepted)
        {
            var outcome = await document.OutcomeAsync(load.Http, Cancel);
            (await load.OriginalAsync(document, Cancel)).ShouldBe(UploadLoad.ContentOf(document.Name), document.Name);
            outcome.Statements.Count.ShouldBe(expected.Statements.Count, $"{document} lost or doubled an insight");
            outcome.Steps.ShouldBe(expected.Steps, $"{document} lost or doubled a step of its timeline");
            outcome.Events.Select(e => e.GetProperty("seq").GetInt32()).ShouldBe(Enumerable.Range(1, outcome.Events.Count), document.ToString());
            outcome.BrokenChains.ShouldBeEmpty(document.ToString());
            outcome.Summarised.ShouldBe(outcome.Ids(high: true), ignoreOrder: true, $"{document} lost or doubled a line of its summary");
            insights.AddRange(outcome.Insights.Select(insight => insight.GetProperty("id").GetString()!));
        }

        insights.ShouldBeUnique();
        var reviews = (await StoredState.ReadAsync(folder)).ReviewSubjects;
        reviews.ShouldBeUnique("what a message of the queue did was done once");
    }

    /// <summary>Lets everything come to its end, with the events that nobody was told are durable, and holds what is left against what was acknowledged.</summary>
    private async Task JudgeAsync(string folder, HashSet<string> acknowledged)
    {
        await using var load = await EngineLoad.StartAsync(folder);
        using var settled = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var listening = load.ListenAsync(settled.Token);
        foreach (var (id, _) in load.Orders().Where(order => order.Value != "completed" && !acknowledged.Contains($"raise {order.Key}")))
        {
            await load.Client.RaiseEventAsync(id, "go", "go", Cancel);
        }

        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < s_patience && (load.HasOpenWork() || load.Queues.Count(EngineLoad.Queue) is not { Ready: 0, Locked: 0 }))
        {
            await Task.Delay(s_look, Cancel);
        }

        await settled.CancelAsync();
        await listening;
        var orders = load.Orders();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{orders.Count} orders, {acknowledged.Count} acknowledgements."));
        orders.Where(order => order.Value != "completed").ShouldBeEmpty("every order comes to its end");
        acknowledged.Select(line => line[6..]).Except(orders.Keys).ShouldBeEmpty("no acknowledged start or event is lost");
        load.Worked().Select(row => row.Work).Order(StringComparer.Ordinal).ShouldBe(orders.Keys.SelectMany(id => new[] { $"{id}/1", $"{id}/2" }).Order(StringComparer.Ordinal), "each piece of work is done under one id");
        load.Heard().Order(StringComparer.Ordinal).ShouldBe(load.Worked().Select(row => row.Id).Order(StringComparer.Ordinal), "each message is heard");
        load.Queues.Count(EngineLoad.Queue).ShouldBe(new QueueCounts(0, 0, 0, 0));
    }
}
