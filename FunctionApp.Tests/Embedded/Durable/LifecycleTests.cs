using DurableTask.Core.Exceptions;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Embedded.Durable;

public sealed class LifecycleTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static DelegateFunctions Functions => new DelegateFunctions()
        .Orchestrator("Waiting", context => context.WaitForExternalEvent<string>("Go"))
        .Orchestrator("Done", context => Task.FromResult(context.GetInput<int>() + 1))
        .Orchestrator("Version", context => Task.FromResult(context.Version));

    private static StartOrchestrationOptions WithId(string id) => new(id);

    [Fact]
    public async Task Start_ScheduledLater_WaitsForItsTimeAndSurvivesACrash()
    {
        await using var fixture = await EngineFixture.StartAsync(Functions);
        var at = fixture.Clock.GetUtcNow().AddDays(2);

        var id = await fixture.Client.ScheduleNewOrchestrationInstanceAsync("Done", 1, new StartOrchestrationOptions(StartAt: at), Cancel);
        await fixture.CrashAsync();
        (await fixture.Client.GetInstanceAsync(id, Cancel)).ShouldNotBeNull().RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Pending);
        fixture.Clock.Advance(TimeSpan.FromDays(2));

        (await fixture.EndAsync(id)).LastUpdatedAt.ShouldBe(at);
    }

    [Fact]
    public async Task Start_IdThatIsUnderWay_Refuses()
    {
        await using var fixture = await EngineFixture.StartAsync(Functions);
        await fixture.BeginAsync("Waiting", id: "one");

        await Should.ThrowAsync<OrchestrationAlreadyExistsException>(() => fixture.BeginAsync("Waiting", id: "one"));
    }

    [Fact]
    public async Task Start_IdThatEnded_BeginsAnew()
    {
        await using var fixture = await EngineFixture.StartAsync(Functions);

        (await fixture.RunAsync("Done", 1, "one")).ReadOutputAs<int>().ShouldBe(2);
        (await fixture.RunAsync("Done", 5, "one")).ReadOutputAs<int>().ShouldBe(6);
    }

    [Fact]
    public async Task Start_DedupeByStatus_RefusesThoseAndReplacesOthers()
    {
        await using var fixture = await EngineFixture.StartAsync(Functions);
        await fixture.RunAsync("Done", 1, "one");
        var never = WithId("one").WithDedupeStatuses(OrchestrationRuntimeStatus.Completed);
        await Should.ThrowAsync<OrchestrationAlreadyExistsException>(
            () => fixture.Client.ScheduleNewOrchestrationInstanceAsync("Done", never, Cancel));

        await fixture.BeginAsync("Waiting", id: "two");
        await fixture.Client.WaitForInstanceStartAsync("two", Cancel);
        await fixture.Client.ScheduleNewOrchestrationInstanceAsync("Done", 8, WithId("two").WithDedupeStatuses(), Cancel);

        (await fixture.EndAsync("two")).ReadOutputAs<int>().ShouldBe(9);
    }

    [Fact]
    public async Task Start_Concurrently_OneWins()
    {
        await using var fixture = await EngineFixture.StartAsync(Functions);

        var starts = Enumerable.Range(0, 20).Select(_ => Task.Run(() => fixture.BeginAsync("Waiting", id: "one"), Cancel)).ToArray();
        await Task.WhenAny(Task.WhenAll(starts), Task.Delay(EngineFixture.Patience, Cancel));

        starts.Count(start => start.IsCompletedSuccessfully).ShouldBe(1);
        starts.Count(start => start.IsFaulted).ShouldBe(19);
    }

    [Fact]
    public async Task Version_DefaultAndGiven_AreSeenByTheOrchestrator()
    {
        await using var fixture = await EngineFixture.StartAsync(Functions, options: new() { DefaultVersion = "1.0" });

        (await fixture.RunAsync("Version")).ReadOutputAs<string>().ShouldBe("1.0");
        var id = await fixture.Client.ScheduleNewOrchestrationInstanceAsync("Version", new StartOrchestrationOptions { Version = "2.5" }, Cancel);
        (await fixture.EndAsync(id)).ReadOutputAs<string>().ShouldBe("2.5");
    }

    [Fact]
    public async Task Tags_GivenAtStart_AreOnTheInstance()
    {
        await using var fixture = await EngineFixture.StartAsync(Functions);
        var options = new StartOrchestrationOptions { Tags = new Dictionary<string, string> { ["tenant"] = "acme" } };

        var id = await fixture.Client.ScheduleNewOrchestrationInstanceAsync("Done", 1, options, Cancel);

        (await fixture.EndAsync(id)).Tags["tenant"].ShouldBe("acme");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Suspend_HoldsEverythingUntilResume(bool alwaysReplay)
    {
        await using var fixture = await EngineFixture.StartAsync(Functions, alwaysReplay);
        var id = await fixture.BeginAsync("Waiting");
        await fixture.Client.WaitForInstanceStartAsync(id, Cancel);
        await fixture.Client.SuspendInstanceAsync(id, "audit", Cancel);
        await fixture.UntilHistoryAsync(id, "suspended");

        await fixture.Client.RaiseEventAsync(id, "Go", "now", Cancel);
        await fixture.CrashAsync();
        await fixture.Client.SuspendInstanceAsync(id, Cancel);
        await fixture.UntilHistoryAsync(id, "suspended", 2);
        (await fixture.Client.GetInstanceAsync(id, Cancel)).ShouldNotBeNull().RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Suspended);
        await fixture.Client.ResumeInstanceAsync(id, "fine", Cancel);

        (await fixture.EndAsync(id)).ReadOutputAs<string>().ShouldBe("now");
    }

    [Fact]
    public async Task Suspend_WhatComesMeanwhile_StandsInTheHistoryAndHappensOnResume()
    {
        await using var fixture = await EngineFixture.StartAsync(Functions);
        var id = await fixture.BeginAsync("Waiting");
        await fixture.Client.WaitForInstanceStartAsync(id, Cancel);
        await fixture.Client.SuspendInstanceAsync(id, Cancel);
        await fixture.Client.RaiseEventAsync(id, "Go", "now", Cancel);
        await fixture.UntilHistoryAsync(id, "event-raised");
        (await fixture.Client.GetInstanceAsync(id, Cancel)).ShouldNotBeNull().RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Suspended);
        await fixture.Client.ResumeInstanceAsync(id, Cancel);

        (await fixture.EndAsync(id)).ReadOutputAs<string>().ShouldBe("now");
        fixture.Engine.ReadHistory(id).Where(line => line.Kind != "step").Select(line => line.Kind)
            .ShouldBe(["started", "suspended", "event-raised", "resumed", "completed"]);
    }

    [Fact]
    public async Task Terminate_WhileSuspended_Ends()
    {
        await using var fixture = await EngineFixture.StartAsync(Functions);
        var id = await fixture.BeginAsync("Waiting");
        await fixture.Client.SuspendInstanceAsync(id, Cancel);
        await fixture.Client.ResumeInstanceAsync(id, Cancel);
        await fixture.Client.SuspendInstanceAsync(id, Cancel);
        await fixture.Client.TerminateInstanceAsync(id, Cancel);

        (await fixture.EndAsync(id)).RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Terminated);
    }

    [Fact]
    public async Task Terminate_BeforeItsScheduledStart_EndsAndLeavesNoWakeUp()
    {
        await using var fixture = await EngineFixture.StartAsync(Functions);
        var id = await fixture.Client.ScheduleNewOrchestrationInstanceAsync(
            "Done", 1, new StartOrchestrationOptions(StartAt: fixture.Clock.GetUtcNow().AddDays(1)), Cancel);

        await fixture.Client.TerminateInstanceAsync(id, "no", Cancel);

        (await fixture.EndAsync(id)).RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Terminated);
        fixture.Engine.TimerCount.ShouldBe(0);
    }

    [Fact]
    public async Task Restart_SameIdOrNew_RunsTheOriginalInputAgain()
    {
        await using var fixture = await EngineFixture.StartAsync(Functions);
        await fixture.RunAsync("Done", 4, "one");

        (await fixture.Client.RestartAsync("one", cancellation: Cancel)).ShouldBe("one");
        (await fixture.EndAsync("one")).ReadOutputAs<int>().ShouldBe(5);
        var other = await fixture.Client.RestartAsync("one", restartWithNewInstanceId: true, Cancel);
        other.ShouldNotBe("one");
        (await fixture.EndAsync(other)).ReadOutputAs<int>().ShouldBe(5);
        await Should.ThrowAsync<ArgumentException>(() => fixture.Client.RestartAsync("nobody", cancellation: Cancel));
    }

    [Fact]
    public async Task CustomStatus_IsSeenWhileRunningAndAfterwards()
    {
        await using var fixture = await EngineFixture.StartAsync(Functions.Orchestrator("Speaks", async context =>
        {
            context.SetCustomStatus(new { step = "one" });
            await context.WaitForExternalEvent<string>("Go");
            context.SetCustomStatus("two");
            return 1;
        }));

        var id = await fixture.BeginAsync("Speaks");
        var started = await fixture.Client.WaitForInstanceStartAsync(id, getInputsAndOutputs: true, Cancel);
        started.SerializedCustomStatus.ShouldBe("""{"step":"one"}""");
        await fixture.Client.RaiseEventAsync(id, "Go", Cancel);

        (await fixture.EndAsync(id)).ReadCustomStatusAs<string>().ShouldBe("two");
    }

    /// <summary>As in the reference: the status of the execution before lasts through the first step, and no longer.</summary>
    [Theory]
    [InlineData(0, false, "before")]
    [InlineData(1, false, null)]
    [InlineData(2, true, null)]
    public async Task CustomStatus_OfTheExecutionBefore_EndsWithTheSecondStep(int activities, bool alwaysReplay, string? expected)
    {
        await using var fixture = await EngineFixture.StartAsync(
            new DelegateFunctions().Activity("Add", (int i) => i + 1).Orchestrator("Loop", async context =>
            {
                if (context.GetInput<int>() == 0)
                {
                    context.SetCustomStatus("before");
                    context.ContinueAsNew(1);
                    return 0;
                }

                for (var i = 0; i < activities; i++)
                {
                    await context.CallActivityAsync<int>("Add", i);
                }

                return 1;
            }),
            alwaysReplay);

        (await fixture.RunAsync("Loop", 0)).ReadCustomStatusAs<string>().ShouldBe(expected);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ContinueAsNew_Loop_BeginsWithNewInputAndFreshHistory(bool alwaysReplay)
    {
        await using var fixture = await EngineFixture.StartAsync(
            new DelegateFunctions().Activity("Add", (int i) => i + 1).Orchestrator("Loop", async context =>
            {
                var count = await context.CallActivityAsync<int>("Add", context.GetInput<int>());
                if (count < 50)
                {
                    context.ContinueAsNew(count);
                }

                return count;
            }),
            alwaysReplay);

        var end = await fixture.RunAsync("Loop", 0);

        end.ReadOutputAs<int>().ShouldBe(50);
        end.ReadInputAs<int>().ShouldBe(49);
        fixture.Engine.ReadHistory(end.InstanceId).Count.ShouldBeLessThan(10);
        fixture.Functions.Runs.Count.ShouldBe(50);
    }

    [Theory]
    [InlineData(true, "abc")]
    [InlineData(false, "c")]
    public async Task ContinueAsNew_UnprocessedEvents_AreKeptOnlyWhenAsked(bool keep, string expected)
    {
        await using var fixture = await EngineFixture.StartAsync(new DelegateFunctions().Orchestrator("Loop", async context =>
        {
            if (context.GetInput<string>() == "first")
            {
                await context.WaitForExternalEvent<string>("Turn");
                context.ContinueAsNew("second", keep);
                return string.Empty;
            }

            var letters = string.Empty;
            while (letters is not [.., 'c'])
            {
                letters += await context.WaitForExternalEvent<string>("Letter");
            }

            return letters;
        }));

        var id = await fixture.BeginAsync("Loop", "first");
        await fixture.Client.RaiseEventAsync(id, "Letter", "a", Cancel);
        await fixture.Client.RaiseEventAsync(id, "letter", "b", Cancel);
        await fixture.Client.RaiseEventAsync(id, "Turn", Cancel);
        await fixture.UntilAsync(() => fixture.Client.GetInstanceAsync(id, true, Cancel).Result!.ReadInputAs<string>() == "second");
        await fixture.Client.RaiseEventAsync(id, "Letter", "c", Cancel);

        (await fixture.EndAsync(id)).ReadOutputAs<string>().ShouldBe(expected);
    }

    [Fact]
    public async Task ContinueAsNew_WithNewVersion_ContinuesUnderIt()
    {
        await using var fixture = await EngineFixture.StartAsync(
            new DelegateFunctions().Orchestrator<string>("Upgrade", context =>
            {
                if (context.Version == "1.0")
                {
                    context.ContinueAsNew(new ContinueAsNewOptions { NewVersion = "2.0" });
                }

                return Task.FromResult(context.Version);
            }),
            options: new() { DefaultVersion = "1.0" });

        (await fixture.RunAsync("Upgrade")).ReadOutputAs<string>().ShouldBe("2.0");
    }

    [Fact]
    public async Task WaitForInstance_NoSuchInstance_Refuses()
    {
        await using var fixture = await EngineFixture.StartAsync(Functions);

        await Should.ThrowAsync<InvalidOperationException>(() => fixture.Client.WaitForInstanceCompletionAsync("nobody", Cancel));
    }

    [Fact]
    public async Task WaitForInstance_Cancelled_StopsWaiting()
    {
        await using var fixture = await EngineFixture.StartAsync(Functions);
        var id = await fixture.BeginAsync("Waiting");
        using var giveUp = new CancellationTokenSource();

        var wait = fixture.Client.WaitForInstanceCompletionAsync(id, giveUp.Token);
        await giveUp.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => wait);
    }

    [Fact]
    public async Task Stop_RunningActivity_IsAwaitedAndItsResultKept()
    {
        var begun = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        await using var fixture = await EngineFixture.StartAsync(new DelegateFunctions()
            .Activity("Slow", async (int i, CancellationToken _) =>
            {
                begun.SetResult();
                await release.Task;
                return i;
            })
            .Orchestrator("Calls", context => context.CallActivityAsync<int>("Slow", 3)));
        var id = await fixture.BeginAsync("Calls");
        await begun.Task;

        var stop = fixture.Engine.StopAsync(Cancel);
        stop.IsCompleted.ShouldBeFalse();
        release.SetResult();
        await stop.WaitAsync(EngineFixture.Patience, Cancel);
        await fixture.Database.DisposeAsync();
        await fixture.OpenAsync();

        (await fixture.EndAsync(id)).ReadOutputAs<int>().ShouldBe(3);
        fixture.Functions.Runs.Values.ShouldBe([1]);
    }

    [Fact]
    public async Task Stop_ActivityLongerThanTheDrain_IsCancelledAndRunsAgain()
    {
        var begun = new TaskCompletionSource();
        var again = false;
        await using var fixture = await EngineFixture.StartAsync(new DelegateFunctions()
            .Activity("Slow", async (int i, CancellationToken cancellation) =>
            {
                begun.TrySetResult();
                await Task.Delay(again ? TimeSpan.Zero : Timeout.InfiniteTimeSpan, cancellation);
                return i;
            })
            .Orchestrator("Calls", context => context.CallActivityAsync<int>("Slow", 3)));
        var id = await fixture.BeginAsync("Calls");
        await begun.Task;

        var stop = fixture.Engine.StopAsync(Cancel);
        fixture.Clock.Advance(fixture.Options.DrainTimeout);
        await stop.WaitAsync(EngineFixture.Patience, Cancel);
        again = true;
        await fixture.Database.DisposeAsync();
        await fixture.OpenAsync();

        (await fixture.EndAsync(id)).ReadOutputAs<int>().ShouldBe(3);
        fixture.Functions.Runs.Values.ShouldBe([2]);
    }
}
