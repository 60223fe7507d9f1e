using Advisor.Kernel.Audit;
using Advisor.Kernel.Records;
using Advisor.Kernel.Tenancy;

namespace Advisor.Kernel.Reviews;

/// <summary>Opens reviews for every workflow.</summary>
public sealed class ReviewDesk(IRecordStore records, IAuditLog audit)
{
    private const int MaxAttempts = 20;

    /// <summary>Opens the review unless it is there already, whatever became of it.</summary>
    /// <returns>True when it was opened now.</returns>
    public async Task<bool> OpenAsync(TenantId tenant, ReviewRecord review, CancellationToken cancellationToken)
    {
        var opened = await TryCreateAsync(tenant, review, cancellationToken);
        await audit.AppendAsync(AuditEvent.Decision(
            tenant, "review.opened", $"reviews/{review.Id}", "opened",
            ("kind", review.Kind), ("subject_id", review.SubjectId), ("band", review.Band), ("depth", review.Depth.ToString().ToLowerInvariant())), cancellationToken);
        return opened;
    }

    private async Task<bool> TryCreateAsync(TenantId tenant, ReviewRecord review, CancellationToken cancellationToken)
    {
        try
        {
            await records.CreateAsync(ReviewRecord.Container, tenant, review.Id, review, cancellationToken);
            return true;
        }
        catch (RecordConflictException)
        {
            return false;
        }
    }

    /// <summary>Opens the review for a reviewer, or hands an open one to them and raises it to a full one. A decided review stays as it is.</summary>
    /// <param name="userId">Who is to review.</param>
    /// <param name="by">Who asks for it.</param>
    /// <param name="operation">Id of the asking: doing it again under the same one is recorded once.</param>
    public async Task AssignAsync(TenantId tenant, ReviewRecord review, string userId, string by, string operation, CancellationToken cancellationToken)
    {
        if (await records.FindAsync(ReviewRecord.Container, tenant, review.Id, cancellationToken) is { Value.Status: not ReviewStatus.Open })
        {
            return;
        }

        // Written down before it is done: nobody is given a review that the log does not know of.
        await audit.AppendAsync(
            AuditEvent.Decision(tenant, "review.assigned", $"reviews/{review.Id}", "assigned", ("subject_id", review.SubjectId), ("assigned_to", userId), ("operation_id", operation))
                with { UserId = by, EventId = $"{tenant}/review.assigned/{review.Id}/{operation}" },
            cancellationToken);
        for (var attempt = 1; ; attempt++)
        {
            if (await OpenAsync(tenant, review with { AssignedTo = userId }, cancellationToken))
            {
                return;
            }

            var stored = (await records.FindAsync(ReviewRecord.Container, tenant, review.Id, cancellationToken))!;
            if (stored.Value.Status != ReviewStatus.Open)
            {
                return;
            }

            try
            {
                await records.PutAsync(
                    ReviewRecord.Container, tenant, review.Id, stored.Value with { AssignedTo = userId, Depth = ReviewDepth.Full }, stored.ETag, cancellationToken);
                return;
            }
            catch (RecordConflictException) when (attempt < MaxAttempts)
            {
                // Decided or assigned by somebody else meanwhile: look again.
            }
        }
    }
}
