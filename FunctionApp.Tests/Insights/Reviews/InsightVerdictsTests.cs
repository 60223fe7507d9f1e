using Advisor.Insights;
using Advisor.Kernel.Reviews;
using Advisor.Tests.Kernel.Reviews;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Insights.Reviews;

/// <summary>What becomes of an insight by a review's end, as a function.</summary>
public sealed class InsightVerdictsTests
{
    /// <summary>Nothing is released but by a settled approval, and what a newer analysis replaced stays history.</summary>
    [Fact]
    public void StatusAfter_EveryCombination_ReleasesOnlyByAnApproval()
    {
        var open = SampleReviews.Open(DateTimeOffset.UnixEpoch);
        foreach (var now in Enum.GetValues<InsightStatus>())
        {
            foreach (var status in Enum.GetValues<ReviewStatus>())
            {
                foreach (var decision in Enum.GetValues<ReviewDecision>().Cast<ReviewDecision?>().Append(null))
                {
                    var review = open with { Status = status, Outcome = new ReviewOutcome(decision, [], [], default, default, "") };
                    var after = InsightVerdicts.StatusAfter(now, review);
                    var approved = status == ReviewStatus.Settled && decision == ReviewDecision.Approve && now != InsightStatus.Superseded;
                    (after == InsightStatus.Published).ShouldBe(approved || (now == InsightStatus.Published && !(status == ReviewStatus.Settled && decision is ReviewDecision.Reject or ReviewDecision.Correct)), $"{now} {status} {decision}");
                    if (now == InsightStatus.Superseded)
                    {
                        after.ShouldBe(InsightStatus.Superseded);
                    }
                }
            }
        }
    }
}
