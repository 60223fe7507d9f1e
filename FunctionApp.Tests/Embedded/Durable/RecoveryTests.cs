using System.Collections.Concurrent;
using Advisor.Embedded.Durable;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Embedded.Durable;

/// <summary>Dies before and after every commit of a run that uses everything, and compares with the run that did not die.</summary>
public sealed class RecoveryTests
{
    private const string Expected = "a0 a1 a2 | child:x | flaky | raised:go | 3 loops";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Activities, fan-out, a child, a retry, a timer, an event, a cancelled timer and continue-as-new.</summary>
    private static DelegateFunctions Everything(ConcurrentDictionary<string, int> effects)
    {
        var broken = new ConcurrentDictionary<string, bool>();
        return new DelegateFunctions()
            .Activity("Effect", (string key) =>
            {
                effects.AddOrUpdate(key, 1, (_, count) => count + 1);
                return key;
            })
            .Activity("Flaky", (string key) => broken.TryAdd(key, true) ? throw new TimeoutException("once") : "flaky")
            .Orchestrator("Child", async context =>
            {
                await context.CreateTimer(TimeSpan.FromMinutes(1), CancellationToken.None);
                return "child:" + await context.CallActivityAsync<string>("Effect", context.GetInput<string>());
            })
            .Orchestrator("Loop", async context =>
            {
                var count = context.GetInput<int>() + 1;
                await context.CallActivityAsync("Effect", $"loop{count}");
                if (count < 3)
                {
                    context.ContinueAsNew(count);
                }

                return count;
            })
            .Orchestrator("Everything", async context =>
            {
                var fan = await Task.WhenAll(Enumerable.Range(0, 3).Select(i => context.CallActivityAsync<string>("Effect", $"a{i}")));
                context.SetCustomStatus("fanned out");
                var child = await context.CallSubOrchestratorAsync<string>("Child", "x");
                var flaky = await context.CallActivityAsync<string>(
                    "Flaky", context.InstanceId, new TaskOptions(new RetryPolicy(3, TimeSpan.FromSeconds(5))));
                var raised = await context.WaitForExternalEvent<string>("Go", TimeSpan.FromDays(7));
                var loops = await context.CallSubOrchestratorAsync<int>("Loop", 0);
                return $"{string.Join(' ', fan)} | {child} | {flaky} | raised:{raised} | {loops} loops";
            });
    }

    /// <summary>Drives a run to its end, turning the clock whenever there is a timer to wait for; dies where <paramref name="plan"/> says.</summary>
    private static async Task<(string? Output, int Writes, IReadOnlyList<string> History)> DriveAsync(
        EngineFixture fixture, Func<DurableEngine, TaskCompletionSource, Action> plan)
    {
        var writes = 0;
        var raised = false;
        var started = false;
        while (true)
        {
            var died = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var arm = plan(fixture.Engine, died);
            arm();
            try
            {
                if (!started || await fixture.Client.GetInstanceAsync("run", Cancel) is null)
                {
                    started = true;
                    await fixture.BeginAsync("Everything", id: "run");
                }

                var end = fixture.Client.WaitForInstanceCompletionAsync("run", true, Cancel);
                while (true)
                {
                    var progress = fixture.NextProgress;
                    if (end.IsCompleted || died.Task.IsCompleted)
                    {
                        break;
                    }

                    while (!raised && fixture.Engine.ReadHistory("run").Count(line => line.Kind == EventKind.ActivityCompleted) == 4)
                    {
                        try
                        {
                            await fixture.Client.RaiseEventAsync("run", "go", "go", Cancel);
                            raised = true;
                        }
                        catch (IOException)
                        {
                            // The caller is told that nothing was kept, and asks again.
                        }
                    }

                    if (fixture.Clock.PendingTimers > 0)
                    {
                        fixture.Clock.Advance(TimeSpan.FromMinutes(1));
                    }

                    await Task.WhenAny(progress, end, died.Task).WaitAsync(EngineFixture.Patience, Cancel);
                }

                if (!died.Task.IsCompleted)
                {
                    writes = fixture.Engine.Writer.Count;
                    return ((await end).ReadOutputAs<string>(), writes, [.. fixture.Engine.ReadHistory("run").Select(line => line.Kind)]);
                }
            }
            catch (ObjectDisposedException) when (died.Task.IsCompleted || fixture.Engine.IsDead)
            {
                // The call was cut off by the death it ran into; the caller cannot know whether it was heard, and asks again.
            }

            await fixture.CrashAsync();
        }
    }

