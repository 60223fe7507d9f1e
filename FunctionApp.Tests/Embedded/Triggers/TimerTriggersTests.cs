using Advisor.Embedded;
using Advisor.Embedded.Triggers;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Embedded.Triggers;

public sealed class TimerTriggersTests
{
    private static readonly DateTimeOffset Evening = new(2026, 3, 1, 20, 0, 0, TimeSpan.Zero);

    private readonly SampleClock _clock = new(Evening);
    private readonly SampleNotes _notes = new();

    [Fact]
    public async Task Clock_ReachesTheSchedule_RunsTheFunctionOnce()
    {
        await using var host = await StartAsync(typeof(SampleNightlyFunction));
        _clock.Advance(TimeSpan.FromHours(5) + TimeSpan.FromMinutes(59));
        _notes.IsEmpty.ShouldBeTrue();
        _clock.Advance(TimeSpan.FromMinutes(1));
        (await _notes.NextAsync()).ShouldBe("nightly past_due=False next=2026-03-02T02:00:00");
        _notes.IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public async Task Start_RunOnStartup_RunsAtOnceInATraceOfItsOwn()
    {
        await using var host = await StartAsync(typeof(SampleStartupFunction));
        (await _notes.NextAsync()).ShouldBe("startup status=False trace=55");
    }

    [Fact]
    public async Task Clock_FunctionFailed_RunsAgainAtTheNextOccurrence()
    {
        await using var host = await StartAsync(typeof(SampleFailingTimer));
        for (var i = 0; i < 2; i++)
        {
            await _clock.UntilArmedWithinAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
            _clock.Advance(TimeSpan.FromMinutes(1));
            (await _notes.NextAsync()).ShouldBe("failing past_due=False");
        }
    }

    [Fact]
    public async Task Start_OccurrenceMissedWhileDown_RunsPastDue()
    {
        await using var first = await StartAsync(typeof(SampleNightlyFunction));
        await first.Host.DisposeAsync();
        _clock.Advance(TimeSpan.FromDays(1));
        await using var second = await SampleHost.StartAsync(options => Configure(options, typeof(SampleNightlyFunction)) with { DataFolder = first.DataFolder });
        (await _notes.NextAsync()).ShouldBe("nightly past_due=True next=2026-03-02T02:00:00");
    }

    [Fact]
    public async Task Start_SettingOfScheduleMissing_SaysWhich()
    {
        var fault = await Should.ThrowAsync<InvalidOperationException>(() => SampleHost.StartAsync(typeof(SampleNightlyFunction)));
        fault.Message.ShouldBe("'%NightlySchedule%' names the setting 'NightlySchedule', which has no value.");
    }

    [Theory]
    [InlineData("0 30 9 * * MON-FRI", "2026-03-02T09:30:00Z")]
    [InlineData("30 9 * * *", "2026-03-02T09:30:00Z")]
    [InlineData("*/10 * * * * *", "2026-03-01T20:00:10Z")]
    [InlineData("01:30:00", "2026-03-01T21:30:00Z")]
    public void After_EachForm_IsTheNextRun(string schedule, string expected) =>
        TimerSchedule.Parse(schedule).After(Evening).ShouldBe(DateTimeOffset.Parse(expected));

    [Theory]
    [InlineData("every day")]
    [InlineData("00:00:00")]
    [InlineData("0 0 25 * * *")]
    public void Parse_NotASchedule_SaysWhatIs(string schedule) =>
        Should.Throw<InvalidOperationException>(() => TimerSchedule.Parse(schedule)).Message
            .ShouldBe($"'{schedule}' is not a timer schedule: use six NCRONTAB fields, seconds first, or a time span like 00:05:00.");

    private Task<SampleHost> StartAsync(Type functions) => SampleHost.StartAsync(options => Configure(options, functions));

    private AdvisorHostOptions Configure(AdvisorHostOptions options, Type functions) => options with
    {
        FunctionTypes = [functions],
        TimeProvider = _clock,
        Settings = new Dictionary<string, string?> { ["NightlySchedule"] = "0 0 2 * * *" },
        ConfigureServices = services => services.AddSingleton(_notes),
    };
}
