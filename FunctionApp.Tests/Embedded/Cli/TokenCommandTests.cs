using System.Net;
using Advisor.Embedded.Identity;
using Advisor.Embedded.Storage;
using Advisor.Kernel.Audit;
using Advisor.Kernel.Tenancy;
using Advisor.Tests.Documents.EndToEnd;
using Advisor.Tests.Embedded.Storage;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Embedded.Cli;

public sealed class TokenCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Token_CreatedListedAndRevoked_IsKnownInBetween()
    {
        var create = await CliRun.RunAsync(_folder.Path, "token", "create", "--user", "eve", "--role", "cfo", "reviewer", "--tenant", "acme");
        create.ExitCode.ShouldBe(0, create.Error);
        var text = create.Lines.ShouldHaveSingleItem();
        (await RolesAsync(text)).ShouldBe("Cfo,Reviewer");

        var list = await CliRun.RunAsync(_folder.Path, "token", "list", "--tenant", "acme");
        list.Lines.Length.ShouldBe(2, list.Output);
        list.Lines[0].ShouldMatch("^ *Id +Tenant +State +User +E-mail +Roles$");
        list.Lines[1].ShouldMatch(@"^ *t[0-9a-f]{12} +acme +until \d{4}-\d\d-\d\d +eve +eve@acme\.example +cfo,reviewer$");
        list.Output.ShouldNotContain(text);
        (await CliRun.RunAsync(_folder.Path, "token", "list")).Output.ShouldBe(list.Output, "all tenants are listed unless one is named");
        (await CliRun.RunAsync(_folder.Path, "token", "list", "--tenant", "demo")).Lines.ShouldBe(["The tenant 'demo' has no tokens."]);

        var id = list.Lines[1].Trim()[..13];
        (await CliRun.RunAsync(_folder.Path, "token", "revoke", id)).ExitCode.ShouldBe(1, "it is another tenant's");
        (await CliRun.RunAsync(_folder.Path, "token", "revoke", id, "--tenant", "acme")).ExitCode.ShouldBe(0);
        (await RolesAsync(text)).ShouldBeNull();
        (await CliRun.RunAsync(_folder.Path, "token", "list", "--tenant", "acme")).Output.ShouldContain("revoked");
    }

    [Theory]
    [InlineData("is not a tenant id", "--role", "cfo", "--user", "eve", "--tenant", "No Tenant")]
    [InlineData("'king'", "--role", "king", "--user", "eve")]
    [InlineData("A token lives 1 to 3650 days.", "--role", "cfo", "--user", "eve", "--days", "0")]
    [InlineData("A user is named by 1 to 256 characters, not all of them blank.", "--role", "cfo", "--user", " ")]
    [InlineData("'eve' is not an e-mail address.", "--role", "cfo", "--user", "eve", "--email", "eve")]
    public async Task Token_ArgumentThatIsNone_IsRefusedInASentence(string sentence, params string[] args)
    {
        var run = await CliRun.RunAsync(_folder.Path, ["token", "create", .. args]);
        run.ExitCode.ShouldBe(1);
        run.Error.Split('\n')[0].ShouldContain(sentence);
        run.Error.ShouldNotContain("Parameter '");
        File.Exists(new DataFolder(_folder.Path).Identity).ShouldBeFalse();
    }

    [Fact]
    public async Task Token_CreatedAndRevoked_IsAuditedWithoutItsText()
    {
        var text = (await CliRun.RunAsync(_folder.Path, "token", "create", "--user", "eve", "--role", "cfo", "--tenant", "acme")).Lines[0];
        var id = (await CliRun.RunAsync(_folder.Path, "token", "list", "--tenant", "acme")).Lines[1].Trim()[..13];
        await CliRun.RunAsync(_folder.Path, "token", "revoke", id, "--tenant", "acme");
        await CliRun.RunAsync(_folder.Path, "token", "revoke", id, "--tenant", "acme");

        using var file = AuditFile.Open(new DataFolder(_folder.Path));
        var entries = (await file.QueryAsync(new TenantId("acme"), new AuditQuery(), TestContext.Current.CancellationToken)).Entries;
        entries.Select(entry => (entry.Action, entry.Resource)).ShouldBe([("token.revoked", $"tokens/{id}"), ("token.created", $"tokens/{id}")]);
        entries.ShouldAllBe(entry => entry.UserId == $"cli/{Environment.UserName}" && entry.Details["owner"] == "eve" && entry.Details["roles"] == "cfo");
        entries.SelectMany(entry => entry.Details.Values).ShouldNotContain(text);
    }

    [Fact]
    public async Task Revoke_HostThatRuns_RefusesTheTokenAtOnce()
    {
        await using var advisor = await RunningAdvisor.StartAsync();
        var text = (await CliRun.RunAsync(advisor.DataFolder, "token", "create", "--user", "eve", "--role", "analyst", "--tenant", "acme")).Lines[0];
        var eve = advisor.Stranger(text);
        (await eve.GetAsync("/api/v1/insights")).Status.ShouldBe(HttpStatusCode.OK);

        var id = (await CliRun.RunAsync(advisor.DataFolder, "token", "list", "--tenant", "acme")).Lines[1].Trim()[..13];
        (await CliRun.RunAsync(advisor.DataFolder, "token", "revoke", id, "--tenant", "acme")).ExitCode.ShouldBe(0);
        (await eve.GetAsync("/api/v1/insights")).Status.ShouldBe(HttpStatusCode.Unauthorized);

        var verified = await CliRun.RunAsync(advisor.DataFolder, "audit", "verify");
        verified.ExitCode.ShouldBe(0, verified.Output + verified.Error);
    }

    private async Task<string?> RolesAsync(string text)
    {
        await using var database = new SqliteDatabase(new DataFolder(_folder.Path).Identity, "");
        return new ApiTokens(database, TimeProvider.System).Authenticate(text) is { } caller ? string.Join(',', caller.Roles) : null;
    }
}
