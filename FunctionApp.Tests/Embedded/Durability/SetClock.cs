using System.Globalization;

namespace Advisor.Tests.Embedded.Durability;

/// <summary>The system's clock, set forward or back by what a file says: how a test sets the clock of another process.</summary>
/// <remarks>Timers and elapsed time go on as they do when somebody sets a machine's clock.</remarks>
internal sealed class SetClock(string file) : TimeProvider
{
    private static readonly TimeSpan s_fresh = TimeSpan.FromMilliseconds(5);

    private (long ReadAt, TimeSpan Offset) _last = (long.MinValue, TimeSpan.Zero);
    private readonly Lock _gate = new();

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Offset();

    public static void Set(string file, TimeSpan offset)
    {
        // Renamed into place, so that nobody reads half of it.
        File.WriteAllText(file + ".new", offset.Ticks.ToString(CultureInfo.InvariantCulture));
        File.Move(file + ".new", file, overwrite: true);
    }

    private TimeSpan Offset()
    {
        lock (_gate)
        {
            if (_last.ReadAt == long.MinValue || System.GetElapsedTime(_last.ReadAt) > s_fresh)
            {
                _last = (System.GetTimestamp(), TimeSpan.FromTicks(long.Parse(File.ReadAllText(file), CultureInfo.InvariantCulture)));
            }

            return _last.Offset;
        }
    }
}
