using Advisor.Embedded.Durable;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Embedded.Durable;

/// <summary>What a replay says when the code is no longer the one that ran.</summary>
public sealed class ReplayDifferenceTests
{
    private const string Original = "original";

    /// <summary>The two calls that run side by side may answer in one step or in two.</summary>
    private const int AtTheEnd = -1;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>The change, its code, the event at which it shows, what the history has there and what the code did.</summary>
    public static TheoryData<string, string, int, string, string> Changes => new()
    {
        { "renamed", DifferenceCode.StepChanged, 5, "activity-scheduled #1 'Second'", "did activity-scheduled #1 'Other'" },
        { "another kind", DifferenceCode.StepChanged, 5, "activity-scheduled #1 'Second'", "did timer-created #1 until 2026-01-06T09:00:00Z" },
        { "removed", DifferenceCode.StepMissing, 5, "activity-scheduled #1 'Second'", "did nothing more in this step" },
        { "left out", DifferenceCode.StepMissing, 5, "activity-scheduled #1 'Second'", "did activity-scheduled #1 'Third'" },
        { "put in", DifferenceCode.StepAdded, 5, "activity-scheduled #1 'Second'", "did activity-scheduled #1 'New'" },
        { "added", DifferenceCode.StepAdded, 7, "nothing more in this step", "did timer-created #3 until 2026-01-06T09:00:00Z" },
        { "swapped", DifferenceCode.StepOrder, 5, "activity-scheduled #1 'Second'", "did activity-scheduled #1 'Third'" },
        { "ended", DifferenceCode.EndedEarly, 5, "activity-scheduled #1 'Second'", "ended as completed without doing that" },
        { "thrown", DifferenceCode.EndedEarly, 5, "activity-scheduled #1 'Second'", "ended as failed (System.InvalidOperationException: no more) without doing that" },
        { "ended at the wait", DifferenceCode.EndedEarly, AtTheEnd, "an orchestration that still waits", "ended as completed" },
    };

