using Advisor.Embedded.Durable;
using Advisor.Embedded.Triggers;
using Microsoft.Azure.Functions.Worker;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Orchestrations;

/// <summary>Recorded runs of every orchestrator, replayed on the code of today: what is under way after a deployment goes on.</summary>
/// <remarks>
/// They lie in <c>Histories/{orchestrator}/{version}</c>. Those of the present version are made anew by
/// <c>ADVISOR_GOLDEN=write ./advisor test -class "*GoldenHistoryTests"</c>; those of earlier versions stay as they are for as long as instances
/// of the version may be under way.
/// </remarks>
public sealed class GoldenHistoryTests
{
    private static readonly string s_folder = Path.Combine(Evals.RepositoryRoot, "FunctionApp.Tests", "Orchestrations", "Histories");
    private static readonly BuildFunctions s_build = BuildFunctions.OfThisBuild();

    public static TheoryData<string> Histories => [.. Directory.GetFiles(s_folder, "*.json", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(s_folder, file)).Order(StringComparer.Ordinal)];

    public static TheoryData<string, string> Scenarios => [.. GoldenScenario.All.Select(scenario => (scenario.Orchestrator, scenario.Name))];

    [Theory]
    [MemberData(nameof(Histories))]
    public void Replay_HistoryAndEveryBeginningOfIt_FitsTheCodeOfToday(string file)
    {
        var recorded = Read(file);
        foreach (var length in Beginnings(recorded.Events))
        {
            Differences(recorded with { Events = [.. recorded.Events.Take(length)] }).ShouldBeEmpty($"the first {length} events");
        }
    }

    /// <summary>The test above can fail: whatever step is altered, left out or doubled, it is found, there or before.</summary>
    [Theory]
    [MemberData(nameof(Histories))]
    public void Replay_HistoryWithAnyStepAltered_DoesNotFit(string file)
    {
        var recorded = Read(file);
        for (var line = 0; line < recorded.Events.Count; line++)
        {
            var happened = recorded.Events[line];
            if (!happened.IsAction)
            {
                continue;
            }

            Found(line, happened.Kind == EventKind.TimerCreated ? happened with { At = happened.At!.Value.AddTicks(1) } : happened with { Name = "Other" });
            Found(line);
            Found(line, happened, happened);
            if (happened.Data is not null)
            {
                Found(line, happened with { Data = "{}" });
            }
        }

        void Found(int line, params HistoryEvent[] instead)
        {
            var altered = recorded with { Events = [.. recorded.Events.Take(line), .. instead, .. recorded.Events.Skip(line + 1)] };
            Differences(altered).Select(difference => difference.Event).FirstOrDefault(-1).ShouldBeInRange(line, line + 1, $"event {line} as {instead.Length}");
        }
    }

    [Theory]
    [MemberData(nameof(Scenarios))]
    public async Task Record_ScenarioOnTheEngine_IsWhatIsStored(string orchestrator, string name)
    {
        var scenario = GoldenScenario.All.Single(scenario => scenario.Orchestrator == orchestrator && scenario.Name == name);
        var json = (await GoldenRecorder.RecordAsync(scenario, s_build)).ToJson();
        var file = Path.Combine(s_folder, orchestrator, s_build.Versions.Current, $"{name}.json");
        if (Environment.GetEnvironmentVariable("ADVISOR_GOLDEN") == "write")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            await File.WriteAllTextAsync(file, json, TestContext.Current.CancellationToken);
        }

        (await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)).ShouldBe(json);
    }

    [Fact]
    public void Product_EveryOrchestrator_HasHistoriesOfItsSuccessItsRetriesAndItsFailure() =>
        Missing(FunctionCatalog.Of(typeof(Composition).Assembly.GetTypes()).With<OrchestrationTriggerAttribute>().Select(found => found.Function.Name)).ShouldBeEmpty();

    [Fact]
    public void Missing_OrchestratorWithoutHistories_NamesThem() =>
        Missing(["DocumentOrchestrator", "NewOrchestrator"]).ShouldBe(GoldenScenario.Needed.Select(name => $"NewOrchestrator/{s_build.Versions.Current}/{name}.json"));

    [Fact]
    public void Histories_OfFailuresAndRetries_HaveThem()
    {
        foreach (var file in Histories.Select(row => row.Data).Where(file => file.Contains($"{Path.DirectorySeparatorChar}{s_build.Versions.Current}{Path.DirectorySeparatorChar}")))
        {
            var kinds = Read(file).Events.Select(line => line.Kind).ToHashSet();
            var name = Path.GetFileNameWithoutExtension(file);
            (kinds.Contains(EventKind.ActivityFailed) || kinds.Contains(EventKind.ChildFailed)).ShouldBe(name.Contains("failed") || name == "retried", file);
            if (!file.StartsWith("ReviewOrchestrator", StringComparison.Ordinal))
            {
                // Reviews wait for the clock whatever happens. What is repeated of an analysis is repeated in its own history.
                kinds.Contains(EventKind.TimerFired).ShouldBe((name.Contains("failed") && name != "analysis-failed") || name == "retried", file);
            }

            kinds.Any(kind => kind is EventKind.Completed or EventKind.Failed).ShouldBeTrue(file);
        }
    }

    /// <summary>An instance begun before models were asked is not one of today's: the version decides.</summary>
    [Fact]
    public void Replay_HistoryOfAnOlderVersionUnderThisOne_DoesNotFit()
    {
        var recorded = Read(Path.Combine("AnalysisOrchestrator", "1.0", "from-a-host.json"));
        List<HistoryEvent> ofToday = [.. recorded.Events.Select(line => line.Kind == EventKind.Started ? line with { Target = s_build.Versions.Current } : line)];
        Differences(new RecordedHistory(recorded.InstanceId, ofToday)).ShouldHaveSingleItem().Code.ShouldBe(DifferenceCode.StepChanged);
    }

    private static IReadOnlyList<ReplayDifference> Differences(RecordedHistory recorded) => HistoryReplay.Differences(s_build.Functions, recorded, s_build.Versions.Current);

    /// <summary>Every length at which the instance was at rest in the journal: before a step, and whole.</summary>
    private static IEnumerable<int> Beginnings(IReadOnlyList<HistoryEvent> history) =>
        Enumerable.Range(2, history.Count - 1).Where(length => length == history.Count || history[length].Kind == EventKind.Step);

    private static IEnumerable<string> Missing(IEnumerable<string> orchestrators) => orchestrators
        .SelectMany(orchestrator => GoldenScenario.Needed.Select(name => $"{orchestrator}/{s_build.Versions.Current}/{name}.json"))
        .Where(file => !File.Exists(Path.Combine(s_folder, file)));

    private static RecordedHistory Read(string file) => RecordedHistory.Parse(File.ReadAllText(Path.Combine(s_folder, file)));
}
