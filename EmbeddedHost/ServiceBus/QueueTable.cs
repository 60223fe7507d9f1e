using System.Text.Json;
using Advisor.Embedded.Durable;
using Advisor.Embedded.Storage;
using Advisor.Kernel.Http;
using Advisor.Kernel.Messaging;
using Microsoft.Data.Sqlite;

namespace Advisor.Embedded.ServiceBus;

/// <summary>What time it is for a queue, in ticks.</summary>
/// <param name="Utc">By the wall clock, which can be set.</param>
/// <param name="Steady">By a clock that nobody can set, and that begins anew with each process: locks go by it, which end with the process too.</param>
internal readonly record struct QueueTime(long Utc, long Steady);

/// <summary>The table behind the queues, and each change to it as one piece of work for the writer. Times are UTC ticks, but for the end of a lock.</summary>
/// <remarks>
/// <c>state</c>: 0 ready, 1 locked, 2 scheduled, 3 dead. <c>due</c>: when a lock ends or a scheduled message is due. Tenants take turns in the
/// order of their names, and <c>queue_turns</c> says whose was the last. The index on queue and tenant ends in the row id, which is the sequence
/// number, so the next tenant and its oldest message are found without passing the messages behind it.
/// </remarks>
internal static partial class QueueTable
{
    public const string MaxDeliveryCountExceeded = "MaxDeliveryCountExceeded";

    /// <summary>Whose a message is; those of nobody are one tenant's. An expression, so that files from before the turns need an index and no more.</summary>
    private const string Tenant = "CASE WHEN json_valid(properties) THEN coalesce(json_extract(properties, '$.tenant'), '') ELSE '' END";

    private const string Indexes = $"""
        CREATE INDEX IF NOT EXISTS queue_heads ON queue_messages(queue, state);
        CREATE INDEX IF NOT EXISTS queue_lanes ON queue_messages(queue, {Tenant}) WHERE state = 0;
        CREATE INDEX IF NOT EXISTS queue_due ON queue_messages(queue, state, due) WHERE due IS NOT NULL;
        CREATE INDEX IF NOT EXISTS queue_asked ON queue_messages(queue, enqueued) WHERE state = 2;
        CREATE UNIQUE INDEX IF NOT EXISTS queue_locks ON queue_messages(lock) WHERE lock IS NOT NULL;
        """;

    private const string DropIndexes = """
        DROP INDEX IF EXISTS queue_heads;
        DROP INDEX IF EXISTS queue_lanes;
        DROP INDEX IF EXISTS queue_due;
        DROP INDEX IF EXISTS queue_asked;
        DROP INDEX IF EXISTS queue_locks;
        """;

    public const string Schema = $"""
        CREATE TABLE IF NOT EXISTS queue_messages(
            sequence INTEGER PRIMARY KEY,
            queue TEXT NOT NULL,
            state INTEGER NOT NULL,
            due INTEGER,
            lock TEXT,
            deliveries INTEGER NOT NULL DEFAULT 0,
            message_id TEXT NOT NULL,
            subject TEXT NOT NULL,
            properties TEXT NOT NULL,
            body BLOB NOT NULL,
            enqueued INTEGER NOT NULL,
            reason TEXT,
            description TEXT,
            died INTEGER,
            checksum INTEGER);
        DROP INDEX IF EXISTS queue_tenants;
        {Indexes}
        CREATE TABLE IF NOT EXISTS queue_turns(queue TEXT PRIMARY KEY, tenant TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS queue_seen(
            queue TEXT NOT NULL, message_id TEXT NOT NULL, until INTEGER NOT NULL, PRIMARY KEY(queue, message_id)) WITHOUT ROWID;
        CREATE INDEX IF NOT EXISTS queue_seen_until ON queue_seen(until);
        CREATE TABLE IF NOT EXISTS queue_sequence(last INTEGER NOT NULL);
        INSERT INTO queue_sequence SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM queue_sequence);
        """;

