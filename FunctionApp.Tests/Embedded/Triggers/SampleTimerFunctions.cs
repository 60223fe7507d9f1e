using Microsoft.Azure.Functions.Worker;

namespace Advisor.Tests.Embedded.Triggers;

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
