using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Embedded.Durable;

public sealed class BasicsTests
{
    private static DelegateFunctions Hello => new DelegateFunctions()
        .Orchestrator("Hello", async context =>
        {
            var a = await context.CallActivityAsync<string>("Greet", "Tokyo");
            var b = await context.CallActivityAsync<string>("greet", "London");
            return $"{a} {b}";
        })
        .Activity("Greet", (string city) => $"Hello {city}!");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Run_ActivitiesInSequence_CompletesWithTheirResults(bool alwaysReplay)
    {
        await using var fixture = await EngineFixture.StartAsync(Hello, alwaysReplay);

        var end = await fixture.RunAsync("hello");

        end.RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Completed);
        end.ReadOutputAs<string>().ShouldBe("Hello Tokyo! Hello London!");
        fixture.Functions.Runs.Values.ShouldAllBe(count => count == 1);
    }

    [Fact]
    public async Task Overloads_OfContextAndClient_AllLeadToTheSamePlace()
    {
        var cancel = TestContext.Current.CancellationToken;
        var retry = new TaskOptions(new RetryPolicy(2, TimeSpan.FromSeconds(1)));
        var functions = new DelegateFunctions()
            .Activity("Seven", (int? _) => 7)
            .Orchestrator("Child", context => Task.FromResult(context.GetInput<int?>() ?? -1))
            .Orchestrator("All", async context =>
            {
                await context.CallActivityAsync("Seven");
                await context.CallActivityAsync("Seven", retry);
                var sum = await context.CallActivityAsync<int>("Seven", retry);
                sum += await context.CallActivityAsync<int>("Seven", 1, retry with { Version = "2" });
                await context.CallSubOrchestratorAsync("Child", retry);
                sum += await context.CallSubOrchestratorAsync<int>("Child", new SubOrchestrationOptions(retry, "named"));
                sum += await context.CallSubOrchestratorAsync<int>("Child", 10, new SubOrchestrationOptions(retry));
                var go = await context.WaitForExternalEvent<string?>("Go", TimeSpan.FromDays(1), CancellationToken.None);
                return (sum, go is null, context.Name.Name).ToString();
            });
        await using var fixture = await EngineFixture.StartAsync(functions);

        var id = await fixture.Client.ScheduleNewOrchestrationInstanceAsync("All", cancel);
        await fixture.Client.RaiseEventAsync(id, "Go", cancel);
        (await fixture.Client.WaitForInstanceCompletionAsync(id, true, cancel)).ReadOutputAs<string>().ShouldBe("(23, True, All)");
        var plain = await fixture.Client.ScheduleNewOrchestrationInstanceAsync("Child", 3, cancel);
        (await fixture.EndAsync(plain)).ReadOutputAs<int>().ShouldBe(3);
        fixture.Client.Name.ShouldBe("embedded");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Run_FanOutOf10000_CompletesWithEveryResult(bool alwaysReplay)
    {
        const int Count = 10_000;
        var functions = new DelegateFunctions()
            .Orchestrator("Sum", async context =>
            {
                var squares = await Task.WhenAll(Enumerable.Range(0, Count).Select(i => context.CallActivityAsync<long>("Square", i)));
                return squares.Sum();
            })
            .Activity("Square", (int i) => (long)i * i);
        // With replay at each step the cost is quadratic by nature, so there the fan-out stays in few steps.
        await using var fixture = await EngineFixture.StartAsync(functions, alwaysReplay: false, new() { AlwaysReplay = alwaysReplay, MaxConcurrentActivities = 64 });

        var end = await fixture.RunAsync("Sum");

        end.ReadOutputAs<long>().ShouldBe(Enumerable.Range(0, Count).Sum(i => (long)i * i));
        fixture.Functions.Runs.Count.ShouldBe(Count);
    }
}
