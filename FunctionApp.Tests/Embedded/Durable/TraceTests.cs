using System.Diagnostics;
using Advisor.Embedded.Durable;
using Advisor.Embedded.Storage;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Embedded.Durable;

public sealed class TraceTests
{
    private static DelegateFunctions Functions => new DelegateFunctions()
        .Activity("Add", (int n) => n + 1)
        .Orchestrator("Waiting", async context =>
        {
            await context.WaitForExternalEvent<string>("Go");
            return await context.CallActivityAsync<int>("Add", 1);
        });

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Start_UnderAnActivity_KeepsItsTraceAcrossACrash()
    {
        await using var fixture = await EngineFixture.StartAsync(Functions);
        using var caller = new Activity("caller").Start();
        var id = await fixture.BeginAsync("Waiting");
        await fixture.UntilHistoryAsync(id, EventKind.Started);
        await fixture.CrashAsync();
        await fixture.Client.RaiseEventAsync(id, "Go", "now", Cancel);
        (await fixture.EndAsync(id)).ReadOutputAs<int>().ShouldBe(2);
        fixture.Functions.Traces.ShouldBe([caller.Id, caller.Id]);
    }

    /// <summary>A journal that was written before traces were kept.</summary>
    [Fact]
    public async Task Open_JournalOfAnEarlierVersion_GoesOnWithItsInstances()
    {
        await using var fixture = await EngineFixture.StartAsync(Functions);
        var id = await fixture.BeginAsync("Waiting");
        await fixture.UntilHistoryAsync(id, EventKind.Started);
        await fixture.Database.WriteAsync(connection =>
        {
            connection.Execute("ALTER TABLE durable_instances DROP COLUMN trace_parent");
            connection.Execute("ALTER TABLE durable_activities DROP COLUMN trace_parent");
        });
        await fixture.CrashAsync();
        await fixture.Client.RaiseEventAsync(id, "Go", "now", Cancel);
        (await fixture.EndAsync(id)).ReadOutputAs<int>().ShouldBe(2);
    }

    /// <summary>What an activity waits for may be away while the host stops: that is no failure of the activity.</summary>
    [Fact]
    public async Task Stop_ActivityGivesUpItsWaiting_RunsItAgainWithoutAnAttemptLost()
    {
        var started = new TaskCompletionSource();
        var stopping = new CancellationTokenSource();
        var runs = 0;
        var functions = new DelegateFunctions()
            .Activity("Wait", async (int n, CancellationToken _) =>
            {
                if (Interlocked.Increment(ref runs) == 1)
                {
                    started.SetResult();
                    await Task.Delay(Timeout.InfiniteTimeSpan, stopping.Token);
                }

                return n;
            })
            .Orchestrator("Calls", context => context.CallActivityAsync<int>("Wait", 7));
        await using var fixture = await EngineFixture.StartAsync(functions);
        var id = await fixture.BeginAsync("Calls");
        await started.Task.WaitAsync(EngineFixture.Patience, Cancel);
        var stop = fixture.Engine.StopAsync(Cancel);
        await stopping.CancelAsync();
        await stop.WaitAsync(EngineFixture.Patience, Cancel);
        await fixture.CrashAsync();
        (await fixture.EndAsync(id)).ReadOutputAs<int>().ShouldBe(7);
        fixture.Engine.ReadHistory(id).ShouldNotContain(line => line.Kind == EventKind.ActivityFailed);
        stopping.Dispose();
    }
}
