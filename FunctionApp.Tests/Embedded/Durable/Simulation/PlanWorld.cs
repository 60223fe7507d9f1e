using Advisor.Embedded.Durable;
using Microsoft.DurableTask;

namespace Advisor.Tests.Embedded.Durable.Simulation;

/// <summary>The functions that carry out plans, and the world outside in which their activities leave effects. It outlives every process.</summary>
internal sealed class PlanWorld
{
    private const int LongWait = 40 * 3600;

    private readonly Dictionary<string, int> _attempts = [];

    /// <summary>The clock of the process that runs now: activities take their time by it.</summary>
    public TimeProvider Clock { get; set; } = TimeProvider.System;

    /// <summary>Told what the functions do.</summary>
    public Action<string> Note { get; set; } = static _ => { };

    /// <summary>Takes the process down.</summary>
    public Action Kill { get; set; } = static () => { };

    /// <summary>When the orchestrator of each root said that it began.</summary>
    public Dictionary<string, DateTime> Begun { get; } = [];

    /// <summary>How often each activity was begun, by key.</summary>
    public IReadOnlyDictionary<string, int> Attempts => _attempts;

    /// <summary>Ids that orchestrators drew, by key and instance: one for each, however often it was replayed.</summary>
    public HashSet<(string Key, string Instance, string Id)> Ids { get; } = [];

    public DelegateFunctions Functions => new DelegateFunctions()
        .Activity<Work, string>("Work", WorkAsync)
        .Orchestrator("Plan", context =>
        {
            Begun[context.InstanceId] = context.CurrentUtcDateTime;
            return RunAsync(context, context.GetInput<Plan>()!);
        })
        .Orchestrator<string>("Fails", async context =>
        {
            var plan = context.GetInput<Plan>()!;
            await RunAsync(context, plan.Parts[0]);
            throw new InvalidOperationException(Plan.FailureOf(plan.Key));
        })
        .Orchestrator("Loop", LoopAsync)
        .Orchestrator("Waits", context => context.WaitForExternalEvent<string>(context.GetInput<string>()!));

    private async Task<string> WorkAsync(Work work, CancellationToken cancellation)
    {
        var attempt = _attempts[work.Key] = _attempts.GetValueOrDefault(work.Key) + 1;
        Note($"activity {work.Key} of {work.Instance} begins, attempt {attempt}");
        if (work.Kills)
        {
            Kill();
        }

        if (work.Id is { } id)
        {
            Ids.Add((work.Key, work.Instance, id));
        }

        await Task.Delay(TimeSpan.FromSeconds(work.Seconds), Clock, cancellation);
        return work.Always || attempt % (work.Failures + 1) != 0 ? throw new InvalidOperationException(Plan.FailureOf(work.Key)) : work.Answer ?? work.Key;
    }

