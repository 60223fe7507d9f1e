namespace Advisor.Kernel.Telemetry;

/// <summary>How many messages of a queue are in which state.</summary>
public sealed record QueueDepth(long Ready, long Locked, long Scheduled, long DeadLettered);

/// <summary>Tells how full the queues are; a host that can tell registers it.</summary>
public interface IQueueDepths
{
    /// <summary>The queue's depth as last known, quickly and without waiting for a network; null when it is not known.</summary>
    QueueDepth? DepthOf(string queue);
}
