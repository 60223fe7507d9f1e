using System.Text;
using Advisor.Kernel.Caching;
using Advisor.Kernel.Records;
using Advisor.Kernel.Telemetry;
using Advisor.Kernel.Tenancy;
using Advisor.Tests.Embedded;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Moq;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Kernel.Caching;

public sealed class AnswerCacheTests : IDisposable
{
    private static readonly RecordContainer<Thing> s_things = new("things");
    private static readonly Caller s_caller = new(new TenantId("t"), "u", "u@t.example", [Role.Analyst]);

    private readonly ManualTimeProvider _time = new();
    private readonly MemoryDistributedCache _memory = new(Options.Create(new MemoryDistributedCacheOptions()));
    private readonly AdvisorMetrics _metrics = new(new FunctionTriggers(typeof(Composition).Assembly));
    private int _computed;

    public void Dispose() => _metrics.Dispose();

    [Fact]
    public async Task Answer_WithinItsLifetime_IsComputedOnce()
    {
        var cache = Cache(_memory);
        await AskAsync(cache);
        _time.Advance(TimeSpan.FromMinutes(15) - TimeSpan.FromTicks(1));
        (await AskAsync(cache)).ShouldBe("""{"number":1}""");
        _computed.ShouldBe(1);
    }

    [Fact]
    public async Task Answer_PastItsLifetime_IsComputedAgain()
    {
        var cache = Cache(_memory);
        await AskAsync(cache);
        _time.Advance(TimeSpan.FromMinutes(15));
        (await AskAsync(cache)).ShouldBe("""{"number":2}""");
    }

    [Fact]
    public async Task Answer_WithTheCacheSwitchedOff_IsComputedEachTime()
    {
        var cache = Cache(_memory, new CacheOptions { Lifetime = TimeSpan.Zero });
        await AskAsync(cache);
        (await AskAsync(cache)).ShouldBe("""{"number":2}""");
    }

    [Fact]
    public async Task Answer_AskedByManyAtOnce_IsComputedOnceForAll()
    {
        var cache = Cache(_memory);
        var gate = new TaskCompletionSource();
        var asked = Enumerable.Range(0, 20).Select(_ => AskAsync(cache, gate.Task)).ToList();
        gate.SetResult();
        (await Task.WhenAll(asked)).Distinct().ShouldBe(["""{"number":1}"""]);
    }

    [Fact]
    public async Task Answer_WhoseFirstCallerGoesAway_StillReachesTheOthers()
    {
        var cache = Cache(_memory);
        var gate = new TaskCompletionSource();
        using var gone = new CancellationTokenSource();
        var first = AskAsync(cache, gate.Task, gone.Token);
        var second = AskAsync(cache, gate.Task);
        await gone.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(first);
        gate.SetResult();
        (await second).ShouldBe("""{"number":1}""");
    }

    [Fact]
    public async Task Answer_ComputedWhileARecordIsWritten_IsNotFoundAfterTheWrite()
    {
        var generations = new CacheGenerations(_memory, NullLogger<CacheGenerations>.Instance);
        var cache = Cache(_memory);
        var gate = new TaskCompletionSource();
        var before = AskAsync(cache, gate.Task);
        await generations.EndAsync(s_caller.Tenant, s_things.Name);
        gate.SetResult();
        await before;
        (await AskAsync(cache)).ShouldBe("""{"number":2}""");
    }

    [Fact]
    public async Task Answer_ThatFaults_IsNotKept()
    {
        var cache = Cache(_memory);
        await Should.ThrowAsync<InvalidOperationException>(() => AskAsync(cache, Task.FromException(new InvalidOperationException("no"))));
        (await AskAsync(cache)).ShouldBe("""{"number":2}""");
    }

    [Fact]
    public async Task Answer_WithABrokenCache_IsComputedEachTime()
    {
        var broken = new Mock<IDistributedCache>(MockBehavior.Strict);
        var cache = Cache(broken.Object);
        await AskAsync(cache);
        (await AskAsync(cache)).ShouldBe("""{"number":2}""");
    }

    /// <summary>The write is made and counts; what was kept before it is not given by the process that made it, not even when the cache works again.</summary>
    [Fact]
    public async Task Write_WhileTheCacheIsBroken_IsAcknowledgedAndEndsWhatWasKept()
    {
        var broken = false;
        var faulty = new Mock<IDistributedCache>();
        faulty.Setup(cache => cache.GetAsync(It.IsAny<string>(), It.IsAny<CancellationToken>()))
            .Returns((string key, CancellationToken token) => broken ? Task.FromException<byte[]?>(new IOException("down")) : _memory.GetAsync(key, token));
        faulty.Setup(cache => cache.SetAsync(It.IsAny<string>(), It.IsAny<byte[]>(), It.IsAny<DistributedCacheEntryOptions>(), It.IsAny<CancellationToken>()))
            .Returns((string key, byte[] value, DistributedCacheEntryOptions options, CancellationToken token) =>
                broken ? Task.FromException(new IOException("down")) : _memory.SetAsync(key, value, options, token));
        var generations = new CacheGenerations(faulty.Object, NullLogger<CacheGenerations>.Instance);
        var cache = new AnswerCache(faulty.Object, generations, Options.Create(new CacheOptions()), _metrics, _time, NullLogger<AnswerCache>.Instance);
        var inner = new Mock<IRecordStore>();
        var store = new CacheInvalidatingRecordStore(inner.Object, generations, [new CachedContainer("things")]);
        await AskAsync(cache);

        broken = true;
        await store.PutManyAsync(s_things, s_caller.Tenant, [("1", new Thing(1))], CancellationToken.None);
        inner.Verify(records => records.PutManyAsync(s_things, s_caller.Tenant, It.IsAny<IReadOnlyCollection<(string, Thing)>>(), It.IsAny<CancellationToken>()), Times.Once);
        (await AskAsync(cache)).ShouldBe("""{"number":2}""");

        broken = false;
        (await AskAsync(cache)).ShouldBe("""{"number":3}""");
        (await AskAsync(cache)).ShouldBe("""{"number":3}""", "and what is computed from then on is kept");
    }

