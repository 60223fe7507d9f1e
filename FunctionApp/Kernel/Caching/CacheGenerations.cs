using System.Collections.Concurrent;
using System.Text;
using Advisor.Kernel.Tenancy;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Logging;

namespace Advisor.Kernel.Caching;

/// <summary>Which generation of a tenant's records the kept answers are of: a write begins a new one, and no answer of an older one is found again.</summary>
/// <remarks>
/// A generation is a random name kept beside the answers. A reader takes the name before it asks the records, so what it keeps under that
/// name is at least as new as the write that began it. A name that the cache has dropped is replaced by a new one, which makes answers
/// unreachable, never stale.
/// </remarks>
public sealed partial class CacheGenerations(IDistributedCache cache, ILogger<CacheGenerations> logger)
{
    /// <summary>Containers of tenants that were written to while the cache could not be told; the value tells one such write from the next.</summary>
    private readonly ConcurrentDictionary<string, object> _untold = new(StringComparer.Ordinal);

    /// <summary>The generation now; begins one where there is none, or where an earlier write could not begin it.</summary>
    public async Task<string> CurrentAsync(TenantId tenant, string container, CancellationToken cancellationToken)
    {
        var key = Key(tenant, container);
        if (_untold.TryGetValue(key, out var write))
        {
            var begun = await BeginAsync(key, cancellationToken);
            _untold.TryRemove(KeyValuePair.Create(key, write));
            return begun;
        }

        return await cache.GetAsync(key, cancellationToken) is { } name ? Encoding.ASCII.GetString(name) : await BeginAsync(key, cancellationToken);
    }

    /// <summary>Ends what was kept: it is not found again once this has completed, by nobody if the cache could be told, and otherwise not by this process.</summary>
    /// <remarks>
    /// It never fails, for a write that was made must not fail over a cache. Where the cache cannot be told, this process gives no kept answer of that container again before it has
    /// told it; another process that does reach the cache may give one for <see cref="CacheOptions.Lifetime"/> at most.
    /// </remarks>
    public async Task EndAsync(TenantId tenant, string container)
    {
        var key = Key(tenant, container);
        try
        {
            // Not cancellable: a write that was made must be told, whoever has stopped waiting for it.
            await BeginAsync(key, CancellationToken.None);
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            var first = !_untold.ContainsKey(key);
            _untold[key] = new object();
            if (first)
            {
                Log.NotTold(logger, container, fault);
            }
        }
    }

    private async Task<string> BeginAsync(string key, CancellationToken cancellationToken)
    {
        var name = Guid.NewGuid().ToString("N");
        await cache.SetAsync(key, Encoding.ASCII.GetBytes(name), new DistributedCacheEntryOptions(), cancellationToken);
        return name;
    }

    private static string Key(TenantId tenant, string container) => $"generation/{tenant}/{container}";

    private static partial class Log
    {
        [LoggerMessage(EventId = 151, Level = LogLevel.Warning, Message = "The cache could not be told of a write to {Container}; this process asks the records until it can")]
        public static partial void NotTold(ILogger logger, string container, Exception fault);
    }
}
