using System.Text;
using Advisor.Kernel.Tenancy;
using Microsoft.Extensions.Caching.Distributed;

namespace Advisor.Kernel.Caching;

/// <summary>Which generation of a tenant's records the kept answers are of: a write begins a new one, and no answer of an older one is found again.</summary>
/// <remarks>
/// A generation is a random name kept beside the answers. A reader takes the name before it asks the records, so what it keeps under that
/// name is at least as new as the write that began it. A name that the cache has dropped is replaced by a new one, which makes answers
/// unreachable, never stale.
/// </remarks>
public sealed class CacheGenerations(IDistributedCache cache)
{
    /// <summary>The generation now; begins one where there is none.</summary>
    public async Task<string> CurrentAsync(TenantId tenant, string container, CancellationToken cancellationToken) =>
        await cache.GetAsync(Key(tenant, container), cancellationToken) is { } name ? Encoding.ASCII.GetString(name) : await BeginAsync(tenant, container, cancellationToken);

    /// <summary>Begins a new generation: what was kept before is not found again once this has completed.</summary>
    public async Task<string> BeginAsync(TenantId tenant, string container, CancellationToken cancellationToken)
    {
        var name = Guid.NewGuid().ToString("N");
        await cache.SetAsync(Key(tenant, container), Encoding.ASCII.GetBytes(name), new DistributedCacheEntryOptions(), cancellationToken);
        return name;
    }

    private static string Key(TenantId tenant, string container) => $"generation/{tenant}/{container}";
}