    [Fact]
    public async Task Answer_WhileTheCacheIsDown_SaysSoOnceAndOnceThatItIsBack()
    {
        var broken = true;
        var (cache, said) = Flaky(() => broken);

        await AskAsync(cache);
        await AskAsync(cache);
        _time.Advance(TimeSpan.FromHours(1));
        await AskAsync(cache);
        said.ShouldBe([LogLevel.Warning]);

        broken = false;
        await AskAsync(cache);
        await AskAsync(cache);
        said.ShouldBe([LogLevel.Warning, LogLevel.Information]);
    }

    [Fact]
    public async Task Answer_WhileTheCacheComesAndGoes_SaysSoOnceAMinute()
    {
        var broken = true;
        var (cache, said) = Flaky(() => broken);
        for (var change = 0; change < 10; change++)
        {
            await AskAsync(cache);
            broken = !broken;
        }

        said.ShouldBe([LogLevel.Warning, LogLevel.Information]);

        broken = true;
        _time.Advance(CacheOutage.Quiet - TimeSpan.FromTicks(1));
        await AskAsync(cache);
        said.Count.ShouldBe(2);
        _time.Advance(TimeSpan.FromTicks(1));
        await AskAsync(cache);
        said.ShouldBe([LogLevel.Warning, LogLevel.Information, LogLevel.Warning], "an outage that lasts is told in the end");
    }

    /// <summary>A cache that is down when it is said to be, and what is logged of it.</summary>
    private (AnswerCache Cache, IReadOnlyList<LogLevel> Said) Flaky(Func<bool> broken)
    {
        var store = new Mock<IDistributedCache>();
        store.Setup(cache => cache.GetAsync(It.IsAny<string>(), It.IsAny<CancellationToken>()))
            .Returns((string key, CancellationToken token) => broken() ? Task.FromException<byte[]?>(new IOException("down")) : _memory.GetAsync(key, token));
        store.Setup(cache => cache.SetAsync(It.IsAny<string>(), It.IsAny<byte[]>(), It.IsAny<DistributedCacheEntryOptions>(), It.IsAny<CancellationToken>()))
            .Returns((string key, byte[] value, DistributedCacheEntryOptions options, CancellationToken token) =>
                broken() ? Task.FromException(new IOException("down")) : _memory.SetAsync(key, value, options, token));
        var said = new SaidLevels();
        return (new AnswerCache(store.Object, new CacheGenerations(store.Object, NullLogger<CacheGenerations>.Instance), Options.Create(new CacheOptions()), _metrics, _time, said), said.All);
    }

    [Theory]
    [InlineData("a", "b", true)]
    [InlineData("a", "a", false)]
    public void CanonicalQuery_SameConditionsInAnotherOrder_IsTheSame(string first, string second, bool same)
    {
        RecordFilter one = new("x", RecordOperator.Equal, first), two = new("y", RecordOperator.Equal, second);
        CanonicalQuery.Of(new RecordQuery([one, two])).ShouldBe(CanonicalQuery.Of(new RecordQuery([two, one])));
        CanonicalQuery.Of(new RecordQuery([one with { Value = second }, two with { Value = first }])).Equals(CanonicalQuery.Of(new RecordQuery([one, two])), StringComparison.Ordinal).ShouldBe(!same);
    }

    [Fact]
    public void CanonicalQuery_ConditionsThatLookAlikeWhenJoined_AreToldApart()
    {
        var two = new RecordQuery([new RecordFilter("x", RecordOperator.Equal, "1"), new RecordFilter("y", RecordOperator.Equal, "2")]);
        var one = new RecordQuery([new RecordFilter("x", RecordOperator.Equal, "1\n17 y Equal String:2")]);
        CanonicalQuery.Of(two).ShouldNotBe(CanonicalQuery.Of(one));
    }

    private AnswerCache Cache(IDistributedCache cache, CacheOptions? options = null) =>
        new(cache, new CacheGenerations(cache, NullLogger<CacheGenerations>.Instance), Options.Create(options ?? new CacheOptions()), _metrics, _time, NullLogger<AnswerCache>.Instance);

    private async Task<string> AskAsync(AnswerCache cache, Task? before = null, CancellationToken? gone = null)
    {
        var result = await cache.AnswerAsync(s_caller, s_things, "all", keep: true, async _ =>
        {
            var number = Interlocked.Increment(ref _computed);
            await (before ?? Task.CompletedTask);
            return new Thing(number);
        }, gone ?? TestContext.Current.CancellationToken);
        var http = new DefaultHttpContext { Response = { Body = new MemoryStream() } };
        await result.ExecuteAsync(http);
        return Encoding.UTF8.GetString(((MemoryStream)http.Response.Body).ToArray());
    }

    public sealed record Thing(int Number);

    private sealed class SaidLevels : ILogger<AnswerCache>
    {
        public List<LogLevel> All { get; } = [];

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => All.Add(logLevel);
    }
}
