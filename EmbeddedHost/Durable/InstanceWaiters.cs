namespace Advisor.Embedded.Durable;

/// <summary>Wakes those who wait for an instance to change its status. Safe for threads.</summary>
internal sealed class InstanceWaiters
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, TaskCompletionSource> _waiting = [];
    private Exception? _closed;

    /// <summary>Completes at the next change. Ask for it first and look at the instance then, so that no change slips between.</summary>
    public Task NextChange(string id)
    {
        lock (_gate)
        {
            if (_closed is not null)
            {
                return Task.FromException(_closed);
            }

            if (!_waiting.TryGetValue(id, out var change))
            {
                _waiting.Add(id, change = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            }

            return change.Task;
        }
    }

    public void Changed(string id)
    {
        TaskCompletionSource? change;
        lock (_gate)
        {
            _waiting.Remove(id, out change);
        }

        change?.TrySetResult();
    }

    public void Close(Exception reason)
    {
        List<TaskCompletionSource> all;
        lock (_gate)
        {
            _closed = reason;
            all = [.. _waiting.Values];
            _waiting.Clear();
        }

        all.ForEach(change => change.TrySetException(reason));
    }
}