    /// <summary>The oldest ready message of the first tenant, by name, from <c>@tenant</c> on.</summary>
    public const string HeadFrom = $"SELECT sequence, {Tenant} FROM queue_messages WHERE queue = @queue AND state = 0 AND {Tenant} >= @tenant ORDER BY {Tenant}, sequence LIMIT 1";

    /// <summary>The oldest ready message of the first tenant, by name, behind <c>@tenant</c>.</summary>
    public const string HeadBehind = $"SELECT sequence, {Tenant} FROM queue_messages WHERE queue = @queue AND state = 0 AND {Tenant} > @tenant ORDER BY {Tenant}, sequence LIMIT 1";

    private const string MessageColumns = "sequence, message_id, subject, properties, body, enqueued, deliveries";

    /// <summary>Gives a file of an earlier version the column that came since. A row without a checksum is believed.</summary>
    public static void Upgrade(SqliteConnection connection)
    {
        if (connection.Rows(row => row.GetInt64(0), "SELECT 1 FROM pragma_table_info('queue_messages') WHERE name = 'checksum'").Count == 0)
        {
            connection.Run("ALTER TABLE queue_messages ADD COLUMN checksum INTEGER");
        }
    }

    /// <summary>Ends every lock: a file has one host, so whoever held a lock when it is opened is gone.</summary>
    /// <returns>The messages that were locked, those delivered least often first.</returns>
    public static List<(string Queue, long Sequence)> Open(SqliteConnection connection)
    {
        var locked = connection.Rows(
            row => (row.GetString(0), row.GetInt64(1)), "SELECT queue, sequence FROM queue_messages WHERE lock IS NOT NULL ORDER BY deliveries, sequence");
        connection.Run("UPDATE queue_messages SET due = 0 WHERE lock IS NOT NULL");
        return locked;
    }

    /// <summary>Adds the message unless its id was seen within the window.</summary>
    public static void Send(SqliteConnection connection, string queue, BusMessage message, QueueOptions options, long now)
    {
        if (options.DuplicateWindow > TimeSpan.Zero && !Remember(connection, queue, message.MessageId, now, now + options.DuplicateWindow.Ticks))
        {
            return;
        }

        var due = message.ScheduledAt?.UtcTicks is { } at && at > now ? at : (long?)null;
        var properties = JsonSerializer.Serialize(message.Properties, AdvisorJson.Options);
        connection.Run(
            """
            INSERT INTO queue_messages(sequence, queue, state, due, message_id, subject, properties, body, enqueued, checksum)
            VALUES(@sequence, @queue, @state, @due, @id, @subject, @properties, @body, @now, @checksum)
            """,
            ("@sequence", NextSequence(connection)),
            ("@queue", queue),
            ("@state", due is null ? 0 : 2),
            ("@due", due),
            ("@id", message.MessageId),
            ("@subject", message.Subject),
            ("@properties", properties),
            ("@body", message.Body.ToArray()),
            ("@now", now),
            ("@checksum", ChecksumOf(queue, message.MessageId, message.Subject, properties, message.Body.Span)));
    }

