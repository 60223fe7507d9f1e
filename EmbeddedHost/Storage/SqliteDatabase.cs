using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using System.Threading.Channels;
using Advisor.Kernel.Resilience;
using Microsoft.Data.Sqlite;

namespace Advisor.Embedded.Storage;

/// <summary>One SQLite file with a single writer that commits in groups, and pooled readers.</summary>
/// <remarks>
/// Guarantee: when <see cref="WriteAsync{T}"/> completes, its work is committed and fsynced (WAL, synchronous=FULL), so it survives
/// a killed process and a power loss. Work queued while a commit is under way shares the next transaction; each piece runs in its own
/// savepoint, so one that throws undoes only itself. Readers see the last committed state and never wait for the writer.
/// Safe for use by many threads.
/// </remarks>
public sealed class SqliteDatabase : IAsyncDisposable
{
    private const int MaxGroup = 256;

    private readonly string _connectionString;
    private readonly SqliteConnection _writer;
    private readonly ConcurrentBag<SqliteConnection> _readers = [];
    private volatile bool _closed;
    private readonly Channel<Work> _queue = Channel.CreateUnbounded<Work>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Thread _thread;
    private long _commits;

    static SqliteDatabase() => SQLitePCL.Batteries_V2.Init();

    /// <param name="path">File to open or create; its folder is created.</param>
    /// <param name="schema">Idempotent SQL (CREATE ... IF NOT EXISTS) run before anything else.</param>
    public SqliteDatabase(string path, string schema)
    {
        Path = System.IO.Path.GetFullPath(path);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
        _connectionString = new SqliteConnectionStringBuilder { DataSource = Path, Pooling = false }.ToString();
        _writer = Open("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA journal_size_limit=67108864; " + schema);
        _thread = new Thread(WriteLoop) { IsBackground = true, Name = $"sqlite:{System.IO.Path.GetFileName(path)}" };
        _thread.Start();
    }

    public string Path { get; }

    /// <summary>Transactions committed since it was opened; each holds all that waited for it.</summary>
    public long Commits => Interlocked.Read(ref _commits);

    /// <summary>Runs <paramref name="work"/> on the writer connection inside the shared transaction; completes after the commit.</summary>
    /// <remarks>The work must be quick, synchronous, free of other I/O, and must not begin or end transactions itself.</remarks>
    /// <exception cref="StorageUnavailableException">The disk is full, may not be written or gives back something else: nothing of the work is done.</exception>
    public Task<T> WriteAsync<T>(Func<SqliteConnection, T> work)
    {
        var item = new Work<T>(work, Path);
        return _queue.Writer.TryWrite(item)
            ? item.Completion.Task
            : Task.FromException<T>(new ObjectDisposedException(nameof(SqliteDatabase), $"The database {Path} is closed."));
    }

    public Task WriteAsync(Action<SqliteConnection> work) => WriteAsync<object?>(connection =>
    {
        work(connection);
        return null;
    });

    /// <summary>Runs idempotent SQL (CREATE ... IF NOT EXISTS) and waits for its commit: for the constructors of what lives in this file.</summary>
    public void Define(string schema) => DefineAsync(schema).GetAwaiter().GetResult();

    /// <inheritdoc cref="Define" />
    public Task DefineAsync(string schema) => WriteAsync(connection => Execute(connection, schema));

    /// <summary>Runs <paramref name="read"/> on a reader connection, which cannot write. The connection must not be kept.</summary>
    public T Read<T>(Func<SqliteConnection, T> read)
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        if (!_readers.TryTake(out var connection))
        {
            connection = Open("PRAGMA query_only=ON");
        }

