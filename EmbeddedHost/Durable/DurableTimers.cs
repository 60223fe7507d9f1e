namespace Advisor.Embedded.Durable;

/// <summary>The durable timers in memory: one clock timer, set to the earliest that is due.</summary>
/// <remarks>
/// The clock is asked again at least once an hour, so that a wall clock that was set forward is noticed and timers of any length fit.
/// A timer is never reported before its time, even when the wall clock was set back. Safe for threads.
/// </remarks>
internal sealed class DurableTimers : IDisposable
{
    private static readonly TimeSpan LongestSleep = TimeSpan.FromHours(1);

    private readonly Lock _gate = new();
    private readonly SortedSet<(DateTime Due, TimerKey Key)> _byDue = new(
        Comparer<(DateTime Due, TimerKey Key)>.Create((a, b) =>
            a.Due != b.Due ? a.Due.CompareTo(b.Due)
            : a.Key.InstanceId != b.Key.InstanceId ? string.CompareOrdinal(a.Key.InstanceId, b.Key.InstanceId)
            : a.Key.Execution != b.Key.Execution ? a.Key.Execution.CompareTo(b.Key.Execution)
            : a.Key.TaskId.CompareTo(b.Key.TaskId)));

    private readonly Dictionary<string, Dictionary<TimerKey, DateTime>> _byInstance = [];
    private readonly TimeProvider _time;
    private readonly Action<IReadOnlyList<(TimerKey Key, DateTime Due)>> _fire;
    private readonly ITimer _clock;
    private bool _stopped;

    /// <param name="fire">Receives the timers that are due; each of them once.</param>
    public DurableTimers(TimeProvider time, Action<IReadOnlyList<(TimerKey Key, DateTime Due)>> fire)
    {
        _time = time;
        _fire = fire;
        _clock = time.CreateTimer(_ => Ring(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>How many timers there are.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _byDue.Count;
            }
        }
    }

    public void Add(IReadOnlyList<(TimerKey Key, DateTime Due)> timers)
    {
        if (timers.Count == 0)
        {
            return;
        }

        // What is due already need not wait for the clock to tick.
        List<(TimerKey, DateTime)> dueAlready;
        lock (_gate)
        {
            foreach (var (key, due) in timers)
            {
                if (!_byInstance.TryGetValue(key.InstanceId, out var own))
                {
                    _byInstance.Add(key.InstanceId, own = []);
                }

                if (own.TryAdd(key, due))
                {
                    _byDue.Add((due, key));
                }
            }

            dueAlready = TakeDue();
        }

        Fire(dueAlready);
    }

    public void Cancel(TimerKey key)
    {
        lock (_gate)
        {
            if (_byInstance.TryGetValue(key.InstanceId, out var own) && own.TryGetValue(key, out var due))
            {
                Forget(key, due);
                Wind();
            }
        }
    }

    /// <summary>Forgets the timers of an instance's executions up to this one. What a later one has set already, faster than its start was told, stays.</summary>
    public void CancelAll(string instanceId, long lastExecution)
    {
        lock (_gate)
        {
            if (_byInstance.TryGetValue(instanceId, out var own))
            {
                foreach (var (key, due) in own.Where(timer => timer.Key.Execution <= lastExecution).ToArray())
                {
                    Forget(key, due);
                }

                Wind();
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _stopped = true;
        }

        _clock.Dispose();
    }

    private void Ring()
    {
        List<(TimerKey, DateTime)> due;
        lock (_gate)
        {
            due = TakeDue();
        }

        Fire(due);
    }

    /// <summary>Takes out what is due and sets the clock for what is next; the lock is held.</summary>
    private List<(TimerKey, DateTime)> TakeDue()
    {
        List<(TimerKey, DateTime)> due = [];
        var now = _time.GetUtcNow().UtcDateTime;
        while (!_stopped && _byDue.Count > 0 && _byDue.Min is var first && first.Due <= now)
        {
            Forget(first.Key, first.Due);
            due.Add((first.Key, first.Due));
        }

        Wind();
        return due;
    }

    private void Fire(List<(TimerKey, DateTime)> due)
    {
        if (due.Count > 0)
        {
            _fire(due);
        }
    }

    private void Forget(TimerKey key, DateTime due)
    {
        _byDue.Remove((due, key));
        var own = _byInstance[key.InstanceId];
        own.Remove(key);
        if (own.Count == 0)
        {
            _byInstance.Remove(key.InstanceId);
        }
    }

    private void Wind()
    {
        if (_stopped)
        {
            return;
        }

        var sleep = Timeout.InfiniteTimeSpan;
        if (_byDue.Count > 0)
        {
            sleep = _byDue.Min.Due - _time.GetUtcNow().UtcDateTime;
            sleep = sleep < TimeSpan.Zero ? TimeSpan.Zero : sleep > LongestSleep ? LongestSleep : RoundUp(sleep);
        }

        _clock.Change(sleep, Timeout.InfiniteTimeSpan);
    }

    /// <summary>System timers count whole milliseconds and round down; waking early would only mean waking again.</summary>
    private static TimeSpan RoundUp(TimeSpan sleep) => TimeSpan.FromMilliseconds(Math.Ceiling(sleep.TotalMilliseconds));
}
