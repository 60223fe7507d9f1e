using Advisor.Embedded.Storage;
using Microsoft.Data.Sqlite;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Embedded.Storage;

public sealed class SqliteDatabaseTests : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly SqliteDatabase _database;

    public SqliteDatabaseTests() =>
        _database = new SqliteDatabase(_folder.File("test.db"), "CREATE TABLE IF NOT EXISTS numbers(n INTEGER NOT NULL UNIQUE)");

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>No test can take the power away: what makes a commit outlive it is looked at instead.</summary>
    [Fact]
    public async Task WriteAsync_AnyWork_IsCommittedToALogThatIsFlushed()
    {
        const int Full = 2;

        (await _database.WriteAsync(connection => Pragma(connection, "synchronous"))).ShouldBe($"{Full}");
        (await _database.WriteAsync(connection => Pragma(connection, "journal_mode"))).ShouldBe("wal");

        static string Pragma(SqliteConnection connection, string name) => connection.Rows(row => row.GetString(0), $"PRAGMA {name}").ShouldHaveSingleItem();
    }

    [Fact]
    public async Task WriteAsync_WorkThrows_UndoesOnlyThatWork()
    {
        var good = Enumerable.Range(0, 50).Select(n => _database.WriteAsync(connection => Add(connection, n))).ToList();
        var bad = _database.WriteAsync(connection =>
        {
            Add(connection, 1000);
            throw new InvalidOperationException("on purpose");
        });
        var after = _database.WriteAsync(connection => Add(connection, 2000));

        (await Should.ThrowAsync<InvalidOperationException>(bad)).Message.ShouldBe("on purpose");
        await Task.WhenAll([.. good, after]);
        Numbers(_database).ShouldBe([.. Enumerable.Range(0, 50), 2000]);
    }

    [Fact]
    public async Task WriteAsync_GroupLosesItsTransaction_FailsTheGroupAndGoesOn()
    {
        await Should.ThrowAsync<SqliteException>(_database.WriteAsync(connection =>
        {
            Add(connection, 1);
            connection.Run("ROLLBACK");
        }));
        await _database.WriteAsync(connection => Add(connection, 2));

        Numbers(_database).ShouldBe([2]);
    }

    [Fact]
    public async Task WriteAsync_FromManyThreads_RunsEachOnceAndReadersSeeIt()
    {
        await Parallel.ForEachAsync(Enumerable.Range(0, 400), TestContext.Current.CancellationToken, async (n, _) =>
        {
            await _database.WriteAsync(connection => Add(connection, n));
            _database.Read(connection => connection.Rows(row => row.GetInt32(0), "SELECT COUNT(*) FROM numbers WHERE n=@n", ("@n", n)))
                .ShouldBe([1]);
        });

        Numbers(_database).Count.ShouldBe(400);
    }

    [Fact]
    public async Task Read_StatementThatWrites_IsRefused()
    {
        await _database.WriteAsync(connection => Add(connection, 1));

        Should.Throw<SqliteException>(() => _database.Read(connection => connection.Run("DELETE FROM numbers"))).Message.ShouldContain("readonly");
    }

    [Fact]
    public async Task DisposeAsync_WritesAccepted_FinishesThemAndRefusesMore()
    {
        var writes = Enumerable.Range(0, 100).Select(n => _database.WriteAsync(connection => Add(connection, n))).ToList();
        await _database.DisposeAsync();

        await Task.WhenAll(writes);
        await Should.ThrowAsync<ObjectDisposedException>(_database.WriteAsync(connection => Add(connection, 1)));
        Should.Throw<ObjectDisposedException>(() => Numbers(_database));
        await using var again = new SqliteDatabase(_folder.File("test.db"), "");
        Numbers(again).Count.ShouldBe(100);
    }

    [Fact]
    public async Task WriteAsync_ProcessKilledAfterwards_IsThereAgain()
    {
        await _database.WriteAsync(connection => Add(connection, 7));

        await using var again = new SqliteDatabase(_folder.CopyAsAfterKill("test.db"), "");
        Numbers(again).ShouldBe([7]);
    }

    private static void Add(SqliteConnection connection, int n) => connection.Run("INSERT INTO numbers(n) VALUES(@n)", ("@n", n));

    private static List<int> Numbers(SqliteDatabase database) =>
        database.Read(connection => connection.Rows(row => row.GetInt32(0), "SELECT n FROM numbers ORDER BY n"));
}
