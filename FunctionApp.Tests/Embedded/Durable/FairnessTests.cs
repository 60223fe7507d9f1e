using Advisor.Embedded.Durable;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Embedded.Durable;

/// <summary>One tenant's batch does not hold another's single piece of work.</summary>
public sealed class FairnessTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static StartOrchestrationOptions Of(string tenant) => new() { Tags = new Dictionary<string, string> { ["tenant"] = tenant } };

    [Fact]
    public async Task Take_ManyLanes_TakesTurns()
    {
        var queue = new FairQueue<string>();
        foreach (var item in (string[])["a1", "a2", "a3", "b1", "c1", "c2"])
        {
            queue.Add(item[..1], item);
        }

        List<string> taken = [];
        for (var i = 0; i < 6; i++)
        {
            taken.Add(await queue.TakeAsync(Cancel));
        }

        taken.ShouldBe(["a1", "b1", "c1", "a2", "c2", "a3"]);
    }

    [Fact]
    public async Task Take_LaneThatHoldsItsShare_WaitsForARelease()
    {
        var queue = new FairQueue<string>(share: 2);
        foreach (var item in (string[])["a1", "a2", "a3", "a4"])
        {
            queue.Add("a", item);
        }

        (await queue.TakeAsync(Cancel)).ShouldBe("a1");
        (await queue.TakeAsync(Cancel)).ShouldBe("a2");
        var third = queue.TakeAsync(Cancel).AsTask();
        third.IsCompleted.ShouldBeFalse();
        queue.Add("b", "b1");
        (await third.WaitAsync(EngineFixture.Patience, Cancel)).ShouldBe("b1");
        var fourth = queue.TakeAsync(Cancel).AsTask();
        queue.Release("a");
        (await fourth.WaitAsync(EngineFixture.Patience, Cancel)).ShouldBe("a3");
        queue.Release("a");
        (await queue.TakeAsync(Cancel)).ShouldBe("a4");
    }

    /// <summary>The batch has taken every place that one tenant may have, and stays.</summary>
    [Fact]
    public async Task Activities_BatchThatNeverEnds_LeavesAPlaceForAnother()
    {
        var gate = new TaskCompletionSource();
        await using var fixture = await EngineFixture.StartAsync(new DelegateFunctions()
            .Activity("Gated", async (int i, CancellationToken cancellation) =>
            {
                await gate.Task.WaitAsync(cancellation);
                return i;
            })
            .Activity("Quick", (int i) => i)
            .Orchestrator("Batch", context => Task.WhenAll(Enumerable.Range(0, 100).Select(i => context.CallActivityAsync<int>("Gated", i))))
            .Orchestrator("Child", context => context.CallActivityAsync<int>("Quick", 7))
            .Orchestrator("Single", context => context.CallSubOrchestratorAsync<int>("Child")));
        var batch = await fixture.Client.ScheduleNewOrchestrationInstanceAsync("Batch", Of("large"), Cancel);
        await fixture.UntilHistoryAsync(batch, EventKind.ActivityScheduled, 100);

        var single = await fixture.Client.ScheduleNewOrchestrationInstanceAsync("Single", Of("small"), Cancel);

        (await fixture.EndAsync(single)).ReadOutputAs<int>().ShouldBe(7);
        fixture.Functions.Runs.Count(run => run.Key.StartsWith("Gated", StringComparison.Ordinal)).ShouldBe(fixture.Options.MaxConcurrentActivities - 1);
        gate.SetResult();
        (await fixture.EndAsync(batch)).RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Completed);
    }

    /// <summary>What waits for its commit is bounded, so that the write of another waits behind few.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Commits_OfAFanOut_NeverWaitInNumber(int bound)
    {
        await using var fixture = await EngineFixture.StartAsync(
            new DelegateFunctions()
                .Activity("Quick", (int i) => i)
                .Orchestrator("Batch", context => Task.WhenAll(Enumerable.Range(0, 50).Select(i => context.CallActivityAsync<int>("Quick", i)))),
            options: new() { MaxUncommitted = bound });
        var (begun, done, most) = (0, 0, 0);
        fixture.Engine.Writer.Writing = _ => most = Math.Max(most, Interlocked.Increment(ref begun) - Volatile.Read(ref done));
        fixture.Engine.Writer.Written = _ => Interlocked.Increment(ref done);

        (await fixture.RunAsync("Batch")).RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Completed);

        // Steps and results have their own bound each, and the start of the batch is a write too.
        most.ShouldBeLessThanOrEqualTo((2 * bound) + 1);
    }

    /// <summary>Found ready at the start, so that all wait at once: the single one is served in the second turn.</summary>
    [Fact]
    public async Task Steps_OfABatch_AreTakenInTurnWithAnothers()
    {
        List<string> order = [];
        var functions = new DelegateFunctions().Orchestrator("Step", context =>
        {
            order.Add(context.GetInput<string>()!);
            return Task.FromResult(true);
        });
        await using var fixture = await EngineFixture.StartAsync(functions, options: new() { MaxConcurrentOrchestrators = 1 });
        await fixture.CrashAsync(start: false);
        for (var i = 0; i < 200; i++)
        {
            await fixture.Client.ScheduleNewOrchestrationInstanceAsync("Step", "large", Of("large"), Cancel);
        }

        var single = await fixture.Client.ScheduleNewOrchestrationInstanceAsync("Step", "small", Of("small"), Cancel);
        await fixture.Engine.StartAsync(Cancel);
        await fixture.EndAsync(single);

        order.IndexOf("small").ShouldBeLessThan(3);
    }
}
