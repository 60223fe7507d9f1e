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
