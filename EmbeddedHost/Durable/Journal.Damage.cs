using Advisor.Embedded.Storage;
using Microsoft.Data.Sqlite;

namespace Advisor.Embedded.Durable;

/// <summary>An instance as a step begins with it.</summary>
/// <param name="HistoryEnd">The number of the next line of its history.</param>
/// <param name="Damage">What is not as it was written, in words: a step on it would be a wrong one. Null when nothing was found.</param>
internal sealed record LoadedInstance(Instance Instance, List<HistoryEvent> History, List<Message> Inbox, long HistoryEnd, string? Damage)
{
    public static LoadedInstance Of(Instance instance, HistoryRows history, List<Message> inbox) => new(
        instance,
        history.Lines,
        inbox,
        history.End,
        instance.Damage
            ?? history.Damage
            ?? (instance.HistoryLines is { } lines && lines != history.Lines.Count ? $"the history of '{instance.Id}', which has {history.Lines.Count} of {lines} lines" : null)
            ?? inbox.Find(message => message.Damage is not null)?.Damage);
}

/// <summary>Rows say by a checksum whether they are what was written.</summary>
/// <remarks>
/// A row without one is of a build that wrote none, and is believed. Not covered: the custom status, by which nothing goes, the counts of deaths, and the
/// trace context.
/// </remarks>
internal sealed partial class Journal
{
    /// <summary>What no row that is read has for a checksum: it stays damaged after its quarantine is written.</summary>
    private const long NeverSound = -1;

    /// <summary>The kind of message by which a start tells an instance that a call or timer of it is damaged. It never comes into a history.</summary>
    private const string DamageFound = "damage-found";

    /// <summary>What to say and do about a damaged row.</summary>
    public string AdviceOn(string damage) =>
        $"In {database.Path}, {damage} is not as it was written: the disk gave back something else. Restore the data folder from a backup, or start the work anew; see 'Damaged files' in docs/engine.md.";

    /// <summary>Takes calls and timers that are not as they were written out of the work; their instances are quarantined by their next step.</summary>
    /// <returns>What was found, in words.</returns>
    public static List<string> TakeOutDamagedWork(SqliteConnection connection)
    {
        List<string> found = [];
        var calls = connection.Query($"SELECT {ActivityColumns}, checksum FROM durable_activities", row => ToActivity(row) is var call && IsSound(row, 8, ChecksumOf(call)) ? null : call);
        foreach (var call in calls.OfType<ActivityCall>())
        {
            connection.Execute("DELETE FROM durable_activities WHERE seq = $0", call.Seq);
            found.Add(Tell(connection, call.InstanceId, call.Execution, $"the call #{call.TaskId} of '{call.Name}'"));
        }

        var timers = connection.Query(
            "SELECT instance_id, execution, task_id, due, checksum FROM durable_timers",
            row => new TimerKey(row.GetString(0), row.GetInt64(1), row.GetInt32(2)) is var key && IsSound(row, 4, ChecksumOf(key, row.Time(3))) ? (TimerKey?)null : key);
        foreach (var key in timers.OfType<TimerKey>())
        {
            connection.Execute("DELETE FROM durable_timers WHERE instance_id = $0 AND execution = $1 AND task_id = $2", key.InstanceId, key.Execution, key.TaskId);
            found.Add(Tell(connection, key.InstanceId, key.Execution, $"the timer #{key.TaskId}"));
        }

        found.AddRange(connection.Query(
            """
            SELECT DISTINCT instance_id FROM (SELECT instance_id FROM durable_inbox UNION ALL SELECT instance_id FROM durable_activities UNION ALL SELECT instance_id FROM durable_timers)
            WHERE instance_id NOT IN (SELECT id FROM durable_instances)
            """,
            row => $"the instance '{row.GetString(0)}', which has work and is not there,"));
        return found;
    }

    private static string Tell(SqliteConnection connection, string instance, long execution, string what)
    {
        var damage = $"{what} of '{instance}'";
        return PostTo(connection, instance, execution, new HistoryEvent(DamageFound, Data: damage))
            ? damage
            : $"{damage} (of which nothing is under way, so that it is another instance that waits for this)";
    }

    private static bool IsSound(SqliteDataReader row, int column, long checksum) => row.IsDBNull(column) || row.GetInt64(column) == checksum;

    private static Message ToMessage(SqliteDataReader row, string instance)
    {
        var execution = row.IsDBNull(1) ? (long?)null : row.GetInt64(1);
        var happened = new HistoryEvent(row.GetString(2), row.GetInt32(3), row.Text(4), null, row.IsDBNull(5) ? null : row.Time(5), row.Text(6));
        return new Message(
            row.GetInt64(0),
            execution,
            happened,
            !IsSound(row, 8, ChecksumOf(instance, execution, row.GetInt64(7), happened)) ? $"a message '{happened.Kind}' to '{instance}' in durable_inbox"
                : happened.Kind == DamageFound ? happened.Data
                : null);
    }

    private static long ChecksumOf(Instance instance, string status) => instance.Damage is not null ? NeverSound : new RowChecksum()
        .Add(instance.Id)
        .Add(instance.Name)
        .Add(instance.Version)
        .Add(instance.Execution)
        .Add(status)
        .Add(instance.CreatedAt.Ticks)
        .Add(instance.UpdatedAt.Ticks)
        .Add(instance.Input)
        .Add(instance.Output)
        .Add(instance.Failure)
        .Add(instance.Tags)
        .Add(instance.Parent?.Id)
        .Add(instance.Parent?.Name)
        .Add(instance.Parent?.Execution)
        .Add(instance.Parent?.TaskId)
        .Add(instance.HistoryLines)
        .Value;

    private static long ChecksumOf(string instance, long? execution, long carried, HistoryEvent happened) => new RowChecksum()
        .Add(instance)
        .Add(execution)
        .Add(carried)
        .Add(happened.Kind)
        .Add(happened.TaskId)
        .Add(happened.Name)
        .Add(happened.At?.Ticks)
        .Add(happened.Data)
        .Value;

    private static long ChecksumOf(ActivityCall call) => new RowChecksum()
        .Add(call.Seq)
        .Add(call.InstanceId)
        .Add(call.Execution)
        .Add(call.TaskId)
        .Add(call.Name)
        .Add(call.Input)
        .Value;

    private static long ChecksumOf(TimerKey key, DateTime due) => new RowChecksum().Add(key.InstanceId).Add(key.Execution).Add(key.TaskId).Add(due.Ticks).Value;
}
