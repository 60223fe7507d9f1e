using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Advisor.Kernel.Records;
using Advisor.Kernel.Telemetry;
using Advisor.Kernel.Tenancy;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Advisor.Kernel.Caching;

/// <summary>Gives the answer of a query again while nothing of what it reads has been written, for <see cref="CacheOptions.Lifetime"/> at most.</summary>
/// <remarks>
/// Kept by tenant, roles, generation and query in an <see cref="IDistributedCache"/>: this process's memory, or Redis where the host
/// registers it before the product. Callers who ask the same at once wait for one computation. A cache that cannot be read is a miss.
/// </remarks>
public sealed class AnswerCache(
    IDistributedCache cache, CacheGenerations generations, IOptions<CacheOptions> options, AdvisorMetrics metrics, TimeProvider time, ILogger<AnswerCache> logger)
{
    private readonly ConcurrentDictionary<string, Lazy<Task<KeptAnswer>>> _underWay = new(StringComparer.Ordinal);
    private readonly CacheOutage _outage = new(time, logger);

    /// <summary>Answers that reach into the time since are worth keeping.</summary>
    public DateTimeOffset RecentFrom => time.GetUtcNow() - TimeSpan.FromDays(options.Value.RecentDays);

    /// <summary>The answer to a query, kept or computed now.</summary>
    /// <param name="container">What the query reads; one registered as a <see cref="CachedContainer"/>.</param>
    /// <param name="query">The whole query in one canonical text; only its hash leaves the process.</param>
    /// <param name="keep">False computes the answer and does not keep it: what is asked too rarely.</param>
    /// <param name="compute">Reads the records. What it throws is thrown to every caller that waits for it.</param>
    public async Task<IResult> AnswerAsync<TRecord, TAnswer>(
        Caller caller, RecordContainer<TRecord> container, string query, bool keep, Func<CancellationToken, Task<TAnswer>> compute, CancellationToken cancellationToken)
        where TRecord : class
    {
        var lifetime = options.Value.Lifetime;
        if (!keep || lifetime == TimeSpan.Zero || await KeyAsync(caller, container.Name, query, cancellationToken) is not { } key)
        {
            return KeptAnswer.Of(await compute(cancellationToken)).Answer("advisor; fwd=bypass");
        }

        if (await FindAsync(key, cancellationToken) is { } kept)
        {
            metrics.CacheRequested(container.Name, hit: true);
            return kept.Answer("advisor; hit");
        }

        metrics.CacheRequested(container.Name, hit: false);

        var mine = new Lazy<Task<KeptAnswer>>(() => ComputeAsync(key, lifetime, compute));
        var shared = _underWay.GetOrAdd(key, mine);
        var answer = await shared.Value.WaitAsync(cancellationToken);
        return answer.Answer(shared == mine ? "advisor; fwd=miss; stored" : "advisor; fwd=miss; collapsed");
    }

    private async Task<KeptAnswer> ComputeAsync<T>(string key, TimeSpan lifetime, Func<CancellationToken, Task<T>> compute)
    {
        try
        {
            // Others may wait for it: it goes on when the first who asked goes away.
            var answer = KeptAnswer.Of(await compute(CancellationToken.None));
            await StoreAsync(key, answer, lifetime);
            return answer;
        }
        finally
        {
            _underWay.TryRemove(key, out _);
        }
    }

    private async Task<string?> KeyAsync(Caller caller, string container, string query, CancellationToken cancellationToken)
    {
        try
        {
            // Taken before the records are read: what is kept under it is never older than it.
            var generation = await generations.CurrentAsync(caller.Tenant, container, cancellationToken);
            _outage.Worked();
            var asked = SHA256.HashData(Encoding.UTF8.GetBytes($"{string.Join(',', caller.Roles.Distinct().Order())}\n{query}"));
            return $"answer/{caller.Tenant}/{container}/{generation}/{Convert.ToHexStringLower(asked)}";
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            _outage.Failed(fault);
            return null;
        }
    }

    private async Task<KeptAnswer?> FindAsync(string key, CancellationToken cancellationToken)
    {
        try
        {
            // The entry says itself until when it holds: the cache's clock need not be the product's.
            var found = await cache.GetAsync(key, cancellationToken);
            _outage.Worked();
            return found is { Length: > sizeof(long) } entry && BitConverter.ToInt64(entry) > time.GetUtcNow().UtcTicks
                ? KeptAnswer.Restore(entry[sizeof(long)..])
                : null;
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            _outage.Failed(fault);
            return null;
        }
    }

    private async Task StoreAsync(string key, KeptAnswer answer, TimeSpan lifetime)
    {
        try
        {
            byte[] entry = [.. BitConverter.GetBytes((time.GetUtcNow() + lifetime).UtcTicks), .. answer.Stored];
            await cache.SetAsync(key, entry, new DistributedCacheEntryOptions { AbsoluteExpirationRelativeToNow = lifetime }, CancellationToken.None);
            _outage.Worked();
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            _outage.Failed(fault);
        }
    }
}
