using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Advisor.Kernel.Http;
using Advisor.Kernel.Records;
using Advisor.Kernel.Resilience;
using Advisor.Kernel.Tenancy;
using Microsoft.Data.Sqlite;

namespace Advisor.Embedded.Storage;

/// <summary>Records as JSON documents in one SQLite table.</summary>
/// <remarks>
/// Every write is on disk when its task completes. Reads see all writes completed before them. A query asked for the first time makes
/// the index it needs (see <see cref="RecordIndexes"/>); values of other JSON types than the filter's never match, as in Cosmos DB.
/// A record that the disk gives back otherwise than it was written is refused. Safe for use by many threads.
/// </remarks>
public sealed class SqliteRecordStore : IRecordStore
{
    private const int BatchSize = 200;

    /// <summary>Digits of an ETag that are drawn, so that no two writes have the same one.</summary>
    private const int ETagChance = 16;

    /// <summary>Length of one that ends with a checksum of its row. Those of records written before there were any are shorter, and are believed.</summary>
    private const int ChecksummedETag = ETagChance + 8;

    private const string Schema = """
        CREATE TABLE IF NOT EXISTS records(
            container TEXT NOT NULL,
            tenant TEXT NOT NULL,
            id TEXT NOT NULL,
            etag TEXT NOT NULL,
            json TEXT NOT NULL);
        CREATE UNIQUE INDEX IF NOT EXISTS records_key ON records(container, tenant, id);
        """;

    private readonly SqliteDatabase _database;
    private readonly RecordIndexes _indexes;

    /// <summary>Creates the table where it is missing; the database may hold other tables too.</summary>
    public SqliteRecordStore(SqliteDatabase database)
    {
        _database = database;
        database.Define(Schema);
        _indexes = new RecordIndexes(database);
    }

    /// <inheritdoc />
    public Task<Stored<T>?> FindAsync<T>(RecordContainer<T> container, TenantId tenant, string id, CancellationToken cancellationToken)
        where T : class
    {
        cancellationToken.ThrowIfCancellationRequested();
        var rows = _database.Read(connection => connection.Rows(
            row => (Json: row.GetString(0), ETag: row.GetString(1)),
            "SELECT json, etag FROM records WHERE container=@container AND tenant=@tenant AND id=@id",
            ("@container", container.Name), ("@tenant", tenant.Value), ("@id", id)));
        return Task.FromResult(rows is [var found] ? Read<T>(container.Name, tenant, id, found.ETag, found.Json) : null);
    }

    /// <inheritdoc />
    public async Task<Stored<T>> CreateAsync<T>(
        RecordContainer<T> container, TenantId tenant, string id, T value, CancellationToken cancellationToken)
        where T : class
    {
        var draft = Draft(container, tenant, id, value, cancellationToken);
        var created = await _database.WriteAsync(connection => connection.Run(
            """
            INSERT INTO records(container, tenant, id, etag, json) VALUES(@container, @tenant, @id, @etag, @json)
            ON CONFLICT(container, tenant, id) DO NOTHING
            """,
            draft.Parameters));
        return created == 1 ? new Stored<T>(id, value, draft.ETag) : throw new RecordConflictException(container.Name, id);
    }

    /// <inheritdoc />
    public async Task<Stored<T>> PutAsync<T>(
        RecordContainer<T> container, TenantId tenant, string id, T value, string? ifMatch, CancellationToken cancellationToken)
        where T : class
    {
        var draft = Draft(container, tenant, id, value, cancellationToken);
        var written = await _database.WriteAsync(connection => ifMatch is null
            ? Upsert(connection, draft)
            : connection.Run(
                "UPDATE records SET etag=@etag, json=@json WHERE container=@container AND tenant=@tenant AND id=@id AND etag=@match",
                [.. draft.Parameters, ("@match", ifMatch)]));
        return written == 1 ? new Stored<T>(id, value, draft.ETag) : throw new RecordConflictException(container.Name, id);
    }

