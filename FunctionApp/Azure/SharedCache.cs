using Azure.Core;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.StackExchangeRedis;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Advisor.Azure;

/// <summary>The cache that all instances share: Redis, signed in to as the app.</summary>
/// <remarks>
/// It signs in and connects when it is first asked, so that no host waits for it to start. A call ends after <see cref="Patience"/>; after one that failed, all fail at once for
/// <see cref="Rest"/>, so that a cache that is down costs requests next to nothing. Who asks must be able to do without: see <c>AnswerCache</c>. Safe for threads.
/// </remarks>
public sealed class SharedCache : IDistributedCache, IDisposable
{
    /// <summary>More than a cache that is worth asking takes; the first call also signs in and connects.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>How long a cache that failed is left alone.</summary>
    public static readonly TimeSpan Rest = TimeSpan.FromSeconds(5);

    private readonly IDistributedCache _cache;
    private readonly Func<Task> _signIn;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private Task? _signedIn;
    private long _restsUntil;

    /// <param name="signIn">Made before the first call, and again after it failed.</param>
    internal SharedCache(IDistributedCache cache, Func<Task> signIn, TimeProvider time) => (_cache, _signIn, _time) = (cache, signIn, time);

    /// <inheritdoc />
    public Task<byte[]?> GetAsync(string key, CancellationToken token = default) => CallAsync(() => _cache.GetAsync(key, token), token);

    /// <inheritdoc />
    public Task SetAsync(string key, byte[] value, DistributedCacheEntryOptions options, CancellationToken token = default) =>
        CallAsync(() => DoneAsync(_cache.SetAsync(key, value, options, token)), token);

    /// <inheritdoc />
    public Task RefreshAsync(string key, CancellationToken token = default) => CallAsync(() => DoneAsync(_cache.RefreshAsync(key, token)), token);

    /// <inheritdoc />
    public Task RemoveAsync(string key, CancellationToken token = default) => CallAsync(() => DoneAsync(_cache.RemoveAsync(key, token)), token);

    /// <inheritdoc />
    public byte[]? Get(string key) => GetAsync(key).GetAwaiter().GetResult();

    /// <inheritdoc />
    public void Set(string key, byte[] value, DistributedCacheEntryOptions options) => SetAsync(key, value, options).GetAwaiter().GetResult();

    /// <inheritdoc />
    public void Refresh(string key) => RefreshAsync(key).GetAwaiter().GetResult();

    /// <inheritdoc />
    public void Remove(string key) => RemoveAsync(key).GetAwaiter().GetResult();

    public void Dispose() => (_cache as IDisposable)?.Dispose();

    internal static SharedCache Connect(RedisOptions options, TokenCredential credential, TimeProvider time)
    {
        var settings = Settings(options);

        // The cache connects with these settings when it is first asked, which is after the sign-in has put the identity into them.
        return new SharedCache(
            new RedisCache(new RedisCacheOptions { ConfigurationOptions = settings, InstanceName = "advisor/" }), () => settings.ConfigureForAzureWithTokenCredentialAsync(credential), time);
    }

    /// <summary>Encrypted, and quick to give up. A server that cannot be reached is tried again in the background.</summary>
    internal static ConfigurationOptions Settings(RedisOptions options) => new()
    {
        EndPoints = { { options.HostName!, options.Port } },
        Ssl = true,
        AbortOnConnectFail = false,
        ConnectTimeout = 1_500,
        AsyncTimeout = 1_000,
    };

    private static async Task<bool> DoneAsync(Task call)
    {
        await call;
        return true;
    }

    private async Task<T> CallAsync<T>(Func<Task<T>> call, CancellationToken cancellationToken)
    {
        if (_time.GetUtcNow().UtcTicks < Interlocked.Read(ref _restsUntil))
        {
            throw new IOException("The shared cache failed a moment ago and is left alone.");
        }

        try
        {
            return await AskAsync(call).WaitAsync(Patience, _time, cancellationToken);
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            Interlocked.Exchange(ref _restsUntil, (_time.GetUtcNow() + Rest).UtcTicks);
            throw;
        }
    }

    private async Task<T> AskAsync<T>(Func<Task<T>> call)
    {
        await SignedInAsync();
        return await call();
    }

    private Task SignedInAsync()
    {
        lock (_gate)
        {
            // Off the caller's thread: what a vendor does before its first await is nobody's patience.
            return _signedIn is null or { IsFaulted: true } or { IsCanceled: true } ? _signedIn = Task.Run(_signIn) : _signedIn;
        }
    }
}
