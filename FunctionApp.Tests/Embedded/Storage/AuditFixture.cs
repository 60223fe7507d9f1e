using Advisor.Embedded.Storage;
using Advisor.Kernel.Audit;
using Advisor.Kernel.Tenancy;
using Microsoft.Data.Sqlite;
using Xunit;

namespace Advisor.Tests.Embedded.Storage;

/// <summary>An audit log in a folder of its own, under a clock that stands still.</summary>
internal sealed class AuditFixture : IAsyncDisposable
{
    public static readonly TenantId Acme = new("acme");

    private readonly TemporaryFolder _folder = new();
    private readonly SqliteDatabase _database;

    public AuditFixture()
    {
        Data = new DataFolder(_folder.Path);
        _database = new SqliteDatabase(Data.Audit, "");
        Log = new SqliteAuditLog(_database, Clock);
    }

    public DataFolder Data { get; }

    public ManualTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 1, 31, 23, 59, 59, TimeSpan.Zero));

    public IAuditLog Log { get; }

    public static AuditEvent Event(string user, string? id = null, TenantId? tenant = null) =>
        new(tenant ?? Acme, user, "GET api/v1/insights", "/api/v1/insights", "127.0.0.1", "succeeded")
        {
            EventId = id,
            Details = new Dictionary<string, string> { ["status"] = "200", ["method"] = "GET" },
        };

    public async Task AppendAsync(int count)
    {
        for (var i = 0; i < count; i++)
        {
            await Log.AppendAsync(Event($"user-{i}"), TestContext.Current.CancellationToken);
        }
    }

    public async Task<List<AuditEntry>> EntriesAsync(string partition) =>
        await Log.ReadAsync(partition, TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);

    public Task<IReadOnlyList<AuditVerdict>> VerifyAsync(params (string Partition, string Hash)[] expected) =>
        AuditVerifier.VerifyAsync(Log, only: null, expected.ToDictionary(pair => pair.Partition, pair => pair.Hash), TestContext.Current.CancellationToken);

    /// <summary>Runs SQL against the file as one who may write it and takes the triggers away first.</summary>
    public void Tamper(string sql) => Run("DROP TRIGGER AuditLogs_no_update; DROP TRIGGER AuditLogs_no_delete; DROP TRIGGER AuditLogs_at_the_end; " + sql);

    /// <summary>Runs SQL against the file as any program that opens it.</summary>
    public void Run(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Data.Audit};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        _folder.Dispose();
    }
}
