using Advisor.Kernel.Audit;
using Advisor.Kernel.Tenancy;
using Microsoft.Data.Sqlite;

namespace Advisor.Embedded.Storage;

/// <summary>An audit log's file opened to be read only, whether or not a host is writing it.</summary>
/// <remarks>For one thread at a time.</remarks>
internal sealed class AuditFile : IAuditHistory, IDisposable
{
    private readonly SqliteConnection _connection;

    static AuditFile() => SQLitePCL.Batteries_V2.Init();

    private AuditFile(SqliteConnection connection) => _connection = connection;

    /// <exception cref="IOException">There is no audit log in the folder.</exception>
    public static AuditFile Open(DataFolder folder)
    {
        if (!File.Exists(folder.Audit))
        {
            throw new IOException($"There is no audit log at {folder.Audit}; name the data folder of a host with --data.");
        }

        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = folder.Audit, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
        try
        {
            connection.Open();
            return new AuditFile(connection);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Entries newest first.</summary>
    /// <param name="tenant">Null reads those of all tenants, and of none.</param>
    public AuditPage Newest(TenantId? tenant, AuditQuery query) => AuditTable.Newest(_connection, tenant, query);

    /// <inheritdoc />
    public Task<AuditPage> QueryAsync(TenantId tenant, AuditQuery query, CancellationToken cancellationToken) => Task.FromResult(Newest(tenant, query));

    /// <inheritdoc />
    public Task<IReadOnlyList<string>> PartitionsAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<string>>(AuditTable.Partitions(_connection));

    /// <inheritdoc />
    public IAsyncEnumerable<AuditEntry> ReadAsync(string partition, CancellationToken cancellationToken) =>
        AuditTable.ReadAsync(read => read(_connection), partition, cancellationToken);

    /// <inheritdoc />
    public Task<AuditEntry?> LastAsync(string partition, CancellationToken cancellationToken) => Task.FromResult(AuditTable.Last(_connection, partition));

    public void Dispose()
    {
        PreparedStatements.Release(_connection);
        _connection.Dispose();
    }
}
