using Microsoft.Extensions.Logging;

namespace Advisor.Embedded.Durable;

/// <summary>What the engine logs: ids and names, never inputs, outputs or messages of failures.</summary>
internal static partial class DurableLog
{
    [LoggerMessage(100, LogLevel.Information, "The durable engine took up {Instances} instances, {Activities} activity calls and {Timers} timers")]
    public static partial void Recovered(this ILogger logger, int instances, int activities, int timers);

    [LoggerMessage(101, LogLevel.Information, "Orchestration {Name} {InstanceId} ended as {Status}")]
    public static partial void Ended(this ILogger logger, string name, string instanceId, string status);

    [LoggerMessage(102, LogLevel.Warning, "Orchestration {Name} {InstanceId} failed with {ErrorType}")]
    public static partial void OrchestrationFailed(this ILogger logger, string name, string instanceId, string errorType);

    [LoggerMessage(103, LogLevel.Warning, "Activity {Name} (#{TaskId}) of {InstanceId} failed with {ErrorType}")]
    public static partial void ActivityFailed(this ILogger logger, string name, int taskId, string instanceId, string errorType);

    [LoggerMessage(104, LogLevel.Error, "The journal could not be written for {What}; it will be tried again")]
    public static partial void WriteFailed(this ILogger logger, Exception fault, string what);

    [LoggerMessage(105, LogLevel.Error, "{What} is quarantined: it was running each of the {Deaths} times that the process died")]
    public static partial void Quarantined(this ILogger logger, string what, int deaths);

    [LoggerMessage(106, LogLevel.Warning, "The message {What} for {InstanceId} was dropped: the instance is {Status}")]
    public static partial void MessageDropped(this ILogger logger, string what, string instanceId, string status);

    [LoggerMessage(107, LogLevel.Warning, "{Running} activities were still running at the end of the drain time; they will run again after the next start")]
    public static partial void DrainTimedOut(this ILogger logger, int running);

    [LoggerMessage(108, LogLevel.Error, "A step of {InstanceId} could not be made; it will be tried again")]
    public static partial void StepFailed(this ILogger logger, Exception fault, string instanceId);

    [LoggerMessage(109, LogLevel.Warning, "Orchestration {Name} {InstanceId} waits: its version '{Version}' is not served by this build ({Served})")]
    public static partial void VersionRejected(this ILogger logger, string name, string instanceId, string version, string served);

    [LoggerMessage(110, LogLevel.Error, "Damaged: {What}")]
    public static partial void Damaged(this ILogger logger, string what);

    [LoggerMessage(120, LogLevel.Warning, "Orchestration {Name} {InstanceId} replays otherwise than it ran at event {Event} ({Code}); what is recorded stands")]
    public static partial void ReplayDrifted(this ILogger logger, string name, string instanceId, int @event, string code);
}
