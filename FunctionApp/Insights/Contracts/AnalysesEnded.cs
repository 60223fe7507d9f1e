using Advisor.Kernel.Messaging;
using Advisor.Kernel.Tenancy;

namespace Advisor.Insights.Contracts;

/// <summary>All analyses of a run have ended: what they found is routed, and the summary is written.</summary>
/// <param name="AnalysisIds">Those of the run, failed ones included.</param>
public sealed record AnalysesEnded(string RunId, string DocumentId, IReadOnlyList<string> AnalysisIds)
{
    public const string Queue = "analyses-ended-queue";

    public BusMessage Message(TenantId tenant) => TenantMessage.Create(tenant, $"{RunId}/analyses-ended", this);
}
