using Advisor.Embedded.Identity;
using Advisor.Embedded.Storage;
using Advisor.Kernel.Tenancy;
using Advisor.Tests.Embedded.Storage;
using Advisor.Tests.Kernel.Tenancy;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Embedded.Identity;

public sealed class TokenUsersTests : UserDirectoryContract, IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly SqliteDatabase _database;
    private readonly ApiTokens _tokens;

    public TokenUsersTests()
    {
        _database = new SqliteDatabase(_folder.File("identity.db"), "");
        _tokens = new ApiTokens(_database, Clock);
        Users = new TokenUsers(_tokens, Clock);
    }

    protected override IUserDirectory Users { get; }

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task FindByEmailAsync_UserWithTwoTokens_HasTheRolesOfBoth()
    {
        await IntroduceAsync(Eve);
        await IntroduceAsync(Eve with { Roles = [Role.Cfo] });

        (await Users.FindByEmailAsync(Acme, Eve.Email, Cancellation)).ShouldNotBeNull().Roles.ShouldBe([Role.Analyst, Role.Cfo]);
    }

    [Fact]
    public async Task FindByEmailAsync_TokenExpiredOrRevoked_GivesNobody()
    {
        var revoked = await _tokens.CreateAsync(Eve, TimeSpan.FromDays(2));
        await IntroduceAsync(Eve with { UserId = "bob", Email = "bob@acme.example" });
        await _tokens.RevokeAsync(Acme, revoked.Token.Id);
        (await Users.FindByEmailAsync(Acme, Eve.Email, Cancellation)).ShouldBeNull();
        (await Users.FindByEmailAsync(Acme, "bob@acme.example", Cancellation)).ShouldNotBeNull();

        Clock.Advance(TimeSpan.FromDays(1));
        (await Users.FindByEmailAsync(Acme, "bob@acme.example", Cancellation)).ShouldBeNull();
    }

    protected override Task IntroduceAsync(Caller user) => _tokens.CreateAsync(user, TimeSpan.FromDays(1));
}