    /// <summary>Locks and gives the oldest message of the tenant whose turn it is; with none, how long until the next can become one (null: not by time alone).</summary>
    /// <param name="passOver">A tenant that gets no turn now.</param>
    public static (LockedMessage? Message, TimeSpan? Next) Receive(SqliteConnection connection, string queue, QueueOptions options, QueueTime now, string? passOver)
    {
        EndLocks(connection, queue, options, now);
        Hasten(connection, queue, now.Utc);
        Activate(connection, queue, now.Utc);
        for (var mended = false; Next(connection, queue, passOver) is { } next;)
        {
            if (Look(connection, queue, next.Sequence) is not { IsSound: true, State: 0 } found || found.Queue != queue)
            {
                if (mended)
                {
                    throw new SqliteException($"Message {next.Sequence} of {queue} is found, and is not there.", Corrupt);
                }

                Mend(connection, now.Utc);
                mended = true;
                continue;
            }

            connection.Run(
                "INSERT INTO queue_turns VALUES(@queue, @tenant) ON CONFLICT(queue) DO UPDATE SET tenant = excluded.tenant WHERE tenant <> excluded.tenant",
                ("@queue", queue), ("@tenant", next.Tenant));
            return (Lock(connection, queue, next.Sequence, options, now), null);
        }

        return (null, connection.Rows(
            row => row.IsDBNull(0) ? (TimeSpan?)null : TimeSpan.FromTicks(row.GetInt64(0)),
            "SELECT MIN(wait) FROM (SELECT MIN(due) - @steady AS wait FROM queue_messages WHERE queue = @queue AND state = 1 AND due IS NOT NULL "
            + "UNION ALL SELECT MIN(due) - @now FROM queue_messages WHERE queue = @queue AND state = 2 AND due IS NOT NULL)",
            ("@queue", queue), ("@now", now.Utc), ("@steady", now.Steady))[0]);
    }

    /// <summary>Locks and gives this message, out of turn; null when it is not ready.</summary>
    public static LockedMessage? Receive(SqliteConnection connection, string queue, long sequence, QueueOptions options, QueueTime now)
    {
        EndLocks(connection, queue, options, now);
        if (Look(connection, queue, sequence) is { IsSound: false })
        {
            Mend(connection, now.Utc);
        }

        return Lock(connection, queue, sequence, options, now);
    }

    public static bool Complete(SqliteConnection connection, string queue, Guid token, QueueTime now) =>
        connection.Run("DELETE FROM queue_messages WHERE lock = @lock AND queue = @queue AND due > @steady", Held(queue, token, now)) == 1;

    public static bool Renew(SqliteConnection connection, string queue, Guid token, QueueOptions options, QueueTime now) =>
        connection.Run(
            "UPDATE queue_messages SET due = @until WHERE lock = @lock AND queue = @queue AND due > @steady",
            [.. Held(queue, token, now), ("@until", now.Steady + options.LockDuration.Ticks)]) == 1;

    /// <summary>Gives the message back at its place in the order, or dead-letters it when it has been delivered too often.</summary>
    public static bool Abandon(SqliteConnection connection, string queue, Guid token, QueueOptions options, QueueTime now) =>
        connection.Run(
            "UPDATE queue_messages SET " + GiveBack + " WHERE lock = @lock AND queue = @queue AND due > @steady",
            [.. Held(queue, token, now), .. GiveBackValues(options)]) == 1;

    public static bool Kill(SqliteConnection connection, string queue, Guid token, string reason, string? description, QueueTime now) =>
        connection.Run(
            """
            UPDATE queue_messages SET state = 3, lock = NULL, due = NULL, reason = @reason, description = @description, died = @now
            WHERE lock = @lock AND queue = @queue AND due > @steady
            """,
            [.. Held(queue, token, now), ("@reason", reason), ("@description", description)]) == 1;

    /// <summary>Puts a dead letter at the end of its queue, as if new.</summary>
    public static bool Resubmit(SqliteConnection connection, string queue, long sequence, long now) =>
        connection.Run(
            """
            UPDATE queue_messages SET sequence = @next, state = 0, deliveries = 0, enqueued = @now, reason = NULL, description = NULL, died = NULL
            WHERE sequence = @sequence AND queue = @queue AND state = 3
            """,
            ("@next", NextSequence(connection)), ("@now", now), ("@sequence", sequence), ("@queue", queue)) == 1;

