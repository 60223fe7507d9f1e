using Microsoft.Data.Sqlite;

namespace Advisor.Embedded.Durable;

/// <summary>What the rest of the engine has to do once a step is journaled.</summary>
internal sealed record StepEffects(
    IReadOnlyList<ActivityCall> Activities, IReadOnlyList<(TimerKey Key, DateTime Due)> Timers, IReadOnlyCollection<string> Wake);

internal sealed partial class Journal
{
    /// <summary>Writes a step: the instance's row, its history, and everything that the step caused elsewhere.</summary>
    /// <param name="historyLength">How many lines the history has so far.</param>
    /// <returns>Null when the instance has meanwhile been purged or started anew: then nothing is written.</returns>
    public StepEffects? CommitStep(SqliteConnection connection, Instance instance, long historyLength, StepOutcome step)
    {
        if (!UpdateInstance(connection, instance, historyLength, step))
        {
            return null;
        }

        List<ActivityCall> activities = [];
        List<(TimerKey, DateTime)> timers = [];
        HashSet<string> wake = [];
        foreach (var message in step.Consumed)
        {
            connection.Execute("DELETE FROM durable_inbox WHERE seq = $0", message.Seq);
        }

        foreach (var action in step.Actions)
        {
            Carry(connection, instance, step, action, activities, timers, wake);
        }

        foreach (var timer in step.CancelledTimers)
        {
            connection.Execute(
                "DELETE FROM durable_timers WHERE instance_id = $0 AND execution = $1 AND task_id = $2", instance.Id, instance.Execution, timer);
        }

        if (step.Next is { } next)
        {
            ContinueAsNew(connection, instance, next);
        }
        else
        {
            AppendHistory(connection, instance.Id, historyLength, step.Events);
        }

        if (step.Ends)
        {
            Finish(connection, instance, step, wake);
        }

        return new StepEffects(activities, timers, wake);
    }

    private static bool UpdateInstance(SqliteConnection connection, Instance instance, long historyLength, StepOutcome step)
    {
        var made = instance with
        {
            Execution = instance.Execution + (step.Next is null ? 0 : 1),
            Version = step.Next?.Version ?? instance.Version,
            Input = step.Next is null ? instance.Input : step.Next.Input,
            UpdatedAt = step.At,
            Output = step.Output,
            Failure = step.Failure is null ? null : Failures.ToJson(step.Failure),
            HistoryLines = step.Next is null ? historyLength + step.Events.Count : 0,
        };
        var status = WordOf(step.Status);
        return connection.Execute(
            """
            UPDATE durable_instances SET
                status = $2, updated_at = $3, output = $4, failure = $5, process_deaths = 0,
                custom_status = CASE WHEN $6 THEN $7 ELSE custom_status END,
                execution = $8,
                input = CASE WHEN $9 THEN $10 ELSE input END,
                version = $11, history_lines = $12, checksum = $13, checksum_at = $3
            WHERE id = $0 AND execution = $1
            """,
            instance.Id,
            instance.Execution,
            status,
            made.UpdatedAt,
            made.Output,
            made.Failure,
            step.CustomStatus.Set ? 1 : 0,
            step.CustomStatus.Json,
            made.Execution,
            step.Next is null ? 0 : 1,
            step.Next?.Input,
            made.Version,
            made.HistoryLines,
            ChecksumOf(made, status)) == 1;
    }

    private void Carry(
        SqliteConnection connection,
        Instance instance,
        StepOutcome step,
        OrchestratorAction action,
        List<ActivityCall> activities,
        List<(TimerKey, DateTime)> timers,
        HashSet<string> wake)
    {
        var wanted = action.Event;
        switch (wanted.Kind)
        {
            case EventKind.ActivityScheduled:
                var call = new ActivityCall(
                    Interlocked.Increment(ref _activitySeq), instance.Id, instance.Execution, wanted.TaskId, wanted.Name!, wanted.Data, TraceParent: action.TraceParent);
                connection.Execute(
                    "INSERT INTO durable_activities (seq, instance_id, execution, task_id, name, input, trace_parent, checksum) VALUES ($0, $1, $2, $3, $4, $5, $6, $7)",
                    call.Seq,
                    call.InstanceId,
                    call.Execution,
                    call.TaskId,
                    call.Name,
                    call.Input,
                    call.TraceParent,
                    ChecksumOf(call));
                activities.Add(call);
                break;
            case EventKind.TimerCreated:
                if (!step.Ends && step.Next is null && !step.CancelledTimers.Contains(wanted.TaskId))
                {
                    var key = new TimerKey(instance.Id, instance.Execution, wanted.TaskId);
                    AddTimer(connection, key, wanted.At!.Value);
                    timers.Add((key, wanted.At.Value));
                }

                break;
            case EventKind.ChildScheduled:
                StartChild(connection, instance, step, action, wake);
                break;
            case EventKind.EventSent:
                if (Post(connection, wanted.Target!, new HistoryEvent(EventKind.EventRaised, Name: wanted.Name, Data: wanted.Data)) is not null)
                {
                    wake.Add(wanted.Target!);
                }

                break;
            default:
                throw new InvalidOperationException($"'{wanted.Kind}' is not an action.");
        }
    }

