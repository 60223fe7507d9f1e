using System.Collections.Concurrent;
using Advisor.Kernel.Records;
using Advisor.Kernel.Tenancy;

namespace Advisor.Kernel.Reviews;

/// <summary>A kind of review that a tenant has had, and how long people needed for it.</summary>
/// <param name="Times">Of the last decided ones, oldest first.</param>
public sealed record ReviewKind(string Kind, IReadOnlyList<ReviewTime> Times)
{
    /// <summary>So many times are kept: enough that one slow day does not move the median.</summary>
    public const int MostTimes = 101;

    public decimal MedianMinutes => ReviewWorth.MedianMinutes([.. Times.Select(time => time.Minutes)]);

    public static RecordContainer<ReviewKind> Container { get; } = new("review-kinds");

    /// <summary>Kinds hold slashes, which ids of records may not.</summary>
    public static string IdOf(string kind) => DeterministicId.Of("review-kind", kind);
}

/// <param name="Minutes">Of the verdicts together, from claim to decision.</param>
public sealed record ReviewTime(string ReviewId, decimal Minutes);

/// <summary>Knows which kinds of reviews there are, and measures how long they take.</summary>
public sealed class ReviewTimes(IRecordStore records) : IReviewObserver
{
    private const int MaxAttempts = 50;

    private readonly ConcurrentDictionary<(TenantId Tenant, string Kind), bool> _known = new();

    /// <summary>Every kind that the tenant has had, by name.</summary>
    public async Task<IReadOnlyList<ReviewKind>> KindsAsync(TenantId tenant, CancellationToken cancellationToken) =>
        [.. (await records.AllAsync(ReviewKind.Container, tenant, [], cancellationToken)).Select(kind => kind.Value).OrderBy(kind => kind.Kind, StringComparer.Ordinal)];

    /// <summary>Makes the kind known: lists ask for each kind's reviews by themselves.</summary>
    public async Task NoteAsync(TenantId tenant, string kind, CancellationToken cancellationToken)
    {
        if (_known.ContainsKey((tenant, kind)))
        {
            return;
        }

        try
        {
            await records.CreateAsync(ReviewKind.Container, tenant, ReviewKind.IdOf(kind), new ReviewKind(kind, []), cancellationToken);
        }
        catch (RecordConflictException)
        {
            // Known already.
        }

        _known.TryAdd((tenant, kind), true);
    }

    /// <summary>The review as the caller may see it.</summary>
    internal async Task<ReviewView> ViewAsync(ReviewRecord review, Caller caller, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var kind = await records.FindAsync(ReviewKind.Container, caller.Tenant, ReviewKind.IdOf(review.Kind), cancellationToken);
        return ReviewView.Of(review, kind?.Value.MedianMinutes ?? ReviewWorth.AssumedMinutes, caller, now);
    }

    public async Task EndedAsync(TenantId tenant, ReviewRecord review, CancellationToken cancellationToken)
    {
        if (review.Status != ReviewStatus.Settled || review.Planted is not null || review.Verdicts.Any(verdict => verdict.Minutes is null))
        {
            return;
        }

        var measured = new ReviewTime(review.Id, review.Verdicts.Sum(verdict => verdict.Minutes!.Value));
        for (var attempt = 1; ; attempt++)
        {
            var stored = await records.FindAsync(ReviewKind.Container, tenant, ReviewKind.IdOf(review.Kind), cancellationToken);
            if (stored is null || stored.Value.Times.Any(time => time.ReviewId == review.Id))
            {
                return;
            }

            try
            {
                var times = stored.Value.Times.Append(measured).TakeLast(ReviewKind.MostTimes).ToList();
                await records.PutAsync(ReviewKind.Container, tenant, stored.Id, stored.Value with { Times = times }, stored.ETag, cancellationToken);
                return;
            }
            catch (RecordConflictException) when (attempt < MaxAttempts)
            {
                // Another review of the kind ended at the same time.
            }
        }
    }
}
