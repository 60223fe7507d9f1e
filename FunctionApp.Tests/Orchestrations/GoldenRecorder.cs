using System.Text.Json;
using System.Text.Json.Nodes;
using Advisor.Embedded.Durable;
using Advisor.Embedded.Triggers;
using Advisor.Kernel.Http;
using Advisor.Tests.Embedded.Durable;
using Microsoft.Azure.Functions.Worker;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Orchestrations;

/// <summary>Runs a scenario on the engine so that its history comes out the same every time.</summary>
/// <remarks>
/// An activity waits at a gate until the whole run has come to rest; then one of those that wait, the first by name and input, may answer, about
/// a second later than the last. So the order of answers, the steps and the times follow from the scenario alone.
/// </remarks>
internal sealed class GoldenRecorder
{
    private const string InstanceId = "5c0d1f2e-6a3b-5d47-8e90-1b2c3d4e5f60";

    private readonly GoldenScenario _scenario;
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, TaskCompletionSource> _waiting = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _attempts = new(StringComparer.Ordinal);
    private int _answers;
    private int _raised;
    private TaskCompletionSource _arrival = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private GoldenRecorder(GoldenScenario scenario) => _scenario = scenario;

    public static async Task<RecordedHistory> RecordAsync(GoldenScenario scenario, BuildFunctions build)
    {
        var recorder = new GoldenRecorder(scenario);
        await using var fixture = await EngineFixture.StartAsync(recorder.Functions(build.Functions), options: new() { DefaultVersion = build.Versions.Current, MaxConcurrentActivities = 100 });
        await fixture.BeginAsync(scenario.Orchestrator, scenario.Input, InstanceId);
        return new RecordedHistory(InstanceId, [.. (await recorder.RunAsync(fixture)).Select(WithoutStack)]);
    }

    private async Task<IReadOnlyList<HistoryEvent>> RunAsync(EngineFixture fixture)
    {
        while (true)
        {
            await RestAsync(fixture);
            var history = fixture.Engine.ReadHistory(InstanceId);
            if (history[^1].IsEnd)
            {
                return history;
            }

            if (Waiting == 0 && _raised < _scenario.Events.Count)
            {
                fixture.Clock.Advance(TimeSpan.FromSeconds(1));
                await fixture.Client.RaiseEventAsync(InstanceId, _scenario.Events[_raised++], null, TestContext.Current.CancellationToken);
                continue;
            }

            // One thing at a time: what happens at the same moment may be taken in by one step or by two. Hence no two answers the same time apart.
            var now = fixture.Clock.GetUtcNow().UtcDateTime;
            var pause = TimeSpan.FromMilliseconds(1_000 + _answers);
            var timers = Timers(fixture);
            if (Waiting == 0 && timers.Count == 0)
            {
                // It went on between the two looks.
                continue;
            }

            if (timers.Order().FirstOrDefault(DateTime.MaxValue) is var due && (Waiting == 0 || due <= now + pause))
            {
                fixture.Clock.Advance(due - now);
            }
            else
            {
                fixture.Clock.Advance(pause);
                Next().SetResult();
            }
        }
    }

    private TaskCompletionSource Next()
    {
        lock (_gate)
        {
            var (key, turn) = _waiting.First();
            _waiting.Remove(key);
            _answers++;
            return turn;
        }
    }

