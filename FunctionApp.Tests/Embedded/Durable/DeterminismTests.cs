using System.Collections.Concurrent;
using Advisor.Embedded.Durable;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Embedded.Durable;

public sealed partial class DeterminismTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Replay_SeesTheSameTimeAndIds()
    {
        List<(DateTime Now, Guid Id, bool Replaying)> seen = [];
        var functions = new DelegateFunctions().Activity("Echo", (int i) => i).Orchestrator("Looks", async context =>
        {
            for (var i = 0; i < 3; i++)
            {
                seen.Add((context.CurrentUtcDateTime, context.NewGuid(), context.IsReplaying));
                await context.CallActivityAsync<int>("Echo", i);
                await context.CreateTimer(TimeSpan.FromMinutes(1), CancellationToken.None);
            }

            return true;
        });
        await using var fixture = await EngineFixture.StartAsync(functions, alwaysReplay: true);

        var id = await fixture.BeginAsync("Looks");
        for (var i = 1; i <= 3; i++)
        {
            await fixture.UntilHistoryAsync(id, "timer-created", i);
            await fixture.AdvanceAsync(TimeSpan.FromMinutes(1));
        }

        await fixture.EndAsync(id);
        var distinct = seen.Select(look => (look.Now, look.Id)).Distinct().ToList();
        distinct.Count.ShouldBe(3);
        distinct.Select(look => look.Id).Distinct().Count().ShouldBe(3);
        seen.Count(look => !look.Replaying).ShouldBe(3);
        seen.Count(look => look.Replaying).ShouldBeGreaterThan(3);
    }

    [Fact]
    public async Task ReplaySafeLogger_WritesEachLineOnce()
    {
        var lines = new ConcurrentQueue<string>();
        using var loggers = LoggerFactory.Create(logging => logging.AddProvider(new Collector(lines)));
        var functions = new DelegateFunctions().Activity("Echo", (int i) => i).Orchestrator("Talks", async context =>
        {
            var log = context.CreateReplaySafeLogger("Talks");
            Said(log, "one");
            await context.CallActivityAsync<int>("Echo", 1);
            Said(context.CreateReplaySafeLogger<DeterminismTests>(), "two");
            await context.CallActivityAsync("Echo", 2);
            Said(context.CreateReplaySafeLogger(GetType()), "three");
            return true;
        });
        await using var fixture = await EngineFixture.StartAsync(functions, alwaysReplay: true, loggers: loggers);

        await fixture.RunAsync("Talks");

        lines.Where(line => line is "one" or "two" or "three").ShouldBe(["one", "two", "three"]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Await_OfAForeignTask_FailsWithTheReason(bool alwaysReplay)
    {
        var foreign = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var fixture = await EngineFixture.StartAsync(
            new DelegateFunctions().Orchestrator("Strays", async context =>
            {
                await foreign.Task;
                return context.InstanceId;
            }),
            alwaysReplay);

        var id = await fixture.BeginAsync("Strays");
        await fixture.Client.WaitForInstanceStartAsync(id, Cancel);
        foreign.SetResult();

        (await fixture.EndAsync(id)).FailureDetails.ShouldNotBeNull().ErrorMessage.ShouldContain("awaited something that is not a durable task");
    }

    [Fact]
    public async Task Check_RecordedHistory_FitsItsCodeAndNoOther()
    {
        DelegateFunctions Functions(string second) => new DelegateFunctions()
            .Activity("First", (int i) => i)
            .Activity("Second", (int i) => i)
            .Orchestrator("Two", async context =>
            {
                await context.CallActivityAsync("First", context.GetInput<int>());
                return await context.CallActivityAsync<int>(second, 2);
            });
        await using var fixture = await EngineFixture.StartAsync(Functions("Second"));
        var end = await fixture.RunAsync("Two", 1);
        var stored = System.Text.Json.JsonSerializer.Serialize(fixture.Engine.ReadHistory(end.InstanceId), Advisor.Kernel.Http.AdvisorJson.Options);
        var history = System.Text.Json.JsonSerializer.Deserialize<List<HistoryEvent>>(stored, Advisor.Kernel.Http.AdvisorJson.Options)!;

        HistoryReplay.Check(Functions("second"), end.InstanceId, history);
        HistoryReplay.Check(Functions("Second"), end.InstanceId, history[..^2]);
        Should.Throw<NonDeterministicOrchestrationException>(() => HistoryReplay.Check(Functions("Third"), end.InstanceId, history));
        fixture.Functions.Runs.Values.Sum().ShouldBe(2);
    }

    [Fact]
    public async Task Context_UsedFromAnotherThread_Refuses()
    {
        Exception? refused = null;
        await using var fixture = await EngineFixture.StartAsync(new DelegateFunctions().Orchestrator<bool>("Strays", context =>
        {
            var thread = new Thread(() => refused = Record.Exception(() => context.SetCustomStatus("x")));
            thread.Start();
            thread.Join();
            return Task.FromResult(true);
        }));

        await fixture.RunAsync("Strays");

        refused.ShouldBeOfType<InvalidOperationException>();
    }

    [Fact]
    public void NewGuid_KnownName_IsTheVersion5Id()
    {
        var id = DeterministicGuid.Create("order-7", new DateTime(2026, 1, 5, 9, 0, 0, DateTimeKind.Utc), 0);

        id.Version.ShouldBe(5);
        id.ShouldBe(new Guid("eb392e79-88aa-5a42-b3ea-14d54b0bfbb5"));
    }

    [LoggerMessage(1, LogLevel.Information, "{Word}")]
    private static partial void Said(ILogger logger, string word);

    private sealed class Collector(ConcurrentQueue<string> lines) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Enqueue(formatter(state, exception));

        public void Dispose()
        {
        }
    }
}
