using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Advisor.Azure;
using Advisor.Kernel.Tenancy;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Azure;

public sealed class PrincipalHeaderAuthenticatorTests
{
    private const string TenantClaim = "extension_advisor_tenant";
    private const string Directory = "3f2504e0-4f89-11d3-9a0c-0305e82c3301";

    private static readonly (string, string)[] s_eve = [(TenantClaim, "acme"), ("oid", "user-1"), ("preferred_username", "Eve@acme.example"), ("roles", "analyst"), ("roles", "CFO")];

    [Fact]
    public void Read_SignInWithEverything_GivesItsCaller()
    {
        var caller = Read(s_eve).ShouldNotBeNull();
        (caller.Tenant, caller.UserId, caller.Email).ShouldBe((new TenantId("acme"), "user-1", "Eve@acme.example"));
        caller.Roles.ShouldBe([Role.Analyst, Role.Cfo]);
    }

    [Fact]
    public void Read_LongClaimTypesOfThePlatform_AreUnderstood()
    {
        var caller = Read(
            ("http://schemas.microsoft.com/identity/claims/tenantid", Directory.ToUpperInvariant()),
            ("http://schemas.xmlsoap.org/ws/2005/05/identity/claims/nameidentifier", "user-1"),
            ("http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress", "eve@acme.example"),
            ("http://schemas.microsoft.com/ws/2008/06/identity/claims/role", "admin")).ShouldNotBeNull();
        (caller.Tenant.Value, caller.UserId, caller.Email).ShouldBe((Directory, "user-1", "eve@acme.example"));
        caller.Roles.ShouldBe([Role.Admin]);
    }

    [Fact]
    public void Read_RoleTypeOfItsOwn_IsWhereRolesAre() =>
        Read("groups", (TenantClaim, "acme"), ("oid", "u"), ("groups", "reviewer"), ("nothing", "admin")).ShouldNotBeNull().Roles.ShouldBe([Role.Reviewer]);

    [Theory]
    [InlineData("5")]
    [InlineData("king")]
    [InlineData("analyst,admin")]
    [InlineData("")]
    public void Read_RoleThatIsNone_OpensNothing(string role) =>
        Read((TenantClaim, "acme"), ("oid", "u"), ("roles", role)).ShouldNotBeNull().Roles.ShouldBeEmpty();

    [Fact]
    public void Read_TenantUserOrMore_MustBeBeyondDoubt()
    {
        Read(("oid", "u")).ShouldBeNull("no tenant");
        Read((TenantClaim, "acme")).ShouldBeNull("no user");
        Read((TenantClaim, "acme"), (TenantClaim, "other"), ("oid", "u")).ShouldBeNull("two tenants");
        Read((TenantClaim, "Not A Tenant"), ("tid", Directory), ("oid", "u")).ShouldBeNull("a tenant that is none does not fall back to the directory");
        Read(("tid", "common"), ("oid", "u")).ShouldBeNull("a directory is a GUID");
        Read(("tid", Directory), ("tid", Guid.NewGuid().ToString()), ("oid", "u")).ShouldBeNull("two directories");
        Read((TenantClaim, "acme"), ("oid", "u"), ("oid", "v")).ShouldBeNull("two users");
        Read((TenantClaim, "acme"), ("oid", " ")).ShouldBeNull("a blank user");
        Read((TenantClaim, "acme"), ("oid", new string('u', 257))).ShouldBeNull("a user without end");
        Read((TenantClaim, "acme"), ("oid", "u\u001b[2J")).ShouldBeNull("a user that moves the cursor");
    }

    [Theory]
    [InlineData("")]
    [InlineData("not base64!")]
    [InlineData("bm90IGpzb24=")]
    [InlineData("bnVsbA==")]
    [InlineData("W10=")]
    [InlineData("e30=")]
    [InlineData("eyJjbGFpbXMiOm51bGx9")]
    [InlineData("eyJjbGFpbXMiOltudWxsLDFdfQ==")]
    [InlineData("eyJjbGFpbXMiOlt7InR5cCI6Im9pZCIsInZhbCI6Ilx1ZDgwMCJ9XX0=")]
    public void Read_TextThatIsNoPrincipal_GivesNobody(string header) => PrincipalHeaderAuthenticator.Read(header, TenantClaim).ShouldBeNull();

