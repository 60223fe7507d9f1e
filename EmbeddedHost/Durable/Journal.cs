using System.Globalization;
using Advisor.Embedded.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.DurableTask.Client;

namespace Advisor.Embedded.Durable;

/// <summary>The engine's tables: reading them, and the transactions that change them.</summary>
/// <remarks>
/// A message reaches an instance by a row in its inbox; the step that takes it in removes the row and writes the history in the same
/// transaction. So nothing is lost and nothing is taken in twice, whenever the process dies. Methods that take a connection are to be run
/// by <see cref="SqliteDatabase.WriteAsync(Action{SqliteConnection})"/>.
/// </remarks>
internal sealed partial class Journal(SqliteDatabase database)
{
    /// <summary>Times are UTC ticks. Kinds and statuses are short words, for readers with a SQL prompt.</summary>
    public const string Schema = """
        CREATE TABLE IF NOT EXISTS durable_instances (
            id TEXT NOT NULL PRIMARY KEY,
            name TEXT NOT NULL,
            version TEXT NOT NULL,
            execution INTEGER NOT NULL,
            status TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL,
            input TEXT,
            output TEXT,
            custom_status TEXT,
            failure TEXT,
            tags TEXT,
            parent_id TEXT,
            parent_name TEXT,
            parent_execution INTEGER,
            parent_task INTEGER,
            process_deaths INTEGER NOT NULL DEFAULT 0,
            trace_parent TEXT
        ) WITHOUT ROWID;
        CREATE INDEX IF NOT EXISTS durable_instances_created ON durable_instances (created_at, id);
        CREATE INDEX IF NOT EXISTS durable_instances_parent ON durable_instances (parent_id) WHERE parent_id IS NOT NULL;
        CREATE TABLE IF NOT EXISTS durable_history (
            instance_id TEXT NOT NULL,
            seq INTEGER NOT NULL,
            kind TEXT NOT NULL,
            task_id INTEGER NOT NULL,
            name TEXT,
            target TEXT,
            at INTEGER,
            data TEXT,
            PRIMARY KEY (instance_id, seq)
        ) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS durable_inbox (
            seq INTEGER PRIMARY KEY AUTOINCREMENT,
            instance_id TEXT NOT NULL,
            execution INTEGER,
            carried INTEGER NOT NULL DEFAULT 0,
            kind TEXT NOT NULL,
            task_id INTEGER NOT NULL,
            name TEXT,
            at INTEGER,
            data TEXT
        );
        CREATE INDEX IF NOT EXISTS durable_inbox_instance ON durable_inbox (instance_id);
        CREATE TABLE IF NOT EXISTS durable_activities (
            seq INTEGER PRIMARY KEY,
            instance_id TEXT NOT NULL,
            execution INTEGER NOT NULL,
            task_id INTEGER NOT NULL,
            name TEXT NOT NULL,
            input TEXT,
            process_deaths INTEGER NOT NULL DEFAULT 0,
            trace_parent TEXT
        );
        CREATE INDEX IF NOT EXISTS durable_activities_instance ON durable_activities (instance_id);
        CREATE TABLE IF NOT EXISTS durable_timers (
            instance_id TEXT NOT NULL,
            execution INTEGER NOT NULL,
            task_id INTEGER NOT NULL,
            due INTEGER NOT NULL,
            PRIMARY KEY (instance_id, execution, task_id)
        ) WITHOUT ROWID;
        """;

    private const string InstanceColumns =
        "id, name, version, execution, status, created_at, updated_at, input, output, custom_status, failure, tags, "
        + "parent_id, parent_name, parent_execution, parent_task, process_deaths, trace_parent";

    private const string InboxColumns = "seq, execution, kind, task_id, name, at, data";
    private const string ActivityColumns = "seq, instance_id, execution, task_id, name, input, process_deaths, trace_parent";
    private const string HistoryColumns = "kind, task_id, name, target, at, data";

    private long _activitySeq;

    /// <summary>Gives a journal of an earlier version the columns that came since.</summary>
    public void Upgrade()
    {
        foreach (var table in new[] { "durable_instances", "durable_activities" })
        {
            if (database.Read(connection => connection.Number($"SELECT 1 FROM pragma_table_info('{table}') WHERE name = 'trace_parent'")) is null)
            {
                database.Define($"ALTER TABLE {table} ADD COLUMN trace_parent TEXT");
            }
        }
    }

