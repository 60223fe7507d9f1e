using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Embedded.Durable;

public sealed class ChildTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private sealed record Seen(string Id, string? Parent, string? ParentName, string Version, int Input);

    private static DelegateFunctions Family => new DelegateFunctions()
        .Orchestrator<Seen>("Child", context => Task.FromResult(new Seen(
            context.InstanceId, context.Parent?.InstanceId, context.Parent?.Name.Name, context.Version, context.GetInput<int>())))
        .Orchestrator("Parent", async context =>
        {
            var children = await Task.WhenAll(Enumerable.Range(0, 3).Select(i => context.CallSubOrchestratorAsync<Seen>("Child", i)));
            return children;
        })
        .Orchestrator("Waiting", context => context.WaitForExternalEvent<string>("Go"))
        .Orchestrator("ParentOfWaiting", context => context.CallSubOrchestratorAsync<string>(
            "Waiting", null, new SubOrchestrationOptions(instanceId: context.GetInput<string>())));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task CallSubOrchestrator_WithoutId_DerivesTheSameIdsInEveryReplay(bool alwaysReplay)
    {
        await using var fixture = await EngineFixture.StartAsync(
            Family, options: new() { AlwaysReplay = alwaysReplay, DefaultVersion = "2.0" });

        var end = await fixture.RunAsync("Parent");

        var children = end.ReadOutputAs<Seen[]>().ShouldNotBeNull();
        children.Select(child => child.Input).ShouldBe([0, 1, 2]);
        children.Select(child => child.Id).Distinct().Count().ShouldBe(3);
        children.ShouldAllBe(child => child.Parent == end.InstanceId && child.ParentName == "Parent" && child.Version == "2.0");
        var journaled = fixture.Engine.ReadHistory(end.InstanceId).Where(line => line.Kind == "child-scheduled").Select(line => line.Target);
        journaled.ShouldBe(children.Select(child => child.Id));
    }

    [Fact]
    public async Task CallSubOrchestrator_IdOfARunningInstance_Fails()
    {
        await using var fixture = await EngineFixture.StartAsync(Family);
        await fixture.BeginAsync("Waiting", id: "taken");

        var end = await fixture.RunAsync("ParentOfWaiting", "taken");

        end.FailureDetails.ShouldNotBeNull().InnerFailure.ShouldNotBeNull().ErrorMessage.ShouldContain("'taken' is already under way");
    }

    /// <summary>The first child goes on when its parent is ended, and what it answers is not for the parent of the same id that came later.</summary>
    [Fact]
    public async Task Answer_OfAChildOfAPurgedParent_IsNotTakenByItsSuccessor()
    {
        await using var fixture = await EngineFixture.StartAsync(Family);
        await fixture.BeginAsync("ParentOfWaiting", "first", "parent");
        await fixture.UntilHistoryAsync("parent", "child-scheduled");
        await fixture.Client.TerminateInstanceAsync("parent", cancellation: Cancel);
        await fixture.EndAsync("parent");
        (await fixture.Client.PurgeInstanceAsync("parent", Cancel)).PurgedInstanceCount.ShouldBe(1);
        await fixture.BeginAsync("ParentOfWaiting", "second", "parent");
        await fixture.UntilHistoryAsync("parent", "child-scheduled");

        await fixture.Client.RaiseEventAsync("first", "Go", "of the first", Cancel);
        await fixture.EndAsync("first");
        await fixture.Client.RaiseEventAsync("second", "Go", "of the second", Cancel);

        (await fixture.EndAsync("parent")).ReadOutputAs<string>().ShouldBe("of the second");
    }

    /// <summary>The same for an activity that is still running.</summary>
    [Fact]
    public async Task Result_OfAnActivityOfAPurgedInstance_IsNotTakenByItsSuccessor()
    {
        var gates = new[] { new TaskCompletionSource<string>(), new TaskCompletionSource<string>() };
        var next = -1;
        using var begun = new SemaphoreSlim(0);
        await using var fixture = await EngineFixture.StartAsync(new DelegateFunctions()
            .Activity("Gated", (int _, CancellationToken cancellation) =>
            {
                var gate = gates[Interlocked.Increment(ref next)];
                begun.Release();
                return gate.Task.WaitAsync(cancellation);
            })
            .Orchestrator("Calls", context => context.CallActivityAsync<string>("Gated", 1)));
        await fixture.BeginAsync("Calls", id: "again");
        (await begun.WaitAsync(EngineFixture.Patience, Cancel)).ShouldBeTrue();
        await fixture.Client.TerminateInstanceAsync("again", cancellation: Cancel);
        await fixture.EndAsync("again");
        (await fixture.Client.PurgeInstanceAsync("again", Cancel)).PurgedInstanceCount.ShouldBe(1);
        await fixture.BeginAsync("Calls", id: "again");
        (await begun.WaitAsync(EngineFixture.Patience, Cancel)).ShouldBeTrue();

        var writes = fixture.Engine.Writer.Count;
        var heard = new TaskCompletionSource();
        fixture.Engine.Writer.Written = number => _ = number > writes && heard.TrySetResult();
        gates[0].SetResult("of the first");
        await heard.Task.WaitAsync(EngineFixture.Patience, Cancel);
        gates[1].SetResult("of the second");

        (await fixture.EndAsync("again")).ReadOutputAs<string>().ShouldBe("of the second");
    }

    [Fact]
    public async Task CallSubOrchestrator_WithVersionAndTags_PassesThemOn()
    {
        await using var fixture = await EngineFixture.StartAsync(Family.Orchestrator("Tagging", context => context.CallSubOrchestratorAsync<Seen>(
            "Child", 5, new SubOrchestrationOptions(new TaskOptions(tags: new Dictionary<string, string> { ["tenant"] = "acme" }), "kid") { Version = "7.1" })));

        var end = await fixture.RunAsync("Tagging");

        end.ReadOutputAs<Seen>().ShouldNotBeNull().Version.ShouldBe("7.1");
        (await fixture.Client.GetInstanceAsync("kid", Cancel)).ShouldNotBeNull().Tags["tenant"].ShouldBe("acme");
    }

    [Fact]
    public async Task CallSubOrchestrator_OfATaggedParent_InheritsTagsUnderItsOwn()
    {
        await using var fixture = await EngineFixture.StartAsync(Family.Orchestrator("Tagging", context => context.CallSubOrchestratorAsync<Seen>(
            "Child", 5, new SubOrchestrationOptions(new TaskOptions(tags: new Dictionary<string, string> { ["kind"] = "child" }), "kid"))));
        var tags = new Dictionary<string, string> { ["tenant"] = "acme", ["kind"] = "parent" };

        var id = await fixture.Client.ScheduleNewOrchestrationInstanceAsync("Tagging", new StartOrchestrationOptions { Tags = tags }, Cancel);
        await fixture.EndAsync(id);

        (await fixture.Client.GetInstanceAsync("kid", Cancel)).ShouldNotBeNull().Tags.OrderBy(tag => tag.Key)
            .ShouldBe([new("kind", "child"), new("tenant", "acme")]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Terminate_Parent_ReachesChildrenOnlyWhenRecursive(bool recursive)
    {
        await using var fixture = await EngineFixture.StartAsync(Family);
        var id = await fixture.BeginAsync("ParentOfWaiting", "kid");
        await fixture.UntilAsync(() => fixture.Engine.ReadHistory("kid").Count > 0);

        await fixture.Client.TerminateInstanceAsync(id, new TerminateInstanceOptions("enough", recursive), Cancel);
        var end = await fixture.EndAsync(id);

        end.RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Terminated);
        end.ReadOutputAs<string>().ShouldBe("enough");
        if (recursive)
        {
            (await fixture.EndAsync("kid")).RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Terminated);
        }
        else
        {
            await fixture.Client.RaiseEventAsync("kid", "Go", "on", Cancel);
            (await fixture.EndAsync("kid")).RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Completed);
        }
    }

    [Fact]
    public async Task Terminate_Recursive_ReachesGrandchildren()
    {
        await using var fixture = await EngineFixture.StartAsync(Family.Orchestrator("Grandparent", context => context.CallSubOrchestratorAsync<string>(
            "ParentOfWaiting", "kid", new SubOrchestrationOptions(instanceId: "mum"))));
        var id = await fixture.BeginAsync("Grandparent");
        await fixture.UntilAsync(() => fixture.Engine.ReadHistory("kid").Count > 0);

        await fixture.Client.TerminateInstanceAsync(id, new TerminateInstanceOptions("enough", Recursive: true), Cancel);

        foreach (var ended in (string[])[id, "mum", "kid"])
        {
            (await fixture.EndAsync(ended)).RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Terminated);
        }
    }

    [Fact]
    public async Task Terminate_Child_FailsTheCallOfItsParent()
    {
        await using var fixture = await EngineFixture.StartAsync(Family);
        var id = await fixture.BeginAsync("ParentOfWaiting", "kid");
        await fixture.UntilAsync(() => fixture.Engine.ReadHistory("kid").Count > 0);

        await fixture.Client.TerminateInstanceAsync("kid", (object?)null, Cancel);

        (await fixture.EndAsync(id)).FailureDetails.ShouldNotBeNull().InnerFailure.ShouldNotBeNull()
            .ErrorMessage.ShouldBe("The orchestration 'kid' was terminated.");
    }

    [Fact]
    public async Task CallSubOrchestrator_WithoutResult_Waits()
    {
        await using var fixture = await EngineFixture.StartAsync(Family.Orchestrator("Plain", async context =>
        {
            await context.CallSubOrchestratorAsync("Child", 1);
            await context.CallSubOrchestratorAsync("Child", new TaskOptions());
            return (await context.CallSubOrchestratorAsync<Seen>("Child", new TaskOptions())).Input;
        }));

        (await fixture.RunAsync("Plain")).ReadOutputAs<int>().ShouldBe(0);
    }
}
