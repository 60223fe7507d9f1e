using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Advisor.Kernel.Audit;
using Advisor.Kernel.Http;
using Advisor.Kernel.Records;
using Advisor.Kernel.Tenancy;
using Microsoft.Data.Sqlite;

namespace Advisor.Embedded.Storage;

/// <summary>The table <c>AuditLogs</c> in SQLite: its triggers, its rows, its queries.</summary>
internal static class AuditTable
{
    /// <summary>
    /// The triggers hold against every program that opens the file, until it drops them. REPLACE deletes without firing a delete trigger,
    /// so what would replace a row, by key or by event id, is refused as an insertion.
    /// </summary>
    public const string Schema = """
        CREATE TABLE IF NOT EXISTS AuditLogs(
            partition_key TEXT NOT NULL,
            row_key TEXT NOT NULL,
            sequence INTEGER NOT NULL,
            timestamp INTEGER NOT NULL,
            event_id TEXT NOT NULL,
            tenant TEXT,
            user_id TEXT NOT NULL,
            action TEXT NOT NULL,
            resource TEXT NOT NULL,
            ip_address TEXT,
            result TEXT NOT NULL,
            details TEXT NOT NULL,
            previous_hash TEXT NOT NULL,
            hash TEXT NOT NULL,
            PRIMARY KEY(partition_key, row_key)) WITHOUT ROWID;
        CREATE UNIQUE INDEX IF NOT EXISTS AuditLogs_event ON AuditLogs(event_id);
        CREATE INDEX IF NOT EXISTS AuditLogs_tenant ON AuditLogs(tenant, timestamp);
        CREATE TRIGGER IF NOT EXISTS AuditLogs_no_update BEFORE UPDATE ON AuditLogs BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
        CREATE TRIGGER IF NOT EXISTS AuditLogs_no_delete BEFORE DELETE ON AuditLogs BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
        CREATE TRIGGER IF NOT EXISTS AuditLogs_at_the_end BEFORE INSERT ON AuditLogs
            WHEN (NEW.partition_key, NEW.row_key) <= (SELECT partition_key, row_key FROM AuditLogs ORDER BY partition_key DESC, row_key DESC LIMIT 1)
                OR EXISTS(SELECT 1 FROM AuditLogs WHERE event_id = NEW.event_id)
            BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
        """;

    private const string Columns =
        "partition_key, row_key, sequence, timestamp, event_id, tenant, user_id, action, resource, ip_address, result, details, previous_hash, hash";

    /// <summary>Rows fetched at a time when a partition is read through.</summary>
    private const int Chunk = 1000;

    public static bool Holds(SqliteConnection connection, string eventId) =>
        connection.Rows(row => row.GetInt32(0), "SELECT 1 FROM AuditLogs WHERE event_id = @id", ("@id", eventId)).Count > 0;

    /// <summary>The newest entry; null in an empty log.</summary>
    public static AuditEntry? Head(SqliteConnection connection) =>
        connection.Rows(Read, $"SELECT {Columns} FROM AuditLogs ORDER BY partition_key DESC, row_key DESC LIMIT 1") is [var head] ? head : null;

    public static void Insert(SqliteConnection connection, AuditEntry entry) => connection.Run(
        $"INSERT INTO AuditLogs({Columns}) VALUES(@partition, @row, @sequence, @timestamp, @event, @tenant, @user, @action, @resource, @ip, @result, @details, @previous, @hash)",
        ("@partition", entry.PartitionKey),
        ("@row", entry.RowKey),
        ("@sequence", entry.Sequence),
        ("@timestamp", entry.Timestamp.UtcTicks),
        ("@event", entry.EventId),
        ("@tenant", entry.Tenant?.Value),
        ("@user", entry.UserId),
        ("@action", entry.Action),
        ("@resource", entry.Resource),
        ("@ip", entry.IpAddress),
        ("@result", entry.Result),
        ("@details", JsonSerializer.Serialize(entry.Details, AdvisorJson.Options)),
        ("@previous", entry.PreviousHash),
        ("@hash", entry.Hash));

    public static List<string> Partitions(SqliteConnection connection) =>
        connection.Rows(row => row.GetString(0), "SELECT DISTINCT partition_key FROM AuditLogs ORDER BY partition_key");

    public static AuditEntry? Last(SqliteConnection connection, string partition) => connection.Rows(
        Read, $"SELECT {Columns} FROM AuditLogs WHERE partition_key = @partition ORDER BY row_key DESC LIMIT 1", ("@partition", partition)) is [var last] ? last : null;