    private static async Task<string> RunAsync(TaskOrchestrationContext context, Plan plan)
    {
        switch (plan.Kind)
        {
            case PlanKind.Act:
                // A death may cost an attempt that counts in the world and not in the history, so there are some to spare.
                return await context.CallActivityAsync<string>("Work", WorkOf(context, plan) with { Failures = plan.Count }, new TaskOptions(new RetryPolicy(30, TimeSpan.FromSeconds(3))));
            case PlanKind.NewId:
                return await context.CallActivityAsync<string>("Work", WorkOf(context, plan) with { Id = context.NewGuid().ToString() });
            case PlanKind.Fail:
                try
                {
                    return await context.CallActivityAsync<string>("Work", WorkOf(context, plan) with { Always = true });
                }
                catch (TaskFailedException failed) when (failed.FailureDetails.IsCausedBy<InvalidOperationException>() && failed.FailureDetails.ErrorMessage == Plan.FailureOf(plan.Key))
                {
                    return $"!{plan.Key}";
                }

            case PlanKind.Poison:
                try
                {
                    return await context.CallActivityAsync<string>("Work", WorkOf(context, plan) with { Kills = true });
                }
                catch (TaskFailedException failed) when (failed.FailureDetails.ErrorType == Failures.Poisoned)
                {
                    return plan.Value;
                }

            case PlanKind.Timer:
                var due = context.CurrentUtcDateTime.AddSeconds(plan.Seconds);
                await context.CreateTimer(due, CancellationToken.None);
                return context.CurrentUtcDateTime < due ? "early" : plan.Value;
            case PlanKind.Sequence:
                List<string> values = [];
                foreach (var part in plan.Parts)
                {
                    values.Add(await RunAsync(context, part));
                }

                return $"[{string.Join(' ', values)}]";
            case PlanKind.All:
                return $"[{string.Join(' ', await Task.WhenAll(plan.Parts.Select(part => RunAsync(context, part))))}]";
            case PlanKind.Race:
                using (var won = new CancellationTokenSource())
                {
                    var runner = RunAsync(context, plan.Parts[0]);
                    var timer = context.CreateTimer(TimeSpan.FromSeconds(2 * LongWait), won.Token);
                    var first = await Task.WhenAny(runner, timer);
                    won.Cancel();
                    return first == runner ? await runner : "late";
                }

            case PlanKind.Leave:
                var slow = context.CallActivityAsync<string>("Work", WorkOf(context, plan) with { Seconds = LongWait });
                return await Task.WhenAny(slow, context.CreateTimer(TimeSpan.FromSeconds(plan.Seconds), CancellationToken.None)) == slow ? "slow" : plan.Value;
            case PlanKind.Contest:
                string[] marks = [context.NewGuid().ToString(), context.NewGuid().ToString()];
                var both = new[] { "a", "b" }.Select((name, number) =>
                    context.CallActivityAsync<string>("Work", WorkOf(context, plan) with { Key = $"{plan.Key}-{name}", Answer = marks[number] })).ToArray();
                var answer = await await Task.WhenAny(both);
                return marks.Contains(answer, StringComparer.Ordinal) ? plan.Value : "an answer to another call";
            case PlanKind.Event:
                return $"<{await context.WaitForExternalEvent<string>(plan.Key)}>";
            case PlanKind.Timeout:
                try
                {
                    return await context.WaitForExternalEvent<string>($"never-{plan.Key}", TimeSpan.FromSeconds(plan.Seconds));
                }
                catch (TaskCanceledException)
                {
                    return plan.Value;
                }

            case PlanKind.Child:
                return $"({await context.CallSubOrchestratorAsync<string>("Plan", plan.Parts[0])})";
            case PlanKind.FailingChild:
                try
                {
                    return await context.CallSubOrchestratorAsync<string>("Fails", plan);
                }
                catch (TaskFailedException failed) when (failed.FailureDetails.ErrorMessage == Plan.FailureOf(plan.Key))
                {
                    return $"(!{plan.Key})";
                }

            case PlanKind.Signal:
                var id = Plan.InstanceOf(plan.Key);
                var child = context.CallSubOrchestratorAsync<string>("Waits", plan.Key, new SubOrchestrationOptions(instanceId: id));
                context.SendEvent(id, plan.Key.ToUpperInvariant(), plan.Key);
                return $"<{await child}>";
            case PlanKind.Loop:
                return await context.CallSubOrchestratorAsync<string>("Loop", new Turn(plan, 0, ""), new SubOrchestrationOptions(instanceId: Plan.InstanceOf(plan.Key)));
            case PlanKind.Status:
                context.SetCustomStatus(plan.Key);
                return plan.Value;
            default:
                throw new InvalidOperationException($"There is no step '{plan.Kind}'.");
        }
    }

    private static async Task<string> LoopAsync(TaskOrchestrationContext context)
    {
        var turn = context.GetInput<Turn>()!;
        var value = $"{turn.Said}{await RunAsync(context, turn.Plan.Parts[0])}<{await context.WaitForExternalEvent<string>(Plan.LoopEvent(turn.Plan.Key, turn.Number))}>";
        if (turn.Number < turn.Plan.Count)
        {
            context.ContinueAsNew(new Turn(turn.Plan, turn.Number + 1, $"{value}+"));
        }

        return value;
    }

    private static Work WorkOf(TaskOrchestrationContext context, Plan plan) => new(plan.Key, context.InstanceId, plan.Seconds);

    private sealed record Turn(Plan Plan, int Number, string Said);

    private sealed record Work(string Key, string Instance, int Seconds)
    {
        public int Failures { get; init; }

        public string? Answer { get; init; }

        public bool Always { get; init; }

        public bool Kills { get; init; }

        public string? Id { get; init; }
    }
}
