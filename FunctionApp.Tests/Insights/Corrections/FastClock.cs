namespace Advisor.Tests.Insights.Corrections;

/// <summary>A clock that runs ten times as fast, timers and all: the ten seconds in which a verdict can be undone pass in one, and nothing is missed as under a clock that jumps.</summary>
internal sealed class FastClock : TimeProvider
{
    private const int Speed = 10;

    private readonly DateTimeOffset _start = System.GetUtcNow();
    private readonly long _started = System.GetTimestamp();

    public override DateTimeOffset GetUtcNow() => _start + (System.GetElapsedTime(_started) * Speed);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => GetUtcNow().UtcTicks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        new FastTimer(System.CreateTimer(callback, state, Scaled(dueTime), Scaled(period)));

    private static TimeSpan Scaled(TimeSpan span) => span <= TimeSpan.Zero ? span : TimeSpan.FromTicks(Math.Max(span.Ticks / Speed, TimeSpan.TicksPerMillisecond));

    /// <summary>Fast when it is set again, too.</summary>
    private sealed class FastTimer(ITimer timer) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => timer.Change(Scaled(dueTime), Scaled(period));

        public void Dispose() => timer.Dispose();

        public ValueTask DisposeAsync() => timer.DisposeAsync();
    }
}
