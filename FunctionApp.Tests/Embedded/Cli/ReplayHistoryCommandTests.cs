using System.Text.Json;
using Advisor.Insights;
using Advisor.Insights.Contracts;
using Advisor.Kernel.Tenancy;
using Advisor.Tests.Embedded.Durable;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Embedded.Cli;

/// <summary><c>history</c> and <c>replay</c> with the product's own orchestrators, on stores that the planted code of an "older build" left.</summary>
public sealed class ReplayHistoryCommandTests : IDisposable
{
    private const string Analysis = AnalysisRequest.Orchestrator;

    /// <summary>The version of runs that begin: host.json's.</summary>
    private const string Today = "1.3";

    private static readonly AnalysisRequest s_request = new(new TenantId("demo"), "a1", "r1", "i1", "d1", "trend");

    private readonly string _folder = Directory.CreateTempSubdirectory("advisor-history-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task InFlight_StoreThatFits_IsSafeRunningAndStoppedAndLeftAlone()
    {
        await using var store = await PlantedStore.StartAsync(_folder, Build(fits: true));
        await store.BeginAsync(Analysis, "today", Today, s_request);
        await store.BeginAsync(Analysis, "before", "1.0", s_request);

        var running = await CliRun.RunAsync(_folder, "replay", "--in-flight");
        running.ExitCode.ShouldBe(0, running.Error);
        running.Lines.ShouldBe(
        [
            $"Safe to deploy: 2 orchestrations under way fit this build (version '{Today}', serves it and older ones).",
            "Of an older version: 1; this build serves 1 and does not serve 0.",
        ]);

        await store.StopAsync();
        var before = await File.ReadAllBytesAsync(store.Folder.Journal, TestContext.Current.CancellationToken);
        var stopped = JsonElement.Parse((await CliRun.RunAsync(_folder, "replay", "--in-flight", "--json")).Output);
        stopped.GetProperty("verdict").GetString().ShouldBe("safe");
        stopped.GetProperty("unfinished").GetInt32().ShouldBe(2);
        (await File.ReadAllBytesAsync(store.Folder.Journal, TestContext.Current.CancellationToken)).ShouldBe(before);
    }

    [Fact]
    public async Task InFlight_StoreOfOtherCode_IsNotSafeAndSaysWhichAndWhy()
    {
        await using var store = await PlantedStore.StartAsync(_folder, Build(fits: false));
        await store.BeginAsync(Analysis, "changed", Today, s_request);
        await store.BeginAsync("FormerOrchestrator", "gone", Today, s_request);
        await store.BeginAsync(Analysis, "newer", "9.0", s_request);

        var run = await CliRun.RunAsync(_folder, "replay", "--in-flight");
        run.ExitCode.ShouldBe(1, run.Error);
        run.Lines[0].ShouldBe($"Not safe to deploy: 3 of 3 orchestrations under way would not go on under this build (version '{Today}', serves it and older ones).");
        run.Lines.ShouldContain(line => line.StartsWith("changed", StringComparison.Ordinal) && line.Contains("step-changed", StringComparison.Ordinal)
            && line.Contains("activity-scheduled #0 'Former'", StringComparison.Ordinal) && line.Contains("did activity-scheduled #0 'AskModel'", StringComparison.Ordinal));
        run.Lines.ShouldContain(line => line.StartsWith("gone", StringComparison.Ordinal) && line.Contains("orchestrator-missing", StringComparison.Ordinal));
        run.Lines.ShouldContain(line => line.StartsWith("newer", StringComparison.Ordinal) && line.Contains("version-not-served", StringComparison.Ordinal));
        run.Output.ShouldContain("branch on context.Version");

        var json = JsonElement.Parse((await CliRun.RunAsync(_folder, "replay", "--in-flight", "--json")).Output);
        (json.GetProperty("verdict").GetString(), json.GetProperty("breaks").GetInt32(), json.GetProperty("fits").GetInt32()).ShouldBe(("not_safe", 3, 0));
        var first = json.GetProperty("differences")[0];
        (first.GetProperty("instance").GetString(), first.GetProperty("code").GetString(), first.GetProperty("event").GetInt32()).ShouldBe(("changed", "step-changed", 2));
        first.GetProperty("recorded").GetProperty("name").GetString().ShouldBe("Former");
        first.GetProperty("made").GetProperty("name").GetString().ShouldBe("AskModel");
    }

    [Fact]
    public async Task Replay_HistoryOfARunningHost_FitsUntilItIsAltered()
    {
        await using var store = await PlantedStore.StartAsync(_folder, Build(fits: true));
        await store.BeginAsync(Analysis, "today", Today, s_request);
        (await CliRun.RunAsync(_folder, "history")).Lines[1].Split(' ', StringSplitOptions.RemoveEmptyEntries).ShouldBe(["today", Analysis, Today, "running", "3"]);
        var history = await CliRun.RunAsync(_folder, "history", "today");
        history.ExitCode.ShouldBe(0, history.Error);

        var fits = await CliRun.RunAsync(_folder, "replay", Written(history.Output));
        fits.Output.ShouldBe($"Fits: AnalysisOrchestrator {Today}, instance today. The code of this build does what the history has: 3 events, steps: 1, still under way.\n");
        fits.ExitCode.ShouldBe(0, fits.Error);

        var altered = await CliRun.RunAsync(_folder, "replay", Written(history.Output.Replace("AskModel", "AskSomebody", StringComparison.Ordinal)));
        altered.ExitCode.ShouldBe(1);
        altered.Lines[0].ShouldBe($"Does not fit: AnalysisOrchestrator {Today}, instance today.");
        altered.Lines[^4].ShouldStartWith($"       1  started 'AnalysisOrchestrator' of version '{Today}'  {{\"tenant\":\"demo\"");
        altered.Lines[^3].ShouldStartWith("  -    2  activity-scheduled #0 'AskSomebody'  {");
        altered.Lines[^2].ShouldStartWith("  +       the code did activity-scheduled #0 'AskModel'  {");
        altered.Lines[^1].ShouldStartWith("step-changed: Keep the old steps for instances under way");

        var changed = Written(history.Output.Replace("\"AskModel\",\"data\":{", "\"AskModel\",\"data\":{\"more\":1,", StringComparison.Ordinal));
        var differs = await CliRun.RunAsync(_folder, "replay", changed);
        differs.Lines[0].ShouldBe($"Differs: AnalysisOrchestrator {Today}, instance today. An instance would go on with what is recorded.");
        differs.Lines[^3].ShouldContain("{\"more\":1,\"tenant\"");
        var input = await CliRun.RunAsync(_folder, "replay", changed, "--json");
        input.ExitCode.ShouldBe(1);
        var verdict = JsonElement.Parse(input.Output);
        verdict.GetProperty("verdict").GetString().ShouldBe("differs");
        verdict.GetProperty("differences")[0].GetProperty("code").GetString().ShouldBe("input-changed");
    }

    [Fact]
    public async Task History_OfNobody_SaysWhereToLook()
    {
        await using var store = await PlantedStore.StartAsync(_folder, Build(fits: true));
        (await CliRun.RunAsync(_folder, "history")).Output.ShouldBe("No orchestration is under way.\n");
        var unknown = await CliRun.RunAsync(_folder, "history", "nobody");
        (unknown.ExitCode, unknown.Error).ShouldBe((1, "There is no orchestration with the instance id 'nobody'; 'advisor history' lists those under way.\n"));
    }

    [Theory]
    [InlineData("Give a history, as 'advisor history ID > HISTORY.json' writes it, or --in-flight.", "replay")]
    [InlineData("Give a history, as 'advisor history ID > HISTORY.json' writes it, or --in-flight.", "replay", "h.json", "--in-flight")]
    [InlineData("'--in-fligt'", "replay", "h.json", "--in-fligt")]
    [InlineData("Could not find a part of the path '/nowhere/h.json'.", "replay", "/nowhere/h.json")]
    [InlineData("There is no journal at ", "replay", "--in-flight")]
    public async Task Replay_WhatCannotBeTold_EndsWithTwo(string sentence, params string[] args)
    {
        var run = await CliRun.RunAsync(_folder, args);
        run.ExitCode.ShouldBe(2, run.Output);
        run.Error.ShouldContain(sentence);
    }

    [Fact]
    public async Task Replay_FileThatIsNoHistory_EndsWithTwo()
    {
        var run = await CliRun.RunAsync(_folder, "replay", Written("{}"));
        run.ExitCode.ShouldBe(2);
        run.Error.ShouldContain("is not a history: It is not a JSON object with an 'instance' and a 'history'.");
    }

    private string Written(string text)
    {
        var file = Path.Combine(_folder, "history.json");
        File.WriteAllText(file, text);
        return file;
    }

    /// <summary>Activities that do not come back; the product's analysis orchestrator, or one that began otherwise.</summary>
    private static DelegateFunctions Build(bool fits) => new DelegateFunctions()
        .Activity<AnalysisRequest, int>("AskModel", ForeverAsync)
        .Activity<AnalysisRequest, int>("ReasonOverFacts", ForeverAsync)
        .Activity<AnalysisRequest, int>("Former", ForeverAsync)
        .Orchestrator("FormerOrchestrator", context => context.CallActivityAsync<int>("Former", context.GetInput<AnalysisRequest>()))
        .Orchestrator(Analysis, async context =>
        {
            if (fits)
            {
                await AnalysisOrchestrator.RunAsync(context);
            }

            return await context.CallActivityAsync<int>("Former", context.GetInput<AnalysisRequest>());
        });

    private static async Task<int> ForeverAsync(AnalysisRequest request, CancellationToken cancellation)
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, cancellation);
        return 0;
    }
}
