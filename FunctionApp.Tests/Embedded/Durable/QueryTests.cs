using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Embedded.Durable;

public sealed class QueryTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>a-0 to a-4 completed, b-0 to b-4 waiting, one minute between any two.</summary>
    private static async Task<EngineFixture> TenInstancesAsync()
    {
        var fixture = await EngineFixture.StartAsync(new DelegateFunctions()
            .Orchestrator("Done", context => Task.FromResult(context.GetInput<int>()))
            .Orchestrator("Waiting", context => context.WaitForExternalEvent<string>("Go")));
        for (var i = 0; i < 5; i++)
        {
            await fixture.RunAsync("Done", i, $"a-{i}");
            fixture.Clock.Advance(TimeSpan.FromMinutes(1));
            await fixture.BeginAsync("Waiting", i, $"b-{i}");
            await fixture.Client.WaitForInstanceStartAsync($"b-{i}", Cancel);
            fixture.Clock.Advance(TimeSpan.FromMinutes(1));
        }

        return fixture;
    }

    private static async Task<List<string>> IdsAsync(EngineFixture fixture, OrchestrationQuery query)
    {
        List<string> ids = [];
        await foreach (var instance in fixture.Client.GetAllInstancesAsync(query))
        {
            ids.Add(instance.InstanceId);
        }

        return ids;
    }

    [Fact]
    public async Task GetAllInstances_Pages_ReturnEachInstanceOnceOldestFirst()
    {
        await using var fixture = await TenInstancesAsync();
        List<string> ids = [];
        List<int> sizes = [];

        await foreach (var page in fixture.Client.GetAllInstancesAsync().AsPages(pageSizeHint: 4))
        {
            sizes.Add(page.Values.Count);
            ids.AddRange(page.Values.Select(instance => instance.InstanceId));
        }

        sizes.ShouldBe([4, 4, 2]);
        ids.ShouldBe(["a-0", "b-0", "a-1", "b-1", "a-2", "b-2", "a-3", "b-3", "a-4", "b-4"]);
    }

    [Fact]
    public async Task GetAllInstances_ContinuationToken_GoesOnWhereItWas()
    {
        await using var fixture = await TenInstancesAsync();
        Page<OrchestrationMetadata>? first = null;
        await foreach (var page in fixture.Client.GetAllInstancesAsync(new OrchestrationQuery(PageSize: 7)).AsPages())
        {
            first = page;
            break;
        }

        (await IdsAsync(fixture, new OrchestrationQuery(ContinuationToken: first.ShouldNotBeNull().ContinuationToken))).ShouldBe(["b-3", "a-4", "b-4"]);
        await Should.ThrowAsync<ArgumentException>(() => IdsAsync(fixture, new OrchestrationQuery(ContinuationToken: "made up")));
    }

    [Fact]
    public async Task GetAllInstances_ByStatusPrefixAndTime_Selects()
    {
        await using var fixture = await TenInstancesAsync();
        var start = new ManualTimeProvider().GetUtcNow();

        (await IdsAsync(fixture, new OrchestrationQuery(Statuses: [OrchestrationRuntimeStatus.Running]))).ShouldBe(["b-0", "b-1", "b-2", "b-3", "b-4"]);
        (await IdsAsync(fixture, new OrchestrationQuery(Statuses: []))).ShouldBeEmpty();
        (await IdsAsync(fixture, new OrchestrationQuery(InstanceIdPrefix: "a-"))).ShouldBe(["a-0", "a-1", "a-2", "a-3", "a-4"]);
        (await IdsAsync(fixture, new OrchestrationQuery(InstanceIdPrefix: "%"))).ShouldBeEmpty();
        (await IdsAsync(fixture, new OrchestrationQuery(start.AddMinutes(2), start.AddMinutes(4)))).ShouldBe(["a-1", "b-1", "a-2"]);
    }

    [Fact]
    public async Task GetAllInstances_ByTag_SelectsThoseThatCarryItPageByPage()
    {
        await using var fixture = await TenInstancesAsync();
        for (var i = 0; i < 5; i++)
        {
            var options = new StartOrchestrationOptions($"t-{i}") { Tags = new Dictionary<string, string> { ["tenant"] = i == 2 ? "other" : "acme" } };
            await fixture.Client.ScheduleNewOrchestrationInstanceAsync("Waiting", options, Cancel);
            fixture.Clock.Advance(TimeSpan.FromMinutes(1));
        }

        (await IdsAsync(fixture, new Advisor.Embedded.Durable.TaggedOrchestrationQuery("tenant", "acme") { PageSize = 3 })).ShouldBe(["t-0", "t-1", "t-3", "t-4"]);
        (await IdsAsync(fixture, new Advisor.Embedded.Durable.TaggedOrchestrationQuery("tenant", "ac"))).ShouldBeEmpty();
    }

    [Fact]
    public async Task GetInstance_DataOnlyWhenAsked()
    {
        await using var fixture = await TenInstancesAsync();

        var bare = (await fixture.Client.GetInstanceAsync("a-3", Cancel)).ShouldNotBeNull();
        bare.SerializedOutput.ShouldBeNull();
        Should.Throw<InvalidOperationException>(() => bare.ReadOutputAs<int>());
        (await fixture.Client.GetInstanceAsync("a-3", true, Cancel)).ShouldNotBeNull().ReadInputAs<int>().ShouldBe(3);
        (await fixture.Client.GetInstanceAsync("nobody", Cancel)).ShouldBeNull();
    }

    [Fact]
    public async Task PurgeInstance_OnlyWhatEnded()
    {
        await using var fixture = await TenInstancesAsync();

        (await fixture.Client.PurgeInstanceAsync("a-0", Cancel)).PurgedInstanceCount.ShouldBe(1);
        (await fixture.Client.GetInstanceAsync("a-0", Cancel)).ShouldBeNull();
        fixture.Engine.ReadHistory("a-0").ShouldBeEmpty();
        (await fixture.Client.PurgeInstanceAsync("a-0", Cancel)).PurgedInstanceCount.ShouldBe(0);
        (await fixture.Client.PurgeInstanceAsync("b-0", Cancel)).PurgedInstanceCount.ShouldBe(0);
        (await fixture.Client.GetInstanceAsync("b-0", Cancel)).ShouldNotBeNull();
    }

    [Fact]
    public async Task PurgeInstance_Recursive_TakesEndedChildrenAlong()
    {
        await using var fixture = await EngineFixture.StartAsync(new DelegateFunctions()
            .Orchestrator("Child", _ => Task.FromResult(1))
            .Orchestrator("Parent", context => context.CallSubOrchestratorAsync<int>("Child", new TaskOptions().WithInstanceId("kid"))));
        await fixture.RunAsync("Parent", id: "mum");

        (await fixture.Client.PurgeInstanceAsync("mum", new PurgeInstanceOptions(Recursive: true), Cancel)).PurgedInstanceCount.ShouldBe(2);
        (await fixture.Client.GetInstanceAsync("kid", Cancel)).ShouldBeNull();
    }

    [Fact]
    public async Task PurgeAll_ByTime_LeavesTheRestAndWhatIsUnderWay()
    {
        await using var fixture = await TenInstancesAsync();
        var start = new ManualTimeProvider().GetUtcNow();

        var result = await fixture.Client.PurgeAllInstancesAsync(new PurgeInstancesFilter(CreatedTo: start.AddMinutes(4)), Cancel);

        result.PurgedInstanceCount.ShouldBe(3);
        result.IsComplete.ShouldBe(true);
        (await IdsAsync(fixture, new OrchestrationQuery())).ShouldBe(["b-0", "b-1", "b-2", "a-3", "b-3", "a-4", "b-4"]);
    }
}
