using System.Globalization;
using NCrontab;

namespace Advisor.Embedded.Triggers;

/// <summary>When a timer function runs: NCRONTAB with or without seconds, in UTC, or a fixed span between runs.</summary>
internal abstract class TimerSchedule
{
    /// <summary>The first run after <paramref name="time"/> (exclusive), UTC.</summary>
    public abstract DateTimeOffset After(DateTimeOffset time);

    /// <exception cref="InvalidOperationException">The text is neither; the message says what it may be.</exception>
    public static TimerSchedule Parse(string text)
    {
        if (text.Contains(':') && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var span) && span > TimeSpan.Zero)
        {
            return new Every(span);
        }

        var seconds = text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length == 6;
        return CrontabSchedule.TryParse(text, new CrontabSchedule.ParseOptions { IncludingSeconds = seconds }) is { } cron
            ? new Cron(cron)
            : throw new InvalidOperationException($"'{text}' is not a timer schedule: use six NCRONTAB fields, seconds first, or a time span like 00:05:00.");
    }

    private sealed class Every(TimeSpan span) : TimerSchedule
    {
        public override DateTimeOffset After(DateTimeOffset time) => time + span;
    }

    private sealed class Cron(CrontabSchedule schedule) : TimerSchedule
    {
        public override DateTimeOffset After(DateTimeOffset time) => new(schedule.GetNextOccurrence(time.UtcDateTime), TimeSpan.Zero);
    }
}
