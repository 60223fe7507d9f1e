using System.Text.Json;
using Advisor.Embedded.Storage;
using Microsoft.Data.Sqlite;

namespace Advisor.Embedded.ServiceBus;

/// <summary>Messages say by a checksum whether they are what was sent.</summary>
/// <remarks>
/// A row without one is of a build that wrote none, and is believed as far as it can be read. Not covered: what becomes of a message, which is its
/// state, its place, its times and its deliveries; only a state that its lock and times belie is seen.
/// </remarks>
internal static partial class QueueTable
{
    public const string DamagedMessage = "DamagedMessage";

    // https://www.sqlite.org/rescode.html
    private const int Corrupt = 11;

    /// <summary>A message as its row has it.</summary>
    /// <param name="IsSound">As it was written, as far as that can be told; the rest says nothing where it is not.</param>
    private readonly record struct Found(bool IsSound, long State, string Queue);

    /// <summary>Looks at a message to which an index has led.</summary>
    /// <param name="queue">Where the index has it.</param>
    /// <returns>Null where there is none.</returns>
    private static Found? Look(SqliteConnection connection, string queue, long sequence)
    {
        try
        {
            return connection.Rows(
                row => ReadFound(row, queue),
                $"SELECT {MessageColumns}, CASE WHEN typeof(queue) = 'text' THEN queue END, state, checksum, lock IS NOT NULL, due IS NOT NULL, reason IS NOT NULL AND died IS NOT NULL FROM queue_messages WHERE sequence = @sequence",
                ("@sequence", sequence)) is [var found] ? found : null;
        }
        catch (Exception fault) when (IsOfDamage(fault))
        {
            return default(Found);
        }
    }

    private static Found ReadFound(SqliteDataReader row, string queue)
    {
        var message = ReadMessage(row, row.GetString(7), default, default);
        var state = row.GetInt64(8);
        var (isLocked, hasTime, isDead) = (row.GetBoolean(10), row.GetBoolean(11), row.GetBoolean(12));
        var isOfItsState = state switch
        {
            0 => !isLocked && !hasTime,
            1 => isLocked && hasTime,
            2 => !isLocked && hasTime,
            3 => !isLocked && !hasTime && isDead,
            _ => false,
        };

        // A dead letter is looked at again when it is resubmitted.
        var isAsWritten = row.IsDBNull(9) || (state == 3 && message.Queue == queue)
            ? message.Queue == queue
            : row.GetInt64(9) == ChecksumOf(message.Queue, message.MessageId, message.Subject, row.GetString(3), message.Body.Span);
        return new Found(isOfItsState && isAsWritten, state, message.Queue);
    }

    /// <summary>What reading a row throws that is not what was written: nothing where something must be, or something else than it must be.</summary>
    private static bool IsOfDamage(Exception fault) =>
        fault is InvalidOperationException or InvalidCastException or ArgumentException or OverflowException or JsonException or SqliteException { SqliteErrorCode: Corrupt };

    /// <summary>Dead-letters every message that is damaged, and makes what SQLite finds messages by anew: seconds for a million of them.</summary>
    /// <remarks>
    /// All are looked at first, where the indexes have them: one whose row no longer says its queue or its state would never be found again by new ones.
    /// What is damaged in an index alone is as new afterwards.
    /// </remarks>
    public static void Mend(SqliteConnection connection, long now)
    {
        var damaged = Everything(connection).Where(one => Look(connection, one.Queue, one.Sequence) is { IsSound: false }).ToList();

        // A row that has become another has entries that are no longer found by it: it can be written to without them only.
        connection.Run(DropIndexes);
        foreach (var (sequence, queue) in damaged)
        {
            SetAside(connection, queue, sequence, now);
        }

        connection.Run(Indexes);
    }

    private static List<(long Sequence, string Queue)> Everything(SqliteConnection connection)
    {
        try
        {
            return Read("INDEXED BY queue_heads");
        }
        catch (SqliteException fault) when (fault.SqliteErrorCode == Corrupt)
        {
            return Read("NOT INDEXED");
        }

        List<(long, string)> Read(string by) => connection.Rows(row => (row.GetInt64(0), row.GetString(1)), $"SELECT sequence, coalesce(queue, '') FROM queue_messages {by}");
    }

    private static void SetAside(SqliteConnection connection, string queue, long sequence, long now)
    {
        (string, object?)[] values =
        [
            ("@sequence", sequence),
            ("@queue", queue),
            ("@description", $"In {connection.DataSource}, the message is not as it was written: the disk gave back something else. Send it anew from where it came; see 'Damaged files' in docs/engine.md."),
            ("@now", now),
        ];
        try
        {
            connection.Run(
                $"UPDATE queue_messages SET queue = @queue, state = 3, lock = NULL, due = NULL, reason = '{DamagedMessage}', description = @description, died = @now WHERE sequence = @sequence",
                values);
        }
        catch (SqliteException fault) when (fault.SqliteErrorCode == Corrupt)
        {
            // Nothing of the row can be read, not even to keep it: a dead letter without content stands for it.
            connection.Run("DELETE FROM queue_messages WHERE sequence = @sequence", ("@sequence", sequence));
            connection.Run(
                $"""
                INSERT INTO queue_messages(sequence, queue, state, message_id, subject, properties, body, enqueued, reason, description, died)
                VALUES(@sequence, @queue, 3, '', '', '', x'', @now, '{DamagedMessage}', @description, @now)
                """,
                values);
        }
    }

    private static long ChecksumOf(string queue, string messageId, string subject, string properties, ReadOnlySpan<byte> body) =>
        new RowChecksum().Add(queue).Add(messageId).Add(subject).Add(properties).Add(body).Value;
}
