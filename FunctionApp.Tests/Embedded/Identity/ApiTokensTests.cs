using System.Text;
using Advisor.Embedded.Identity;
using Advisor.Embedded.Storage;
using Advisor.Kernel.Tenancy;
using Advisor.Tests.Embedded.Storage;
using Advisor.Tests.Embedded.Triggers;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Embedded.Identity;

public sealed class ApiTokensTests : IAsyncDisposable
{
    private static readonly TenantId Tenant = new("acme");
    private static readonly Caller Analyst = new(Tenant, "u1", "u1@example.com", [Role.Analyst, Role.Cfo]);

    private readonly TemporaryFolder _folder = new();
    private readonly SampleClock _clock = new(new DateTimeOffset(2026, 11, 21, 9, 0, 0, TimeSpan.Zero));
    private readonly SqliteDatabase _database;
    private readonly ApiTokens _tokens;

    public ApiTokensTests()
    {
        _database = new SqliteDatabase(_folder.File("identity.db"), "");
        _tokens = new ApiTokens(_database, _clock);
    }

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Authenticate_TokenCreated_GivesItsCaller()
    {
        var issued = await _tokens.CreateAsync(Analyst, TimeSpan.FromHours(1));

        issued.Text.ShouldMatch("^adv_[A-Za-z0-9_-]{43}$");
        var caller = _tokens.Authenticate(issued.Text).ShouldNotBeNull();
        (caller.Tenant, caller.UserId, caller.Email).ShouldBe((Tenant, "u1", "u1@example.com"));
        caller.Roles.ShouldBe([Role.Analyst, Role.Cfo]);
    }

    [Fact]
    public async Task Authenticate_TextThatIsNoToken_GivesNobody()
    {
        var issued = await _tokens.CreateAsync(Analyst, TimeSpan.FromHours(1));

        foreach (var text in new[] { "", "adv_", "adv_x", issued.Text + "x", issued.Text[..^1], issued.Text.ToUpperInvariant(), issued.Text[4..] })
        {
            _tokens.Authenticate(text).ShouldBeNull();
        }
    }

    [Fact]
    public async Task Authenticate_MomentOfExpiry_GivesNobody()
    {
        var issued = await _tokens.CreateAsync(Analyst, TimeSpan.FromHours(1));
        _clock.Advance(TimeSpan.FromHours(1) - TimeSpan.FromTicks(1));
        _tokens.Authenticate(issued.Text).ShouldNotBeNull();

        _clock.Advance(TimeSpan.FromTicks(1));
        _tokens.Authenticate(issued.Text).ShouldBeNull();
    }

    [Fact]
    public async Task RevokeAsync_OwnTenantsToken_RefusesItFromThenOn()
    {
        var issued = await _tokens.CreateAsync(Analyst, TimeSpan.FromHours(1));
        var other = await _tokens.CreateAsync(Analyst, TimeSpan.FromHours(1));

        (await _tokens.RevokeAsync(new TenantId("other"), issued.Token.Id)).ShouldBeFalse();
        _tokens.Authenticate(issued.Text).ShouldNotBeNull();
        (await _tokens.RevokeAsync(Tenant, issued.Token.Id)).ShouldBeTrue();
        _tokens.Authenticate(issued.Text).ShouldBeNull();
        _tokens.Authenticate(other.Text).ShouldNotBeNull();
        _tokens.List(Tenant).Single(token => token.Id == issued.Token.Id).RevokedAt.ShouldBe(_clock.GetUtcNow());
    }

    [Fact]
    public async Task List_TokensOfTwoTenants_GivesThoseOfOne()
    {
        var first = await _tokens.CreateAsync(Analyst, TimeSpan.FromHours(1));
        _clock.Advance(TimeSpan.FromSeconds(1));
        var second = await _tokens.CreateAsync(Analyst with { UserId = "u2" }, TimeSpan.FromHours(2));
        await _tokens.CreateAsync(Analyst with { Tenant = new TenantId("other") }, TimeSpan.FromHours(1));

        _tokens.List(Tenant).Select(token => (token.Id, token.Caller.UserId, token.CreatedAt, token.ExpiresAt)).ShouldBe(
            new[] { first.Token, second.Token }.Select(token => (token.Id, token.Caller.UserId, token.CreatedAt, token.ExpiresAt)));
    }

    [Fact]
    public async Task CreateAsync_FileReadByAStranger_ShowsNoToken()
    {
        var issued = await _tokens.CreateAsync(Analyst, TimeSpan.FromHours(1));

        var stored = Encoding.Latin1.GetString(await File.ReadAllBytesAsync(_folder.CopyAsAfterKill("identity.db") + "-wal", TestContext.Current.CancellationToken));
        stored.ShouldContain("u1@example.com");
        stored.ShouldNotContain(issued.Text[4..]);
    }

    [Fact]
    public async Task Authenticate_FileOpenedByAnotherProcess_KnowsTheToken()
    {
        await using var second = new SqliteDatabase(_folder.File("identity.db"), "");
        var issued = await new ApiTokens(second, _clock).CreateAsync(Analyst, TimeSpan.FromHours(1));

        _tokens.Authenticate(issued.Text).ShouldNotBeNull();
    }

    [Theory]
    [InlineData("Bearer {0}", true)]
    [InlineData("bearer {0}", true)]
    [InlineData("Bearer  {0} ", true)]
    [InlineData("{0}", false)]
    [InlineData("Basic {0}", false)]
    [InlineData("Bearer", false)]
    [InlineData("Bearer {0}, Bearer {0}", false)]
    public async Task AuthenticateAsync_AuthorizationHeader_CountsWhenItIsOneBearer(string header, bool known)
    {
        var issued = await _tokens.CreateAsync(Analyst, TimeSpan.FromHours(1));
        var http = new DefaultHttpContext();
        http.Request.Headers.Authorization = string.Format(header, issued.Text);

        (await new ApiTokenAuthenticator(_tokens).AuthenticateAsync(http, TestContext.Current.CancellationToken) is not null).ShouldBe(known);
    }

    [Fact]
    public async Task AuthenticateAsync_NoOrTwoHeaders_GivesNobody()
    {
        var issued = await _tokens.CreateAsync(Analyst, TimeSpan.FromHours(1));
        var http = new DefaultHttpContext();
        var authenticator = new ApiTokenAuthenticator(_tokens);

        (await authenticator.AuthenticateAsync(http, TestContext.Current.CancellationToken)).ShouldBeNull();
        http.Request.Headers.Authorization = new StringValues(["Bearer " + issued.Text, "Bearer " + issued.Text]);
        (await authenticator.AuthenticateAsync(http, TestContext.Current.CancellationToken)).ShouldBeNull();
    }
}