    public static QueueCounts Count(SqliteConnection connection, string queue, QueueTime now) => connection.Rows(
        row => new QueueCounts(row.GetInt32(0), row.GetInt32(1), row.GetInt32(2), row.GetInt32(3)),
        """
        SELECT COUNT(CASE WHEN state = 0 OR (state = 1 AND due <= @steady) OR (state = 2 AND due <= @now) THEN 1 END),
            COUNT(CASE WHEN state = 1 AND due > @steady THEN 1 END),
            COUNT(CASE WHEN state = 2 AND due > @now THEN 1 END),
            COUNT(CASE WHEN state = 3 THEN 1 END)
        FROM queue_messages WHERE queue = @queue
        """,
        ("@now", now.Utc), ("@steady", now.Steady), ("@queue", queue))[0];

    public static List<DeadLetter> DeadLetters(SqliteConnection connection, string queue, int most) => connection.Rows(
        row => new DeadLetter(
            queue, row.GetInt64(0), row.Text(1) ?? "", row.Text(2) ?? "", row.IsDBNull(4) ? [] : row.GetFieldValue<byte[]>(4), ReadableProperties(row.Text(3) ?? ""),
            Time(Number(row, 5)), (int)Math.Clamp(Number(row, 6), 0, int.MaxValue), row.Text(7) ?? "", row.Text(8), Time(Number(row, 9))),
        $"SELECT {MessageColumns}, reason, description, died FROM queue_messages WHERE queue = @queue AND state = 3 ORDER BY sequence LIMIT @most",
        ("@queue", queue), ("@most", most));

    public static List<string> Queues(SqliteConnection connection) =>
        connection.Rows(row => row.GetString(0), "SELECT DISTINCT queue FROM queue_messages ORDER BY queue");

    /// <summary>The head of the first tenant behind the last one's name that has a ready message, round to that one itself.</summary>
    private static (long Sequence, string Tenant)? Next(SqliteConnection connection, string queue, string? passOver)
    {
        var last = connection.Rows(row => row.GetString(0), "SELECT tenant FROM queue_turns WHERE queue = @queue", ("@queue", queue));
        return (last is [var tenant] ? Head(HeadBehind, tenant) : null) ?? Head(HeadFrom, string.Empty);

        (long Sequence, string Tenant)? Head(string sql, string tenant) =>
            connection.Rows(row => (row.GetInt64(0), row.GetString(1)), sql, ("@queue", queue), ("@tenant", tenant)) is not [var head] ? null
                : head.Item2 == passOver ? Head(HeadBehind, passOver)
                : head;
    }

    private static LockedMessage? Lock(SqliteConnection connection, string queue, long sequence, QueueOptions options, QueueTime now)
    {
        var token = Guid.NewGuid();
        return connection.Rows(
            row => ReadMessage(row, queue, token, now.Utc + options.LockDuration.Ticks),
            $"""
            UPDATE queue_messages SET state = 1, lock = @lock, due = @until, deliveries = deliveries + 1
            WHERE sequence = @sequence AND queue = @queue AND state = 0
            RETURNING {MessageColumns}
            """,
            ("@lock", token.ToString("N")), ("@until", now.Steady + options.LockDuration.Ticks), ("@sequence", sequence), ("@queue", queue)) is [var message] ? message : null;
    }

    private const string GiveBack = $"""
        state = CASE WHEN deliveries < @most THEN 0 ELSE 3 END, lock = NULL, due = NULL,
        reason = CASE WHEN deliveries < @most THEN NULL ELSE '{MaxDeliveryCountExceeded}' END,
        description = CASE WHEN deliveries < @most THEN NULL ELSE @description END,
        died = CASE WHEN deliveries < @most THEN NULL ELSE @now END
        """;

    private static (string Name, object? Value)[] GiveBackValues(QueueOptions options) =>
    [
        ("@most", options.MaxDeliveryCount),
        ("@description", $"The message was delivered {options.MaxDeliveryCount} times and never completed."),
    ];

    private static (string Name, object? Value)[] Held(string queue, Guid token, QueueTime now) =>
        [("@lock", token.ToString("N")), ("@queue", queue), ("@now", now.Utc), ("@steady", now.Steady)];

