using Microsoft.DurableTask.Client;

namespace Advisor.Embedded.Durable;

/// <summary>A query for the instances that carry a tag. The public query has no tags: other clients than this engine's ignore it.</summary>
public sealed record TaggedOrchestrationQuery(string Name, string Value) : OrchestrationQuery
{
    internal KeyValuePair<string, string> Tag => KeyValuePair.Create(Name, Value);
}
