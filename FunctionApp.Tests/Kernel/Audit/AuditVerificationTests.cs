using Advisor.Kernel.Audit;
using Advisor.Tests.Embedded.Storage;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Kernel.Audit;

/// <summary>What is seen of a log that somebody with write access to its file has changed.</summary>
public sealed class AuditVerificationTests : IAsyncDisposable
{
    private readonly AuditFixture _audit = new();

    public ValueTask DisposeAsync() => _audit.DisposeAsync();

    [Theory]
    [InlineData("UPDATE AuditLogs SET user_id = 'somebody-else' WHERE sequence = 3")]
    [InlineData("UPDATE AuditLogs SET tenant = NULL WHERE sequence = 3")]
    [InlineData("UPDATE AuditLogs SET tenant = 'Not A Tenant' WHERE sequence = 3")]
    [InlineData("UPDATE AuditLogs SET action = 'GET' WHERE sequence = 3")]
    [InlineData("UPDATE AuditLogs SET resource = '/' WHERE sequence = 3")]
    [InlineData("UPDATE AuditLogs SET ip_address = NULL WHERE sequence = 3")]
    [InlineData("UPDATE AuditLogs SET result = 'refused' WHERE sequence = 3")]
    [InlineData("UPDATE AuditLogs SET details = '{}' WHERE sequence = 3")]
    [InlineData("UPDATE AuditLogs SET details = 'nonsense' WHERE sequence = 3")]
    [InlineData("UPDATE AuditLogs SET timestamp = timestamp + 1 WHERE sequence = 3")]
    [InlineData("UPDATE AuditLogs SET timestamp = 9223372036854775807 WHERE sequence = 3")]
    [InlineData("UPDATE AuditLogs SET event_id = 'x' WHERE sequence = 3")]
    [InlineData("UPDATE AuditLogs SET previous_hash = hash WHERE sequence = 3")]
    [InlineData("UPDATE AuditLogs SET hash = previous_hash WHERE sequence = 3")]
    [InlineData("UPDATE AuditLogs SET sequence = 7 WHERE sequence = 3")]
    public async Task Verdict_OneColumnOfOneRowAltered_NamesTheRow(string sql)
    {
        await _audit.AppendAsync(5);
        var third = (await _audit.EntriesAsync("2026-01"))[2].RowKey;
        _audit.Tamper(sql);

        (await FaultAsync()).ShouldBe(new AuditFault(AuditFaultKind.Altered, third, "its content is not what was hashed"));
    }

    [Fact]
    public async Task Verdict_RowAlteredAndHashedAnew_ShowsAtTheNext()
    {
        await _audit.AppendAsync(5);
        var entries = await _audit.EntriesAsync("2026-01");
        var forged = AuditChain.HashOf(entries[2] with { UserId = "somebody-else" });
        _audit.Tamper($"UPDATE AuditLogs SET user_id = 'somebody-else', hash = '{forged}' WHERE sequence = 3");

        (await FaultAsync()).ShouldBe(new AuditFault(
            AuditFaultKind.Altered, entries[3].RowKey, "it does not link to the entry before it: one of the two was altered and hashed anew"));
    }

    [Theory]
    [InlineData("DELETE FROM AuditLogs WHERE sequence = 3", 3, "entry 3 before it is gone")]
    [InlineData("DELETE FROM AuditLogs WHERE sequence < 4", 3, "entries 1 to 3 before it are gone")]
    public async Task Verdict_RowsRemoved_SaysWhich(string sql, int at, string reason)
    {
        await _audit.AppendAsync(5);
        var entries = await _audit.EntriesAsync("2026-01");
        _audit.Tamper(sql);

        (await FaultAsync()).ShouldBe(new AuditFault(AuditFaultKind.Missing, entries[at].RowKey, reason));
    }

    [Fact]
    public async Task Verdict_TwoRowsChangePlaces_AreReordered()
    {
        await _audit.AppendAsync(5);
        var entries = await _audit.EntriesAsync("2026-01");
        _audit.Tamper($"""
            UPDATE AuditLogs SET row_key = 'aside' WHERE sequence = 2;
            UPDATE AuditLogs SET row_key = '{entries[1].RowKey}' WHERE sequence = 3;
            UPDATE AuditLogs SET row_key = '{entries[2].RowKey}' WHERE sequence = 2;
            """);

        (await FaultAsync()).ShouldBe(new AuditFault(AuditFaultKind.Reordered, entries[1].RowKey, "entry 2 stands behind it"));
    }

    [Fact]
    public async Task Verdict_EndCutOff_ShowsAgainstTheExpectedHeadOnly()
    {
        await _audit.AppendAsync(5);
        var head = (await _audit.VerifyAsync())[0].HeadHash!;
        await _audit.AppendAsync(1);
        (await _audit.VerifyAsync(("2026-01", head)))[0].Fault.ShouldBeNull("a log that has grown still holds what was expected");
        _audit.Tamper("DELETE FROM AuditLogs WHERE sequence >= 5");

        (await FaultAsync()).ShouldBeNull();
        (await _audit.VerifyAsync(("2026-01", head)))[0].Fault.ShouldNotBeNull().Kind.ShouldBe(AuditFaultKind.Truncated);
    }

    [Fact]
    public async Task Verdict_EndOfAnOldMonthCutOff_ShowsInTheNext()
    {
        await _audit.AppendAsync(3);
        _audit.Clock.Set(new DateTimeOffset(2026, 2, 1, 0, 0, 0, TimeSpan.Zero));
        await _audit.AppendAsync(1);
        _audit.Tamper("DELETE FROM AuditLogs WHERE partition_key = '2026-01' AND sequence = 3");

        var verdicts = await _audit.VerifyAsync();
        verdicts[0].Fault.ShouldBeNull();
        verdicts[1].Fault.ShouldNotBeNull().Kind.ShouldBe(AuditFaultKind.Missing);
    }

    [Fact]
    public async Task VerifyAsync_MonthThatIsGone_IsTruncatedWhereItWasExpected()
    {
        await _audit.AppendAsync(3);
        var head = (await _audit.VerifyAsync())[0].HeadHash!;
        _audit.Tamper("DELETE FROM AuditLogs");

        var verdict = (await _audit.VerifyAsync(("2026-01", head))).ShouldHaveSingleItem();
        (verdict.Entries, verdict.Fault!.Kind).ShouldBe((0, AuditFaultKind.Truncated));
    }

    private async Task<AuditFault?> FaultAsync() => (await _audit.VerifyAsync()).ShouldHaveSingleItem().Fault;
}
