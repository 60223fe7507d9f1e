using Advisor.Kernel.Audit;
using Advisor.Kernel.Messaging;
using Advisor.Kernel.Records;
using Microsoft.Azure.Functions.Worker;

namespace Advisor.Kernel.Reviews;

/// <summary>What is done when a review has ended. Called at least once, and again with the same review where a call did not come to its end.</summary>
public interface IReviewObserver
{
    Task EndedAsync(Tenancy.TenantId tenant, ReviewRecord review, CancellationToken cancellationToken);
}

/// <summary>All I/O of a review's orchestration. The record is the truth; repeating a step finds it done.</summary>
public sealed class ReviewActivities(IRecordStore records, IMessageBus bus, IAuditLog audit, ReviewNotices notices, IEnumerable<IReviewObserver> observers, TimeProvider time)
{
    private const int MaxAttempts = 50;

    private readonly List<IReviewObserver> _observers = [.. observers];

    /// <summary>Does what is due, and says what to wait for next: null when the review has ended, or is gone.</summary>
    [Function(nameof(AdvanceReview))]
    public async Task<ReviewWait?> AdvanceReview([ActivityTrigger] ReviewRun run, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            if (await records.FindAsync(ReviewRecord.Container, run.Tenant, run.ReviewId, cancellationToken) is not { } stored)
            {
                return null;
            }

            var review = ReviewRules.Advance(stored.Value, time.GetUtcNow());
            try
            {
                if (!ReferenceEquals(review, stored.Value))
                {
                    stored = await records.PutAsync(ReviewRecord.Container, run.Tenant, run.ReviewId, review, stored.ETag, cancellationToken);
                }

                // Nothing comes of an act that is not written down.
                await audit.AppendManyAsync(ReviewAudit.Of(run.Tenant, review), cancellationToken);
                if (await notices.AnnounceAsync(run.Tenant, review, cancellationToken) is { } announced)
                {
                    await records.PutAsync(ReviewRecord.Container, run.Tenant, run.ReviewId, announced, stored.ETag, cancellationToken);
                }

                return ReviewRules.NextOf(review);
            }
            catch (RecordConflictException) when (attempt < MaxAttempts)
            {
                // Somebody acted meanwhile.
            }
        }
    }

    /// <summary>Tells whoever asked how the review ended; null when it is gone.</summary>
    [Function(nameof(EndReview))]
    public async Task<ReviewEnded?> EndReview([ActivityTrigger] ReviewRun run, CancellationToken cancellationToken)
    {
        if (await records.FindAsync(ReviewRecord.Container, run.Tenant, run.ReviewId, cancellationToken) is not { } stored)
        {
            return null;
        }

        var review = stored.Value;
        foreach (var observer in _observers)
        {
            await observer.EndedAsync(run.Tenant, review, cancellationToken);
        }

        var ended = new ReviewEnded(review.Id, review.Kind, review.SubjectId, review.Status, review.Outcome?.Decision, review.Blind);
        // Nothing comes of a planted one, whoever asked.
        if (review is { ReplyTo: { } queue, Planted: null })
        {
            await bus.SendAsync(queue, TenantMessage.Create(run.Tenant, $"review/{review.Id}/ended", ended), cancellationToken);
        }

        return ended;
    }
}
