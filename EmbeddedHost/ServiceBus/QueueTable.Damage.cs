using Advisor.Embedded.Storage;
using Microsoft.Data.Sqlite;

namespace Advisor.Embedded.ServiceBus;

/// <summary>Messages say by a checksum whether they are what was sent.</summary>
/// <remarks>
/// A row without one is of a build that wrote none, and is believed. Not covered: what becomes of a message, which is its state, its place, its times
/// and its deliveries.
/// </remarks>
internal static partial class QueueTable
{
    public const string DamagedMessage = "DamagedMessage";

    /// <summary>Whether the message is ready, as its place in the index says, and as it was written.</summary>
    private static bool IsSound(SqliteConnection connection, string queue, long sequence) => connection.Rows(
        row => row.GetInt32(0) == 0 && row.GetString(6) == queue
            && (row.IsDBNull(1) || row.GetInt64(1) == ChecksumOf(queue, row.GetString(2), row.GetString(3), row.GetString(4), row.GetFieldValue<byte[]>(5))),
        "SELECT state, checksum, message_id, subject, properties, body, queue FROM queue_messages WHERE sequence = @sequence",
        ("@sequence", sequence)) is [true];

    /// <summary>Makes what SQLite finds messages by anew, from the messages: seconds for a million of them.</summary>
    public static void MendIndexes(SqliteConnection connection) => connection.Run("REINDEX queue_messages");

    /// <summary>Dead-letters a message that is not as it was written. The indexes are made to follow from what it has become first: else its entries were not found, and would stay.</summary>
    private static void SetAside(SqliteConnection connection, string queue, long sequence, long now)
    {
        MendIndexes(connection);
        connection.Run(
            $"UPDATE queue_messages SET queue = @queue, state = 3, reason = '{DamagedMessage}', description = @description, died = @now WHERE sequence = @sequence AND state = 0",
            ("@queue", queue),
            ("@description", $"In {connection.DataSource}, the message is not as it was written: the disk gave back something else. Send it anew from where it came; see 'Damaged files' in docs/engine.md."),
            ("@now", now),
            ("@sequence", sequence));
    }

    private static long ChecksumOf(string queue, string messageId, string subject, string properties, ReadOnlySpan<byte> body) =>
        new RowChecksum().Add(queue).Add(messageId).Add(subject).Add(properties).Add(body).Value;
}
