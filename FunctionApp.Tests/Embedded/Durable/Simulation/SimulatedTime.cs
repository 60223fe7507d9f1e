namespace Advisor.Tests.Embedded.Durable.Simulation;

/// <summary>One time for all processes, which moves only from timer to timer.</summary>
internal sealed class SimulatedTime
{
    private readonly List<Timer> _timers = [];

    /// <summary>Timers of one instant fire in the order in which they were set.</summary>
    private long _set;

    public static DateTimeOffset Start { get; } = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);

    public DateTimeOffset Now { get; private set; } = Start;

    public DateTimeOffset? NextDue => Next?.Due;

    private Timer? Next => _timers.MinBy(timer => (timer.Due, timer.Order));

    /// <summary>The clock of a process, on whose threads its timers fire.</summary>
    public TimeProvider ClockOf(SynchronizationContext process) => new Clock(this, process);

    public void Forget(SynchronizationContext process) => _timers.RemoveAll(timer => timer.Process == process);

    /// <summary>Moves on to the next timer, or to <paramref name="limit"/> where that is earlier, and fires what is due first.</summary>
    /// <returns>False where there is nothing to move to.</returns>
    public bool Advance(DateTimeOffset? limit)
    {
        if (Next is { } next && (limit is null || next.Due <= limit))
        {
            Now = next.Due > Now ? next.Due : Now;
            _timers.Remove(next);
            next.Fire();
            return true;
        }

        if (limit is null)
        {
            return false;
        }

        Now = limit > Now ? limit.Value : Now;
        return true;
    }

    private sealed class Clock(SimulatedTime time, SynchronizationContext process) : TimeProvider
    {
        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        /// <summary>No two looks at a clock see the same time, as outside: restarts tell their ids apart by it.</summary>
        public override DateTimeOffset GetUtcNow() => time.Now = time.Now.AddTicks(1);

        public override long GetTimestamp() => time.Now.UtcTicks;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = new Timer(time, process, () => process.Post(_ => callback(state), null));
            timer.Change(dueTime, period);
            return timer;
        }
    }

    private sealed class Timer(SimulatedTime time, SynchronizationContext process, Action fire) : ITimer
    {
        public SynchronizationContext Process => process;

        public DateTimeOffset Due { get; private set; }

        public long Order { get; private set; }

        public void Fire() => fire();

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            if (period != Timeout.InfiniteTimeSpan && period != TimeSpan.Zero)
            {
                throw new NotSupportedException("The engine has no periodic timers.");
            }

            time._timers.Remove(this);
            if (dueTime != Timeout.InfiniteTimeSpan)
            {
                (Due, Order) = (time.Now + dueTime, ++time._set);
                time._timers.Add(this);
            }

            return true;
        }

        public void Dispose() => time._timers.Remove(this);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