    [Fact]
    public void Read_NullsAmongTheClaims_AreLeftOut()
    {
        var json = """{"claims":[null,{"typ":null,"val":"x"},{"typ":"oid"},{"typ":"oid","val":"u"},{"typ":"extension_advisor_tenant","val":"acme"}]}""";
        PrincipalHeaderAuthenticator.Read(Convert.ToBase64String(Encoding.UTF8.GetBytes(json)), TenantClaim).ShouldNotBeNull().UserId.ShouldBe("u");
    }

    [Fact]
    public void Read_HeaderWithoutEnd_GivesNobody() => Read([.. s_eve, ("filler", new string('x', 64 * 1024))]).ShouldBeNull();

    [Fact]
    public void Read_CutOffAnywhere_GivesNobodyOrTheSame()
    {
        var header = Header("roles", s_eve);
        for (var length = 0; length < header.Length; length++)
        {
            PrincipalHeaderAuthenticator.Read(header[..length], TenantClaim).ShouldBeNull($"{length} characters");
        }
    }

    [Fact]
    public void Read_RandomBytes_NeverThrowsAndGivesNobody()
    {
        var random = new Random(TestDepth.Seed);
        var whole = Convert.FromBase64String(Header("roles", s_eve));
        for (var i = 0; i < 5000; i++)
        {
            var bytes = (i % 2) switch
            {
                0 => RandomNumberGenerator.GetBytes(random.Next(200)),
                _ => [.. whole],
            };
            for (var flips = i % 2 * random.Next(1, 4); flips > 0; flips--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            var caller = PrincipalHeaderAuthenticator.Read(Convert.ToBase64String(bytes), TenantClaim);
            if (i % 2 == 0)
            {
                caller.ShouldBeNull();
            }
            else if (caller is not null)
            {
                // Flipped bits may name somebody else, but never a thing that is no tenant or no role.
                new TenantId(caller.Tenant.Value).ShouldBe(caller.Tenant);
                caller.Roles.ShouldBeSubsetOf([Role.Analyst, Role.Cfo]);
            }
        }
    }

    [Fact]
    public async Task AuthenticateAsync_HeaderOnceAndTrusted_GivesItsCaller()
    {
        var header = Header("roles", s_eve);
        (await AuthenticateAsync(trusted: true, header)).ShouldNotBeNull().UserId.ShouldBe("user-1");
        (await AuthenticateAsync(trusted: false, header)).ShouldBeNull("the platform does not sign callers in");
        (await AuthenticateAsync(trusted: true, header, header)).ShouldBeNull("which of two counts would be a guess");
        (await AuthenticateAsync(trusted: true)).ShouldBeNull();
    }

    private static ValueTask<Caller?> AuthenticateAsync(bool trusted, params string[] headers)
    {
        var http = new DefaultHttpContext();
        http.Request.Headers[PrincipalHeaderAuthenticator.Header] = new StringValues(headers);
        return new PrincipalHeaderAuthenticator(Options.Create(new PrincipalOptions { TrustPrincipalHeader = trusted })).AuthenticateAsync(http, TestContext.Current.CancellationToken);
    }

    private static Caller? Read(params (string Type, string Value)[] claims) => Read("roles", claims);

    private static Caller? Read(string roleType, params (string Type, string Value)[] claims) => PrincipalHeaderAuthenticator.Read(Header(roleType, claims), TenantClaim);

    internal static string Header(string roleType, params (string Type, string Value)[] claims) => Convert.ToBase64String(JsonSerializer.SerializeToUtf8Bytes(new
    {
        auth_typ = "aad",
        name_typ = "name",
        role_typ = roleType,
        claims = claims.Select(claim => new { typ = claim.Type, val = claim.Value }),
    }));
}
