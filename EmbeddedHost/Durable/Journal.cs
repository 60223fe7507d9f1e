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
            trace_parent TEXT,
            history_lines INTEGER,
            checksum INTEGER,
            checksum_at INTEGER
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
            checksum INTEGER,
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
            data TEXT,
            checksum INTEGER
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
            trace_parent TEXT,
            checksum INTEGER
        );
        CREATE INDEX IF NOT EXISTS durable_activities_instance ON durable_activities (instance_id);
        CREATE TABLE IF NOT EXISTS durable_timers (
            instance_id TEXT NOT NULL,
            execution INTEGER NOT NULL,
            task_id INTEGER NOT NULL,
            due INTEGER NOT NULL,
            checksum INTEGER,
            PRIMARY KEY (instance_id, execution, task_id)
        ) WITHOUT ROWID;
        """;

    private const string InstanceColumns =
        "id, name, version, execution, status, created_at, updated_at, input, output, custom_status, failure, tags, "
        + "parent_id, parent_name, parent_execution, parent_task, process_deaths, trace_parent, history_lines, checksum, checksum_at";

    private const string InboxColumns = "seq, execution, kind, task_id, name, at, data, carried, checksum";
    private const string ActivityColumns = "seq, instance_id, execution, task_id, name, input, process_deaths, trace_parent";

    private static readonly (string Table, string Column, string Type)[] s_added =
    [
        ("durable_instances", "trace_parent", "TEXT"),
        ("durable_activities", "trace_parent", "TEXT"),
        ("durable_instances", "history_lines", "INTEGER"),
        ("durable_instances", "checksum", "INTEGER"),
        ("durable_instances", "checksum_at", "INTEGER"),
        ("durable_history", "checksum", "INTEGER"),
        ("durable_inbox", "checksum", "INTEGER"),
        ("durable_activities", "checksum", "INTEGER"),
        ("durable_timers", "checksum", "INTEGER"),
    ];

    private long _activitySeq;

    /// <summary>Gives a journal of an earlier version the columns that came since.</summary>
    public void Upgrade()
    {
        foreach (var (table, column, type) in s_added)
        {
            if (database.Read(connection => connection.Number($"SELECT 1 FROM pragma_table_info('{table}') WHERE name = '{column}'")) is null)
            {
                database.Define($"ALTER TABLE {table} ADD COLUMN {column} {type}");
            }
        }
    }

    public Instance? FindInstance(string id) => database.Read(connection => FindInstance(connection, id));

    /// <summary>The instance with its history and inbox, all as of one moment; null when there is none.</summary>
    public LoadedInstance? Load(string id) => database.Read(connection =>
    {
        connection.Execute("BEGIN");
        try
        {
            return FindInstance(connection, id) is { } instance ? LoadedInstance.Of(instance, HistoryRows.Read(connection, id), ReadInbox(connection, id)) : null;
        }
        finally
        {
            connection.Execute("COMMIT");
        }
    });

    /// <exception cref="InvalidDataException">A message is damaged.</exception>
    public List<Message> ReadInbox(string id)
    {
        var inbox = database.Read(connection => ReadInbox(connection, id));
        return inbox.Find(message => message.Damage is not null) is { Damage: var damage } ? throw new InvalidDataException(damage) : inbox;
    }

    /// <summary>The tags of an instance; empty when there is no such instance.</summary>
    public List<string?> ReadTags(string id) => database.Read(
        connection => connection.Query("SELECT tags FROM durable_instances WHERE id = $0", row => row.Text(0), id));

    public List<HistoryEvent> ReadHistory(string id) => database.Read(connection => HistoryRows.Read(connection, id).Lines);

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

    private static List<Message> ReadInbox(SqliteConnection connection, string id) => connection.Query(
        $"SELECT {InboxColumns} FROM durable_inbox WHERE instance_id = $0 ORDER BY carried DESC, seq",
        row => ToMessage(row, id),
        id);

    private static ActivityCall ToActivity(SqliteDataReader row) =>
        new(row.GetInt64(0), row.GetString(1), row.GetInt64(2), row.GetInt32(3), row.GetString(4), row.Text(5), row.GetInt32(6), row.Text(7));

    private static Instance ToInstance(SqliteDataReader row)
    {
        var instance = new Instance(
            row.GetString(0),
            row.GetString(1),
            row.GetString(2),
            row.GetInt64(3),
            // Of a damaged row it may be no status at all: then it waits for the step that quarantines it.
            Enum.TryParse<OrchestrationRuntimeStatus>(row.GetString(4), ignoreCase: true, out var status) ? status : OrchestrationRuntimeStatus.Running,
            row.Time(5),
            row.Time(6),
            row.Text(7),
            row.Text(8),
            row.Text(9),
            row.Text(10),
            row.Text(11),
            row.IsDBNull(12) ? null : new ParentCall(row.GetString(12), row.GetString(13), row.GetInt64(14), row.GetInt32(15)),
            row.GetInt32(16),
            row.Text(17),
            row.IsDBNull(18) ? null : row.GetInt64(18));

        // A build from before there were checksums leaves an older one's behind when it changes the row.
        return row.IsDBNull(19) || row.IsDBNull(20) || row.GetInt64(20) != row.GetInt64(6) ? instance with { HistoryLines = null }
            : row.GetInt64(19) == ChecksumOf(instance, row.GetString(4)) ? instance
            : instance with { HistoryLines = null, Damage = $"the row of '{instance.Id}' in durable_instances" };
    }

    private static string WordOf(OrchestrationRuntimeStatus status) => status.ToString().ToLower(CultureInfo.InvariantCulture);
}
