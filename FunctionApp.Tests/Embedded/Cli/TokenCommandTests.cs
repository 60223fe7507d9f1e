using Advisor.Embedded.Identity;
using Advisor.Embedded.Storage;
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
        list.Lines.ShouldHaveSingleItem().ShouldMatch(@"^t[0-9a-f]{12}  until \d{4}-\d\d-\d\d +eve +cfo,reviewer$");
        list.Output.ShouldNotContain(text);
        (await CliRun.RunAsync(_folder.Path, "token", "list")).Lines.ShouldBeEmpty();

        var id = list.Output[..13];
        (await CliRun.RunAsync(_folder.Path, "token", "revoke", id)).ExitCode.ShouldBe(1, "it is another tenant's");
        (await CliRun.RunAsync(_folder.Path, "token", "revoke", id, "--tenant", "acme")).ExitCode.ShouldBe(0);
        (await RolesAsync(text)).ShouldBeNull();
        (await CliRun.RunAsync(_folder.Path, "token", "list", "--tenant", "acme")).Output.ShouldContain("revoked");
    }

    [Theory]
    [InlineData("--role", "king")]
    [InlineData("--role", "cfo", "--tenant", "No Tenant")]
    [InlineData("--role", "cfo", "--days", "0")]
    public async Task Token_ArgumentThatIsNone_IsRefused(params string[] args) =>
        (await CliRun.RunAsync(_folder.Path, ["token", "create", "--user", "eve", .. args])).ExitCode.ShouldBe(1);

    private async Task<string?> RolesAsync(string text)
    {
        await using var database = new SqliteDatabase(new DataFolder(_folder.Path).Identity, "");
        return new ApiTokens(database, TimeProvider.System).Authenticate(text) is { } caller ? string.Join(',', caller.Roles) : null;
    }
}