    private static Action Never() => () => { };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Death_AtEveryCommit_ChangesNothing(bool alwaysReplay)
    {
        ConcurrentDictionary<string, int> effects = new();
        await using var calm = await EngineFixture.StartAsync(Everything(effects), alwaysReplay);
        var undisturbed = await DriveAsync(calm, (_, _) => Never());
        undisturbed.Output.ShouldBe(Expected);
        effects.Values.ShouldAllBe(count => count == 1);

        for (var write = 1; write <= undisturbed.Writes; write++)
        {
            foreach (var afterwards in new[] { false, true })
            {
                await DieOnceAsync(write, afterwards, alwaysReplay);
            }
        }
    }

    [Fact]
    public async Task Death_AtEveryThirdCommit_StillEnds()
    {
        ConcurrentDictionary<string, int> effects = new();
        await using var fixture = await EngineFixture.StartAsync(
            Everything(effects), options: new() { MaxProcessDeaths = 1_000 });

        var (output, _, _) = await DriveAsync(fixture, (engine, died) => () => engine.Writer.Written = number =>
        {
            if (number == 3)
            {
                engine.Die();
                died.TrySetResult();
            }
        });

        output.ShouldBe(Expected);
    }

    private static async Task DieOnceAsync(int write, bool afterwards, bool alwaysReplay)
    {
        ConcurrentDictionary<string, int> effects = new();
        await using var fixture = await EngineFixture.StartAsync(Everything(effects), alwaysReplay);
        var dead = false;
        var (output, _, _) = await DriveAsync(fixture, (engine, died) => () =>
        {
            Action<int> die = number =>
            {
                if (!dead && number == write)
                {
                    dead = true;
                    engine.Die();
                    died.TrySetResult();
                }
            };
            if (afterwards)
            {
                engine.Writer.Written = die;
            }
            else
            {
                engine.Writer.Writing = die;
            }
        });

        output.ShouldBe(Expected, $"after a death {(afterwards ? "after" : "before")} write {write}");
        effects.Keys.Order().ShouldBe(["a0", "a1", "a2", "loop1", "loop2", "loop3", "x"]);
        effects.Values.ShouldAllBe(count => count <= 2);
    }

