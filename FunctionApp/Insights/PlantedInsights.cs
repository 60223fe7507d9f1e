using Advisor.Kernel.Confidence;
using Advisor.Kernel.Records;
using Advisor.Kernel.Reviews;
using Advisor.Kernel.Reviews.Integrity;
using Advisor.Kernel.Tenancy;

namespace Advisor.Insights;

/// <summary>Makes wrong twins of insights: the evidence of a released one, with a sentence that it contradicts.</summary>
/// <remarks>
/// Twins are made of insights of the same document that nobody reviews: released, and not chosen by their coin. So no reviewer has seen the right sentence in a review, and the
/// twin comes when a sampled insight of the document would. Whether the original is right plays no part: the twin's evidence contradicts it all the same.
/// </remarks>
public sealed class PlantedInsights(IRecordStore records) : IPlantedItems
{
    public string KindPrefix => InsightReviews.KindPrefix;

    public async Task<ReviewRecord?> MakeAsync(TenantId tenant, ReviewRecord beside, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (await records.FindAsync(InsightRecord.Container, tenant, beside.SubjectId, cancellationToken) is not { Value: var neighbour })
        {
            return null;
        }

        var insights = await records.AllAsync(InsightRecord.Container, tenant, [new RecordFilter("document_id", RecordOperator.Equal, neighbour.DocumentId)], cancellationToken);
        var originals = insights.Select(item => item.Value)
            .Where(insight => insight is { Status: InsightStatus.Published, Band: Band.High, Sampled: false, Verdict: null } && insight.Id != neighbour.Id)
            .OrderBy(insight => DeterministicId.Of("twin", beside.Id, insight.Id), StringComparer.Ordinal);
        foreach (var original in originals)
        {
            if (WrongTwin.Of(original) is { } twin && !await IsReviewedAsync(tenant, original.Id, cancellationToken))
            {
                return InsightReviews.Of(original, ReviewDepth.Full, now, blind: true) with
                {
                    Proposed = twin.Text,
                    Sampled = true,
                    Planted = ReviewDecision.Reject,
                    PlantedBecause = twin.Because,
                };
            }
        }

        return null;
    }

    /// <summary>By whoever escalated it, or as another twin.</summary>
    private async Task<bool> IsReviewedAsync(TenantId tenant, string insightId, CancellationToken cancellationToken) => (await records.QueryAsync(
        ReviewRecord.Container, tenant, new RecordQuery([new RecordFilter("subject_id", RecordOperator.Equal, insightId)], PageSize: 1), cancellationToken)).Items.Count > 0;
}
