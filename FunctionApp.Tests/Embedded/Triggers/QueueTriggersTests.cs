using System.Text;
using Advisor.Embedded;
using Advisor.Embedded.ServiceBus;
using Advisor.Kernel.Messaging;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Embedded.Triggers;

/// <remarks>One message at a time is in work, so when a function has the second message, the first has been settled.</remarks>
public sealed class QueueTriggersTests
{
    private readonly SampleNotes _notes = new();

    [Theory]
    [InlineData("message", "plain", "m1 kind plain 1 acme m1 00-0af7651916cd43dd8448eb211c80319c")]
    [InlineData("text", "plain", "plain")]
    [InlineData("bytes", "plain", "5 bytes")]
    [InlineData("binary", "plain", "binary plain")]
    [InlineData("record", """{"order_id":"o7","total_amount":12.50}""", "o7 12.50")]
    public async Task Message_EachParameterType_IsBound(string queue, string body, string expected)
    {
        await using var host = await StartAsync(typeof(SampleBindingQueues));
        await SendAsync(host, "sample-" + queue, "m1", body);
        (await _notes.NextAsync()).ShouldBe(expected);
    }

    [Fact]
    public async Task Message_FunctionReturns_IsCompleted()
    {
        await using var host = await StartAsync(typeof(SampleObedientQueue));
        await SendAsync(host, "obedient", "m1", "first");
        await SendAsync(host, "obedient", "m2", "wait");
        (await _notes.NextAsync()).ShouldBe("first 1");
        (await _notes.NextAsync()).ShouldBe("wait 1");
        Queues(host).Count("obedient").ShouldBe(new QueueCounts(Ready: 0, Locked: 1, Scheduled: 0, DeadLettered: 0));
        _notes.Gate.SetResult();
    }

    [Theory]
    [InlineData("fail once")]
    [InlineData("abandon once")]
    public async Task Message_GivenBack_ComesAgainWithItsCount(string order)
    {
        await using var host = await StartAsync(typeof(SampleObedientQueue));
        await SendAsync(host, "obedient", "m1", order);
        (await _notes.NextAsync()).ShouldBe($"{order} 1");
        (await _notes.NextAsync()).ShouldBe($"{order} 2");
    }

    [Fact]
    public async Task Message_AlwaysFails_IsDeadLetteredAfterTheLastDelivery()
    {
        await using var host = await StartAsync(typeof(SampleObedientQueue));
        await SendAsync(host, "obedient", "m1", "fail");
        await SendAsync(host, "obedient", "m2", "next");
        for (var delivery = 1; delivery <= 10; delivery++)
        {
            (await _notes.NextAsync()).ShouldBe($"fail {delivery}");
        }

        (await _notes.NextAsync()).ShouldBe("next 1");
        var letter = Queues(host).PeekDeadLetters("obedient").ShouldHaveSingleItem();
        (letter.MessageId, letter.Reason, letter.DeliveryCount).ShouldBe(("m1", "MaxDeliveryCountExceeded", 10));
    }

    [Fact]
    public async Task Message_FunctionDeadLettersIt_IsSetAsideWithItsReason()
    {
        await using var host = await StartAsync(typeof(SampleObedientQueue));
        await SendAsync(host, "obedient", "m1", "dead-letter");
        await SendAsync(host, "obedient", "m2", "next");
        (await _notes.NextAsync()).ShouldBe("dead-letter 1");
        (await _notes.NextAsync()).ShouldBe("next 1");
        var letter = Queues(host).PeekDeadLetters("obedient").ShouldHaveSingleItem();
        (letter.Reason, letter.Description).ShouldBe(("Unreadable", "the page is torn"));
    }

    [Fact]
    public async Task Message_CompletedBeforeTheFunctionFails_DoesNotComeAgain()
    {
        await using var host = await StartAsync(typeof(SampleObedientQueue));
        await SendAsync(host, "obedient", "m1", "complete, then fail");
        await SendAsync(host, "obedient", "m2", "next");
        (await _notes.NextAsync()).ShouldBe("complete, then fail 1");
        (await _notes.NextAsync()).ShouldBe("next 1");
    }

    [Fact]
    public async Task Message_AutoCompleteOff_StaysLockedUntilItIsSettled()
    {
        await using var host = await StartAsync(typeof(SampleManualQueue));
        await SendAsync(host, "manual", "m1", "first");
        await SendAsync(host, "manual", "m2", "second");
        (await _notes.NextAsync()).ShouldBe("first");
        (await _notes.NextAsync()).ShouldBe("second");
        Queues(host).Count("manual").Locked.ShouldBe(2);
    }

    /// <summary>Two minutes, and nearly the hour of host.json: so long may a function wait for a dependency to come back.</summary>
    [Theory]
    [InlineData(4)]
    [InlineData(118)]
    public async Task Message_FunctionRunsLongerThanTheLock_KeepsItsLock(int halfMinutes)
    {
        var clock = new SampleClock(new DateTimeOffset(2026, 3, 1, 20, 0, 0, TimeSpan.Zero));
        await using var host = await StartAsync(typeof(SampleObedientQueue), options => options with { TimeProvider = clock });
        await SendAsync(host, "obedient", "m1", "wait");
        (await _notes.NextAsync()).ShouldBe("wait 1");
        for (var i = 0; i < halfMinutes; i++)
        {
            await clock.UntilArmedWithinAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
            clock.Advance(TimeSpan.FromSeconds(30));
        }

        await clock.UntilArmedWithinAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        _notes.Gate.SetResult();
        await SendAsync(host, "obedient", "m2", "next");
        (await _notes.NextAsync()).ShouldBe("next 1");
        Queues(host).PeekDeadLetters("obedient").ShouldBeEmpty();
    }

