using System.Text.Json;
using Advisor.Embedded.ServiceBus;
using Advisor.Embedded.Storage;
using Microsoft.Data.Sqlite;

namespace Advisor.Tests.Embedded.Durability;

/// <summary>What lies in a data folder whose host runs, read beside it.</summary>
/// <param name="Backlog">The messages in any state, dead letters included, at most twenty.</param>
/// <param name="OpenWork">Orchestrations not ended, activities, timers and inbox messages left in the journal; without reviews, which wait for a person.</param>
/// <param name="ReviewSubjects">The subject of every review record, but for those of what a coin chose among the released.</param>
internal sealed record StoredState(IReadOnlyList<string> Backlog, IReadOnlyList<string> OpenWork, IReadOnlyList<string> ReviewSubjects)
{
    /// <remarks>The files are closed again at once: a process that holds one open spares the next host the recovery of its log.</remarks>
    public static async Task<StoredState> ReadAsync(string path)
    {
        var folder = new DataFolder(path);
        return new StoredState(
            await ReadAsync(folder.Queues, connection => connection.Rows(
                row => $"{row.GetString(0)}: {row.GetString(1)}, {row.GetString(2)} until {(row.IsDBNull(3) ? null : new DateTime(row.GetInt64(3), DateTimeKind.Utc)):u}",
                "SELECT queue, message_id, CASE state WHEN 0 THEN 'ready' WHEN 1 THEN 'locked' WHEN 2 THEN 'scheduled' ELSE 'dead ' || reason END, due FROM queue_messages ORDER BY sequence LIMIT 20")),
            await ReadAsync(folder.Journal, connection => connection.Rows(row => row.GetString(0), """
                SELECT 'instance ' || name || ' ' || id || ' ' || status FROM durable_instances WHERE status <> 'completed' AND NOT (name = 'ReviewOrchestrator' AND status = 'running')
                UNION ALL SELECT 'activity ' || name || ' ' || instance_id FROM durable_activities
                UNION ALL SELECT 'timer ' || instance_id FROM durable_timers WHERE instance_id NOT LIKE 'review-%'
                UNION ALL SELECT 'inbox ' || kind || ' ' || instance_id FROM durable_inbox
                """)),
            await ReadAsync(folder.Records, connection => connection.Rows(
                row => JsonDocument.Parse(row.GetString(0)).RootElement.GetProperty("subject_id").GetString()!,
                "SELECT json FROM records WHERE container = 'reviews' AND json_extract(json, '$.blind') = 0")));
    }

    private static async Task<List<string>> ReadAsync(string file, Func<SqliteConnection, List<string>> read)
    {
        await using var database = new SqliteDatabase(file, "");
        return database.Read(read);
    }
}
