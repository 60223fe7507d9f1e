using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Embedded.Durable;

public sealed class RetryTests
{
    private static readonly TaskFailureDetails Failure = new("System.TimeoutException", "slow", null, null, null);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Policy_FailsTwiceThenWorks_WaitsWithBackoff(bool alwaysReplay)
    {
        List<DateTimeOffset> begun = [];
        EngineFixture? fixture = null;
        var functions = new DelegateFunctions()
            .Activity("Flaky", (int _) =>
            {
                begun.Add(fixture!.Clock.GetUtcNow());
                return begun.Count < 3 ? throw new TimeoutException("slow") : "done";
            })
            .Orchestrator("Calls", context => context.CallActivityAsync<string>(
                "Flaky", 1, TaskOptions.FromRetryPolicy(new RetryPolicy(5, TimeSpan.FromSeconds(10), backoffCoefficient: 3))));
        await using (fixture = await EngineFixture.StartAsync(functions, alwaysReplay))
        {
            var start = fixture.Clock.GetUtcNow();
            var id = await fixture.BeginAsync("Calls");
            await fixture.AdvanceAsync(TimeSpan.FromSeconds(10));
            await fixture.UntilAsync(() => begun.Count == 2);
            await fixture.AdvanceAsync(TimeSpan.FromSeconds(30));

            (await fixture.EndAsync(id)).ReadOutputAs<string>().ShouldBe("done");
            begun.ShouldBe([start, start.AddSeconds(10), start.AddSeconds(40)]);
        }
    }

    [Fact]
    public async Task Policy_AttemptsUsedUp_FailsWithTheLastFailure()
    {
        var runs = 0;
        var functions = new DelegateFunctions()
            .Activity<int, string>("Flaky", (int _) => throw new TimeoutException($"slow {++runs}"))
            .Orchestrator("Calls", context => context.CallActivityAsync<string>("Flaky", 1, new TaskOptions(new RetryPolicy(2, TimeSpan.FromSeconds(1)))));
        await using var fixture = await EngineFixture.StartAsync(functions);

        var id = await fixture.BeginAsync("Calls");
        await fixture.AdvanceAsync(TimeSpan.FromSeconds(1));

        var end = await fixture.EndAsync(id);
        end.FailureDetails.ShouldNotBeNull().InnerFailure.ShouldNotBeNull().ErrorMessage.ShouldBe("slow 2");
        runs.ShouldBe(2);
    }

    /// <summary>The numbers of calls stand in failures and histories, which must be those of the worker.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Policy_AttemptsUsedUp_TakesTheNumbersThatTheWorkerTakes(bool alwaysReplay)
    {
        var functions = new DelegateFunctions()
            .Activity<int, string>("Flaky", (int _) => throw new TimeoutException("slow"))
            .Orchestrator("Calls", async context =>
            {
                try
                {
                    return await context.CallActivityAsync<string>("Flaky", 1, new TaskOptions(new RetryPolicy(1, TimeSpan.FromHours(1))));
                }
                catch (TaskFailedException)
                {
                    return await context.CallActivityAsync<string>("Flaky", 2);
                }
            });
        await using var fixture = await EngineFixture.StartAsync(functions, alwaysReplay);

        var end = await fixture.RunAsync("Calls");

        end.FailureDetails.ShouldNotBeNull().ErrorMessage.ShouldStartWith("Task 'Flaky' (#2) failed");
        fixture.Engine.ReadHistory(end.InstanceId).Where(line => line.TaskId == 1).Select(line => line.Kind).ShouldBe(["timer-created", "timer-fired"]);
    }

