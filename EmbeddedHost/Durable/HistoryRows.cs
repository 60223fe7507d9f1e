using Advisor.Embedded.Storage;
using Microsoft.Data.Sqlite;

namespace Advisor.Embedded.Durable;

/// <summary>The history of an instance as its rows have it.</summary>
/// <param name="End">The number of the next line.</param>
/// <param name="Damage">The first line that is not as it was written or does not follow on the one before, in words; null when there is none.</param>
internal sealed record HistoryRows(List<HistoryEvent> Lines, long End, string? Damage)
{
    /// <param name="checksums">False for a journal of a build that kept none.</param>
    public static HistoryRows Read(SqliteConnection connection, string instance, bool checksums = true)
    {
        string? damage = null;
        var end = 0L;
        var lines = connection.Query(
            $"SELECT kind, task_id, name, target, at, data, seq, {(checksums ? "checksum" : "NULL")} FROM durable_history WHERE instance_id = $0 ORDER BY seq",
            row =>
            {
                var line = new HistoryEvent(row.GetString(0), row.GetInt32(1), row.Text(2), row.Text(3), row.IsDBNull(4) ? null : row.Time(4), row.Text(5));
                var seq = row.GetInt64(6);
                damage ??= seq != end ? $"the history of '{instance}', whose line {end} is not there,"
                    : row.IsDBNull(7) || row.GetInt64(7) == ChecksumOf(instance, seq, line) ? null
                    : $"line {seq} of the history of '{instance}'";
                end = seq + 1;
                return line;
            },
            instance);
        return new HistoryRows(lines, end, damage);
    }

    public static long ChecksumOf(string instance, long seq, HistoryEvent line) => new RowChecksum()
        .Add(instance)
        .Add(seq)
        .Add(line.Kind)
        .Add(line.TaskId)
        .Add(line.Name)
        .Add(line.Target)
        .Add(line.At?.Ticks)
        .Add(line.Data)
        .Value;
}
