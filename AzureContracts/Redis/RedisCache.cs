using AzureContracts;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Microsoft.Extensions.Caching.StackExchangeRedis;

/// <summary>How <see cref="RedisCache"/> connects, and what its keys begin with.</summary>
public class RedisCacheOptions : IOptions<RedisCacheOptions>
{
    public ConfigurationOptions? ConfigurationOptions { get; set; }

    /// <summary>Stands before every key.</summary>
    public string? InstanceName { get; set; }

    RedisCacheOptions IOptions<RedisCacheOptions>.Value => this;
}

/// <summary>A cache in Redis; connects when it is first asked.</summary>
public class RedisCache : IDistributedCache, IDisposable
{
    public RedisCache(IOptions<RedisCacheOptions> optionsAccessor)
    {
    }

    public byte[]? Get(string key) => throw Needed(nameof(Get));

    public Task<byte[]?> GetAsync(string key, CancellationToken token = default) => throw Needed(nameof(GetAsync));

    public void Set(string key, byte[] value, DistributedCacheEntryOptions options) => throw Needed(nameof(Set));

    public Task SetAsync(string key, byte[] value, DistributedCacheEntryOptions options, CancellationToken token = default) => throw Needed(nameof(SetAsync));

    public void Refresh(string key) => throw Needed(nameof(Refresh));

    public Task RefreshAsync(string key, CancellationToken token = default) => throw Needed(nameof(RefreshAsync));

    public void Remove(string key) => throw Needed(nameof(Remove));

    public Task RemoveAsync(string key, CancellationToken token = default) => throw Needed(nameof(RemoveAsync));

    public void Dispose() => GC.SuppressFinalize(this);

    private static NotSupportedException Needed(string member) => RealPackage.Needed($"RedisCache.{member}", "Redis");
}
