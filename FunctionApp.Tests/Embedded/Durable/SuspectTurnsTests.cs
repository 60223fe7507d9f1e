using Advisor.Embedded.Durable;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Embedded.Durable;

public sealed class SuspectTurnsTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>What takes the process down only after a long while must be alone for as long at some death: else it is tried again for ever.</summary>
    [Theory]
    [InlineData(1, 5)]
    [InlineData(2, 10)]
    [InlineData(7, 320)]
    [InlineData(11, 5_120)]
    [InlineData(1_000, 5_120)]
    public void Alone_AfterSoManyDeaths_DoublesUntilItIsLongerThanAnyFunctionMayTake(int deaths, int seconds) =>
        SuspectTurns.Alone(new DurableEngineOptions().SuspectHeadStart, deaths).ShouldBe(TimeSpan.FromSeconds(seconds));

    /// <summary>One that neither ends nor takes the process down.</summary>
    [Theory]
    [InlineData("Step")]
    [InlineData("Call")]
    public async Task Start_SuspectThatDoesNotEnd_IsAloneForItsHeadStartAndNoLonger(string suspect)
    {
        using var begun = new SemaphoreSlim(0);
        using var stuck = new SemaphoreSlim(0);
        var functions = new DelegateFunctions()
            .Activity("Stuck", async (int i, CancellationToken cancellation) =>
            {
                begun.Release();
                await Task.Delay(Timeout.InfiniteTimeSpan, cancellation);
                return i;
            })
            .Orchestrator("Call", context => context.CallActivityAsync<int>("Stuck", 1))
            .Orchestrator<int>("Step", _ =>
            {
                begun.Release();
                stuck.Wait(Cancel);
                return Task.FromResult(1);
            })
            .Orchestrator("Other", _ => Task.FromResult(2));
        var options = new DurableEngineOptions();
        await using var fixture = await EngineFixture.StartAsync(functions, options: options);
        await fixture.BeginAsync(suspect);
        (await begun.WaitAsync(EngineFixture.Patience, Cancel)).ShouldBeTrue();
        await fixture.CrashAsync();
        (await begun.WaitAsync(EngineFixture.Patience, Cancel)).ShouldBeTrue();
        await fixture.UntilAsync(() => fixture.Clock.PendingTimers > 0);
        var other = await fixture.BeginAsync("Other");

        fixture.Clock.Advance(options.SuspectHeadStart - TimeSpan.FromTicks(1));
        (await fixture.Client.GetInstanceAsync(other, Cancel))!.RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Pending);
        fixture.Clock.Advance(TimeSpan.FromTicks(1));

        (await fixture.EndAsync(other)).ReadOutputAs<int>().ShouldBe(2);
        stuck.Release(9);
    }
}
