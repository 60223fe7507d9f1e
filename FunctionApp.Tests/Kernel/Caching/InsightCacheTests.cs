using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Advisor.Insights;
using Advisor.Kernel.Records;
using Advisor.Kernel.Tenancy;
using Advisor.Tests.Documents.EndToEnd;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Kernel.Caching;

/// <summary>The insight list as callers see it through the cache.</summary>
[Collection(EndToEndTests.Name)]
public sealed class InsightCacheTests(AdvisorFixture fixture)
{
    private const string Path = "/api/v1/insights?limit=500";

    private static int s_tenants;

    private IRecordStore Records => fixture.Advisor.Services.GetRequiredService<IRecordStore>();

    [Fact]
    public async Task List_AskedAgain_IsGivenFromTheCacheAndIsTheSame()
    {
        var (tenant, client) = await TenantAsync();
        await WriteAsync(tenant, "one");
        var (first, second) = (await client.GetAsync(Path), await client.GetAsync(Path));
        StatusOf(first).ShouldBe("advisor; fwd=miss; stored");
        StatusOf(second).ShouldBe("advisor; hit");
        second.Text.ShouldBe(first.Text);
        second.Headers.ETag.ShouldBe(first.Headers.ETag);
    }

    [Fact]
    public async Task List_KnownByItsETag_IsNotSentAgain()
    {
        var (tenant, client) = await TenantAsync();
        await WriteAsync(tenant, "one");
        var etag = (await client.GetAsync(Path)).Headers.ETag!;
        (await client.SendAsync(Conditional(etag))).Status.ShouldBe(HttpStatusCode.NotModified);
        await WriteAsync(tenant, "two");
        var changed = await client.SendAsync(Conditional(etag));
        changed.Status.ShouldBe(HttpStatusCode.OK);
        changed["insights"].GetArrayLength().ShouldBe(2);
    }

    [Fact]
    public async Task List_ForAClientThatTakesGzip_IsTheSameText()
    {
        var (tenant, client) = await TenantAsync();
        await WriteAsync(tenant, "one");
        var plain = await client.GetAsync(Path);
        var request = new HttpRequestMessage(HttpMethod.Get, Path) { Headers = { AcceptEncoding = { new StringWithQualityHeaderValue("gzip") } } };
        using var response = await client.Http.SendAsync(request, TestContext.Current.CancellationToken);
        response.Content.Headers.ContentEncoding.ShouldBe(["gzip"]);
        response.Headers.Vary.ShouldContain("Accept-Encoding");
        await using var gzip = new GZipStream(await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken), CompressionMode.Decompress);
        using var reader = new StreamReader(gzip);
        (await reader.ReadToEndAsync(TestContext.Current.CancellationToken)).ShouldBe(plain.Text);
    }

    [Fact]
    public async Task List_OfAnotherRoleOrQuery_IsKeptApart()
    {
        var (tenant, client) = await TenantAsync();
        await WriteAsync(tenant, "one");
        await client.GetAsync(Path);
        StatusOf(await (await fixture.Advisor.ClientAsync(Role.Cfo, tenant.Value)).GetAsync(Path)).ShouldBe("advisor; fwd=miss; stored");
        StatusOf(await client.GetAsync(Path + "&band=high")).ShouldBe("advisor; fwd=miss; stored");
        StatusOf(await client.GetAsync("/api/v1/insights?band=high&limit=500")).ShouldBe("advisor; hit");
    }

    [Theory]
    [InlineData(40, "advisor; fwd=bypass")]
    [InlineData(20, "advisor; fwd=miss; stored")]
    public async Task List_OfMonthsAgo_IsNotKept(int days, string status)
    {
        var (_, client) = await TenantAsync();
        var to = DateTime.UtcNow.AddDays(-days).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        StatusOf(await client.GetAsync($"{Path}&to={to}")).ShouldBe(status);
    }

    [Fact]
    public async Task List_WithAParameterThatIsNotOurs_IsRefusedAndNotHandedToOthers()
    {
        var (tenant, client) = await TenantAsync();
        await WriteAsync(tenant, "one");
        await WriteAsync(tenant, "two");
        (await client.GetAsync("/api/v1/insights?limit=1&tracking=mine")).Status.ShouldBe(HttpStatusCode.BadRequest);
        var first = await client.GetAsync("/api/v1/insights?limit=1");
        StatusOf(first).ShouldBe("advisor; fwd=miss; stored");
        first["pagination"].GetProperty("next").GetString()!.ShouldStartWith("/api/v1/insights?limit=1&continuation=");
    }

    [Fact]
    public async Task List_AfterAWriteOfAnotherTenant_IsStillKept()
    {
        var (tenant, client) = await TenantAsync();
        var (other, _) = await TenantAsync();
        await WriteAsync(tenant, "one");
        await client.GetAsync(Path);
        await WriteAsync(other, "one");
        StatusOf(await client.GetAsync(Path)).ShouldBe("advisor; hit");
    }

    [Fact]
    public async Task List_WithWritersAndReadersAtOnce_NeverMissesAWriteThatCompletedBefore()
    {
        var (tenant, client) = await TenantAsync();
        using var ended = new CancellationTokenSource();
        var reads = 0;
        var readers = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            while (!ended.IsCancellationRequested)
            {
                await client.GetAsync(Path);
                Interlocked.Increment(ref reads);
            }
        }, TestContext.Current.CancellationToken)).ToList();

        await Task.WhenAll(Enumerable.Range(0, 4).Select(writer => Task.Run(async () =>
        {
            for (var i = 0; i < 20; i++)
            {
                var id = await WriteAsync(tenant, $"{writer}-{i}");
                IdsOf(await client.GetAsync(Path)).ShouldContain(id);
                await Records.DeleteAsync(InsightRecord.Container, tenant, id, TestContext.Current.CancellationToken);
                IdsOf(await client.GetAsync(Path)).ShouldNotContain(id);
            }
        }, TestContext.Current.CancellationToken)));
        await ended.CancelAsync();
        await Task.WhenAll(readers);
        reads.ShouldBeGreaterThan(20);
    }

    private static string StatusOf(ApiAnswer answer)
    {
        answer.Status.ShouldBe(HttpStatusCode.OK, answer.Text);
        return answer.Headers.GetValues("Cache-Status").Single();
    }

    private static List<string> IdsOf(ApiAnswer answer) => [.. answer["insights"].EnumerateArray().Select(insight => insight.GetProperty("id").GetString()!)];

    private static HttpRequestMessage Conditional(EntityTagHeaderValue etag) => new(HttpMethod.Get, Path) { Headers = { IfNoneMatch = { etag } } };

    private async Task<(TenantId Tenant, ApiClient Client)> TenantAsync()
    {
        var tenant = new TenantId($"cache-{Interlocked.Increment(ref s_tenants)}");
        return (tenant, await fixture.Advisor.ClientAsync(Role.Analyst, tenant.Value));
    }

    /// <summary>Writes an insight as an analysis does; its content is a real one's.</summary>
    private async Task<string> WriteAsync(TenantId tenant, string name)
    {
        var real = (await fixture.AnalyzeSampleAsync("ledger.csv")).Insights[0].Id;
        var stored = await Records.FindAsync(InsightRecord.Container, new TenantId(RunningAdvisor.Tenant), real, TestContext.Current.CancellationToken);
        var id = DeterministicId.Of("cached insight", tenant.Value, name);
        await Records.PutAsync(InsightRecord.Container, tenant, id, stored!.Value with { Id = id }, null, TestContext.Current.CancellationToken);
        return id;
    }
}
