using Advisor.Kernel.Tenancy;

namespace Advisor.Kernel.Reviews.Integrity;

/// <summary>A workflow that can make items known to be wrong, to see whether those who review its real ones look.</summary>
public interface IPlantedItems
{
    /// <summary>The kinds of review that it makes items for begin with it.</summary>
    string KindPrefix { get; }

    /// <summary>Makes an item whose right decision is known, so like the ones that people review blind that nothing but its content tells.</summary>
    /// <param name="beside">The real review beside which it is to lie.</param>
    /// <returns>What is asked, with <see cref="ReviewRecord.Planted"/> set, under any id; null where nothing fit can be made.</returns>
    Task<ReviewRecord?> MakeAsync(TenantId tenant, ReviewRecord beside, DateTimeOffset now, CancellationToken cancellationToken);
}
