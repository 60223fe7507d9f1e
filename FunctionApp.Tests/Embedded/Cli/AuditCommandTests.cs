using System.Text.Json;
using Advisor.Kernel.Audit;
using Advisor.Kernel.Tenancy;
using Advisor.Tests.Embedded.Storage;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Embedded.Cli;

public sealed class AuditCommandTests : IAsyncDisposable
{
    private readonly AuditFixture _audit = new();

    public ValueTask DisposeAsync() => _audit.DisposeAsync();

    [Fact]
    public async Task Verify_LogAsItWasWritten_PrintsHeadsThatCanBeExpectedLater()
    {
        await TwoMonthsAsync();

        var run = await RunAsync("verify");
        run.ExitCode.ShouldBe(0, run.Error);
        run.Output.ShouldContain("2026-01");
        run.Lines.Count(line => line.EndsWith("intact", StringComparison.Ordinal)).ShouldBe(2);
        var heads = run.Lines.Where(line => line.Contains('=', StringComparison.Ordinal)).ToList();
        heads.ShouldBe([$"2026-01={(await _audit.EntriesAsync("2026-01"))[^1].Hash}", $"2026-02={(await _audit.EntriesAsync("2026-02"))[^1].Hash}"]);

        (await RunAsync(["verify", "--expect", .. heads])).ExitCode.ShouldBe(0);
        _audit.Tamper("DELETE FROM AuditLogs WHERE partition_key = '2026-02' AND sequence = 2");
        (await RunAsync("verify")).ExitCode.ShouldBe(0, "a log without its end is whole in itself");
        var cut = await RunAsync(["verify", "--expect", .. heads]);
        cut.ExitCode.ShouldBe(1);
        cut.Error.ShouldStartWith("2026-02: truncated");
    }

    [Fact]
    public async Task Verify_AlteredRow_NamesItAndFails()
    {
        await TwoMonthsAsync();
        var row = (await _audit.EntriesAsync("2026-01"))[1].RowKey;
        _audit.Tamper("UPDATE AuditLogs SET user_id = 'somebody-else' WHERE partition_key = '2026-01' AND sequence = 2");

        var run = await RunAsync("verify");
        run.ExitCode.ShouldBe(1);
        run.Error.ShouldBe($"2026-01: altered at {row}: its content is not what was hashed.\n");
        run.Lines.Where(line => line.Contains('=', StringComparison.Ordinal)).ShouldHaveSingleItem().ShouldStartWith("2026-02=");
        (await RunAsync("verify", "--partition", "2026-02")).ExitCode.ShouldBe(0);

        var json = JsonElement.Parse((await RunAsync("verify", "--json")).Output);
        json.GetProperty("intact").GetBoolean().ShouldBeFalse();
        json.GetProperty("partitions")[0].GetProperty("broken_row").GetString().ShouldBe(row);
        json.GetProperty("partitions")[1].GetProperty("state").GetString().ShouldBe("intact");
    }

    [Theory]
    [InlineData("'2026' is not a partition; name a month such as 2026-01.", "verify", "--partition", "2026")]
    [InlineData("'2026-01=abc' is not of the form yyyy-MM=HASH, with the 64 hexadecimal digits of a head hash.", "verify", "--expect", "2026-01=abc")]
    [InlineData("List 1 to 1000 entries.", "list", "-n", "0")]
    [InlineData("'A B' is not a tenant id: use 1 to 64 of a-z, 0-9 and '-', beginning with a letter or digit.", "list", "--tenant", "A B")]
    public async Task Audit_ArgumentThatIsNone_IsRefusedInASentence(string sentence, params string[] args)
    {
        var run = await RunAsync(args);
        run.ExitCode.ShouldBe(1);
        run.Error.Split('\n')[0].ShouldBe(sentence);
    }

    [Fact]
    public async Task Audit_FolderWithoutALog_SaysSo()
    {
        using var empty = new TemporaryFolder();
        var run = await CliRun.RunAsync(empty.Path, "audit", "verify");
        run.ExitCode.ShouldBe(1);
        run.Error.ShouldContain("There is no audit log at");
        Directory.GetFileSystemEntries(empty.Path).ShouldBeEmpty();
    }

    [Fact]
    public async Task List_TenantAndUser_ShowsTheNewestOfThem()
    {
        await _audit.AppendAsync(3);
        await _audit.Log.AppendAsync(AuditFixture.Event("user-2", tenant: new TenantId("other")), TestContext.Current.CancellationToken);

        (await RunAsync("list", "-n", "2")).Output.ShouldContain("other");
        var run = await RunAsync("list", "--tenant", "acme", "--user", "user-2");
        run.Output.ShouldContain("user-2");
        run.Output.ShouldContain("GET api/v1/insights");
        run.Output.ShouldNotContain("user-1");
        run.Output.ShouldNotContain("other");
        (await RunAsync("list", "--user", "nobody")).Output.ShouldBe("There are no such entries.\n");
    }

    [Fact]
    public async Task List_LongIds_StandInOneLineEach()
    {
        var resource = $"/api/v1/documents/{new string('d', 120)}/summary";
        await _audit.Log.AppendAsync(new AuditEvent(new TenantId("acme"), $"{new string('u', 60)}@acme.example", "GET api/v1/documents/{id}/summary", resource, null, "succeeded"), TestContext.Current.CancellationToken);
        var lines = (await RunAsync("list")).Lines;
        lines.Length.ShouldBe(2);
        lines[0].ShouldMatch(@"^ *Time \(UTC\) +Tenant +User +Result +Action +Resource$");
        lines[1].ShouldEndWith(resource);
    }

    private async Task TwoMonthsAsync()
    {
        await _audit.AppendAsync(3);
        _audit.Clock.Set(new DateTimeOffset(2026, 2, 1, 0, 0, 0, TimeSpan.Zero));
        await _audit.AppendAsync(2);
    }

    private Task<CliRun> RunAsync(params string[] args) => CliRun.RunAsync(_audit.Data.Path, ["audit", .. args]);
}
