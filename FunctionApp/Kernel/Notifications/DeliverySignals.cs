using System.Collections.Concurrent;

namespace Advisor.Kernel.Notifications;

/// <summary>Wakes those of this process who wait for a notification. A spur to look at the record, never the truth itself.</summary>
public sealed class DeliverySignals
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _waiting = new(StringComparer.Ordinal);

    /// <summary>Completes at the next <see cref="Pulse"/> after the call.</summary>
    internal Task Next(string id) => _waiting.GetOrAdd(id, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    internal void Pulse(string id)
    {
        if (_waiting.TryRemove(id, out var waiting))
        {
            waiting.SetResult();
        }
    }

    /// <summary>Nobody here waits any longer; another waiter of the same notification looks again by itself.</summary>
    internal void Forget(string id) => _waiting.TryRemove(id, out _);
}
