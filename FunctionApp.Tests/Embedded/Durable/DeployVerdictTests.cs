using Advisor.Embedded.Durable;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Embedded.Durable;

/// <summary>What a build says to a store in which orchestrations of planted code are under way.</summary>
public sealed class DeployVerdictTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("advisor-verdict-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Over_StoreUnderWay_CountsWhatFitsAndNamesWhatWouldBreak()
    {
        await using var store = await PlantedStore.StartAsync(_folder, Old());
        await store.BeginAsync("Steady", "fits", "1.1", 1);
        await store.BeginAsync("Steady", "older", "1.0", 1);
        await store.BeginAsync("Steady", "newer", "2.0", 1);
        await store.BeginAsync("Steady", "later", "1.1", 1, calls: 0, at: DateTimeOffset.UtcNow.AddDays(1));
        await store.BeginAsync("Changed", "changed", "1.1", 1);
        await store.BeginAsync("Drifting", "drifts", "1.1", 1);
        await store.BeginAsync("Gone", "gone", "1.1", 1);
        await store.BeginAsync("Orphaned", "orphaned", "1.1", 1);

        var verdict = Over(store, New(), new ServedVersions("1.1", VersionMatch.CurrentOrOlder));
        verdict.IsSafe.ShouldBeFalse();
        (verdict.Unfinished, verdict.NotBegun, verdict.Older, verdict.OlderServed, verdict.Fits).ShouldBe((8, 1, 1, 1, 4));
        verdict.Breaking.Select(difference => (difference.InstanceId, difference.Code)).ShouldBe(
        [
            ("newer", DifferenceCode.VersionNotServed), ("changed", DifferenceCode.StepChanged), ("gone", DifferenceCode.OrchestratorMissing),
            ("orphaned", DifferenceCode.ActivityMissing),
        ]);
        verdict.Differences.Where(difference => !difference.Breaks).ShouldHaveSingleItem().InstanceId.ShouldBe("drifts");

        var strict = Over(store, Old(), new ServedVersions("1.1", VersionMatch.Strict));
        (strict.Older, strict.OlderServed, strict.Fits).ShouldBe((1, 0, 6));
        strict.Breaking.Select(difference => difference.InstanceId).ShouldBe(["older", "newer"]);
        Over(store, Old(), new ServedVersions("1.1", VersionMatch.None)).IsSafe.ShouldBeTrue();
        store.Folder.Journal.ShouldStartWith(_folder);
    }

    /// <summary>The other half of a call is another instance's: a parent that waits is replayed as far as it came.</summary>
    [Fact]
    public async Task Over_ParentAndChild_ReplaysBoth()
    {
        DelegateFunctions Functions(string child) => Old()
            .Orchestrator("Parent", async context => await context.CallSubOrchestratorAsync<int>(child, 1, new Microsoft.DurableTask.SubOrchestrationOptions(instanceId: "child")));
        await using var store = await PlantedStore.StartAsync(_folder, Functions("Steady"));
        await store.BeginAsync("Parent", "parent", "1.1");

        Over(store, Functions("Steady"), new ServedVersions("1.1", VersionMatch.None)).Differences.ShouldBeEmpty();
        Over(store, Functions("Changed"), new ServedVersions("1.1", VersionMatch.None)).Breaking.Select(difference => difference.InstanceId).ShouldBe(["parent"]);
    }

    private static DeployVerdict Over(PlantedStore store, DelegateFunctions functions, ServedVersions versions)
    {
        using var journal = JournalFile.Open(store.Folder);
        return DeployVerdict.Over(journal, functions, versions, TestContext.Current.CancellationToken);
    }

    private static DelegateFunctions Old() => Forever("Work", "Lost")
        .Orchestrator("Steady", context => context.CallActivityAsync<int>("Work", context.GetInput<int>()))
        .Orchestrator("Changed", context => context.CallActivityAsync<int>("Work", context.GetInput<int>()))
        .Orchestrator("Drifting", context => context.CallActivityAsync<int>("Work", context.GetInput<int>()))
        .Orchestrator("Gone", context => context.CallActivityAsync<int>("Work", context.GetInput<int>()))
        .Orchestrator("Orphaned", context => context.CallActivityAsync<int>("Lost", context.GetInput<int>()));

    private static DelegateFunctions New() => Forever("Work", "Other")
        .Orchestrator("Steady", context => context.CallActivityAsync<int>("Work", context.GetInput<int>()))
        .Orchestrator("Changed", context => context.CallActivityAsync<int>("Other", context.GetInput<int>()))
        .Orchestrator("Drifting", context => context.CallActivityAsync<int>("Work", context.GetInput<int>() + 1))
        .Orchestrator("Orphaned", context => context.CallActivityAsync<int>("Lost", context.GetInput<int>()));

    private static DelegateFunctions Forever(params string[] activities) => activities.Aggregate(new DelegateFunctions(), (functions, name) =>
        functions.Activity(name, async (int input, CancellationToken cancellation) =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellation);
            return input;
        }));
}
