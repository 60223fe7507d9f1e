using Advisor.Embedded.Storage;
using Microsoft.Data.Sqlite;

namespace Advisor.Embedded.Durable;

/// <summary>The one way by which the engine writes: nothing is written any more once it has been killed.</summary>
internal sealed class JournalWriter(SqliteDatabase database, EngineLife life)
{
    private int _writes;

    /// <summary>How many writes were begun.</summary>
    public int Count => Volatile.Read(ref _writes);

    /// <summary>Called with the write's number before it is handed to the database. What it throws, the write fails with. A seam for simulations.</summary>
    public Action<int>? Writing { get; set; }

    /// <summary>Called with the write's number once it is committed and before anybody knows. A seam for simulations.</summary>
    public Action<int>? Written { get; set; }

    /// <summary>Given, a write holds the calling thread until it is committed, and is told of after this task of its number: time then passes only where a simulation says so.</summary>
    public Func<int, Task>? Turn { get; set; }

    /// <summary>Runs <paramref name="work"/> in a transaction; completes once it is durable.</summary>
    /// <exception cref="ObjectDisposedException">The engine has been stopped; if it was while writing, the work may be durable all the same.</exception>
    public async Task<T> WriteAsync<T>(Func<SqliteConnection, T> work)
    {
        ObjectDisposedException.ThrowIf(life.Killed.IsCancellationRequested, typeof(DurableEngine));
        var number = Interlocked.Increment(ref _writes);
        Writing?.Invoke(number);
        ObjectDisposedException.ThrowIf(life.Killed.IsCancellationRequested, typeof(DurableEngine));
        var committing = database.WriteAsync(work);
        if (Turn is { } turn)
        {
            ((IAsyncResult)committing).AsyncWaitHandle.WaitOne();
            await turn(number);
        }

        var result = await committing;
        Written?.Invoke(number);
        ObjectDisposedException.ThrowIf(life.Killed.IsCancellationRequested, typeof(DurableEngine));
        return result;
    }
}
