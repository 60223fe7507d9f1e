using System.Collections.Immutable;

namespace Microsoft.DurableTask
{
    /// <summary>How an orchestration is started from outside.</summary>
    public record StartOrchestrationOptions
    {
        public StartOrchestrationOptions(string? InstanceId = null, DateTimeOffset? StartAt = null)
        {
            this.InstanceId = InstanceId;
            this.StartAt = StartAt;
        }

        public StartOrchestrationOptions(StartOrchestrationOptions options)
        {
            ArgumentNullException.ThrowIfNull(options);
            InstanceId = options.InstanceId;
            StartAt = options.StartAt;
            Tags = options.Tags;
            Version = options.Version;
            DedupeStatuses = options.DedupeStatuses;
        }

        /// <summary>The instance id; when null, a random one is made.</summary>
        public string? InstanceId { get; init; }

        /// <summary>When the first step may run; null or past means at once.</summary>
        public DateTimeOffset? StartAt { get; init; }

        public IReadOnlyDictionary<string, string> Tags { get; init; } = ImmutableDictionary.Create<string, string>();

        public TaskVersion? Version { get; init; }

        /// <summary>Names of the statuses in which an existing instance of the same id refuses the start.</summary>
        public IReadOnlyList<string>? DedupeStatuses { get; init; }
    }
}

namespace Microsoft.DurableTask.Client
{
    public static class StartOrchestrationOptionsExtensions
    {
        /// <summary>The same options, refusing the start while an instance of that id is in one of these statuses.</summary>
        public static StartOrchestrationOptions WithDedupeStatuses(
            this StartOrchestrationOptions options, params OrchestrationRuntimeStatus[] dedupeStatuses) =>
            options with { DedupeStatuses = dedupeStatuses.Select(status => status.ToString()).ToList() };
    }
}