    /// <inheritdoc />
    public async Task PutManyAsync<T>(
        RecordContainer<T> container, TenantId tenant, IReadOnlyCollection<(string Id, T Value)> items, CancellationToken cancellationToken)
        where T : class
    {
        foreach (var batch in items.Chunk(BatchSize))
        {
            var drafts = Array.ConvertAll(batch, item => Draft(container, tenant, item.Id, item.Value, cancellationToken));
            await _database.WriteAsync(connection => Array.ForEach(drafts, draft => Upsert(connection, draft)));
        }
    }

    /// <inheritdoc />
    /// <remarks>
    /// A descending query is the exact reverse of the ascending one, ties included. Records without the order property come first in
    /// ascending order.
    /// </remarks>
    public async Task<RecordPage<T>> QueryAsync<T>(
        RecordContainer<T> container, TenantId tenant, RecordQuery query, CancellationToken cancellationToken)
        where T : class
    {
        cancellationToken.ThrowIfCancellationRequested();
        var statement = RecordStatement.Build(container.Name, tenant, query, container.Lookup);
        var index = await _indexes.EnsureAsync(container.Name, statement.Index);
        var rows = _database.Read(connection => connection.Rows(
            row => (Item: Read<T>(container.Name, tenant, row.GetString(0), row.GetString(1), row.GetString(2)), Order: row.GetValue(3)),
            statement.Sql(index),
            statement.Parameters));
        if (rows.Count <= query.PageSize)
        {
            return new RecordPage<T>([.. rows.Select(row => row.Item)], Continuation: null);
        }

        rows.RemoveAt(rows.Count - 1);
        var (last, order) = rows[^1];
        return new RecordPage<T>([.. rows.Select(row => row.Item)], statement.ContinueAfter(order, last.Id));
    }

    /// <inheritdoc />
    public async Task<bool> DeleteAsync<T>(RecordContainer<T> container, TenantId tenant, string id, CancellationToken cancellationToken)
        where T : class
    {
        cancellationToken.ThrowIfCancellationRequested();
        return await _database.WriteAsync(connection => connection.Run(
            "DELETE FROM records WHERE container=@container AND tenant=@tenant AND id=@id",
            ("@container", container.Name), ("@tenant", tenant.Value), ("@id", id))) == 1;
    }

    private static int Upsert(SqliteConnection connection, RecordDraft draft) => connection.Run(
        """
        INSERT INTO records(container, tenant, id, etag, json) VALUES(@container, @tenant, @id, @etag, @json)
        ON CONFLICT(container, tenant, id) DO UPDATE SET etag=excluded.etag, json=excluded.json
        """,
        draft.Parameters);

    /// <summary>Serializes on the caller's thread, so that the one writer only writes.</summary>
    private static RecordDraft Draft<T>(
        RecordContainer<T> container, TenantId tenant, string id, T value, CancellationToken cancellationToken)
        where T : class
    {
        cancellationToken.ThrowIfCancellationRequested();
        ArgumentException.ThrowIfNullOrEmpty(id);
        var json = JsonSerializer.Serialize(value, AdvisorJson.Options);
        var chance = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
        var etag = chance + Checksum(container.Name, tenant, id, chance, json);
        return new RecordDraft(
            etag,
            [
                ("@container", container.Name),
                ("@tenant", tenant.Value),
                ("@id", id),
                ("@etag", etag),
                ("@json", json),
            ]);
    }

    /// <exception cref="StorageUnavailableException">The record is not as it was written.</exception>
    private Stored<T> Read<T>(string container, TenantId tenant, string id, string etag, string json)
        where T : class => etag.Length != ChecksummedETag || Checksum(container, tenant, id, etag[..ETagChance], json) == etag[ETagChance..]
            ? new Stored<T>(id, JsonSerializer.Deserialize<T>(json, AdvisorJson.Options)!, etag)
            : throw StorageFaults.Damaged(_database.Path, $"the record {container} {id} of {tenant}");

    private static string Checksum(string container, TenantId tenant, string id, string chance, string json) =>
        new RowChecksum().Add(container).Add(tenant.Value).Add(id).Add(chance).Add(json).Value.ToString("x8", CultureInfo.InvariantCulture);

    private sealed record RecordDraft(string ETag, (string Name, object? Value)[] Parameters);
}
