using System.Text.Json;

namespace Advisor.Kernel.Timeline;

public enum TimelineEventType
{
    StepStarted,
    StepCompleted,
    AgentMessage,
    ToolCall,
    KbQuery,
    Branch,
    Error,
    Final,
}

/// <summary>Something that happened in a run of any workflow.</summary>
/// <param name="Seq">From 1, without gaps, in the order the events were accepted.</param>
/// <param name="Step">The workflow's name for the step.</param>
/// <param name="Agent">Who did it: an activity, a model, a person's user id; null for the workflow itself.</param>
/// <param name="ElapsedMs">How long the step took; null for what takes no time.</param>
public sealed record TimelineEvent(
    string RunId, int Seq, TimelineEventType Type, string Step, string? Agent, DateTimeOffset Ts, long? ElapsedMs, JsonElement? Payload);
