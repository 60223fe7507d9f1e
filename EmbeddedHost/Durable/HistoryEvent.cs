using System.Text.Json.Serialization;

namespace Advisor.Embedded.Durable;

/// <summary>One line of an execution's history: something that happened to the orchestrator, or something it did.</summary>
/// <param name="Kind">One of <see cref="EventKind"/>.</param>
/// <param name="TaskId">The sequence number of the call this belongs to, from 0; -1 where there is none.</param>
/// <param name="Name">The activity, orchestrator or event name.</param>
/// <param name="Target">The instance id of a sub-orchestration or of an event's receiver.</param>
/// <param name="At">The time of a step, or when a timer is due; UTC.</param>
/// <param name="Data">JSON: input, result, payload, or failure details.</param>
public sealed record HistoryEvent(string Kind, int TaskId = -1, string? Name = null, string? Target = null, DateTime? At = null, string? Data = null)
{
    /// <summary>Whether the orchestrator's code did this, so that a replay must do it again.</summary>
    [JsonIgnore]
    public bool IsAction => Kind is EventKind.ActivityScheduled or EventKind.TimerCreated or EventKind.ChildScheduled or EventKind.EventSent;

    /// <summary>Whether this ends the execution.</summary>
    [JsonIgnore]
    public bool IsEnd => Kind is EventKind.Completed or EventKind.Failed or EventKind.Terminated or EventKind.ContinuedAsNew;
}

/// <summary>The short names under which events are journaled. They are stored for years: never change one.</summary>
public static class EventKind
{
    /// <summary>A step began; carries the time that the orchestrator sees during it.</summary>
    public const string Step = "step";

    public const string Started = "started";
    public const string ActivityScheduled = "activity-scheduled";
    public const string ActivityCompleted = "activity-completed";
    public const string ActivityFailed = "activity-failed";
    public const string TimerCreated = "timer-created";
    public const string TimerFired = "timer-fired";
    public const string ChildScheduled = "child-scheduled";
    public const string ChildCompleted = "child-completed";
    public const string ChildFailed = "child-failed";
    public const string EventSent = "event-sent";
    public const string EventRaised = "event-raised";
    public const string Suspended = "suspended";
    public const string Resumed = "resumed";
    public const string Completed = "completed";
    public const string Failed = "failed";

    /// <summary>As a message, the wish to terminate; <see cref="HistoryEvent.Name"/> is "recursive" when children are meant too.</summary>
    public const string Terminated = "terminated";

    public const string ContinuedAsNew = "continued-as-new";

    /// <summary>All of them.</summary>
    internal static IReadOnlySet<string> All { get; } = typeof(EventKind).GetFields()
        .Where(field => field.IsLiteral).Select(field => (string)field.GetRawConstantValue()!).ToHashSet(StringComparer.Ordinal);
}
