using Advisor.Kernel.Tenancy;
using Advisor.Tests.Embedded;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Kernel.Tenancy;

/// <summary>What every directory of users promises, however it comes to know them; an adapter's test class derives from it.</summary>
public abstract class UserDirectoryContract
{
    protected static readonly TenantId Acme = new("acme");
    protected static readonly TenantId Other = new("other");
    protected static readonly Caller Eve = new(Acme, "aad/eve", "Eve@acme.example", [Role.Analyst]);

    protected ManualTimeProvider Clock { get; } = new();

    protected abstract IUserDirectory Users { get; }

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Lets the user come to be known, as they do where the directory serves.</summary>
    protected abstract Task IntroduceAsync(Caller user);

    [Fact]
    public async Task FindByEmailAsync_UserOfTheTenant_IsFoundWhateverTheCase()
    {
        await IntroduceAsync(Eve);

        var found = (await Users.FindByEmailAsync(Acme, "eve@ACME.example", Cancellation)).ShouldNotBeNull();
        (found.Tenant, found.UserId, found.Email).ShouldBe((Eve.Tenant, Eve.UserId, Eve.Email));
        found.Roles.ShouldBe(Eve.Roles);
    }

    [Fact]
    public async Task FindByEmailAsync_UserOfAnotherTenantOrNobody_IsNotFound()
    {
        await IntroduceAsync(Eve);

        (await Users.FindByEmailAsync(Other, Eve.Email, Cancellation)).ShouldBeNull();
        (await Users.FindByEmailAsync(Acme, "bob@acme.example", Cancellation)).ShouldBeNull();
    }

    [Fact]
    public async Task WithRoleAsync_SeveralUsers_GivesThoseOfTheTenantWithTheRoleByAddress()
    {
        await IntroduceAsync(Eve with { Roles = [Role.Reviewer, Role.Cfo] });
        await IntroduceAsync(new Caller(Acme, "bob", "Bob@acme.example", [Role.Reviewer]));
        await IntroduceAsync(new Caller(Acme, "dan", "dan@acme.example", [Role.Analyst]));
        await IntroduceAsync(new Caller(Other, "ann", "ann@other.example", [Role.Reviewer]));

        (await Users.WithRoleAsync(Acme, Role.Reviewer, Cancellation)).Select(user => user.UserId).ShouldBe(["bob", Eve.UserId]);
        (await Users.WithRoleAsync(Acme, Role.Admin, Cancellation)).ShouldBeEmpty();
    }
}
