using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Embedded.Durable;

public sealed class TimerTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1, false)]
    [InlineData(1, true)]
    [InlineData(400 * 24 * 3600, false)]
    public async Task CreateTimer_AnyLength_FiresAtItsTime(int seconds, bool alwaysReplay)
    {
        var functions = new DelegateFunctions().Orchestrator("Waits", async context =>
        {
            await context.CreateTimer(TimeSpan.FromSeconds(seconds), CancellationToken.None);
            return context.CurrentUtcDateTime;
        });
        await using var fixture = await EngineFixture.StartAsync(functions, alwaysReplay);
        var due = fixture.Clock.GetUtcNow().UtcDateTime.AddSeconds(seconds);

        var id = await fixture.BeginAsync("Waits");
        await fixture.AdvanceAsync(TimeSpan.FromSeconds(seconds) - TimeSpan.FromTicks(1));
        (await fixture.Client.GetInstanceAsync(id, Cancel)).ShouldNotBeNull().IsRunning.ShouldBeTrue();
        fixture.Engine.TimerCount.ShouldBe(1);
        fixture.Clock.Advance(TimeSpan.FromTicks(1));

        (await fixture.EndAsync(id)).ReadOutputAs<DateTime>().ShouldBe(due);
    }

    [Fact]
    public async Task CreateTimer_InThePast_FiresAtOnce()
    {
        await using var fixture = await EngineFixture.StartAsync(new DelegateFunctions().Orchestrator("Waits", async context =>
        {
            await context.CreateTimer(context.CurrentUtcDateTime.AddHours(-1), CancellationToken.None);
            return true;
        }));

        (await fixture.RunAsync("Waits")).ReadOutputAs<bool>().ShouldBeTrue();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task CancelledTimer_LeavesNoWakeUp(bool alwaysReplay)
    {
        var functions = new DelegateFunctions().Orchestrator("Deadline", async context =>
        {
            using var deadline = new CancellationTokenSource();
            var timer = context.CreateTimer(TimeSpan.FromDays(30), deadline.Token);
            var decided = context.WaitForExternalEvent<string>("Decided", CancellationToken.None);
            var first = await Task.WhenAny(timer, decided);
            deadline.Cancel();
            timer.IsCanceled.ShouldBeTrue();
            var last = await context.WaitForExternalEvent<string>("Finish");
            return (first == decided ? decided.Result : "late") + last;
        });
        await using var fixture = await EngineFixture.StartAsync(functions, alwaysReplay);

        var id = await fixture.BeginAsync("Deadline");
        await fixture.UntilAsync(() => fixture.Engine.TimerCount == 1);
        await fixture.Client.RaiseEventAsync(id, "Decided", "yes", Cancel);
        await fixture.UntilAsync(() => fixture.Engine.TimerCount == 0);

        fixture.Clock.PendingTimers.ShouldBe(0);
        await fixture.CrashAsync();
        fixture.Engine.TimerCount.ShouldBe(0);
        await fixture.Client.RaiseEventAsync(id, "finish", "!", Cancel);
        (await fixture.EndAsync(id)).ReadOutputAs<string>().ShouldBe("yes!");
    }

    [Fact]
    public async Task Terminate_WithOpenTimers_LeavesNoWakeUp()
    {
        await using var fixture = await EngineFixture.StartAsync(new DelegateFunctions()
            .Activity("Quick", (int i) => i)
            .Orchestrator("Hasty", async context =>
            {
                _ = context.CreateTimer(TimeSpan.FromDays(1), CancellationToken.None);
                return await context.CallActivityAsync<int>("Quick", 7);
            }));

        var id = await fixture.BeginAsync("Hasty");
        await fixture.UntilHistoryAsync(id, "activity-completed");
        await fixture.Client.TerminateInstanceAsync(id, Cancel);
        await fixture.EndAsync(id);

        fixture.Engine.TimerCount.ShouldBe(0);
        fixture.Clock.PendingTimers.ShouldBe(0);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task WaitForExternalEvent_WithTimeout_ReturnsTheEventOrCancels(bool raised)
    {
        var functions = new DelegateFunctions().Orchestrator("Asks", async context =>
        {
            try
            {
                return await context.WaitForExternalEvent<string>("Answer", TimeSpan.FromHours(1));
            }
            catch (TaskCanceledException)
            {
                return "nobody";
            }
        });
        await using var fixture = await EngineFixture.StartAsync(functions);

        var id = await fixture.BeginAsync("Asks");
        if (raised)
        {
            await fixture.Client.RaiseEventAsync(id, "Answer", "me", Cancel);
        }
        else
        {
            await fixture.AdvanceAsync(TimeSpan.FromHours(1));
        }

        (await fixture.EndAsync(id)).ReadOutputAs<string>().ShouldBe(raised ? "me" : "nobody");
        fixture.Engine.TimerCount.ShouldBe(0);
    }

    [Fact]
    public async Task CreateTimer_ClockSetBackAnHour_StillFiresAndTimeDoesNotRunBackwards()
    {
        List<DateTime> seen = [];
        var functions = new DelegateFunctions().Orchestrator("Waits", async context =>
        {
            seen.Add(context.CurrentUtcDateTime);
            await context.WaitForExternalEvent<string>("Go");
            seen.Add(context.CurrentUtcDateTime);
            await context.CreateTimer(TimeSpan.FromMinutes(1), CancellationToken.None);
            seen.Add(context.CurrentUtcDateTime);
            return true;
        });
        await using var fixture = await EngineFixture.StartAsync(functions);
        var start = fixture.Clock.GetUtcNow();

        var id = await fixture.BeginAsync("Waits");
        await fixture.UntilAsync(() => seen.Count == 1);
        fixture.Clock.Set(start.AddHours(-1));
        await fixture.Client.RaiseEventAsync(id, "Go", cancellation: Cancel);
        await fixture.AdvanceAsync(TimeSpan.FromMinutes(61));

        (await fixture.EndAsync(id)).RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Completed);
        seen.ShouldBe([start.UtcDateTime, start.UtcDateTime, start.UtcDateTime.AddMinutes(1)]);
    }
}