    /// <summary>A partition in row order, a chunk at a time, so that no connection is held while entries are looked at.</summary>
    /// <param name="read">Runs a query on some connection.</param>
    public static async IAsyncEnumerable<AuditEntry> ReadAsync(
        Func<Func<SqliteConnection, List<AuditEntry>>, List<AuditEntry>> read, string partition, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        List<AuditEntry> chunk;
        var after = "";
        do
        {
            cancellationToken.ThrowIfCancellationRequested();
            var from = after;
            chunk = read(connection => connection.Rows(
                Read,
                $"SELECT {Columns} FROM AuditLogs WHERE partition_key = @partition AND row_key > @after ORDER BY row_key LIMIT @count",
                ("@partition", partition), ("@after", from), ("@count", Chunk)));
            foreach (var entry in chunk)
            {
                yield return entry;
            }

            after = chunk.Count == 0 ? after : chunk[^1].RowKey;
            await Task.Yield();
        }
        while (chunk.Count == Chunk);
    }

    /// <summary>Entries newest first.</summary>
    /// <param name="tenant">Null reads those of all tenants, and of none.</param>
    public static AuditPage Newest(SqliteConnection connection, TenantId? tenant, AuditQuery query)
    {
        var fingerprint = Fingerprint(tenant, query);
        var conditions = new List<string>();
        var values = new List<(string, object?)>();
        void Where(string condition, string name, object? value)
        {
            if (value is not null)
            {
                conditions.Add(condition);
                values.Add((name, value));
            }
        }

        Where("tenant = @tenant", "@tenant", tenant?.Value);
        Where("user_id = @user", "@user", query.UserId);
        Where("action = @action", "@action", query.Action);
        Where("substr(resource, 1, length(@prefix)) = @prefix", "@prefix", query.ResourcePrefix);
        Where("result = @result", "@result", query.Result);
        Where("timestamp >= @from", "@from", query.From?.UtcTicks);
        Where("timestamp < @to", "@to", query.To?.UtcTicks);
        Where("timestamp < @before", "@before", query.Continuation is { } token ? Position(token, fingerprint) : null);
        values.Add(("@count", query.PageSize + 1));
        var where = conditions.Count == 0 ? "" : $"WHERE {string.Join(" AND ", conditions)}";
        // The order is that of the key where no tenant narrows it down: both are the order of appending.
        var order = tenant is null ? "partition_key DESC, row_key DESC" : "timestamp DESC";
        var rows = connection.Rows(Read, $"SELECT {Columns} FROM AuditLogs {where} ORDER BY {order} LIMIT @count", [.. values]);
        return rows.Count <= query.PageSize
            ? new AuditPage(rows, null)
            : new AuditPage(rows[..query.PageSize], ContinuationToken.Write(fingerprint, order: null, rows[query.PageSize - 1].Timestamp.UtcTicks.ToString(CultureInfo.InvariantCulture)));
    }

    private static long Position(string continuation, string fingerprint) =>
        long.TryParse(ContinuationToken.Read(continuation, fingerprint).Id, NumberStyles.None, CultureInfo.InvariantCulture, out var ticks)
            ? ticks
            : throw new InvalidContinuationException();

    private static string Fingerprint(TenantId? tenant, AuditQuery query) => ContinuationToken.Fingerprint(
        "audit",
        tenant ?? new TenantId("0"),
        new RecordQuery([new RecordFilter(
            JsonSerializer.Serialize(query with { Continuation = null, PageSize = 1 }, AdvisorJson.Options), RecordOperator.Equal, tenant is null)]));

    /// <summary>A value that cannot have been written here becomes a detail, so that the entry is shown, and its hash does not hold.</summary>
    private static AuditEntry Read(SqliteDataReader row)
    {
        var details = Details(row.GetString(11));
        TenantId? tenant = null;
        if (!row.IsDBNull(5) && !TenantId.TryParse(row.GetString(5), out tenant))
        {
            details["unreadable_tenant"] = row.GetString(5);
        }

        return new AuditEntry(
            row.GetString(0),
            row.GetString(1),
            row.GetInt64(2),
            new DateTimeOffset(Math.Clamp(row.GetInt64(3), DateTime.MinValue.Ticks, DateTime.MaxValue.Ticks), TimeSpan.Zero),
            row.GetString(4),
            tenant,
            row.GetString(6),
            row.GetString(7),
            row.GetString(8),
            row.IsDBNull(9) ? null : row.GetString(9),
            row.GetString(10),
            details,
            row.GetString(12),
            row.GetString(13));
    }

    private static Dictionary<string, string> Details(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<Dictionary<string, string>>(text, AdvisorJson.Options) ?? [];
        }
        catch (JsonException)
        {
            return new Dictionary<string, string> { ["unreadable_details"] = text };
        }
    }
}