    /// <summary>The same for what only a look at whole histories shows: <see cref="Whole"/>, recorded as it was and replayed with the change.</summary>
    public static TheoryData<string, string, string, string> Differences => new()
    {
        { "child", DifferenceCode.StepChanged, "child-scheduled #0 'Child' to instance 'c'", "did child-scheduled #0 'Cousin' to instance 'c'" },
        { "child's id", DifferenceCode.StepChanged, "child-scheduled #0 'Child' to instance 'c'", "did child-scheduled #0 'Child' to instance 'd'" },
        { "child's input", DifferenceCode.InputChanged, "child-scheduled #0 'Child' to instance 'c' with 1 bytes sha256:6b86b273ff34", "did child-scheduled #0 'Child' to instance 'c' with 1 bytes sha256:d4735e3a265e" },
        { "timer", DifferenceCode.TimerChanged, "timer-created #1 until 2026-01-05T09:01:00Z", "did timer-created #1 until 2026-01-05T09:02:00Z" },
        { "event", DifferenceCode.StepChanged, "event-sent #2 'Go' to instance 'other'", "did event-sent #2 'Stop' to instance 'other'" },
        { "receiver", DifferenceCode.StepChanged, "event-sent #2 'Go' to instance 'other'", "did event-sent #2 'Go' to instance 'another'" },
        { "payload", DifferenceCode.InputChanged, "event-sent #2 'Go' to instance 'other' with 3 bytes", "did event-sent #2 'Go' to instance 'other' with nothing" },
        { "result", DifferenceCode.OutputChanged, "completed with 6 bytes", "did completed with 7 bytes" },
        { "failure", DifferenceCode.EndChanged, "completed", "ended as failed (System.TimeoutException: late)" },
        { "goes on", DifferenceCode.EndChanged, "completed", "still waits" },
        { "continues", DifferenceCode.EndChanged, "completed", "ended as continued-as-new" },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task Replay_CodeThatChangedUnderAnInstance_FailsItAtTheFirstDifference(string change, string code, int line, string had, string did)
    {
        await using var fixture = await EngineFixture.StartAsync(Changing(Original), options: new() { DefaultVersion = "1.1", MaxConcurrentActivities = 1 });
        var id = await fixture.BeginAsync("Changing", id: "changing");
        await fixture.UntilHistoryAsync(id, EventKind.ActivityCompleted, 3);
        var recorded = new RecordedHistory(id, fixture.Engine.ReadHistory(id));

        fixture.Functions = Changing(change);
        await fixture.CrashAsync();
        await fixture.Client.RaiseEventAsync(id, "Go", "on", Cancel);

        var failure = (await fixture.EndAsync(id)).FailureDetails.ShouldNotBeNull();
        failure.IsCausedBy<NonDeterministicOrchestrationException>().ShouldBeTrue();
        failure.ErrorMessage.ShouldStartWith("The orchestrator 'Changing' of version 1.1 is not deterministic, or its code changed under its instance 'changing': at event ");
        failure.ErrorMessage.ShouldContain($"the history has {had}, the code {did}");
        failure.ErrorMessage.ShouldContain($"({code}). Keep the old steps for instances under way");
        failure.ErrorMessage.ShouldNotContain("\n");

        var found = HistoryReplay.Differences(Changing(change), recorded).ShouldHaveSingleItem();
        (found.Code, found.Event, found.Expected, found.Did, found.Breaks).ShouldBe((code, line == AtTheEnd ? recorded.Events.Count : line, had, did, true));
        HistoryReplay.Differences(Changing(Original), recorded).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Differences))]
    public async Task Differences_CodeThatChanged_NameWhatIsRecordedAndWhatIsDone(string change, string code, string had, string did)
    {
        await using var fixture = await EngineFixture.StartAsync(Whole(Original));
        await fixture.BeginAsync("Whole", id: "whole");
        await fixture.UntilHistoryAsync("whole", EventKind.TimerCreated);
        await fixture.AdvanceAsync(TimeSpan.FromMinutes(1));
        await fixture.EndAsync("whole");
        var recorded = new RecordedHistory("whole", fixture.Engine.ReadHistory("whole"));

        HistoryReplay.Differences(Whole(Original), recorded).ShouldBeEmpty();
        var found = HistoryReplay.Differences(Whole(change), recorded).ShouldHaveSingleItem();
        found.Code.ShouldBe(code);
        found.Expected.ShouldStartWith(had);
        found.Did.ShouldStartWith(did);
        (found.InstanceId, found.Orchestrator, recorded.Events[found.Event]).ShouldBe(("whole", "Whole", found.Recorded!));
        Should.Throw<NonDeterministicOrchestrationException>(() => HistoryReplay.Check(Whole(change), "whole", recorded.Events)).Difference.ShouldBe(found);
    }

    [Theory]
    [InlineData("1.2", 7, DifferenceCode.VersionChanged)]
    [InlineData("1.1", 8, DifferenceCode.InputChanged)]
    public void Differences_ContinuationThatChanged_AreNamed(string version, int input, string code)
    {
        DelegateFunctions Functions(string next, int count) => new DelegateFunctions().Orchestrator("Loop", context =>
        {
            context.ContinueAsNew(new ContinueAsNewOptions { NewInput = count, NewVersion = next });
            return Task.FromResult(0);
        });
        var recorded = new RecordedHistory("loop",
        [
            new(EventKind.Step, At: DateTime.UnixEpoch), new(EventKind.Started, Name: "Loop"), new(EventKind.ContinuedAsNew, Target: "1.1", Data: "7"),
        ]);

        HistoryReplay.Differences(Functions("1.1", 7), recorded).ShouldBeEmpty();
        HistoryReplay.Differences(Functions(version, input), recorded).ShouldHaveSingleItem().Code.ShouldBe(code);
    }

    [Fact]
    public void Differences_OrchestratorThatIsGone_SaysSo()
    {
        var recorded = new RecordedHistory("gone", [new(EventKind.Step, At: DateTime.UnixEpoch), new(EventKind.Started, Name: "Gone")]);
        var found = HistoryReplay.Differences(new DelegateFunctions(), recorded).ShouldHaveSingleItem();
        found.Code.ShouldBe(DifferenceCode.OrchestratorMissing);
        found.Sentence.ShouldBe(
            "The orchestrator 'Gone' does not fit its instance 'gone': the history has started 'Gone', this build has no orchestrator of that name (orchestrator-missing). "
            + "Keep the orchestrator under this name until its instances have ended.");
    }

    /// <summary>Two answers that arrive together are taken in by one step, in which each of them leads to a call of its own.</summary>
    [Fact]
    public async Task Replay_StepWithTwoAnswersThatEachLeadOn_Fits()
    {
        var functions = new DelegateFunctions().Activity("Work", (int i) => i).Orchestrator("Pair", async context =>
        {
            async Task<int> Half(string name) => await context.CallActivityAsync<int>("Work", await context.WaitForExternalEvent<int>(name));
            var halves = await Task.WhenAll(Half("Left"), Half("Right"));
            return halves.Sum() + await context.WaitForExternalEvent<int>("Go");
        });
        await using var fixture = await EngineFixture.StartAsync(functions);
        var id = await fixture.BeginAsync("Pair");
        await fixture.UntilHistoryAsync(id, EventKind.Started);
        await fixture.CrashAsync(start: false);
        await fixture.Client.RaiseEventAsync(id, "Left", 1, Cancel);
        await fixture.Client.RaiseEventAsync(id, "Right", 2, Cancel);
        await fixture.Engine.StartAsync(Cancel);
        await fixture.UntilHistoryAsync(id, EventKind.ActivityCompleted, 2);
        fixture.Engine.ReadHistory(id).Skip(2).Take(5).Select(line => line.Kind).ShouldBe(
            [EventKind.Step, EventKind.EventRaised, EventKind.EventRaised, EventKind.ActivityScheduled, EventKind.ActivityScheduled]);

        await fixture.CrashAsync();
        await fixture.Client.RaiseEventAsync(id, "Go", 10, Cancel);

        var end = await fixture.EndAsync(id);
        end.FailureDetails.ShouldBeNull();
        end.ReadOutputAs<int>().ShouldBe(13);
    }

    /// <summary>As on Durable Functions, which compare no inputs: a field more in an input must not break what is under way.</summary>
    [Fact]
    public async Task Replay_InputThatChangedUnderAnInstance_GoesOnAndLogsIt()
    {
        var lines = new System.Collections.Concurrent.ConcurrentQueue<string>();
        using var loggers = LoggerFactory.Create(logging => logging.AddProvider(new Lines(lines)));
        DelegateFunctions Functions(int input) => new DelegateFunctions().Activity("First", (int i) => i).Orchestrator("Drifts", async context =>
        {
            var first = await context.CallActivityAsync<int>("First", input);
            return first + await context.WaitForExternalEvent<int>("Go");
        });
        await using var fixture = await EngineFixture.StartAsync(Functions(1), loggers: loggers);
        var id = await fixture.BeginAsync("Drifts", id: "drifts");
        await fixture.UntilHistoryAsync(id, EventKind.ActivityCompleted);

        fixture.Functions = Functions(2);
        await fixture.CrashAsync();
        await fixture.Client.RaiseEventAsync(id, "Go", 10, Cancel);

        (await fixture.EndAsync(id)).ReadOutputAs<int>().ShouldBe(11);
        lines.ShouldContain("Orchestration Drifts drifts replays otherwise than it ran at event 2 (input-changed); what is recorded stands");
    }

    /// <summary>An instance that the engine ended while its code waited: the code did nothing wrong.</summary>
    [Fact]
    public async Task Differences_HistoryThatTheEngineEnded_FitsTheCodeThatRan()
    {
        await using var fixture = await EngineFixture.StartAsync(Changing(Original));
        var id = await fixture.BeginAsync("Changing");
        await fixture.UntilHistoryAsync(id, EventKind.ActivityCompleted, 3);
        fixture.Functions = Changing("renamed");
        await fixture.CrashAsync();
        await fixture.Client.RaiseEventAsync(id, "Go", "on", Cancel);
        await fixture.EndAsync(id);

        var recorded = new RecordedHistory(id, fixture.Engine.ReadHistory(id));
        recorded.Events[^1].Kind.ShouldBe(EventKind.Failed);
        HistoryReplay.Differences(Changing(Original), recorded).ShouldBeEmpty();
        HistoryReplay.Differences(Changing("renamed"), recorded).ShouldHaveSingleItem().Code.ShouldBe(DifferenceCode.StepChanged);
    }

    private static DelegateFunctions Changing(string variant) => new DelegateFunctions()
        .Activity("First", (int i) => i)
        .Activity("Second", (int i) => i)
        .Activity("Third", (int i) => i)
        .Orchestrator("Changing", async context =>
        {
            await context.CallActivityAsync<int>("First", 1);
            Task Second() => context.CallActivityAsync("Second", 2);
            Task Third() => context.CallActivityAsync("Third", 3);
            Task Tomorrow() => context.CreateTimer(TimeSpan.FromDays(1), CancellationToken.None);
            List<Task> begun = variant switch
            {
                "renamed" => [context.CallActivityAsync("Other", 2), Tomorrow()],
                "another kind" => [Tomorrow(), context.WaitForExternalEvent<int>("Other")],
                "removed" => [context.WaitForExternalEvent<int>("Other")],
                "left out" => [Third()],
                "put in" => [context.CallActivityAsync("New", 2), Second(), Third()],
                "added" => [Second(), Third(), Tomorrow()],
                "swapped" => [Third(), Second()],
                "ended" => [],
                "thrown" => throw new InvalidOperationException("no more"),
                _ => [Second(), Third()],
            };
            if (begun.Count == 0)
            {
                return "early";
            }

            await Task.WhenAll(begun);
            return variant == "ended at the wait" ? "early" : await context.WaitForExternalEvent<string>("Go");
        });

    private static DelegateFunctions Whole(string variant) => new DelegateFunctions()
        .Orchestrator("Child", context => Task.FromResult(context.GetInput<int>()))
        .Orchestrator("Whole", async context =>
        {
            await context.CallSubOrchestratorAsync<int>(
                variant == "child" ? "Cousin" : "Child", variant == "child's input" ? 2 : 1, new SubOrchestrationOptions(instanceId: variant == "child's id" ? "d" : "c"));
            await context.CreateTimer(TimeSpan.FromMinutes(variant == "timer" ? 2 : 1), CancellationToken.None);
            context.SendEvent(variant == "receiver" ? "another" : "other", variant == "event" ? "Stop" : "Go", variant == "payload" ? null! : "x");
            switch (variant)
            {
                case "failure":
                    throw new TimeoutException("late");
                case "goes on":
                    await context.WaitForExternalEvent<int>("Never");
                    break;
                case "continues":
                    context.ContinueAsNew(1);
                    break;
            }

            return variant == "result" ? "other" : "done";
        });

    private sealed class Lines(System.Collections.Concurrent.ConcurrentQueue<string> lines) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Enqueue(formatter(state, exception));

        public void Dispose()
        {
        }
    }
}