    /// <summary>The lock goes by a steady clock, and so must its renewals: by this wall clock the end of the lock is never near.</summary>
    [Fact]
    public async Task Message_WallClockSetBackAgainAndAgain_KeepsItsLock()
    {
        var clock = new SampleClock(new DateTimeOffset(2026, 3, 1, 20, 0, 0, TimeSpan.Zero));
        await using var host = await StartAsync(typeof(SampleObedientQueue), options => options with { TimeProvider = new ClockThatSlidesBack(clock) });
        await SendAsync(host, "obedient", "m1", "wait");
        (await _notes.NextAsync()).ShouldBe("wait 1");
        for (var i = 0; i < 4; i++)
        {
            await clock.UntilArmedWithinAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
            clock.Advance(TimeSpan.FromSeconds(30));
        }

        await clock.UntilArmedWithinAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        _notes.Gate.SetResult();
        await SendAsync(host, "obedient", "m2", "next");
        (await _notes.NextAsync()).ShouldBe("next 1");
    }

    [Fact]
    public async Task Messages_SeveralCallsAllowed_AreInWorkTogether()
    {
        await using var host = await StartAsync(typeof(SampleObedientQueue), calls: 3);
        await SendAsync(host, "obedient", "m1", "wait");
        await SendAsync(host, "obedient", "m2", "wait");
        (await _notes.NextAsync()).ShouldBe("wait 1");
        (await _notes.NextAsync()).ShouldBe("wait 1");
        _notes.Gate.SetResult();
    }

    /// <summary>Two of three are as many as one tenant may hold, however long they take.</summary>
    [Fact]
    public async Task Messages_SlowOnesOfOneTenant_LeaveTheLastPlaceToAnother()
    {
        await using var host = await StartAsync(typeof(SampleObedientQueue), calls: 3);
        for (var i = 1; i <= 3; i++)
        {
            await SendAsync(host, "obedient", $"m{i}", "wait");
        }

        (await _notes.NextAsync()).ShouldBe("wait 1");
        (await _notes.NextAsync()).ShouldBe("wait 1");
        await SendAsync(host, "obedient", "m4", "another's", "beta");
        (await _notes.NextAsync()).ShouldBe("another's 1");
        Queues(host).Count("obedient").Ready.ShouldBe(1);

        _notes.Gate.SetResult();
        (await _notes.NextAsync()).ShouldBe("wait 1");
    }

    [Fact]
    public async Task Stop_MessageInWork_IsFinishedAndCompleted()
    {
        await using var first = await StartAsync(typeof(SampleObedientQueue));
        await SendAsync(first, "obedient", "m1", "wait");
        (await _notes.NextAsync()).ShouldBe("wait 1");
        var stop = first.Host.DisposeAsync().AsTask();
        _notes.Gate.SetResult();
        await stop;

        await using var second = await StartAsync(typeof(SampleObedientQueue), options => options with { DataFolder = first.DataFolder });
        await SendAsync(second, "obedient", "m2", "next");
        (await _notes.NextAsync()).ShouldBe("next 1");
    }

    [Fact]
    public async Task Stop_MessageInWorkTooLong_IsGivenBack()
    {
        await using var first = await StartAsync(typeof(SampleObedientQueue), options => options with { StopTimeout = TimeSpan.Zero });
        await SendAsync(first, "obedient", "m1", "wait");
        (await _notes.NextAsync()).ShouldBe("wait 1");
        await first.Host.DisposeAsync();

        await using var second = await StartAsync(typeof(SampleObedientQueue), options => options with { DataFolder = first.DataFolder });
        (await _notes.NextAsync()).ShouldBe("wait 2");
        _notes.Gate.SetResult();
    }

    private static SqliteQueues Queues(SampleHost host) => host.Host.Services.GetRequiredService<SqliteQueues>();

    private static Task SendAsync(SampleHost host, string queue, string id, string body, string tenant = "acme") => host.Host.Services.GetRequiredService<IMessageBus>().SendAsync(
        queue,
        new BusMessage(id, Encoding.UTF8.GetBytes(body), "kind", new Dictionary<string, string>
        {
            ["tenant"] = tenant,
            ["traceparent"] = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        }),
        TestContext.Current.CancellationToken);

    private Task<SampleHost> StartAsync(Type functions, Func<AdvisorHostOptions, AdvisorHostOptions>? configure = null, int calls = 1) =>
        SampleHost.StartAsync(options => (configure ?? (same => same))(options with
        {
            FunctionTypes = [functions],
            Settings = new Dictionary<string, string?>
            {
                ["Prefix"] = "sample",
                ["AzureFunctionsJobHost:extensions:serviceBus:maxConcurrentCalls"] = $"{calls}",
            },
            ConfigureServices = services => services.AddSingleton(_notes),
        }));

    /// <summary>A wall clock that is ten minutes earlier each time it is asked, above timers that run on.</summary>
    private sealed class ClockThatSlidesBack(TimeProvider timers) : TimeProvider
    {
        private long _asked;

        public override DateTimeOffset GetUtcNow() => timers.GetUtcNow() - (TimeSpan.FromMinutes(10) * Interlocked.Increment(ref _asked));

        public override long TimestampFrequency => timers.TimestampFrequency;

        public override long GetTimestamp() => timers.GetTimestamp();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => timers.CreateTimer(callback, state, dueTime, period);
    }
}
