using Advisor.Kernel.Audit;
using Advisor.Kernel.Http;
using Advisor.Kernel.Messaging;
using Advisor.Kernel.Policies;
using Advisor.Kernel.Records;
using Advisor.Kernel.Reviews.Integrity;
using Advisor.Kernel.Tenancy;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace Advisor.Kernel.Reviews;

/// <summary>Opens reviews for every workflow, and carries out what people do with them.</summary>
public sealed partial class ReviewDesk(IRecordStore records, IMessageBus bus, IAuditLog audit, ReviewTimes times, PolicyDesk policies, Planting planting, TimeProvider time, ILogger<ReviewDesk> logger)
{
    private const int MaxAttempts = 20;

    /// <summary>Whoever changed a review raises its event by then, or never will.</summary>
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(5);

    /// <summary>Opens the review unless it is there already, whatever became of it.</summary>
    /// <param name="review">What is asked, of whom the desk does the rest: terms, levels, deadline.</param>
    /// <param name="isCalled">An orchestration of the workflow's own calls the review's as its sub-orchestration; else it is started here.</param>
    /// <returns>True when it was opened now.</returns>
    public async Task<bool> OpenAsync(TenantId tenant, ReviewRecord review, CancellationToken cancellationToken, bool isCalled = false)
    {
        var policy = await policies.CurrentAsync(tenant, cancellationToken);
        var created = await OpenedAsync(tenant, ReviewRules.Open(review, ReviewTerms.Of(policy)), isCalled, cancellationToken);
        if (await planting.BesideAsync(tenant, review, policy.Sampling, cancellationToken) is { } planted)
        {
            // One that is there already has been opened before, and begins with that.
            var again = planted with { History = [.. planted.History.Take(1)] };
            await OpenedAsync(tenant, again.History.Count > 0 ? again : ReviewRules.Open(planted, ReviewTerms.Of(policy)), isCalled: false, cancellationToken);
        }

        return created;
    }

    private async Task<bool> OpenedAsync(TenantId tenant, ReviewRecord opened, bool isCalled, CancellationToken cancellationToken)
    {
        await times.NoteAsync(tenant, opened.Kind, cancellationToken);
        var created = true;
        try
        {
            await records.CreateAsync(ReviewRecord.Container, tenant, opened.Id, opened, cancellationToken);
        }
        catch (RecordConflictException)
        {
            // It is there already, but perhaps whoever made it came no further.
            created = false;
        }

        // The act of opening is the same, whoever writes it down.
        await audit.AppendManyAsync(ReviewAudit.Of(tenant, opened), cancellationToken);
        if (!isCalled)
        {
            await bus.SendAsync(ReviewQueues.Checks, ReviewCheck.Opened(tenant, opened.Id), cancellationToken);
        }

        return created;
    }

    /// <summary>Opens the review for a reviewer, or hands an open one to them and raises it to a full one. A decided review stays as it is.</summary>
    /// <param name="to">Who is to review.</param>
    /// <param name="by">Who asks for it.</param>
    /// <param name="operation">Id of the asking: doing it again under the same one changes nothing.</param>
    /// <returns>Why it can't be theirs; null when it is, or when it has ended.</returns>
    public async Task<Problem?> AssignAsync(TenantId tenant, ReviewRecord review, Caller to, Caller by, string operation, CancellationToken cancellationToken)
    {
        await OpenAsync(tenant, review, cancellationToken);
        for (var attempt = 1; ; attempt++)
        {
            var (stored, now) = ((await records.FindAsync(ReviewRecord.Container, tenant, review.Id, cancellationToken))!, time.GetUtcNow());
            if (stored.Value.LastOperation == operation || ReviewRefusals.Closed(stored.Value, now) is not null)
            {
                return null;
            }

            var change = ReviewRules.Reassign(ReviewRules.Advance(stored.Value, now), by, to, now, asks: true);
            if (change.Review is null)
            {
                return change.Refusal;
            }

            try
            {
                await StoreAsync(tenant, stored, change.Review with { LastOperation = operation }, cancellationToken);
                return null;
            }
            catch (RecordConflictException) when (attempt < MaxAttempts)
            {
                // Decided or assigned by somebody else meanwhile: look again.
            }
        }
    }

