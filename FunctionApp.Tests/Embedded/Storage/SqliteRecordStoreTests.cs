using Advisor.Embedded.Storage;
using Advisor.Kernel.Records;
using Advisor.Kernel.Resilience;
using Advisor.Kernel.Tenancy;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Embedded.Storage;

public sealed class SqliteRecordStoreTests : RecordStoreContract, IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly SqliteDatabase _database;
    private readonly SqliteRecordStore _store;

    public SqliteRecordStoreTests()
    {
        _database = new SqliteDatabase(_folder.File("records.db"), "");
        _store = new SqliteRecordStore(_database);
    }

    protected override IRecordStore Store => _store;

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task QueryAsync_AskedInManyWays_UsesAnIndexOfItsOwnForEach()
    {
        foreach (var query in new[]
        {
            new RecordQuery([new RecordFilter("text", RecordOperator.Equal, "x"), new RecordFilter("band", RecordOperator.Equal, "low")]),
            new RecordQuery([new RecordFilter("text", RecordOperator.Equal, "x")], OrderBy: "number", Descending: true),
            new RecordQuery([new RecordFilter("band", RecordOperator.Equal, "low"), new RecordFilter("number", RecordOperator.GreaterOrEqual, 1)]),
            new RecordQuery([], OrderBy: "inner.name"),
        })
        {
            await _store.QueryAsync(Samples, Tenant, query, Cancel);
            var statement = RecordStatement.Build(Samples.Name, Tenant, query);
            var index = statement.Index!.Name(Samples.Name);
            var plan = _database.Read(connection => connection.Rows(
                row => row.GetString(3), "EXPLAIN QUERY PLAN " + statement.Sql(index), statement.Parameters));

            plan[0].ShouldStartWith($"SEARCH");
            plan[0].ShouldContain($"USING INDEX {index} (tenant=?");
            if (query.OrderBy is not null)
            {
                plan.Count.ShouldBe(1, "an order that the index has needs no sorting");
            }
        }
    }

    [Fact]
    public async Task QueryAsync_ContainerThatSaysHowItIsLookedInto_NeedsOneIndexForEachKeyAndOrder()
    {
        var filters = new[]
        {
            new RecordFilter("text", RecordOperator.Equal, "x"), new RecordFilter("number", RecordOperator.GreaterOrEqual, 1),
            new RecordFilter("tags", RecordOperator.Contains, "x"), new RecordFilter("band", RecordOperator.Equal, "low"),
        };
        foreach (var choice in Enumerable.Range(0, 16))
        {
            foreach (var order in new[] { "text", "number" })
            {
                var query = new RecordQuery([.. filters.Where((_, i) => (choice & (1 << i)) != 0)], order);
                await _store.QueryAsync(LargeSamples, Tenant, query, Cancel);
                var statement = RecordStatement.Build(LargeSamples.Name, Tenant, query, LargeSamples.Lookup);
                var index = statement.Index!.Name(LargeSamples.Name);
                var plan = _database.Read(connection => connection.Rows(row => row.GetString(3), "EXPLAIN QUERY PLAN " + statement.Sql(index), statement.Parameters));
                plan.ShouldContain(step => step.StartsWith("SEARCH") && step.Contains($"{index} (tenant=?"), string.Join('\n', plan));
                statement.Index.Properties[0].ShouldBe(choice >= 8 ? "band" : order);
            }
        }

        _database.Read(connection => connection.Rows(row => row.GetString(0), "SELECT name FROM sqlite_master WHERE name LIKE 'records:%'")).Count.ShouldBe(3);
    }

    [Fact]
    public async Task QueryAsync_MoreShapesThanIndexes_StillAnswers()
    {
        await _store.CreateAsync(Samples, Tenant, "a", new Sample("x", 1), Cancel);
        for (var i = 0; i < 12; i++)
        {
            (await _store.QueryAsync(Samples, Tenant, new RecordQuery([], OrderBy: $"p{i}"), Cancel)).Items.Count.ShouldBe(1);
        }

        _database.Read(connection => connection.Rows(row => row.GetInt32(0), "SELECT COUNT(*) FROM sqlite_master WHERE name LIKE 'records:%'"))
            .ShouldBe([8]);
    }

    [Fact]
    public async Task FindAsync_HostKilledAndFileOpenedAgain_GivesWhatWasWritten()
    {
        var created = await _store.CreateAsync(Samples, Tenant, "a", new Sample("x", 1), Cancel);
        await _store.QueryAsync(Samples, Tenant, new RecordQuery([], OrderBy: "text"), Cancel);

        await using var again = new SqliteDatabase(_folder.CopyAsAfterKill("records.db"), "");
        var store = new SqliteRecordStore(again);
        (await store.FindAsync(Samples, Tenant, "a", Cancel)).ShouldBe(created);
        await store.PutAsync(Samples, Tenant, "a", new Sample("y", 1), created.ETag, Cancel);
        (await store.QueryAsync(Samples, Tenant, new RecordQuery([], OrderBy: "text"), Cancel)).Items.ShouldHaveSingleItem().Value.Text.ShouldBe("y");
    }

    /// <summary>A bit turned within what is still JSON, or the row become another's.</summary>
    [Theory]
    [InlineData("json = replace(json, '\"x\"', '\"y\"')", "a")]
    [InlineData("json = replace(json, '1', '3')", "a")]
    [InlineData("id = 'b'", "b")]
    [InlineData("etag = CASE substr(etag, 1, 1) WHEN 'f' THEN '0' ELSE 'f' END || substr(etag, 2)", "a")]
    public async Task FindAsync_RowThatIsNotAsItWasWritten_IsRefusedByName(string change, string id)
    {
        await Store.CreateAsync(Samples, Tenant, "a", new Sample("x", 1), Cancel);
        await Store.CreateAsync(Samples, Tenant, "sound", new Sample("x", 1), Cancel);
        await _database.WriteAsync(connection => connection.Run($"UPDATE records SET {change} WHERE id = 'a'"));

        var fault = await Should.ThrowAsync<StorageUnavailableException>(() => Store.FindAsync(Samples, Tenant, id, Cancel));
        await Should.ThrowAsync<StorageUnavailableException>(() => Store.QueryAsync(Samples, Tenant, new RecordQuery([]), Cancel));

        fault.Message.ShouldStartWith($"In {_folder.File("records.db")}, the record {Samples.Name} {id} of {Tenant} is not as it was written");
        (await Store.FindAsync(Samples, Tenant, "sound", Cancel))!.Value.Text.ShouldBe("x");
    }

    [Fact]
    public async Task FindAsync_RecordFromBeforeChecksums_IsBelieved()
    {
        await Store.CreateAsync(Samples, Tenant, "a", new Sample("x", 1), Cancel);
        await _database.WriteAsync(connection => connection.Run("UPDATE records SET etag = '0123456789abcdef', json = replace(json, '\"x\"', '\"y\"')"));

        (await Store.FindAsync(Samples, Tenant, "a", Cancel))!.Value.Text.ShouldBe("y");
    }

    [Fact]
    public async Task QueryAsync_ContainerNameThatIsNone_IsRefused() =>
        await Should.ThrowAsync<ArgumentException>(_store.QueryAsync(new RecordContainer<Sample>("x' OR 1=1"), Tenant, new RecordQuery([]), Cancel));

    [Fact]
    public async Task CreateAsync_CancelledBefore_WritesNothing()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(_store.CreateAsync(Samples, Tenant, "a", new Sample("x", 1), cancelled.Token));
        (await _store.FindAsync(Samples, Tenant, "a", Cancel)).ShouldBeNull();
    }
}