    [Fact]
    public async Task Policy_FailureItDoesNotHandle_FailsAtOnce()
    {
        var functions = new DelegateFunctions()
            .Activity<int, string>("Flaky", (int _) => throw new FormatException("never"))
            .Orchestrator("Calls", context => context.CallActivityAsync<string>("Flaky", 1, new TaskOptions(
                new RetryPolicy(9, TimeSpan.FromSeconds(1)) { HandleFailure = failure => failure.IsCausedBy<TimeoutException>() })));
        await using var fixture = await EngineFixture.StartAsync(functions);

        (await fixture.RunAsync("Calls")).RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Failed);
        fixture.Functions.Runs.Values.ShouldBe([1]);
    }

    [Fact]
    public async Task Policy_FailedChild_StartsItAgainUnderTheSameId()
    {
        var runs = 0;
        List<string> ids = [];
        var functions = new DelegateFunctions()
            .Orchestrator<string>("Child", context =>
            {
                ids.Add(context.InstanceId);
                return ++runs < 2 ? throw new TimeoutException("slow") : Task.FromResult("grown");
            })
            .Orchestrator("Parent", context => context.CallSubOrchestratorAsync<string>(
                "Child", null, new TaskOptions(new RetryPolicy(3, TimeSpan.FromSeconds(1))).WithInstanceId("child-1")));
        await using var fixture = await EngineFixture.StartAsync(functions);

        var id = await fixture.BeginAsync("Parent");
        await fixture.AdvanceAsync(TimeSpan.FromSeconds(1));

        (await fixture.EndAsync(id)).ReadOutputAs<string>().ShouldBe("grown");
        ids.ShouldBe(["child-1", "child-1"]);
    }

    [Fact]
    public async Task Handler_SeesEachFailure_DecidesAndMayWait()
    {
        List<(int Attempt, string Message, TimeSpan Total)> seen = [];
        AsyncRetryHandler handler = async retry =>
        {
            seen.Add((retry.LastAttemptNumber, retry.LastFailure.ErrorMessage, retry.TotalRetryTime));
            await retry.OrchestrationContext.CreateTimer(TimeSpan.FromMinutes(1), retry.CancellationToken);
            return retry.LastAttemptNumber < 2;
        };
        var functions = new DelegateFunctions()
            .Activity<int, string>("Flaky", (int _) => throw new TimeoutException("slow"))
            .Orchestrator("Calls", context => context.CallActivityAsync<string>("Flaky", 1, TaskOptions.FromRetryHandler(handler)));
        await using var fixture = await EngineFixture.StartAsync(functions);

        var id = await fixture.BeginAsync("Calls");
        await fixture.AdvanceAsync(TimeSpan.FromMinutes(1));
        await fixture.UntilHistoryAsync(id, "timer-created", 2);
        await fixture.AdvanceAsync(TimeSpan.FromMinutes(1));

        (await fixture.EndAsync(id)).RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Failed);
        seen.ShouldBe([(1, "slow", TimeSpan.Zero), (2, "slow", TimeSpan.FromMinutes(1))]);
    }

    [Fact]
    public async Task Handler_Synchronous_IsAskedWithoutDelay()
    {
        RetryHandler handler = retry => retry.LastAttemptNumber < 3;
        var functions = new DelegateFunctions()
            .Activity<int, string>("Flaky", (int _) => throw new TimeoutException("slow"))
            .Orchestrator("Calls", context => context.CallActivityAsync<string>("Flaky", 1, TaskOptions.FromRetryHandler(handler)));
        await using var fixture = await EngineFixture.StartAsync(functions);

        (await fixture.RunAsync("Calls")).RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Failed);
        fixture.Functions.Runs.Values.ShouldBe([3]);
    }

    [Fact]
    public void DelayAfter_LongBackoff_IsCapped()
    {
        var policy = new RetryPolicy(100, TimeSpan.FromSeconds(1), 10, maxRetryInterval: TimeSpan.FromMinutes(5));

        CallRetriesDelay(1, policy).ShouldBe(TimeSpan.FromSeconds(1));
        CallRetriesDelay(3, policy).ShouldBe(TimeSpan.FromSeconds(100));
        CallRetriesDelay(4, policy).ShouldBe(TimeSpan.FromMinutes(5));
        CallRetriesDelay(99, policy).ShouldBe(TimeSpan.FromMinutes(5));
    }

    [Fact]
    public void DelayAfter_TimeoutPassed_IsNone()
    {
        var policy = new RetryPolicy(100, TimeSpan.FromSeconds(1), retryTimeout: TimeSpan.FromSeconds(10));

        CallRetriesDelay(1, policy, TimeSpan.FromSeconds(9)).ShouldBe(TimeSpan.FromSeconds(1));
        CallRetriesDelay(1, policy, TimeSpan.FromSeconds(10)).ShouldBeNull();
    }

    [Theory]
    [InlineData(0, 1, 1.0, null, null, "maxNumberOfAttempts")]
    [InlineData(1, 0, 1.0, null, null, "firstRetryInterval")]
    [InlineData(1, 1, 0.9, null, null, "backoffCoefficient")]
    [InlineData(1, 2, 1.0, 1, null, "maxRetryInterval")]
    [InlineData(1, 2, 1.0, null, 1, "retryTimeout")]
    public void RetryPolicy_ValueOutOfRange_IsNamed(int attempts, int first, double factor, int? cap, int? timeout, string name) =>
        Should.Throw<ArgumentOutOfRangeException>(() => new RetryPolicy(
            attempts,
            TimeSpan.FromSeconds(first),
            factor,
            cap is { } c ? TimeSpan.FromSeconds(c) : null,
            timeout is { } t ? TimeSpan.FromSeconds(t) : null)).ParamName.ShouldBe(name);

    private static TimeSpan? CallRetriesDelay(int attempt, RetryPolicy policy, TimeSpan elapsed = default) =>
        Advisor.Embedded.Durable.CallRetries.DelayAfter(attempt, elapsed, Failure, policy);
}
