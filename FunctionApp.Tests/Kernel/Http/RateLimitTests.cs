using System.Net;
using Advisor.Kernel.Audit;
using Advisor.Kernel.Http;
using Advisor.Kernel.Tenancy;
using Advisor.Tests.Documents.EndToEnd;
using Microsoft.Extensions.Options;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Kernel.Http;

/// <summary>A host that lets a user make five requests at once and one a second.</summary>
public sealed class RateLimitTests : IAsyncLifetime
{
    private const string Route = "/api/v1/insights";

    private RunningAdvisor _advisor = null!;

    public async ValueTask InitializeAsync() => _advisor = await RunningAdvisor.StartAsync(("RateLimit:PerSecond", "1"), ("RateLimit:Burst", "5"));

    public ValueTask DisposeAsync() => _advisor.DisposeAsync();

    [Fact]
    public async Task Get_MoreThanTheBurst_IsRefusedUntilRetryAfterIsOver()
    {
        var analyst = await _advisor.ClientAsync(Role.Analyst);
        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => analyst.GetAsync(Route)));
        // One more has come in if the twelve took a second.
        answers.Count(answer => answer.Status == HttpStatusCode.OK).ShouldBeInRange(5, 6);
        var refused = answers.First(answer => answer.Status == HttpStatusCode.TooManyRequests);
        refused.Type.ShouldBe("urn:advisor:problem:too-many-requests");
        refused["detail"].GetString()!.ShouldContain("5 at once");
        await Task.Delay(refused.Headers.RetryAfter!.Delta!.Value, TestContext.Current.CancellationToken);
        // A bucket that is due is filled at the next look, and the limiter, which has a clock of its own, looks ten times a second.
        await Task.Delay(150, TestContext.Current.CancellationToken);
        (await analyst.GetAsync(Route)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Get_OtherUserOrTenant_HasARateOfItsOwn()
    {
        var analyst = await _advisor.ClientAsync(Role.Analyst);
        await ExhaustAsync(analyst);
        (await (await _advisor.ClientAsync(Role.Reviewer)).GetAsync(Route)).Status.ShouldBe(HttpStatusCode.OK);
        (await (await _advisor.ClientAsync(Role.Analyst, "somebody-else")).GetAsync(Route)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public void Count_SameUserIdInAnotherTenant_IsAnotherUser()
    {
        using var limits = new RateLimits(Options.Create(new RateLimitOptions { PerSecond = 1, Burst = 1 }), new ClientAddress(Options.Create(new ForwardedForOptions())));
        var caller = new Caller(new TenantId("one"), "user", "user@example.com", [Role.Analyst]);
        limits.Count(caller).ShouldBeNull();
        limits.Count(caller).ShouldNotBeNull().RetryAfter.ShouldBe(1);
        limits.Count(caller with { Tenant = new TenantId("two") }).ShouldBeNull();
    }

    [Fact]
    public async Task Get_SecondTokenOfTheUser_SharesTheRate()
    {
        await ExhaustAsync(await _advisor.ClientAsync(Role.Analyst));
        (await (await _advisor.ClientAsync(Role.Analyst)).GetAsync(Route)).Status.ShouldBe(HttpStatusCode.TooManyRequests);
    }

    [Fact]
    public async Task Get_WithoutCredential_IsLimitedByAddressAndHarmsNoUser()
    {
        await ExhaustAsync(_advisor.Stranger("adv_guess"), HttpStatusCode.Unauthorized);
        (await _advisor.Stranger().GetAsync(Route)).Status.ShouldBe(HttpStatusCode.TooManyRequests);
        using var elsewhere = new HttpRequestMessage(HttpMethod.Get, Route);
        elsewhere.Headers.Add("X-Forwarded-For", "203.0.113.9, 198.51.100.7:4711");
        (await _advisor.Stranger().SendAsync(elsewhere)).Status.ShouldBe(HttpStatusCode.TooManyRequests);
        (await (await _advisor.ClientAsync(Role.Analyst)).GetAsync(Route)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Get_WithoutCredentialBehindATrustedProxy_IsLimitedByTheAddressThatTheProxySaw()
    {
        await using var advisor = await RunningAdvisor.StartAsync(("RateLimit:PerSecond", "1"), ("RateLimit:Burst", "2"), ("Http:TrustForwardedFor", "true"));
        async Task<HttpStatusCode> FromAsync(string forwarded)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, Route);
            request.Headers.Add("X-Forwarded-For", forwarded);
            return (await advisor.Stranger().SendAsync(request)).Status;
        }

        HttpStatusCode[] same = [await FromAsync("1.1.1.1, 198.51.100.7"), await FromAsync("2.2.2.2, 198.51.100.7"), await FromAsync("3.3.3.3, 198.51.100.7"), await FromAsync("4.4.4.4, 198.51.100.7")];
        same.ShouldContain(HttpStatusCode.TooManyRequests);
        (await FromAsync("1.1.1.1, 198.51.100.8")).ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Post_OfARoleThatMayNot_IsLimitedToo()
    {
        var reviewer = await _advisor.ClientAsync(Role.Reviewer);
        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => reviewer.PostAsync("/api/v1/documents/ingest", "{}")));
        answers.Select(answer => answer.Status).Distinct().ShouldBe([HttpStatusCode.Forbidden, HttpStatusCode.TooManyRequests], ignoreOrder: true);
    }

    [Fact]
    public async Task Get_UnknownPaths_AreLimited()
    {
        var stranger = _advisor.Stranger();
        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => stranger.GetAsync($"/no/such/path/{i}")));
        answers.Select(answer => answer.Status).Distinct().ShouldBe([HttpStatusCode.NotFound, HttpStatusCode.TooManyRequests], ignoreOrder: true);
    }

    [Theory]
    [InlineData("/health", HttpStatusCode.OK)]
    [InlineData("/api/v1/runs/unknown/stream", HttpStatusCode.NotFound)]
    public async Task Get_RouteThatIsNotLimited_IsAnswered(string path, HttpStatusCode expected)
    {
        var analyst = await _advisor.ClientAsync(Role.Analyst);
        await ExhaustAsync(analyst);
        (await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => analyst.GetAsync(path)))).ShouldAllBe(answer => answer.Status == expected);
    }

    private static async Task ExhaustAsync(ApiClient client, HttpStatusCode expected = HttpStatusCode.OK)
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => client.GetAsync(Route)));
        answers.ShouldContain(answer => answer.Status == expected);
        answers.ShouldContain(answer => answer.Status == HttpStatusCode.TooManyRequests);
    }
}
