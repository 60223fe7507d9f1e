namespace Advisor.Kernel.Policies;

/// <summary>Deadlines in time that is worked. Pure.</summary>
/// <remarks>
/// A moment is working time when the zone's clock, at that moment, shows a working day and an hour within the working hours. So an hour that the clock
/// skips is never counted, and one that it shows twice counts twice: what is counted is time that passes, not what a clock shows.
/// </remarks>
public static class WorkingTime
{
    /// <summary>The first moment, in UTC, at which so much working time has passed since <paramref name="from"/>.</summary>
    /// <remarks>
    /// What ends with the working day ends then, not when the next begins. Adding nothing gives <paramref name="from"/> itself, worked or not. Adding one
    /// time and then another is adding both.
    /// </remarks>
    /// <param name="within">Null counts all time.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="time"/> is negative.</exception>
    public static DateTimeOffset Add(DateTimeOffset from, TimeSpan time, WorkingHours? within)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(time, TimeSpan.Zero);
        var start = from.UtcDateTime;
        if (within is null || time == TimeSpan.Zero)
        {
            return new DateTimeOffset(start + time);
        }

        var (zone, left) = (within.Zone, time);
        while (true)
        {
            var (end, offset) = Stretch(zone, start);
            foreach (var (begins, ends) in Worked(within, start + offset, end + offset))
            {
                if (ends - begins >= left)
                {
                    return new DateTimeOffset(begins + left - offset, TimeSpan.Zero);
                }

                left -= ends - begins;
            }

            start = end;
        }
    }

    /// <summary>A day from the moment, or less where the zone's clock is changed within it; and how far the clock is ahead of UTC until then.</summary>
    private static (DateTime End, TimeSpan Offset) Stretch(TimeZoneInfo zone, DateTime start)
    {
        var offset = zone.GetUtcOffset(start);
        var (same, other) = (start, start.AddDays(1));
        if (zone.GetUtcOffset(other) == offset)
        {
            return (other, offset);
        }

        while (other.Ticks - same.Ticks > 1)
        {
            var middle = new DateTime(same.Ticks + ((other.Ticks - same.Ticks) / 2), DateTimeKind.Utc);
            (same, other) = zone.GetUtcOffset(middle) == offset ? (middle, other) : (same, middle);
        }

        return (other, offset);
    }

    /// <summary>What is worked between two readings of the zone's clock, in order.</summary>
    private static IEnumerable<(DateTime Begins, DateTime Ends)> Worked(WorkingHours hours, DateTime start, DateTime end)
    {
        for (var day = start.Date; day < end; day = day.AddDays(1))
        {
            var begins = Later(day + hours.From.ToTimeSpan(), start);
            var ends = Earlier(day + hours.To.ToTimeSpan(), end);
            if (hours.Days.Contains(WeekdayOf(day)) && begins < ends)
            {
                yield return (begins, ends);
            }
        }
    }

    private static Weekday WeekdayOf(DateTime day) => (Weekday)(((int)day.DayOfWeek + 6) % 7);

    private static DateTime Later(DateTime a, DateTime b) => a > b ? a : b;

    private static DateTime Earlier(DateTime a, DateTime b) => a < b ? a : b;
}
