using Advisor.Embedded.Storage;
using Microsoft.Data.Sqlite;

namespace Advisor.Embedded.Durable;

/// <summary>An instance in a journal that was opened to be read.</summary>
/// <param name="WaitingActivities">Names of the activities whose calls have not ended.</param>
/// <param name="Damage">What of its row or its history is not as it was written, in words; null when nothing was found.</param>
internal sealed record JournaledInstance(
    string Id, string Name, string Version, string Status, string? Input, RecordedParent? Parent, IReadOnlyList<HistoryEvent> History, IReadOnlyList<string> WaitingActivities, string? Damage = null)
{
    /// <summary>Its history as a file; a beginning that was not yet run is one in which only that happened.</summary>
    public RecordedHistory ToRecorded() => new(
        Id, History.Count > 0 ? History : [new HistoryEvent(EventKind.Started, Name: Name, Target: Version, Data: Input)], Parent);
}

/// <summary>The journal of a data folder opened read-only, whether a host is writing it or none runs.</summary>
/// <remarks>
/// Needs only columns that journals always had, or had since there were checksums, so that a build can be tried on the journal of an older one before it takes over.
/// For one thread at a time.
/// </remarks>
internal sealed class JournalFile : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly bool _checksums;

    static JournalFile() => SQLitePCL.Batteries_V2.Init();

    private JournalFile(SqliteConnection connection)
    {
        _connection = connection;
        _checksums = connection.Number("SELECT 1 FROM pragma_table_info('durable_history') WHERE name = 'checksum'") is not null;
    }

    /// <exception cref="IOException">There is no journal in the folder.</exception>
    public static JournalFile Open(DataFolder folder)
    {
        if (!File.Exists(folder.Journal))
        {
            throw new IOException($"There is no journal at {folder.Journal}; name the data folder of a host with --data.");
        }

        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = folder.Journal, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
        try
        {
            connection.Open();
            return new JournalFile(connection);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Ids of the instances that have not ended, oldest first.</summary>
    public IReadOnlyList<string> Unfinished() => _connection.Query(
        "SELECT id FROM durable_instances WHERE status IN ('running', 'pending', 'suspended') ORDER BY created_at, id", row => row.GetString(0));

    /// <summary>An instance with its history as of one moment; null when there is none.</summary>
    public JournaledInstance? Find(string id)
    {
        // One transaction for each instance, not one for all: a long one would keep a running host from shortening its write-ahead log.
        _connection.Execute("BEGIN");
        try
        {
            var instance = _connection.First(
                "SELECT name, version, status, input, parent_id, parent_name FROM durable_instances WHERE id = $0",
                row => new JournaledInstance(
                    id,
                    row.GetString(0),
                    row.GetString(1),
                    row.GetString(2),
                    row.Text(3),
                    row.Text(4) is { } parent ? new RecordedParent(parent, row.GetString(5)) : null,
                    [],
                    []),
                id);
            if (instance is null)
            {
                return null;
            }

            var history = HistoryRows.Read(_connection, id, _checksums);
            var damage = _checksums && Journal.FindInstance(_connection, id) is { } row ? LoadedInstance.Of(row, history, []).Damage : history.Damage;
            return instance with { History = history.Lines, WaitingActivities = ReadActivities(id), Damage = damage };
        }
        finally
        {
            _connection.Execute("COMMIT");
        }
    }

    public void Dispose() => _connection.Dispose();

    private List<string> ReadActivities(string id) => _connection.Query(
        "SELECT DISTINCT name FROM durable_activities WHERE instance_id = $0 ORDER BY name", row => row.GetString(0), id);
}
