using System.Net;
using Advisor.Azure;
using Advisor.Tests.Embedded;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;
using Moq;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Azure;

/// <summary>What a cache that is slow or down costs those who ask it.</summary>
public sealed class SharedCacheTests : IDisposable
{
    private static readonly byte[] s_value = [1, 2, 3];

    private readonly ManualTimeProvider _time = new();
    private readonly Mock<IDistributedCache> _redis = new();
    private readonly MemoryDistributedCache _memory = new(Options.Create(new MemoryDistributedCacheOptions()));
    private readonly SharedCache _cache;
    private Func<Task> _signIn = () => Task.CompletedTask;
    private int _signIns;

    public SharedCacheTests()
    {
        _redis.Setup(cache => cache.GetAsync(It.IsAny<string>(), It.IsAny<CancellationToken>())).Returns((string key, CancellationToken token) => _memory.GetAsync(key, token));
        _redis.Setup(cache => cache.SetAsync(It.IsAny<string>(), It.IsAny<byte[]>(), It.IsAny<DistributedCacheEntryOptions>(), It.IsAny<CancellationToken>()))
            .Returns((string key, byte[] value, DistributedCacheEntryOptions options, CancellationToken token) => _memory.SetAsync(key, value, options, token));
        _cache = new SharedCache(
            _redis.Object,
            () =>
            {
                Interlocked.Increment(ref _signIns);
                return _signIn();
            },
            _time);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _cache.Dispose();

    [Fact]
    public async Task Call_ByMany_SignsInOnceAndReachesTheCache()
    {
        await Task.WhenAll(Enumerable.Range(0, 20).Select(index => _cache.SetAsync($"k{index}", s_value, new DistributedCacheEntryOptions(), Cancel)));

        (await _cache.GetAsync("k7", Cancel)).ShouldBe(s_value);
        _signIns.ShouldBe(1);
    }

    [Fact]
    public async Task Call_AfterOneThatFailed_FailsAtOnceUntilTheCacheHasRested()
    {
        _redis.Setup(cache => cache.GetAsync("broken", It.IsAny<CancellationToken>())).ThrowsAsync(new InvalidOperationException("no connection"));
        await Should.ThrowAsync<InvalidOperationException>(_cache.GetAsync("broken", Cancel));

        (await Should.ThrowAsync<IOException>(_cache.GetAsync("sound", Cancel))).Message.ShouldContain("left alone");
        await Should.ThrowAsync<IOException>(_cache.SetAsync("sound", s_value, new DistributedCacheEntryOptions(), Cancel));
        _redis.Verify(cache => cache.GetAsync("sound", It.IsAny<CancellationToken>()), Times.Never);

        _time.Advance(SharedCache.Rest);
        (await _cache.GetAsync("sound", Cancel)).ShouldBeNull();
    }

    [Fact]
    public async Task Call_WithoutAnAnswer_EndsWithThePatience()
    {
        _redis.Setup(cache => cache.GetAsync("slow", It.IsAny<CancellationToken>())).Returns(new TaskCompletionSource<byte[]?>().Task);
        await _cache.GetAsync("first", Cancel);
        var asked = _cache.GetAsync("slow", Cancel);
        asked.IsCompleted.ShouldBeFalse();

        _time.Advance(SharedCache.Patience);
        await Should.ThrowAsync<TimeoutException>(asked);
    }

    [Fact]
    public async Task SignIn_ThatFails_IsMadeAgainAfterTheRest()
    {
        _signIn = () => Task.FromException(new IOException("no token"));
        await Should.ThrowAsync<IOException>(_cache.GetAsync("k", Cancel));

        _signIn = () => Task.CompletedTask;
        _time.Advance(SharedCache.Rest);
        (await _cache.GetAsync("k", Cancel)).ShouldBeNull();
        _signIns.ShouldBe(2);
    }

    /// <summary>Who stops waiting says nothing about the cache.</summary>
    [Fact]
    public async Task Call_GivenUpByItsCaller_LetsTheCacheBeAskedOn()
    {
        using var gone = new CancellationTokenSource();
        _redis.Setup(cache => cache.GetAsync("slow", It.IsAny<CancellationToken>())).Returns(new TaskCompletionSource<byte[]?>().Task);
        var asked = _cache.GetAsync("slow", gone.Token);
        await gone.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(asked);

        (await _cache.GetAsync("sound", Cancel)).ShouldBeNull();
    }

    [Fact]
    public void Settings_Always_AreEncryptedAndQuickToGiveUp()
    {
        var settings = SharedCache.Settings(new RedisOptions { HostName = "example.swedencentral.redis.azure.net" });

        settings.EndPoints.ShouldHaveSingleItem().ShouldBe(new DnsEndPoint("example.swedencentral.redis.azure.net", 10_000));
        (settings.Ssl, settings.AbortOnConnectFail).ShouldBe((true, false));
        TimeSpan.FromMilliseconds(settings.ConnectTimeout).ShouldBeLessThan(SharedCache.Patience);
        TimeSpan.FromMilliseconds(settings.AsyncTimeout).ShouldBeLessThan(SharedCache.Patience);
    }
}
