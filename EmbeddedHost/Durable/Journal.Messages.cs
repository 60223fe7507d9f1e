using Microsoft.Data.Sqlite;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Advisor.Embedded.Durable;

internal sealed partial class Journal
{
    private const string Unfinished = "status IN ('running', 'pending', 'suspended')";

    /// <summary>Puts a message into the inbox of an instance that can still take it in.</summary>
    /// <returns>The instance's status, or null when there is no such instance; a finished one receives nothing.</returns>
    public static OrchestrationRuntimeStatus? Post(SqliteConnection connection, string instanceId, HistoryEvent happened)
    {
        var instance = FindInstance(connection, instanceId);
        if (instance is { IsFinished: false })
        {
            AddToInbox(connection, instanceId, null, happened);
        }

        return instance?.Status;
    }

    /// <summary>Ends an activity call and tells its orchestration, if that execution still goes on.</summary>
    /// <returns>Whether there is anybody to tell.</returns>
    public static bool FinishActivity(SqliteConnection connection, ActivityCall call, HistoryEvent result) =>
        connection.Execute("DELETE FROM durable_activities WHERE seq = $0", call.Seq) == 1
        && PostTo(connection, call.InstanceId, call.Execution, result);

    /// <summary>Takes due timers out of the journal and tells those who wait for them.</summary>
    /// <returns>The instances that have something to do.</returns>
    public static List<string> FireTimers(SqliteConnection connection, IReadOnlyList<(TimerKey Key, DateTime Due)> timers)
    {
        List<string> woken = [];
        foreach (var (key, due) in timers)
        {
            var existed = connection.Execute(
                "DELETE FROM durable_timers WHERE instance_id = $0 AND execution = $1 AND task_id = $2", key.InstanceId, key.Execution, key.TaskId) == 1;
            var happened = key.TaskId == TimerKey.DelayedStart
                ? new HistoryEvent(EventKind.Started, At: due)
                : new HistoryEvent(EventKind.TimerFired, key.TaskId, At: due);
            if (existed && PostTo(connection, key.InstanceId, key.Execution, happened))
            {
                woken.Add(key.InstanceId);
            }
        }

        return woken;
    }

    /// <summary>Counts a death of the process against what was running then.</summary>
    /// <returns>How many there were since its last success; 0 when it is gone.</returns>
    public static int CountDeath(SqliteConnection connection, RunningWork work)
    {
        var (table, key, id) = work.Activity is { } seq
            ? ("durable_activities", "seq", (object)seq)
            : ("durable_instances", "id", work.InstanceId!);
        connection.Execute($"UPDATE {table} SET process_deaths = process_deaths + 1 WHERE {key} = $0", id);
        return (int)(connection.Number($"SELECT process_deaths FROM {table} WHERE {key} = $0", id) ?? 0);
    }

    /// <summary>Instances with something to take in that were making a step when a process died, and how often.</summary>
    public List<(string Id, int Deaths)> ReadSuspects() => database.Read(connection => connection.Query(
        "SELECT id, process_deaths FROM durable_instances WHERE process_deaths > 0 AND id IN (SELECT instance_id FROM durable_inbox)",
        row => (row.GetString(0), row.GetInt32(1))));

    /// <summary>Fails an activity call that must not be run again.</summary>
    public static void QuarantineActivity(SqliteConnection connection, long seq, Func<ActivityCall, TaskFailureDetails> reason)
    {
        var call = connection.First($"SELECT {ActivityColumns} FROM durable_activities WHERE seq = $0", ToActivity, seq);
        if (call is not null)
        {
            FinishActivity(connection, call, new HistoryEvent(EventKind.ActivityFailed, call.TaskId, Data: Failures.ToJson(reason(call))));
        }
    }

    /// <summary>Posts to one execution; false when it is over or never was.</summary>
    private static bool PostTo(SqliteConnection connection, string instanceId, long execution, HistoryEvent happened)
    {
        var waits = connection.Number(
            $"SELECT 1 FROM durable_instances WHERE id = $0 AND execution = $1 AND {Unfinished}", instanceId, execution) is not null;
        if (waits)
        {
            AddToInbox(connection, instanceId, execution, happened);
        }

        return waits;
    }

    private static void AddToInbox(SqliteConnection connection, string instanceId, long? execution, HistoryEvent happened, bool carried = false) =>
        connection.Execute(
            "INSERT INTO durable_inbox (instance_id, execution, carried, kind, task_id, name, at, data, checksum) VALUES ($0, $1, $2, $3, $4, $5, $6, $7, $8)",
            instanceId,
            execution,
            carried ? 1 : 0,
            happened.Kind,
            happened.TaskId,
            happened.Name,
            happened.At,
            happened.Data,
            ChecksumOf(instanceId, execution, carried ? 1 : 0, happened));
}
