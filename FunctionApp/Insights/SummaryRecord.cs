using Advisor.Kernel.Records;

namespace Advisor.Insights;

/// <summary>What a CFO reads of a document: its high-band insights, most material first. No sentence is added to them.</summary>
/// <param name="InsightIds">In the order of reading.</param>
public sealed record SummaryRecord(string DocumentId, IReadOnlyList<string> InsightIds, DateTimeOffset GeneratedAt)
{
    public static RecordContainer<SummaryRecord> Container { get; } = new("summaries");
}
