using Advisor.Embedded.Identity;
using Advisor.Embedded.Storage;
using Advisor.Kernel.Tenancy;
using Advisor.Tests.Embedded.Storage;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Embedded.Identity;

public sealed class TokenUsersTests : IAsyncDisposable
{
    private static readonly TenantId Acme = new("acme");
    private static readonly Caller Eve = new(Acme, "eve", "eve@acme.example", [Role.Analyst]);

    private readonly TemporaryFolder _folder = new();
    private readonly ManualTimeProvider _clock = new();
    private readonly SqliteDatabase _database;
    private readonly ApiTokens _tokens;
    private readonly TokenUsers _users;

    public TokenUsersTests()
    {
        _database = new SqliteDatabase(_folder.File("identity.db"), "");
        _tokens = new ApiTokens(_database, _clock);
        _users = new TokenUsers(_tokens, _clock);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task FindByEmailAsync_UserWithTwoTokens_HasTheRolesOfBoth()
    {
        await _tokens.CreateAsync(Eve, TimeSpan.FromDays(1));
        await _tokens.CreateAsync(Eve with { Roles = [Role.Cfo] }, TimeSpan.FromDays(1));

        (await _users.FindByEmailAsync(Acme, "EVE@acme.example", Cancellation)).ShouldNotBeNull().Roles.ShouldBe([Role.Analyst, Role.Cfo]);
        (await _users.FindByEmailAsync(new TenantId("other"), Eve.Email, Cancellation)).ShouldBeNull();
    }

    [Fact]
    public async Task FindByEmailAsync_TokenExpiredOrRevoked_GivesNobody()
    {
        var revoked = await _tokens.CreateAsync(Eve, TimeSpan.FromDays(2));
        await _tokens.CreateAsync(Eve with { UserId = "bob", Email = "bob@acme.example" }, TimeSpan.FromDays(1));
        await _tokens.RevokeAsync(Acme, revoked.Token.Id);
        (await _users.FindByEmailAsync(Acme, Eve.Email, Cancellation)).ShouldBeNull();
        (await _users.FindByEmailAsync(Acme, "bob@acme.example", Cancellation)).ShouldNotBeNull();

        _clock.Advance(TimeSpan.FromDays(1));
        (await _users.FindByEmailAsync(Acme, "bob@acme.example", Cancellation)).ShouldBeNull();
    }

    [Fact]
    public async Task WithRoleAsync_SeveralUsers_GivesThoseWithTheRoleByAddress()
    {
        await _tokens.CreateAsync(Eve with { Roles = [Role.Reviewer] }, TimeSpan.FromDays(1));
        await _tokens.CreateAsync(new Caller(Acme, "bob", "Bob@acme.example", [Role.Reviewer, Role.Admin]), TimeSpan.FromDays(1));
        await _tokens.CreateAsync(new Caller(new TenantId("other"), "ann", "ann@other.example", [Role.Reviewer]), TimeSpan.FromDays(1));

        (await _users.WithRoleAsync(Acme, Role.Reviewer, Cancellation)).Select(user => user.UserId).ShouldBe(["bob", "eve"]);
        (await _users.WithRoleAsync(Acme, Role.Cfo, Cancellation)).ShouldBeEmpty();
    }
}
