using Advisor.Embedded.Durable;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Embedded.Durable;

/// <summary>An execution ends when its code has returned and everything it began has ended or was cancelled.</summary>
public sealed class OpenWorkTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>"Gated" ends when its gate opens; "Quick" at once.</summary>
    private static DelegateFunctions Functions(TaskCompletionSource gate) => new DelegateFunctions()
        .Activity("Quick", (int i) => i)
        .Activity("Gated", async (int i, CancellationToken cancellation) =>
        {
            await gate.Task.WaitAsync(cancellation);
            return i < 0 ? throw new TimeoutException("unheard") : i;
        });

    [Theory]
    [InlineData(1, false)]
    [InlineData(1, true)]
    [InlineData(-1, false)]
    public async Task Return_WithAnOpenActivity_CompletesWhenItHasEnded(int input, bool alwaysReplay)
    {
        var gate = new TaskCompletionSource();
        await using var fixture = await EngineFixture.StartAsync(
            Functions(gate).Orchestrator("Hasty", async context =>
            {
                _ = context.CallActivityAsync<int>("Gated", input);
                return await context.CallActivityAsync<int>("Quick", 7);
            }),
            alwaysReplay);

        var id = await fixture.BeginAsync("Hasty");
        await fixture.UntilHistoryAsync(id, EventKind.ActivityCompleted);
        (await fixture.Client.GetInstanceAsync(id, Cancel)).ShouldNotBeNull().RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Running);
        gate.SetResult();

        (await fixture.EndAsync(id)).ReadOutputAs<int>().ShouldBe(7);
        fixture.Engine.ReadHistory(id)[^2].Kind.ShouldBe(input < 0 ? EventKind.ActivityFailed : EventKind.ActivityCompleted);
    }

    [Fact]
    public async Task Return_WithAnOpenTimer_CompletesWhenItFires()
    {
        await using var fixture = await EngineFixture.StartAsync(Functions(new()).Orchestrator("Hasty", async context =>
        {
            _ = context.CreateTimer(TimeSpan.FromDays(90), CancellationToken.None);
            return await context.CallActivityAsync<int>("Quick", 7);
        }));
        var due = fixture.Clock.GetUtcNow().AddDays(90);

        var id = await fixture.BeginAsync("Hasty");
        await fixture.UntilHistoryAsync(id, EventKind.ActivityCompleted);
        await fixture.CrashAsync();
        await fixture.AdvanceAsync(TimeSpan.FromDays(90));

        (await fixture.EndAsync(id)).LastUpdatedAt.ShouldBe(due);
    }

    [Fact]
    public async Task Throw_WithAnOpenActivity_FailsWhenItHasEnded()
    {
        var gate = new TaskCompletionSource();
        await using var fixture = await EngineFixture.StartAsync(Functions(gate).Orchestrator<int>("Hasty", async context =>
        {
            _ = context.CallActivityAsync<int>("Gated", 1);
            await context.CallActivityAsync<int>("Quick", 7);
            throw new FormatException("no");
        }));

        var id = await fixture.BeginAsync("Hasty");
        await fixture.UntilHistoryAsync(id, EventKind.ActivityCompleted);
        (await fixture.Client.GetInstanceAsync(id, Cancel)).ShouldNotBeNull().IsRunning.ShouldBeTrue();
        gate.SetResult();

        (await fixture.EndAsync(id)).FailureDetails.ShouldNotBeNull().IsCausedBy<FormatException>().ShouldBeTrue();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ContinueAsNew_WithAnOpenActivity_BeginsAnewWhenItHasEndedAndKeepsWhatCameMeanwhile(bool keepUnprocessed)
    {
        var gate = new TaskCompletionSource();
        await using var fixture = await EngineFixture.StartAsync(Functions(gate).Orchestrator("Loop", async context =>
        {
            if (context.GetInput<int>() == 1)
            {
                return await context.WaitForExternalEvent<string>("Letter");
            }

            _ = context.CallActivityAsync<int>("Gated", 1);
            await context.CallActivityAsync<int>("Quick", 7);
            context.ContinueAsNew(1, keepUnprocessed);
            return string.Empty;
        }));

        var id = await fixture.BeginAsync("Loop", 0);
        await fixture.UntilHistoryAsync(id, EventKind.ActivityCompleted);
        await fixture.Client.RaiseEventAsync(id, "Letter", "kept", Cancel);
        await fixture.UntilHistoryAsync(id, EventKind.EventRaised);
        gate.SetResult();

        (await fixture.EndAsync(id)).ReadOutputAs<string>().ShouldBe("kept");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task WhenAny_Leftovers_MayBeAwaitedLater(bool alwaysReplay)
    {
        var gate = new TaskCompletionSource();
        await using var fixture = await EngineFixture.StartAsync(
            Functions(gate).Orchestrator("Race", async context =>
            {
                var slow = context.CallActivityAsync<int>("Gated", 2);
                var quick = context.CallActivityAsync<int>("Quick", 1);
                var first = await await Task.WhenAny(slow, quick);
                context.SetCustomStatus(first);
                return await context.CallActivityAsync<int>("Quick", 10) + first + await slow;
            }),
            alwaysReplay);

        var id = await fixture.BeginAsync("Race");
        await fixture.UntilHistoryAsync(id, EventKind.ActivityCompleted, 2);
        gate.SetResult();

        (await fixture.EndAsync(id)).ReadOutputAs<int>().ShouldBe(13);
    }

    /// <summary>The first answer makes the code act before the second has happened to it: both stand before the actions of their step.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Replay_ChainsThatMoveInOneStep_FitTheirHistory(bool alwaysReplay)
    {
        await using var fixture = await EngineFixture.StartAsync(
            Functions(new()).Orchestrator("Chains", async context =>
            {
                var sums = await Task.WhenAll(Enumerable.Range(0, 20).Select(async i =>
                {
                    var sum = await context.WaitForExternalEvent<int>($"Begin{i}");
                    sum += await context.CallActivityAsync<int>("Quick", sum);
                    return sum + await context.CallActivityAsync<int>("Quick", sum);
                }));
                return sums.Sum();
            }),
            alwaysReplay);
        var id = await fixture.BeginAsync("Chains");
        await fixture.UntilHistoryAsync(id, EventKind.Started);

        await fixture.CrashAsync(start: false);
        for (var i = 0; i < 20; i++)
        {
            await fixture.Client.RaiseEventAsync(id, $"Begin{i}", 1, Cancel);
        }

        await fixture.Engine.StartAsync(Cancel);

        (await fixture.EndAsync(id)).ReadOutputAs<int>().ShouldBe(80);
        fixture.Engine.ReadHistory(id).Skip(3).Take(20).ShouldAllBe(line => line.Kind == EventKind.EventRaised);
        HistoryReplay.Check(fixture.Functions, id, fixture.Engine.ReadHistory(id));
    }
}
