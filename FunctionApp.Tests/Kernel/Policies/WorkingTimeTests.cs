using System.Globalization;
using Advisor.Kernel.Policies;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Kernel.Policies;

public sealed class WorkingTimeTests
{
    private static readonly Weekday[] s_workdays = [Weekday.Mon, Weekday.Tue, Weekday.Wed, Weekday.Thu, Weekday.Fri];

    private static readonly string[] s_zones = ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "America/Sao_Paulo", "Pacific/Apia", "Africa/Casablanca"];

    /// <summary>Around changes of the clock in most of the zones, Samoa's lost day among them, and in years without.</summary>
    private static readonly Gen<DateTimeOffset> s_moment =
        from near in Gen.Elements(new DateTime(2026, 3, 27), new DateTime(2026, 10, 23), new DateTime(2011, 12, 28), new DateTime(2018, 11, 2), new DateTime(2024, 2, 27))
        from minutes in Gen.Choose(0, 8 * 24 * 60)
        select new DateTimeOffset(DateTime.SpecifyKind(near.AddMinutes(minutes), DateTimeKind.Utc));

    private static readonly Gen<WorkingHours> s_hours =
        from zone in Gen.Elements(s_zones)
        from days in Gen.NonEmptyListOf(Gen.Elements(Enum.GetValues<Weekday>()))
        from start in Gen.Choose(0, 22 * 60)
        from length in Gen.Choose(60, 24 * 60)
        select new WorkingHours(zone, [.. days.Distinct().Order()], new TimeOnly(0).AddMinutes(start), new TimeOnly(0).AddMinutes(Math.Min(start + length, (24 * 60) - 1)));

    private static readonly Gen<TimeSpan> s_time = Gen.Choose(0, 100 * 60).Select(minutes => TimeSpan.FromMinutes(minutes));

    [Theory]
    [InlineData("2026-11-20 08:00", 4, "2026-11-20 12:00", "Friday, 9 to 13 of the 9 to 17 in Berlin")]
    [InlineData("2026-11-20 08:00", 8, "2026-11-20 16:00", "what ends with the day ends then")]
    [InlineData("2026-11-20 15:00", 1.25, "2026-11-23 08:15", "a quarter of an hour is left for Monday")]
    [InlineData("2026-11-21 12:00", 0.25, "2026-11-23 08:15", "a Saturday waits")]
    [InlineData("2026-11-20 03:00", 1, "2026-11-20 09:00", "the morning waits")]
    [InlineData("2026-11-20 08:00", 24, "2026-11-24 16:00", "three working days")]
    [InlineData("2026-03-27 08:00", 9, "2026-03-30 08:00", "after the clock went on, nine in Berlin is seven in UTC")]
    [InlineData("2026-10-23 07:00", 9, "2026-10-26 09:00", "after it went back, eight")]
    public void Add_WorkingHoursOfBerlin_CountsThemAlone(string from, double hours, string until, string why) =>
        WorkingTime.Add(Utc(from), TimeSpan.FromHours(hours), new WorkingHours("Europe/Berlin", s_workdays, new TimeOnly(9, 0), new TimeOnly(17, 0))).ShouldBe(Utc(until), why);

    [Theory]
    [InlineData("2026-03-29 00:00", "2026-03-29 02:00", "from one to four o'clock in two hours: there is no hour from two to three")]
    [InlineData("2026-10-24 23:00", "2026-10-25 03:00", "from one to four o'clock in four hours: the hour from two to three is there twice")]
    public void Add_HoursInWhichTheClockChanges_CountsTimeThatPasses(string begins, string ends, string why)
    {
        var night = new WorkingHours("Europe/Berlin", [Weekday.Sun], new TimeOnly(1, 0), new TimeOnly(4, 0));
        var worked = Utc(ends) - Utc(begins);
        WorkingTime.Add(Utc(begins).AddHours(-5), worked, night).ShouldBe(Utc(ends), why);
        WorkingTime.Add(Utc(begins).AddHours(-5), worked + TimeSpan.FromTicks(1), night).ShouldBeGreaterThan(Utc(ends).AddDays(6), why);
    }

    [Fact]
    public void Add_NoWorkingHours_CountsAllTimeAndAnswersInUtc()
    {
        var end = WorkingTime.Add(new DateTimeOffset(2026, 11, 20, 22, 0, 0, TimeSpan.FromHours(1)), TimeSpan.FromHours(24), null);
        (end, end.Offset).ShouldBe((Utc("2026-11-21 21:00"), TimeSpan.Zero));
    }

    [Fact]
    public void Add_NegativeTime_IsRefused() => Should.Throw<ArgumentOutOfRangeException>(() => WorkingTime.Add(DateTimeOffset.UnixEpoch, TimeSpan.FromTicks(-1), null));

    [Fact]
    public void Add_OneTimeAndThenAnother_IsAddingBoth() =>
        ForAll(s_time, s_time, (from, hours, first, then) => WorkingTime.Add(WorkingTime.Add(from, first, hours), then, hours) == WorkingTime.Add(from, first + then, hours));

    [Fact]
    public void Add_MoreTimeOrALaterStart_IsNeverSooner() => ForAll(
        s_time, s_time,
        (from, hours, time, more) => WorkingTime.Add(from, time + more, hours) >= WorkingTime.Add(from, time, hours)
            && WorkingTime.Add(from + more, time, hours) >= WorkingTime.Add(from, time, hours));

    /// <summary>Every minute up to the deadline is looked up on the zone's clock: so many of them are worked, the last among them.</summary>
    [Fact]
    public void Add_AnyTime_IsSoManyMinutesThatTheZonesClockShowsAsWorked() => ForAll(Gen.Choose(1, 20 * 60).Select(minutes => TimeSpan.FromMinutes(minutes)), Gen.Constant(TimeSpan.Zero), (from, hours, time, _) =>
    {
        var end = WorkingTime.Add(from, time, hours);
        var (worked, last) = (0, false);
        for (var minute = from; minute < end; minute = minute.AddMinutes(1))
        {
            var shown = TimeZoneInfo.ConvertTime(minute, hours.Zone);
            last = hours.Days.Contains((Weekday)(((int)shown.DayOfWeek + 6) % 7)) && TimeOnly.FromDateTime(shown.DateTime) >= hours.From && TimeOnly.FromDateTime(shown.DateTime) < hours.To;
            worked += last ? 1 : 0;
        }

        return worked == (int)time.TotalMinutes && last && end.Offset == TimeSpan.Zero;
    }, tests: 150);

    private static void ForAll(Gen<TimeSpan> one, Gen<TimeSpan> other, Func<DateTimeOffset, WorkingHours, TimeSpan, TimeSpan, bool> holds, int tests = 500)
    {
        var cases =
            from moment in s_moment
            from hours in s_hours
            from first in one
            from second in other
            select (moment, hours, first, second);
        Prop.ForAll(cases.ToArbitrary(), it => holds(it.moment, it.hours, it.first, it.second)).Check(Config.QuickThrowOnFailure.WithMaxTest(tests).WithQuietOnSuccess(true));
    }

    private static DateTimeOffset Utc(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}
