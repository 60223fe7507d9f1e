using System.Diagnostics;

namespace Advisor.Insights.Replaying;

/// <summary>The durations that a chain notes: measured, or those of an earlier time, so that a replay comes to the same hashes.</summary>
public sealed class StepClock
{
    private readonly Queue<TimeSpan>? _recorded;
    private long _last = Stopwatch.GetTimestamp();

    /// <summary>Measures.</summary>
    public StepClock()
    {
    }

    /// <summary>Repeats the durations of a chain, in milliseconds; past their end, none.</summary>
    public StepClock(IEnumerable<long> recorded) => _recorded = new Queue<TimeSpan>(recorded.Select(milliseconds => TimeSpan.FromMilliseconds(milliseconds)));

    /// <summary>Since the last lap.</summary>
    public TimeSpan Lap()
    {
        if (_recorded is not null)
        {
            return _recorded.TryDequeue(out var lap) ? lap : TimeSpan.Zero;
        }

        var now = Stopwatch.GetTimestamp();
        var measured = Stopwatch.GetElapsedTime(_last, now);
        _last = now;
        return measured;
    }
}
