using System.Collections.Concurrent;

namespace Advisor.Embedded.Durable;

/// <summary>Tasks nobody awaits one by one, so that a graceful stop can await them all. Safe for threads.</summary>
internal sealed class PendingWork
{
    private readonly ConcurrentDictionary<Task, bool> _tasks = new();

    public void Track(Task task)
    {
        if (task.IsCompleted)
        {
            return;
        }

        _tasks.TryAdd(task, true);
        _ = task.ContinueWith(
            done => _tasks.TryRemove(done, out _), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    /// <summary>Completes once nothing is pending, what is added meanwhile included.</summary>
    public async Task WhenDoneAsync()
    {
        while (_tasks.Keys is { Count: > 0 } tasks)
        {
            await Task.WhenAll(tasks);
        }
    }
}
