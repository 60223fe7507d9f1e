using Advisor.Kernel.Confidence;
using Advisor.Kernel.Policies;
using Advisor.Kernel.Records;
using Advisor.Kernel.Tenancy;
using Advisor.Kernel.Verdicts;

namespace Advisor.Kernel.Reviews.Integrity;

/// <summary>Decides beside which real reviews a planted one is opened.</summary>
/// <remarks>The coin and the id follow from the real review's id and the tenant's secret: opening the review again plants nothing more, and nobody can tell from an id which one it is.</remarks>
public sealed class Planting(IRecordStore records, CalibrationDesk coins, IEnumerable<IPlantedItems> makers, TimeProvider time)
{
    private readonly List<IPlantedItems> _makers = [.. makers];

    /// <summary>The chance that a real review brings a planted one, so that these come to the policy's share of all reviews.</summary>
    /// <returns>In [0,1]; 0 where nothing is sampled blind, because then every blind review would be a planted one, and be known for it.</returns>
    public static decimal ChanceOf(PolicySampling sampling) => sampling.HighBandRate == 0 ? 0 : sampling.SeededRate / (1 - sampling.SeededRate);

    /// <returns>What is to be opened beside the real review, or was already; null where nothing is.</returns>
    internal async Task<ReviewRecord?> BesideAsync(TenantId tenant, ReviewRecord real, PolicySampling sampling, CancellationToken cancellationToken)
    {
        if (real.Planted is not null || ChanceOf(sampling) is var chance && chance == 0 || _makers.Find(maker => real.Kind.StartsWith(maker.KindPrefix, StringComparison.Ordinal)) is not { } maker)
        {
            return null;
        }

        var salt = await coins.SaltAsync(tenant, cancellationToken);
        var id = DeterministicId.Of("review", salt, "planted", real.Id);
        if (!BlindSample.Chooses(id, salt, chance))
        {
            return null;
        }

        if (await records.FindAsync(ReviewRecord.Container, tenant, id, cancellationToken) is { } known)
        {
            return known.Value;
        }

        return await maker.MakeAsync(tenant, real, time.GetUtcNow(), cancellationToken) is { Planted: not null } made
            ? made with { Id = id, Blind = true, ReplyTo = null }
            : null;
    }
}