    private static void EndLocks(SqliteConnection connection, string queue, QueueOptions options, QueueTime now) => connection.Run(
        "UPDATE queue_messages SET " + GiveBack + " WHERE queue = @queue AND state = 1 AND due <= @steady AND due IS NOT NULL",
        [("@queue", queue), ("@now", now.Utc), ("@steady", now.Steady), .. GiveBackValues(options)]);

    /// <summary>A message that was sent later than it is now tells of a clock that was set back since: from now on it waits no longer than it was to wait at all.</summary>
    private static void Hasten(SqliteConnection connection, string queue, long now) => connection.Run(
        "UPDATE queue_messages SET due = due - enqueued + @now, enqueued = @now WHERE queue = @queue AND state = 2 AND enqueued > @now",
        ("@queue", queue), ("@now", now));

    // A message that becomes due joins the end of the queue then, as in Service Bus, and does not overtake those already waiting.
    private static void Activate(SqliteConnection connection, string queue, long now)
    {
        var due = connection.Rows(
            row => row.GetInt64(0),
            "SELECT sequence FROM queue_messages WHERE queue = @queue AND state = 2 AND due <= @now AND due IS NOT NULL ORDER BY due, sequence LIMIT 256",
            ("@queue", queue), ("@now", now));
        foreach (var sequence in due)
        {
            connection.Run(
                "UPDATE queue_messages SET sequence = @next, state = 0, enqueued = due, due = NULL WHERE sequence = @sequence",
                ("@next", NextSequence(connection)), ("@sequence", sequence));
        }
    }

    private static bool Remember(SqliteConnection connection, string queue, string messageId, long now, long until)
    {
        // A few each time keep the table at the size of the window.
        connection.Run(
            "DELETE FROM queue_seen WHERE (queue, message_id) IN (SELECT queue, message_id FROM queue_seen WHERE until <= @now ORDER BY until LIMIT 8)",
            ("@now", now));
        if (connection.Run(
            """
            INSERT INTO queue_seen(queue, message_id, until) VALUES(@queue, @id, @until)
            ON CONFLICT(queue, message_id) DO UPDATE SET until = excluded.until WHERE queue_seen.until <= @now
            """,
            ("@queue", queue), ("@id", messageId), ("@until", until), ("@now", now)) == 1)
        {
            return true;
        }

        // Where the clock was set back since, the window is not to be longer for it.
        connection.Run("UPDATE queue_seen SET until = @until WHERE queue = @queue AND message_id = @id AND until > @until", ("@queue", queue), ("@id", messageId), ("@until", until));
        return false;
    }

    private static long NextSequence(SqliteConnection connection) =>
        connection.Rows(row => row.GetInt64(0), "UPDATE queue_sequence SET last = last + 1 RETURNING last")[0];

    private static LockedMessage ReadMessage(SqliteDataReader row, string queue, Guid token, long until) => new(
        queue, row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetFieldValue<byte[]>(4), Properties(row.GetString(3)),
        Time(row.GetInt64(5)), row.GetInt32(6), token, Time(until));

    private static Dictionary<string, string> Properties(string json) =>
        JsonSerializer.Deserialize<Dictionary<string, string>>(json, AdvisorJson.Options) ?? throw new JsonException("There are no properties.");

    /// <summary>Empty where they are damaged beyond reading.</summary>
    private static Dictionary<string, string> ReadableProperties(string json)
    {
        try
        {
            return Properties(json);
        }
        catch (JsonException)
        {
            return [];
        }
    }

    private static long Number(SqliteDataReader row, int column) => row.IsDBNull(column) ? 0 : row.GetInt64(column);

    /// <summary>The nearest time that can be, should the disk give back one that cannot.</summary>
    private static DateTimeOffset Time(long ticks) => new(Math.Clamp(ticks, 0, DateTimeOffset.MaxValue.UtcTicks), TimeSpan.Zero);
}
