using System.Threading.Channels;
using Microsoft.Azure.Functions.Worker;
using Xunit;

namespace Advisor.Tests.Embedded.Triggers;

/// <summary>What the sample functions of one host tell the test.</summary>
public sealed class SampleNotes
{
    private readonly Channel<string> _notes = Channel.CreateUnbounded<string>();

    public void Add(string note) => _notes.Writer.TryWrite(note);

    /// <summary>The next note; fails rather than waits forever.</summary>
    public Task<string> NextAsync() =>
        _notes.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

    public bool IsEmpty => _notes.Reader.Count == 0;
}

public sealed class SampleNightlyFunction(SampleNotes notes)
{
    [Function("Nightly")]
    public void Nightly([TimerTrigger("%NightlySchedule%")] TimerInfo timer) =>
        notes.Add($"nightly past_due={timer.IsPastDue} next={timer.ScheduleStatus?.Next:yyyy-MM-ddTHH:mm:ss}");
}

public sealed class SampleStartupFunction(SampleNotes notes)
{
    [Function("Startup")]
    public Task Startup([TimerTrigger("*/10 * * * * *", RunOnStartup = true)] TimerInfo timer, FunctionContext context)
    {
        notes.Add($"startup status={timer.ScheduleStatus is not null} trace={context.TraceContext.TraceParent.Length}");
        return Task.CompletedTask;
    }
}

public sealed class SampleFailingTimer(SampleNotes notes)
{
    [Function("FailingTimer")]
    public void Run([TimerTrigger("00:01:00")] TimerInfo timer)
    {
        notes.Add($"failing past_due={timer.IsPastDue}");
        throw new InvalidOperationException("this run fails");
    }
}
