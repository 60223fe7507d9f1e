using System.Collections;
using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging;

namespace Advisor.Kernel.Telemetry;

/// <summary>The event of an insight that is sure enough to be published without a person.</summary>
/// <remarks>
/// An event of the current span, and a log record whose attribute <c>microsoft.custom_event.name</c> Azure Monitor's exporter turns into
/// a custom event.
/// </remarks>
public static class HighConfidenceInsight
{
    public const string Name = "HighConfidenceInsight";

    private static readonly EventId s_id = new(120, Name);

    /// <param name="classification">What became of it: <c>auto_summary_generated</c>.</param>
    public static void Emit(ILogger logger, string analysisId, decimal confidence, string classification)
    {
        Activity.Current?.AddEvent(new ActivityEvent(Name, tags: new ActivityTagsCollection
        {
            ["analysis_id"] = analysisId, ["confidence_score"] = (double)confidence, ["classification"] = classification,
        }));
        if (logger.IsEnabled(LogLevel.Information))
        {
            logger.Log(LogLevel.Information, s_id, new State(analysisId, (double)confidence, classification), null, static (state, _) => state.ToString());
        }
    }

    /// <summary>The attributes by their exact names; a message template could not have the dots of the first.</summary>
    private sealed class State(string analysisId, double confidence, string classification) : IReadOnlyList<KeyValuePair<string, object?>>
    {
        private readonly KeyValuePair<string, object?>[] _attributes =
        [
            new("microsoft.custom_event.name", Name), new("analysis_id", analysisId), new("confidence_score", confidence), new("classification", classification),
        ];

        public int Count => _attributes.Length;

        public KeyValuePair<string, object?> this[int index] => _attributes[index];

        public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() => ((IEnumerable<KeyValuePair<string, object?>>)_attributes).GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        public override string ToString() =>
            string.Create(CultureInfo.InvariantCulture, $"{Name} of the analysis {analysisId}: {confidence:0.###}, {classification}");
    }
}
