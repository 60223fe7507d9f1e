using Advisor.Kernel.Audit;
using Advisor.Kernel.Tenancy;
using Microsoft.Data.Sqlite;

namespace Advisor.Embedded.Storage;

/// <summary>The audit log in a SQLite file of its own.</summary>
/// <remarks>
/// The newest entry is read and its followers are written in one IMMEDIATE transaction, which holds the file's write lock: entries of
/// several processes (a host, the command line) follow one another without a fork. Appends of many callers share a commit.
/// </remarks>
public sealed class SqliteAuditLog : IAuditLog
{
    private readonly SqliteDatabase _database;
    private readonly TimeProvider _time;

    /// <summary>Creates the table where it is missing.</summary>
    public SqliteAuditLog(SqliteDatabase database, TimeProvider time)
    {
        _database = database;
        _time = time;
        database.Define(AuditTable.Schema);
    }

    /// <inheritdoc />
    /// <remarks>All or none. Once asked for, it is carried out whether or not the asker goes on waiting.</remarks>
    public Task AppendManyAsync(IReadOnlyList<AuditEvent> audited, CancellationToken cancellationToken) =>
        audited.Count == 0 ? Task.CompletedTask : _database.WriteAsync(connection => Append(connection, audited));

    /// <inheritdoc />
    public Task<AuditPage> QueryAsync(TenantId tenant, AuditQuery query, CancellationToken cancellationToken) =>
        Task.FromResult(_database.Read(connection => AuditTable.Newest(connection, tenant, query)));

    /// <inheritdoc />
    public Task<IReadOnlyList<string>> PartitionsAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<string>>(_database.Read(AuditTable.Partitions));

    /// <inheritdoc />
    public IAsyncEnumerable<AuditEntry> ReadAsync(string partition, CancellationToken cancellationToken) =>
        AuditTable.ReadAsync(_database.Read, partition, cancellationToken);

    /// <inheritdoc />
    public Task<AuditEntry?> LastAsync(string partition, CancellationToken cancellationToken) =>
        Task.FromResult(_database.Read(connection => AuditTable.Last(connection, partition)));

    private void Append(SqliteConnection connection, IReadOnlyList<AuditEvent> audited)
    {
        var head = AuditTable.Head(connection);
        foreach (var one in audited)
        {
            if (AuditChain.StoredIdOf(one) is { } id && AuditTable.Holds(connection, id))
            {
                continue;
            }

            head = AuditChain.Link(one, head, _time.GetUtcNow());
            AuditTable.Insert(connection, head);
        }
    }
}