    /// <summary>Ends the reviews of a subject, because it is gone or has changed; those that have ended stay as they are.</summary>
    /// <param name="reason">In words: it stands in the history.</param>
    /// <param name="redact">Takes what the reviews hold of the subject out of all of them, ended ones too: what was decided stays, by whom and when.</param>
    public async Task WithdrawAsync(TenantId tenant, string subjectId, string reason, bool redact, CancellationToken cancellationToken)
    {
        foreach (var found in await records.AllAsync(ReviewRecord.Container, tenant, [new RecordFilter("subject_id", RecordOperator.Equal, subjectId)], cancellationToken))
        {
            var stored = found;
            for (var attempt = 1; stored is not null; attempt++)
            {
                var withdrawn = ReviewRules.Withdraw(stored.Value, reason, time.GetUtcNow());
                withdrawn = redact ? ReviewRules.Redact(withdrawn) : withdrawn;
                try
                {
                    if (!ReferenceEquals(withdrawn, stored.Value))
                    {
                        await StoreAsync(tenant, stored, withdrawn, cancellationToken);
                    }

                    break;
                }
                catch (RecordConflictException) when (attempt < MaxAttempts)
                {
                    stored = await records.FindAsync(ReviewRecord.Container, tenant, found.Id, cancellationToken);
                }
            }
        }
    }

    /// <summary>Carries out what a person asks for, once: the same operation again is answered with what became of it.</summary>
    /// <param name="stored">The review as the person has seen it.</param>
    /// <returns>The review as it is then, or why nothing was done.</returns>
    public async Task<(Stored<ReviewRecord>? Review, Problem? Problem)> ActAsync(
        DurableTaskClient client, TenantId tenant, Stored<ReviewRecord> stored, string operation, Func<ReviewRecord, DateTimeOffset, ReviewChange> act, CancellationToken cancellationToken)
    {
        if (stored.Value.LastOperation == operation)
        {
            // Answered, perhaps, or perhaps not: whatever is still to be done for it is done again.
            await audit.AppendManyAsync(ReviewAudit.Of(tenant, stored.Value), cancellationToken);
            await WakeAsync(client, stored, cancellationToken);
            return (stored, null);
        }

        // What was due by now comes first, whether or not the clock has come to it.
        var (round, now) = (stored.Value.Round, time.GetUtcNow());
        var change = act(ReviewRules.Advance(stored.Value, now), now);
        if (change.Review is not { } changed)
        {
            return (null, change.Refusal);
        }

        try
        {
            stored = await StoreAsync(tenant, stored, changed with { LastOperation = operation }, cancellationToken);
        }
        catch (RecordConflictException)
        {
            return (null, Preconditions.Changed("review"));
        }

        if (changed.Round != round)
        {
            await WakeAsync(client, stored, cancellationToken);
        }

        return (stored, null);
    }

    private async Task WakeAsync(DurableTaskClient client, Stored<ReviewRecord> stored, CancellationToken cancellationToken)
    {
        try
        {
            if (stored.Value.Round > 0)
            {
                await client.RaiseEventAsync(ReviewRecord.InstanceOf(stored.Id), ReviewRecord.EventOf(stored.Value.Round - 1), eventPayload: null, cancellationToken);
            }
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            // The verdict is stored, and the check that was sent before it finds it.
            Log.NotRaised(logger, fault, stored.Id);
        }
    }

    /// <summary>The record first, the log second: the orchestration writes down whatever a crash in between left out, before anything comes of it.</summary>
    private async Task<Stored<ReviewRecord>> StoreAsync(TenantId tenant, Stored<ReviewRecord> before, ReviewRecord after, CancellationToken cancellationToken)
    {
        if (after.Round != before.Value.Round)
        {
            await bus.SendAsync(ReviewQueues.Checks, ReviewCheck.Changing(tenant, before.Id, after.Round, time.GetUtcNow() + s_grace), cancellationToken);
        }

        var stored = await records.PutAsync(ReviewRecord.Container, tenant, before.Id, after, before.ETag, cancellationToken);
        await audit.AppendManyAsync(ReviewAudit.Of(tenant, after, before.Value.History.Count), cancellationToken);
        return stored;
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 190, Level = LogLevel.Warning, Message = "The event of review {ReviewId} could not be raised; its check will")]
        public static partial void NotRaised(ILogger logger, Exception fault, string reviewId);
    }
}