    private static void StartChild(SqliteConnection connection, Instance instance, StepOutcome step, OrchestratorAction action, HashSet<string> wake)
    {
        var call = action.Event;
        var child = call.Target!;
        if (FindInstance(connection, child) is { IsFinished: false })
        {
            var failure = Failures.Of(Failures.InstanceExists, $"An orchestration with the instance id '{child}' is already under way.");
            PostTo(connection, instance.Id, instance.Execution, new HistoryEvent(EventKind.ChildFailed, call.TaskId, Data: Failures.ToJson(failure)));
            wake.Add(instance.Id);
            return;
        }

        var parent = new ParentCall(instance.Id, instance.Name, instance.Execution, call.TaskId);
        Create(connection, new NewInstance(child, call.Name!, action.Version ?? string.Empty, call.Data, Tags.Inherit(action.Tags, instance.Tags), step.At, null, parent, action.TraceParent));
        wake.Add(child);
    }

    private static void ContinueAsNew(SqliteConnection connection, Instance instance, NextExecution next)
    {
        var execution = instance.Execution + 1;
        connection.Execute("DELETE FROM durable_history WHERE instance_id = $0", instance.Id);
        connection.Execute("DELETE FROM durable_timers WHERE instance_id = $0", instance.Id);
        AddToInbox(connection, instance.Id, execution, new HistoryEvent(EventKind.Started), carried: true);
        foreach (var kept in next.Events)
        {
            AddToInbox(connection, instance.Id, execution, kept, carried: true);
        }
    }

    private static void AppendHistory(SqliteConnection connection, string id, long length, IReadOnlyList<HistoryEvent> events)
    {
        for (var i = 0; i < events.Count; i++)
        {
            var line = events[i];
            connection.Execute(
                "INSERT INTO durable_history (instance_id, seq, kind, task_id, name, target, at, data, checksum) VALUES ($0, $1, $2, $3, $4, $5, $6, $7, $8)",
                id,
                length + i,
                line.Kind,
                line.TaskId,
                line.Name,
                line.Target,
                line.At,
                line.Data,
                HistoryRows.ChecksumOf(id, length + i, line));
        }
    }

    private static void Finish(SqliteConnection connection, Instance instance, StepOutcome step, HashSet<string> wake)
    {
        connection.Execute("DELETE FROM durable_inbox WHERE instance_id = $0", instance.Id);
        connection.Execute("DELETE FROM durable_timers WHERE instance_id = $0", instance.Id);
        if (instance.Parent is { } parent && PostTo(connection, parent.Id, parent.Execution, AnswerTo(parent, instance, step)))
        {
            wake.Add(parent.Id);
        }

        if (step.TerminateChildren)
        {
            var wish = step.Consumed[^1].Event;
            foreach (var child in Children(connection, instance.Id))
            {
                Post(connection, child, wish);
                wake.Add(child);
            }
        }
    }

    private static HistoryEvent AnswerTo(ParentCall parent, Instance instance, StepOutcome step)
    {
        if (step.Status == Microsoft.DurableTask.Client.OrchestrationRuntimeStatus.Completed)
        {
            return new HistoryEvent(EventKind.ChildCompleted, parent.TaskId, Data: step.Output);
        }

        var failure = step.Failure ?? Failures.Of(Failures.ChildTerminated, $"The orchestration '{instance.Id}' was terminated.");
        return new HistoryEvent(EventKind.ChildFailed, parent.TaskId, Data: Failures.ToJson(failure));
    }
}