        try
        {
            return read(connection);
        }
        catch (SqliteException fault) when (!StorageFaults.IsWriteOnReader(fault))
        {
            StorageFaults.ThrowTold(fault, Path);
            throw;
        }
        finally
        {
            _readers.Add(connection);
            if (_closed)
            {
                CloseReaders();
            }
        }
    }

    /// <summary>Finishes the writes already accepted, then closes. A read still under way finishes on its own connection.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await Task.Run(_thread.Join);
        _closed = true;
        CloseReaders();
        Close(_writer);
    }

    private SqliteConnection Open(string sql)
    {
        var connection = new SqliteConnection(_connectionString);
        try
        {
            connection.Open();
            if (SQLitePCL.raw.sqlite3_db_readonly(connection.Handle, "main") == 1)
            {
                // SQLite opens what it may not write to be read, and says so at the first write only.
                throw StorageFaults.MayNotWrite(Path, null);
            }

            // The native library here waits whole seconds for another process's lock; without it the client library tries every 150 ms, for 30 s.
            Execute(connection, "PRAGMA busy_timeout=0");
            Execute(connection, sql);
            return connection;
        }
        catch (Exception fault)
        {
            connection.Dispose();
            StorageFaults.ThrowTold(fault, Path);
            throw;
        }
    }

    private void CloseReaders()
    {
        while (_readers.TryTake(out var reader))
        {
            Close(reader);
        }
    }

    private static void Close(SqliteConnection connection)
    {
        PreparedStatements.Release(connection);
        connection.Dispose();
    }

    private void WriteLoop()
    {
        var group = new List<Work>(MaxGroup);
        while (_queue.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            group.Clear();
            while (group.Count < MaxGroup && _queue.Reader.TryRead(out var item))
            {
                group.Add(item);
            }

            Commit(group);
        }
    }

    private void Commit(List<Work> group)
    {
        try
        {
            _writer.Run("BEGIN IMMEDIATE");
            foreach (var item in group)
            {
                _writer.Run("SAVEPOINT work");
                if (item.Run(_writer))
                {
                    _writer.Run("RELEASE work");
                }
                else
                {
                    Undo(item);
                }
            }

            _writer.Run("COMMIT");
        }
        catch (Exception fault)
        {
            // Whatever it was, this thread must go on: a writer that ends leaves every later caller waiting for ever.
            TryRollback();
            var told = StorageFaults.Of(fault, Path);
            group.ForEach(item => item.Fail(told));
            return;
        }

        Interlocked.Increment(ref _commits);
        group.ForEach(item => item.Complete());
    }

    private void Undo(Work item)
    {
        try
        {
            _writer.Run("ROLLBACK TO work; RELEASE work");
        }
        catch (SqliteException) when (item.Fault is SqliteException cause)
        {
            // A full disk, say, has ended the whole transaction: that is what everybody in it is to be told, and not that a savepoint is missing.
            ExceptionDispatchInfo.Throw(cause);
        }
    }

    private void TryRollback()
    {
        try
        {
            Execute(_writer, "ROLLBACK");
        }
        catch (SqliteException)
        {
            // SQLite has already rolled back by itself (disk full, I/O error): nothing is open any more.
        }
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private abstract class Work
    {
        /// <summary>Runs the work; false when it threw and must be undone.</summary>
        public abstract bool Run(SqliteConnection connection);

        /// <summary>What the work threw.</summary>
        public Exception? Fault { get; protected set; }

        public abstract void Complete();

        public abstract void Fail(Exception fault);
    }

    private sealed class Work<T>(Func<SqliteConnection, T> work, string path) : Work
    {
        private T? _result;

        public TaskCompletionSource<T> Completion { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override bool Run(SqliteConnection connection)
        {
            try
            {
                _result = work(connection);
                return true;
            }
            catch (Exception fault)
            {
                Fault = fault;
                return false;
            }
        }

        public override void Complete()
        {
            if (Fault is null)
            {
                Completion.SetResult(_result!);
            }
            else
            {
                Completion.SetException(StorageFaults.Of(Fault, path));
            }
        }

        // A piece that fell with its group for the disk's sake is told of the disk.
        public override void Fail(Exception fault) => Completion.TrySetException(fault is StorageUnavailableException ? fault : Fault ?? fault);
    }
}
