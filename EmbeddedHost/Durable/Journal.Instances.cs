using Microsoft.Data.Sqlite;
using Microsoft.DurableTask.Client;

namespace Advisor.Embedded.Durable;

/// <summary>A wish to start an orchestration.</summary>
internal sealed record NewInstance(
    string Id, string Name, string Version, string? Input, string? Tags, DateTime CreatedAt, DateTime? StartAt, ParentCall? Parent, string? TraceParent);

internal sealed partial class Journal
{
    /// <summary>Writes a new instance that is ready to run, in place of an older one of that id if there was one.</summary>
    /// <returns>The timer of a delayed start, if it is one, and instances to wake.</returns>
    public static ((TimerKey Key, DateTime Due)? Timer, string? Wake) Create(SqliteConnection connection, NewInstance wanted)
    {
        var old = FindInstance(connection, wanted.Id);

        // Children that outlived a purged instance of this id answer to its number: it must not come again.
        var execution = 1 + (connection.Number("SELECT max(parent_execution) FROM durable_instances WHERE parent_id = $0", wanted.Id) ?? 0);
        string? wake = null;
        if (old is not null)
        {
            execution = old.Execution + 1;
            if (!old.IsFinished && old.Parent is { } waiting)
            {
                var failure = Failures.Of(Failures.ChildTerminated, $"The orchestration '{old.Id}' was replaced by a new one of the same id.");
                wake = PostTo(connection, waiting.Id, waiting.Execution, new HistoryEvent(EventKind.ChildFailed, waiting.TaskId, Data: Failures.ToJson(failure)))
                    ? waiting.Id
                    : null;
            }

            Remove(connection, old.Id);
        }

        var made = new Instance(
            wanted.Id, wanted.Name, wanted.Version, execution, OrchestrationRuntimeStatus.Pending, wanted.CreatedAt, wanted.CreatedAt, wanted.Input, null, null, null, wanted.Tags, wanted.Parent, 0, wanted.TraceParent, HistoryLines: 0);
        connection.Execute(
            $"""
            INSERT INTO durable_instances ({InstanceColumns})
            VALUES ($0, $1, $2, $3, $12, $4, $4, $5, NULL, NULL, NULL, $6, $7, $8, $9, $10, 0, $11, 0, $13, $4)
            """,
            wanted.Id,
            wanted.Name,
            wanted.Version,
            execution,
            wanted.CreatedAt,
            wanted.Input,
            wanted.Tags,
            wanted.Parent?.Id,
            wanted.Parent?.Name,
            wanted.Parent?.Execution,
            wanted.Parent?.TaskId,
            wanted.TraceParent,
            WordOf(made.Status),
            ChecksumOf(made, WordOf(made.Status)));
        if (wanted.StartAt is { } due && due > wanted.CreatedAt)
        {
            var key = new TimerKey(wanted.Id, execution, TimerKey.DelayedStart);
            AddTimer(connection, key, due);
            return ((key, due), wake);
        }

        AddToInbox(connection, wanted.Id, execution, new HistoryEvent(EventKind.Started));
        return (null, wake);
    }

    /// <summary>Deletes an instance with all that belongs to it. A call of it that is running ends unheard.</summary>
    public static void Remove(SqliteConnection connection, string id)
    {
        connection.Execute("DELETE FROM durable_instances WHERE id = $0", id);
        connection.Execute("DELETE FROM durable_history WHERE instance_id = $0", id);
        connection.Execute("DELETE FROM durable_inbox WHERE instance_id = $0", id);
        connection.Execute("DELETE FROM durable_activities WHERE instance_id = $0", id);
        connection.Execute("DELETE FROM durable_timers WHERE instance_id = $0", id);
    }

    public static List<string> Children(SqliteConnection connection, string id) =>
        connection.Query("SELECT id FROM durable_instances WHERE parent_id = $0", row => row.GetString(0), id);

    /// <summary>The instances that a query selects, oldest first, after <paramref name="after"/>.</summary>
    public List<Instance> List(InstanceFilter filter, (DateTime CreatedAt, string Id)? after, int count) => database.Read(connection =>
    {
        // A status list is one text parameter, so that the statement stays the same and prepared.
        var statuses = filter.Statuses is null ? null : $" {string.Join(' ', filter.Statuses.Select(WordOf))} ";
        return connection.Query(
            $"""
            SELECT {InstanceColumns} FROM durable_instances
            WHERE created_at >= $0 AND created_at <= $1
              AND ($2 IS NULL OR instr($2, ' ' || status || ' ') > 0)
              AND ($3 IS NULL OR substr(id, 1, length($3)) = $3)
              AND ($7 IS NULL OR EXISTS (SELECT 1 FROM json_each(tags) WHERE key = $7 AND value = $8))
              AND ($4 IS NULL OR created_at > $4 OR (created_at = $4 AND id > $5))
            ORDER BY created_at, id LIMIT $6
            """,
            ToInstance,
            filter.CreatedFrom ?? DateTime.MinValue,
            filter.CreatedTo ?? DateTime.MaxValue,
            statuses,
            filter.IdPrefix,
            after?.CreatedAt,
            after?.Id,
            count,
            filter.Tag?.Key,
            filter.Tag?.Value);
    });

    private static void AddTimer(SqliteConnection connection, TimerKey key, DateTime due) => connection.Execute(
        "INSERT INTO durable_timers (instance_id, execution, task_id, due, checksum) VALUES ($0, $1, $2, $3, $4)",
        key.InstanceId,
        key.Execution,
        key.TaskId,
        due,
        ChecksumOf(key, due));
}

/// <summary>Which instances are meant; bounds are inclusive, null does not restrict.</summary>
internal sealed record InstanceFilter(
    DateTime? CreatedFrom, DateTime? CreatedTo, IReadOnlyCollection<OrchestrationRuntimeStatus>? Statuses, string? IdPrefix, KeyValuePair<string, string>? Tag);
