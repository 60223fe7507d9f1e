using System.Text.Json;

namespace Advisor.Embedded.Durable;

/// <summary>The external events of one execution: who waits for which, and what arrived before anybody waited.</summary>
/// <remarks>
/// Names are case-insensitive. An event goes to the newest waiter of its name, as in the Durable Task worker, so that a wait abandoned by
/// WhenAny does not swallow it. Without a waiter events are kept, per name in order of arrival. A cancelled wait, such as one whose timeout
/// came, keeps its place, as in the worker: if nobody waits anew before the event comes, the event goes to it and is lost.
/// </remarks>
internal sealed class ExternalEvents
{
    private readonly Dictionary<string, List<Waiter>> _waiters = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<(string Name, string? Data)> _unclaimed = [];

    /// <summary>What arrived and nobody took, in order of arrival.</summary>
    public IReadOnlyList<(string Name, string? Data)> Unclaimed => _unclaimed;

    public void Raise(string name, string? data)
    {
        if (_waiters.TryGetValue(name, out var waiting))
        {
            var newest = waiting[^1];
            Remove(name, newest);
            newest.Deliver(data);
        }
        else
        {
            _unclaimed.Add((name, data));
        }
    }

    /// <exception cref="ArgumentException">Another wait for the same name expects another type.</exception>
    public Task<T> WaitAsync<T>(string name, Func<bool> onOwnThread, CancellationToken cancellationToken)
    {
        var waiter = new Waiter<T>();
        var kept = _unclaimed.FindIndex(item => item.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
        if (kept >= 0)
        {
            var data = _unclaimed[kept].Data;
            _unclaimed.RemoveAt(kept);
            waiter.Deliver(data);
            return waiter.Task;
        }

        Add(name, waiter);
        if (cancellationToken.CanBeCanceled)
        {
            cancellationToken.Register(() =>
            {
                if (onOwnThread())
                {
                    waiter.Cancel(cancellationToken);
                }
            });
        }

        return waiter.Task;
    }

    private void Add(string name, Waiter waiter)
    {
        if (!_waiters.TryGetValue(name, out var waiting))
        {
            _waiters.Add(name, waiting = []);
        }
        else if (waiting[^1].Type != waiter.Type)
        {
            throw new ArgumentException(
                $"The event '{name}' is already awaited as {waiting[^1].Type.Name}; it cannot be awaited as {waiter.Type.Name} too.", nameof(name));
        }

        waiting.Add(waiter);
    }

    private void Remove(string name, Waiter waiter)
    {
        if (_waiters.TryGetValue(name, out var waiting) && waiting.Remove(waiter) && waiting.Count == 0)
        {
            _waiters.Remove(name);
        }
    }

    private abstract class Waiter
    {
        public abstract Type Type { get; }

        public abstract void Deliver(string? data);
    }

    private sealed class Waiter<T> : Waiter
    {
        private readonly TaskCompletionSource<T> _arrived = new();

        public override Type Type => typeof(T);

        public Task<T> Task => _arrived.Task;

        public void Cancel(CancellationToken cancellationToken) => _arrived.TrySetCanceled(cancellationToken);

        public override void Deliver(string? data)
        {
            try
            {
                _arrived.TrySetResult(OrchestrationExecution.Read<T>(data)!);
            }
            catch (Exception unreadable) when (unreadable is JsonException or NotSupportedException)
            {
                _arrived.TrySetException(unreadable);
            }
        }
    }
}
