using Advisor.Kernel.Audit;
using Advisor.Kernel.Records;
using Advisor.Kernel.Tenancy;

namespace Advisor.Kernel.Reviews;

/// <summary>Opens reviews for every workflow.</summary>
public sealed class ReviewDesk(IRecordStore records, IAuditLog audit)
{
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
}
