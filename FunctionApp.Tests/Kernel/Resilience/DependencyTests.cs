using Advisor.Kernel.Records;
using Advisor.Kernel.Resilience;
using Advisor.Kernel.Telemetry;
using Advisor.Tests.Embedded;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Kernel.Resilience;

public sealed class DependencyTests : IDisposable
{
    private static readonly TimeSpan s_break = TimeSpan.FromSeconds(5);

    private readonly ManualTimeProvider _clock = new();
    private readonly AdvisorMetrics _metrics = new(new FunctionTriggers(typeof(Composition).Assembly));
    private readonly CancellationTokenSource _stopping = new();
    private readonly DependencyOptions _options = new() { RetryDelay = TimeSpan.Zero, BreakDuration = s_break };
    private int _calls;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _metrics.Dispose();
        _stopping.Dispose();
    }

    [Fact]
    public async Task Call_TransientFault_IsRepeated()
    {
        using var dependency = New();
        (await CallAsync(dependency, call => call < 3 ? throw new IOException("gone") : call)).ShouldBe(3);
        dependency.LastError!.Kind.ShouldBe("IOException");
    }

    [Fact]
    public async Task Call_ThatFailsAllItsAttempts_IsUnavailableAndOpensTheCircuit()
    {
        using var dependency = New();
        var fault = await Should.ThrowAsync<DependencyUnavailableException>(() => CallAsync(dependency, _ => throw new IOException("gone")));
        fault.InnerException.ShouldBeOfType<IOException>();
        (_calls, dependency.Circuit, fault.RetryAfter).ShouldBe((4, CircuitStatus.Open, s_break));
    }

    [Fact]
    public async Task Call_OpenCircuit_FailsAtOnceWithWhatIsLeftOfTheBreak()
    {
        using var dependency = New();
        await OpenAsync(dependency);
        _clock.Advance(TimeSpan.FromSeconds(2));
        var fault = await Should.ThrowAsync<DependencyUnavailableException>(() => CallAsync(dependency, call => call));
        (_calls, fault.RetryAfter).ShouldBe((4, TimeSpan.FromSeconds(3)));
    }

    public static TheoryData<Exception> Expected =>
    [
        new RecordConflictException("insights", "1"), new InvalidContinuationException(), WrongArgument("1"), new FileNotFoundException(),
        new InvalidOperationException("a bug"),
    ];

    [Theory]
    [MemberData(nameof(Expected))]
    public async Task Call_ExpectedOutcome_IsNeitherRepeatedNorCounted(Exception outcome)
    {
        using var dependency = New();
        for (var i = 1; i <= 20; i++)
        {
            (await Should.ThrowAsync<Exception>(() => CallAsync(dependency, _ => throw outcome))).ShouldBeSameAs(outcome);
        }

        (_calls, dependency.Circuit, dependency.LastError).ShouldBe((20, CircuitStatus.Closed, null));
    }

    [Fact]
    public async Task Call_CancelledByItsCaller_IsNeitherRepeatedNorCounted()
    {
        using var dependency = New();
        using var caller = new CancellationTokenSource();
        await Should.ThrowAsync<OperationCanceledException>(async () => await dependency.CallAsync("find", null, 0, async (_, token) =>
        {
            _calls++;
            await caller.CancelAsync();
            token.ThrowIfCancellationRequested();
            return 0;
        }, caller.Token));
        (_calls, dependency.LastError).ShouldBe((1, null));
    }

    [Fact]
    public async Task Call_AttemptThatTakesTooLong_IsRepeated()
    {
        using var dependency = New();
        var second = dependency.CallAsync("find", null, 0, async (_, token) =>
        {
            if (++_calls == 1)
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, token);
            }

            return _calls;
        }, Cancel).AsTask();
        _clock.Advance(_options.AttemptTimeout);
        (await second.WaitAsync(TimeSpan.FromSeconds(30), Cancel)).ShouldBe(2);
    }

    /// <summary>Nobody takes it for a cancellation: what is asked over HTTP is answered with 503, as for every other fault of the dependency.</summary>
    [Fact]
    public async Task Call_EveryAttemptTakesTooLong_IsUnavailable()
    {
        _options.MaxRetries = 0;
        using var dependency = New();
        var call = dependency.CallAsync("find", null, 0, static async (_, token) =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, token);
            return 0;
        }, Cancel).AsTask();
        _clock.Advance(_options.AttemptTimeout);
        await Should.ThrowAsync<DependencyUnavailableException>(call.WaitAsync(TimeSpan.FromSeconds(30), Cancel));
        dependency.LastError!.Kind.ShouldBe("TimeoutRejectedException");
    }

    [Fact]
    public async Task Call_InTheBackground_WaitsForTheCircuitAndThenGoesOn()
    {
        using var dependency = New();
        await OpenAsync(dependency);
        var waiting = InBackgroundAsync(dependency, call => call);
        waiting.IsCompleted.ShouldBeFalse();
        _clock.Advance(TimeSpan.FromSeconds(4));
        waiting.IsCompleted.ShouldBeFalse();
        _clock.Advance(TimeSpan.FromSeconds(2));
        (await waiting.WaitAsync(TimeSpan.FromSeconds(30), Cancel)).ShouldBe(5);
        dependency.Circuit.ShouldBe(CircuitStatus.Closed);
    }

    /// <summary>A trial that fails opens the circuit again, for longer; those who wait, wait on.</summary>
    [Fact]
    public async Task Call_InTheBackground_TrialFails_WaitsAgain()
    {
        using var dependency = New();
        await OpenAsync(dependency);
        var waiting = InBackgroundAsync(dependency, call => call == 5 ? throw new IOException("still gone") : call);
        _clock.Advance(TimeSpan.FromSeconds(6));
        await UntilAsync(() => _calls == 5 && dependency.Circuit == CircuitStatus.Open && _clock.PendingTimers > 0);
        _clock.Advance(TimeSpan.FromSeconds(6));
        waiting.IsCompleted.ShouldBeFalse();
        _clock.Advance(TimeSpan.FromSeconds(6));
        (await waiting.WaitAsync(TimeSpan.FromSeconds(30), Cancel)).ShouldBe(6);
    }

    [Fact]
    public async Task Call_InTheBackground_PatienceEnds_IsUnavailable()
    {
        using var dependency = New(patience: TimeSpan.FromSeconds(3));
        await OpenAsync(dependency);
        var waiting = InBackgroundAsync(dependency, call => call);
        waiting.IsCompleted.ShouldBeFalse();
        _clock.Advance(TimeSpan.FromSeconds(4));
        await Should.ThrowAsync<DependencyUnavailableException>(() => waiting.WaitAsync(TimeSpan.FromSeconds(30), Cancel));
    }

    [Fact]
    public async Task Call_InTheBackground_HostStops_EndsAtOnce()
    {
        using var dependency = New();
        await OpenAsync(dependency);
        var waiting = InBackgroundAsync(dependency, call => call);
        await _stopping.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => waiting.WaitAsync(TimeSpan.FromSeconds(30), Cancel));
    }

    [Fact]
    public async Task Call_NoPlaceFree_RequestIsRefusedAndBackgroundWaits()
    {
        _options.MaxConcurrency = 1;
        _options.QueueTimeout = TimeSpan.Zero;
        using var dependency = New();
        var gate = new TaskCompletionSource();
        var first = dependency.CallAsync("find", null, gate, async (state, _) =>
        {
            await state.Task;
            return 1;
        }, Cancel).AsTask();
        await Should.ThrowAsync<DependencyUnavailableException>(() => CallAsync(dependency, call => call));
        var waiting = InBackgroundAsync(dependency, call => call);
        waiting.IsCompleted.ShouldBeFalse();
        gate.SetResult();
        await first;
        (await waiting.WaitAsync(TimeSpan.FromSeconds(30), Cancel)).ShouldBe(1);
    }

    [Fact]
    public async Task Call_OfWhatHasNoCircuit_NeverRefuses()
    {
        using var dependency = new Dependency("document-fetch", _options, TimeSpan.Zero, breaks: false, _metrics, _clock, NullLogger.Instance, CancellationToken.None);
        for (var i = 1; i <= 5; i++)
        {
            await Should.ThrowAsync<DependencyUnavailableException>(() => CallAsync(dependency, _ => throw new HttpRequestException()));
        }

        (_calls, dependency.Circuit).ShouldBe((20, null));
    }

    [Theory]
    [InlineData(0, 5)]
    [InlineData(1, 10)]
    [InlineData(3, 40)]
    [InlineData(4, 60)]
    [InlineData(1_000_000, 60)]
    public void BreakAfter_FailedTrials_DoublesUpToAMinute(int trials, int seconds) => Circuit.BreakAfter(s_break, trials).ShouldBe(TimeSpan.FromSeconds(seconds));

    private static ArgumentException WrongArgument(string id) => new("wrong", nameof(id));

    private static async Task UntilAsync(Func<bool> reached)
    {
        for (var i = 0; !reached() && i < 3_000; i++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(1), Cancel);
        }

        reached().ShouldBeTrue();
    }

    private Dependency New(TimeSpan? patience = null) =>
        new("records", _options, patience ?? TimeSpan.FromMinutes(55), breaks: true, _metrics, _clock, NullLogger.Instance, _stopping.Token);

    private async Task OpenAsync(Dependency dependency)
    {
        await Should.ThrowAsync<DependencyUnavailableException>(() => CallAsync(dependency, _ => throw new IOException("gone")));
        dependency.Circuit.ShouldBe(CircuitStatus.Open);
    }

    private Task<int> CallAsync(Dependency dependency, Func<int, int> answer) =>
        dependency.CallAsync("find", "insights", answer, (state, _) => new ValueTask<int>(state(++_calls)), Cancel).AsTask();

    private async Task<int> InBackgroundAsync(Dependency dependency, Func<int, int> answer)
    {
        BackgroundWork.Begin();
        return await CallAsync(dependency, answer);
    }
}
