using System.Collections.Concurrent;
using Advisor.Kernel.Records;
using Advisor.Kernel.Tenancy;
using Microsoft.Extensions.Options;

namespace Advisor.Kernel.Http;

/// <summary>Keeps what idempotency keys stand for.</summary>
/// <remarks>Every write is conditional on what was read, so of many requests at once, on however many hosts, one gets the claim.</remarks>
internal sealed class IdempotencyStore(IRecordStore records, IOptions<IdempotencyOptions> options, TimeProvider time)
{
    /// <summary>Between two removals of a tenant's expired keys by this host.</summary>
    private static readonly TimeSpan s_betweenSweeps = TimeSpan.FromHours(1);

    private const int SweptAtOnce = 200;

    private readonly ConcurrentDictionary<TenantId, DateTimeOffset> _swept = new();

    public async Task<ClaimOutcome> ClaimAsync(TenantId tenant, string id, string fingerprint, CancellationToken cancellationToken)
    {
        await SweepAsync(tenant, cancellationToken);
        while (true)
        {
            var now = time.GetUtcNow();
            var found = await records.FindAsync(IdempotencyRecord.Container, tenant, id, cancellationToken);
            var known = found?.Value.ExpiresAt > now.ToUnixTimeSeconds() ? found.Value : null;
            if (known is not null && Answered(known, fingerprint, now) is { } outcome)
            {
                return outcome;
            }

            // The same request again goes on where the attempt before it failed or died: what that made has the names that this will give.
            var operation = known?.Fingerprint == fingerprint ? known.OperationId : Guid.CreateVersion7(now).ToString();
            var claim = new IdempotencyRecord(
                IdempotencyState.InFlight, fingerprint, operation, now.AddSeconds(options.Value.LeaseSeconds), now.AddHours(options.Value.KeepHours).ToUnixTimeSeconds(), null);
            try
            {
                var held = found is null
                    ? await records.CreateAsync(IdempotencyRecord.Container, tenant, id, claim, cancellationToken)
                    : await records.PutAsync(IdempotencyRecord.Container, tenant, id, claim, found.ETag, cancellationToken);
                return new ClaimOutcome.Claimed(new IdempotencyClaim(tenant, id, held));
            }
            catch (RecordConflictException)
            {
                // Another request was first: its record says what becomes of this one.
            }
        }
    }

    /// <summary>Keeps the answer for whoever sends the request again.</summary>
    public Task CompleteAsync(IdempotencyClaim claim, RecordedAnswer answer) =>
        EndAsync(claim, claim.Held.Value with { State = IdempotencyState.Completed, Answer = answer });

    /// <summary>Frees the key after a failure: the next request that has it is carried out.</summary>
    public Task ReleaseAsync(IdempotencyClaim claim) => EndAsync(claim, claim.Held.Value with { State = IdempotencyState.Released });

    /// <summary>What the record says of the request; null when the request may be carried out.</summary>
    private static ClaimOutcome? Answered(IdempotencyRecord known, string fingerprint, DateTimeOffset now) => known.State switch
    {
        IdempotencyState.Released => null,
        _ when known.Fingerprint != fingerprint => new ClaimOutcome.OtherRequest(),
        IdempotencyState.Completed => new ClaimOutcome.Replayed(known.Answer!),
        _ => known.LeaseUntil > now ? new ClaimOutcome.InFlight() : null,
    };

    /// <summary>Not cancelled with the request: whether its client still listens changes nothing of what was done.</summary>
    private async Task EndAsync(IdempotencyClaim claim, IdempotencyRecord ended)
    {
        try
        {
            await records.PutAsync(IdempotencyRecord.Container, claim.Tenant, claim.RecordId, ended, claim.Held.ETag, CancellationToken.None);
        }
        catch (RecordConflictException)
        {
            // It took longer than the lease, and another attempt took the key over. That one records the same operation.
        }
    }

    private async Task SweepAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var last = _swept.GetOrAdd(tenant, DateTimeOffset.MinValue);
        if (now - last < s_betweenSweeps || !_swept.TryUpdate(tenant, now, last))
        {
            return;
        }

        var expired = new RecordQuery([new RecordFilter("expires_at", RecordOperator.LessOrEqual, now.ToUnixTimeSeconds())], PageSize: SweptAtOnce);
        for (var removed = SweptAtOnce; removed == SweptAtOnce;)
        {
            var items = (await records.QueryAsync(IdempotencyRecord.Container, tenant, expired, cancellationToken)).Items;
            await Parallel.ForEachAsync(items, cancellationToken, async (item, cancel) => await records.DeleteAsync(IdempotencyRecord.Container, tenant, item.Id, cancel));
            removed = items.Count;
        }
    }
}