    /// <summary>Waits until the run can only go on by an answer or by the clock.</summary>
    private async Task RestAsync(EngineFixture fixture)
    {
        while (true)
        {
            var progress = fixture.NextProgress;
            var arrival = Volatile.Read(ref _arrival).Task;
            if (IsAtRest(fixture, InstanceId, out var calls) && calls == Waiting && Raised(fixture) == _raised && fixture.Engine.TimerCount == Timers(fixture).Count)
            {
                return;
            }

            await Task.WhenAny(progress, arrival).WaitAsync(EngineFixture.Patience, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Events that the run has taken in. A scenario with events does not continue as new.</summary>
    private static int Raised(EngineFixture fixture) => fixture.Engine.ReadHistory(InstanceId).Count(line => line.Kind == EventKind.EventRaised);

    private int Waiting
    {
        get
        {
            lock (_gate)
            {
                return _waiting.Count;
            }
        }
    }

    private static bool IsAtRest(EngineFixture fixture, string id, out int calls)
    {
        calls = 0;
        var history = fixture.Engine.ReadHistory(id);
        if (history.Count == 0)
        {
            return false;
        }

        if (history[^1].IsEnd)
        {
            return true;
        }

        var open = Open(history).ToList();
        foreach (var step in open)
        {
            var below = step.Kind == EventKind.ActivityScheduled ? 1 : 0;
            if (step.Kind == EventKind.ChildScheduled && (!IsAtRest(fixture, step.Target!, out below) || fixture.Engine.ReadHistory(step.Target!)[^1].IsEnd))
            {
                return false;
            }

            calls += below;
        }

        return open.Count > 0;
    }

    /// <summary>When the timers of the run and of what it called are due. An event that the run has taken in has cancelled those before it.</summary>
    private static List<DateTime> Timers(EngineFixture fixture, string id = InstanceId)
    {
        var history = fixture.Engine.ReadHistory(id);
        var cancelled = history.Take(history.Select(line => line.Kind).ToList().LastIndexOf(EventKind.EventRaised) + 1).Select(line => line.TaskId).ToHashSet();
        return history.Count == 0 || history[^1].IsEnd ? [] :
        [
            .. Open(history).Where(step => step.Kind != EventKind.TimerCreated || !cancelled.Contains(step.TaskId)).SelectMany(step => step.Kind switch
            {
                EventKind.TimerCreated => [step.At!.Value],
                EventKind.ChildScheduled => Timers(fixture, step.Target!),
                _ => [],
            }),
        ];
    }

    /// <summary>The calls without an answer.</summary>
    private static IEnumerable<HistoryEvent> Open(IReadOnlyList<HistoryEvent> history)
    {
        var answered = history.Where(line => line.Kind is EventKind.ActivityCompleted or EventKind.ActivityFailed or EventKind.TimerFired or EventKind.ChildCompleted or EventKind.ChildFailed)
            .Select(line => line.TaskId).ToHashSet();
        return history.Where(line => line.IsAction && line.Kind != EventKind.EventSent && !answered.Contains(line.TaskId));
    }

    /// <summary>The product's orchestrators, and in place of its activities the scenario's answers.</summary>
    private DelegateFunctions Functions(IDurableFunctions product)
    {
        var functions = new DelegateFunctions();
        var catalog = FunctionCatalog.Of(typeof(Composition).Assembly.GetTypes());
        foreach (var (function, _) in catalog.With<OrchestrationTriggerAttribute>())
        {
            functions.Orchestrator(function.Name, context => product.RunOrchestratorAsync(function.Name, context, null));
        }

        foreach (var (function, _) in catalog.With<ActivityTriggerAttribute>())
        {
            functions.Activity<JsonElement, object?>(function.Name, async (input, cancellation) =>
            {
                var key = $"{function.Name} {input}";
                var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                int attempt;
                lock (_gate)
                {
                    attempt = _attempts[key] = _attempts.GetValueOrDefault(key) + 1;
                    _waiting.Add(key, turn);
                }

                Interlocked.Exchange(ref _arrival, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
                await turn.Task.WaitAsync(cancellation);
                return _scenario.Answer(new ActivityAttempt(function.Name, input, attempt));
            });
        }

        return functions;
    }

    /// <summary>Stack traces tell of the machine that recorded, and no orchestrator looks at them.</summary>
    private static HistoryEvent WithoutStack(HistoryEvent line)
    {
        if (line.Kind is not (EventKind.ActivityFailed or EventKind.ChildFailed or EventKind.Failed))
        {
            return line;
        }

        var failure = JsonNode.Parse(line.Data.ShouldNotBeNull())!;
        for (var inner = failure as JsonObject; inner is not null; inner = inner["inner_failure"] as JsonObject)
        {
            inner.Remove("stack_trace");
        }

        return line with { Data = failure.ToJsonString(AdvisorJson.Options) };
    }
}