    public Instance? FindInstance(string id) => database.Read(connection => FindInstance(connection, id));

    /// <summary>The instance with its history and inbox, all as of one moment; null when there is none.</summary>
    public (Instance Instance, List<HistoryEvent> History, List<Message> Inbox)? Load(string id) => database.Read<(Instance, List<HistoryEvent>, List<Message>)?>(connection =>
    {
        connection.Execute("BEGIN");
        try
        {
            return FindInstance(connection, id) is { } instance ? (instance, ReadHistory(connection, id), ReadInbox(connection, id)) : null;
        }
        finally
        {
            connection.Execute("COMMIT");
        }
    });

    public List<Message> ReadInbox(string id) => database.Read(connection => ReadInbox(connection, id));

    /// <summary>The tags of an instance; empty when there is no such instance.</summary>
    public List<string?> ReadTags(string id) => database.Read(
        connection => connection.Query("SELECT tags FROM durable_instances WHERE id = $0", row => row.Text(0), id));

    public List<HistoryEvent> ReadHistory(string id) => database.Read(connection => ReadHistory(connection, id));

    /// <summary>Everything that a restart has to pick up again.</summary>
    public (List<string> Ready, List<ActivityCall> Activities, List<(TimerKey Key, DateTime Due)> Timers) ReadOpenWork() => database.Read(connection =>
    {
        var ready = connection.Query("SELECT DISTINCT instance_id FROM durable_inbox", row => row.GetString(0));
        var activities = connection.Query(
            $"SELECT {ActivityColumns} FROM durable_activities ORDER BY seq", ToActivity);
        var timers = connection.Query(
            "SELECT instance_id, execution, task_id, due FROM durable_timers",
            row => (new TimerKey(row.GetString(0), row.GetInt64(1), row.GetInt32(2)), row.Time(3)));
        _activitySeq = activities.Count == 0 ? 0 : activities[^1].Seq;
        return (ready, activities, timers);
    });

    internal static Instance? FindInstance(SqliteConnection connection, string id) =>
        connection.First($"SELECT {InstanceColumns} FROM durable_instances WHERE id = $0", ToInstance, id);

    private static List<HistoryEvent> ReadHistory(SqliteConnection connection, string id) => connection.Query(
        $"SELECT {HistoryColumns} FROM durable_history WHERE instance_id = $0 ORDER BY seq",
        row => new HistoryEvent(
            row.GetString(0), row.GetInt32(1), row.Text(2), row.Text(3), row.IsDBNull(4) ? null : row.Time(4), row.Text(5)),
        id);

    private static List<Message> ReadInbox(SqliteConnection connection, string id) => connection.Query(
        $"SELECT {InboxColumns} FROM durable_inbox WHERE instance_id = $0 ORDER BY carried DESC, seq",
        row => new Message(
            row.GetInt64(0),
            row.IsDBNull(1) ? null : row.GetInt64(1),
            new HistoryEvent(row.GetString(2), row.GetInt32(3), row.Text(4), null, row.IsDBNull(5) ? null : row.Time(5), row.Text(6))),
        id);

    private static ActivityCall ToActivity(SqliteDataReader row) =>
        new(row.GetInt64(0), row.GetString(1), row.GetInt64(2), row.GetInt32(3), row.GetString(4), row.Text(5), row.GetInt32(6), row.Text(7));

    private static Instance ToInstance(SqliteDataReader row) => new(
        row.GetString(0),
        row.GetString(1),
        row.GetString(2),
        row.GetInt64(3),
        StatusOf(row.GetString(4)),
        row.Time(5),
        row.Time(6),
        row.Text(7),
        row.Text(8),
        row.Text(9),
        row.Text(10),
        row.Text(11),
        row.IsDBNull(12) ? null : new ParentCall(row.GetString(12), row.GetString(13), row.GetInt64(14), row.GetInt32(15)),
        row.GetInt32(16),
        row.Text(17));

    private static OrchestrationRuntimeStatus StatusOf(string word) => Enum.Parse<OrchestrationRuntimeStatus>(word, ignoreCase: true);

    private static string WordOf(OrchestrationRuntimeStatus status) => status.ToString().ToLower(CultureInfo.InvariantCulture);
}
