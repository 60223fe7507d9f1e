using System.Reflection;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Advisor.Embedded.Triggers;

/// <summary>Runs the timer functions, each by its own loop, so that a function never overlaps itself; runs that fall into a run are skipped.</summary>
internal sealed partial class TimerTriggers(
    FunctionCatalog catalog, FunctionRunner runner, HostSettings settings, HostStopping stopping, AdvisorHostOptions options, ILogger<TimerTriggers> logger)
    : IHostedService
{
    /// <summary>Longest single wait; a later run is waited for in several.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    private static readonly Dictionary<string, object?> NoData = [];

    private readonly TimeProvider _time = options.TimeProvider;
    private readonly List<Task> _loops = [];

    public static TriggerKind Kind { get; } = new("timerTrigger", BindTimer, (_, _) => null);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        var folder = Path.Combine(options.DataFolder, "timers");
        foreach (var (function, trigger) in catalog.With<TimerTriggerAttribute>())
        {
            var schedule = TimerSchedule.Parse(settings.Resolve(trigger.Schedule));
            var monitor = trigger.UseMonitor && IsWorthMonitoring(schedule) ? new TimerMonitor(folder, function.Name) : null;
            _loops.Add(LoopAsync(function, schedule, trigger.RunOnStartup, monitor));
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.WhenAll(_loops).WaitAsync(cancellationToken);

    /// <summary>As the Functions host has it: a run missed by less than a minute needs no making up.</summary>
    private bool IsWorthMonitoring(TimerSchedule schedule)
    {
        var next = schedule.After(_time.GetUtcNow());
        return schedule.After(next) - next >= TimeSpan.FromMinutes(1);
    }

    private async Task LoopAsync(FunctionMethod function, TimerSchedule schedule, bool runOnStartup, TimerMonitor? monitor)
    {
        var status = monitor?.Read();
        var started = _time.GetUtcNow();
        var pastDue = status is not null && schedule.After(Latest(status)) < started;
        if (monitor is not null && status is null)
        {
            monitor.Save(status = new ScheduleStatus { Next = schedule.After(started).UtcDateTime, LastUpdated = started.UtcDateTime });
        }

        try
        {
            if (runOnStartup || pastDue)
            {
                // The function must not hold up the start of the host.
                await Task.Yield();
                await RunAsync(function, schedule, monitor, status, pastDue);
            }

            while (true)
            {
                await WaitAsync(schedule.After(_time.GetUtcNow()));
                await RunAsync(function, schedule, monitor, monitor?.Read(), pastDue: false);
            }
        }
        catch (OperationCanceledException) when (stopping.Requested.IsCancellationRequested)
        {
            // The host stops, and with it the loop.
        }
    }

    private static DateTimeOffset Latest(ScheduleStatus status) =>
        new(DateTime.SpecifyKind(status.Last == default ? status.LastUpdated : status.Last, DateTimeKind.Utc));

    private async Task WaitAsync(DateTimeOffset due)
    {
        while (due - _time.GetUtcNow() is var left && left > TimeSpan.Zero)
        {
            await Task.Delay(left < LongestWait ? left : LongestWait, _time, stopping.Requested);
        }

        stopping.Requested.ThrowIfCancellationRequested();
    }

    private async Task RunAsync(FunctionMethod function, TimerSchedule schedule, TimerMonitor? monitor, ScheduleStatus? status, bool pastDue)
    {
        var now = _time.GetUtcNow();
        try
        {
            await runner.RunAsync(
                function, new TimerInfo { ScheduleStatus = status, IsPastDue = pastDue }, NoData, traceParent: null, stopping.Overdue);
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            // The next occurrence is the next attempt, as on Azure.
            LogFailed(fault, function.Name);
        }

        monitor?.Save(new ScheduleStatus
        {
            Last = now.UtcDateTime,
            Next = schedule.After(_time.GetUtcNow()).UtcDateTime,
            LastUpdated = now.UtcDateTime,
        });
    }

    private static ParameterBinder? BindTimer(ParameterInfo parameter, TriggerBindingAttribute trigger) =>
        parameter.ParameterType == typeof(TimerInfo) ? (_, timer) => timer : null;

    [LoggerMessage(9021, LogLevel.Error, "The timer function {Function} failed")]
    private partial void LogFailed(Exception fault, string function);
}