    [Fact]
    public async Task FailedWrite_OfAStep_IsTriedAgain()
    {
        ConcurrentDictionary<string, int> effects = new();
        await using var fixture = await EngineFixture.StartAsync(Everything(effects));
        HashSet<int> failed = [];
        fixture.Engine.Writer.Writing = number =>
        {
            if (number % 3 == 0 && failed.Add(number))
            {
                throw new IOException("the disk is full");
            }
        };

        var (output, _, _) = await DriveAsync(fixture, (_, _) => Never());

        output.ShouldBe(Expected);
        failed.ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Death_WhileAnActivityRuns_QuarantinesItAtTheLimit(int limit)
    {
        var begun = new SemaphoreSlim(0);
        var functions = new DelegateFunctions()
            .Activity("Deadly", async (int i, CancellationToken cancellation) =>
            {
                begun.Release();
                await Task.Delay(Timeout.InfiniteTimeSpan, cancellation);
                return i;
            })
            .Orchestrator("Calls", context => context.CallActivityAsync<int>("Deadly", 1, new TaskOptions(new RetryPolicy(9, TimeSpan.FromSeconds(1)))));
        await using var fixture = await EngineFixture.StartAsync(functions, options: new() { MaxProcessDeaths = limit });
        var id = await fixture.BeginAsync("Calls");

        for (var death = 1; death <= limit; death++)
        {
            (await begun.WaitAsync(EngineFixture.Patience, Cancel)).ShouldBeTrue();
            await fixture.CrashAsync();
        }

        var failure = (await fixture.EndAsync(id)).FailureDetails.ShouldNotBeNull().InnerFailure.ShouldNotBeNull();
        failure.ErrorType.ShouldBe("PoisonedTask");
        failure.ErrorMessage.ShouldBe($"The activity 'Deadly' is quarantined: it was running each of the {limit} times that the process died.");
        fixture.Functions.Runs.Values.ShouldBe([limit]);
    }

    [Fact]
    public async Task Death_WithNeighbours_IsHeldAgainstTheOneThatCausedIt()
    {
        using var deadlyBegan = new SemaphoreSlim(0);
        using var innocentBegan = new SemaphoreSlim(0);
        var firstLife = true;
        var functions = new DelegateFunctions()
            .Activity("Deadly", async (int i, CancellationToken cancellation) =>
            {
                deadlyBegan.Release();
                await Task.Delay(Timeout.InfiniteTimeSpan, cancellation);
                return i;
            })
            .Activity("Innocent", async (int i, CancellationToken cancellation) =>
            {
                innocentBegan.Release();
                await Task.Delay(firstLife ? Timeout.InfiniteTimeSpan : TimeSpan.Zero, cancellation);
                return i;
            })
            .Orchestrator("Calls", async context =>
            {
                var deadly = context.CallActivityAsync<int>("Deadly", 1);
                var innocent = await context.CallActivityAsync<int>("Innocent", 2);
                await Task.WhenAny(deadly);
                return $"{innocent} {deadly.IsFaulted}";
            });
        await using var fixture = await EngineFixture.StartAsync(functions);
        var id = await fixture.BeginAsync("Calls");
        (await innocentBegan.WaitAsync(EngineFixture.Patience, Cancel)).ShouldBeTrue();
        for (var death = 1; death <= 3; death++)
        {
            (await deadlyBegan.WaitAsync(EngineFixture.Patience, Cancel)).ShouldBeTrue();
            firstLife = false;
            await fixture.CrashAsync();
        }

        (await fixture.EndAsync(id)).ReadOutputAs<string>().ShouldBe("2 True");
        fixture.Functions.Runs["Deadly(1)"].ShouldBe(3);
        fixture.Functions.Runs["Innocent(2)"].ShouldBe(2);
    }

    [Fact]
    public async Task Death_WhileAStepRuns_QuarantinesTheOrchestrationAtTheLimit()
    {
        using var stuck = new SemaphoreSlim(0);
        using var begun = new SemaphoreSlim(0);
        var functions = new DelegateFunctions().Orchestrator<int>("Deadly", context =>
        {
            begun.Release();
            stuck.Wait(Cancel);
            return Task.FromResult(context.GetInput<int>());
        });
        await using var fixture = await EngineFixture.StartAsync(functions);
        var id = await fixture.BeginAsync("Deadly", 1);
        for (var death = 1; death <= 3; death++)
        {
            (await begun.WaitAsync(EngineFixture.Patience, Cancel)).ShouldBeTrue();
            await fixture.CrashAsync();
        }

        var end = await fixture.EndAsync(id);
        stuck.Release(3);

        end.RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Failed);
        end.FailureDetails.ShouldNotBeNull().ErrorType.ShouldBe("PoisonedTask");
    }

    [Fact]
    public async Task Dispose_WithoutStop_HoldsNothingAgainstWhatRan()
    {
        using var begun = new SemaphoreSlim(0);
        var patient = true;
        var functions = new DelegateFunctions()
            .Activity("Slow", async (int i, CancellationToken cancellation) =>
            {
                begun.Release();
                await Task.Delay(patient ? Timeout.InfiniteTimeSpan : TimeSpan.Zero, cancellation);
                return i;
            })
            .Orchestrator("Calls", context => context.CallActivityAsync<int>("Slow", 1));
        await using var fixture = await EngineFixture.StartAsync(functions, options: new() { MaxProcessDeaths = 1 });
        var id = await fixture.BeginAsync("Calls");
        await begun.WaitAsync(EngineFixture.Patience, Cancel);

        await fixture.Engine.DisposeAsync();
        await fixture.Database.DisposeAsync();
        patient = false;
        await fixture.OpenAsync();

        (await fixture.EndAsync(id)).ReadOutputAs<int>().ShouldBe(1);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public async Task LiveOrchestrations_BeyondTheBound_AreReplayedWhenNeeded(int bound)
    {
        var functions = new DelegateFunctions().Orchestrator("Sums", async context =>
        {
            var sum = 0;
            for (var i = 0; i < 3; i++)
            {
                sum += await context.WaitForExternalEvent<int>("Add");
            }

            return sum;
        });
        await using var fixture = await EngineFixture.StartAsync(functions, options: new() { MaxLiveOrchestrations = bound });
        var ids = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => fixture.BeginAsync("Sums")));

        for (var i = 1; i <= 3; i++)
        {
            await Task.WhenAll(ids.Select(id => fixture.Client.RaiseEventAsync(id, "Add", i, Cancel)));
        }

        foreach (var id in ids)
        {
            (await fixture.EndAsync(id)).ReadOutputAs<int>().ShouldBe(6);
        }
    }
}
