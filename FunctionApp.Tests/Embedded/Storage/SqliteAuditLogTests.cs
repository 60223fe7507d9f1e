using Advisor.Embedded.Storage;
using Advisor.Kernel.Audit;
using Advisor.Kernel.Records;
using Advisor.Kernel.Tenancy;
using Microsoft.Data.Sqlite;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Embedded.Storage;

public sealed class SqliteAuditLogTests : IAsyncDisposable
{
    private readonly AuditFixture _audit = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _audit.DisposeAsync();

    [Fact]
    public async Task AppendAsync_EventWithAllItsParts_IsReadBackAsItWas()
    {
        var audited = AuditFixture.Event("u1") with { Resource = "/api/v1/insights/é\u0001", Details = new Dictionary<string, string> { ["b"] = "2", ["a"] = "1" } };
        await _audit.Log.AppendAsync(audited, Cancellation);

        var entry = (await _audit.EntriesAsync("2026-01")).ShouldHaveSingleItem();
        (entry.Tenant, entry.UserId, entry.Action, entry.Resource, entry.IpAddress, entry.Result)
            .ShouldBe((audited.Tenant, audited.UserId, audited.Action, audited.Resource, audited.IpAddress, audited.Result));
        entry.Details.ShouldBe(audited.Details, ignoreOrder: true);
        entry.Timestamp.ShouldBe(_audit.Clock.GetUtcNow());
        entry.RowKey.ShouldBe($"2026-01-31T23:59:59.0000000Z-{entry.EventId}");
        entry.PreviousHash.ShouldBe(new string('0', 64));
        entry.Hash.ShouldBe(AuditChain.HashOf(entry));
    }

    [Fact]
    public async Task AppendAsync_ClockStandsStillAndGoesBack_RowsStayInTheOrderOfAppending()
    {
        await _audit.AppendAsync(3);
        _audit.Clock.Set(new DateTimeOffset(2025, 12, 1, 0, 0, 0, TimeSpan.Zero));
        await _audit.AppendAsync(3);

        var entries = await _audit.EntriesAsync("2026-01");
        entries.Select(entry => entry.Sequence).ShouldBe([1, 2, 3, 4, 5, 6]);
        entries.Select(entry => entry.UserId).ShouldBe(["user-0", "user-1", "user-2", "user-0", "user-1", "user-2"]);
        (await _audit.Log.PartitionsAsync(Cancellation)).ShouldBe(["2026-01"]);
        (await _audit.VerifyAsync()).ShouldAllBe(verdict => verdict.Fault == null);
    }

    [Fact]
    public async Task AppendAsync_NewMonth_LinksToTheLastHashOfTheOldOne()
    {
        await _audit.AppendAsync(2);
        _audit.Clock.Set(new DateTimeOffset(2026, 2, 1, 0, 0, 0, TimeSpan.Zero));
        await _audit.AppendAsync(2);

        var (january, february) = (await _audit.EntriesAsync("2026-01"), await _audit.EntriesAsync("2026-02"));
        february[0].PreviousHash.ShouldBe(january[^1].Hash);
        february.Select(entry => entry.Sequence).ShouldBe([1, 2]);
        (await _audit.VerifyAsync()).Select(verdict => (verdict.Partition, verdict.Entries, verdict.Fault)).ShouldBe([("2026-01", 2L, null), ("2026-02", 2L, null)]);
    }

    [Fact]
    public async Task AppendAsync_EventIdThatIsThereAlready_ChangesNothingAlsoInAnotherMonth()
    {
        await _audit.Log.AppendManyAsync([AuditFixture.Event("u1", "a/route/1"), AuditFixture.Event("u1", "a/route/2"), AuditFixture.Event("u1", "a/route/1")], Cancellation);
        _audit.Clock.Set(new DateTimeOffset(2026, 2, 1, 0, 0, 0, TimeSpan.Zero));
        await _audit.Log.AppendManyAsync([AuditFixture.Event("u1", "a/route/2"), AuditFixture.Event("u1", "a/route/3")], Cancellation);

        (await _audit.EntriesAsync("2026-01")).Count.ShouldBe(2);
        (await _audit.EntriesAsync("2026-02")).Count.ShouldBe(1);
        (await _audit.VerifyAsync()).ShouldAllBe(verdict => verdict.Fault == null);
    }

    [Fact]
    public async Task AppendAsync_TwoLogsOnOneFileAtOnce_MakeOneChain()
    {
        await using var second = new SqliteDatabase(_audit.Data.Audit, "");
        IAuditLog[] logs = [_audit.Log, new SqliteAuditLog(second, TimeProvider.System)];
        for (var round = 0; round < 5; round++)
        {
            var first = round * 40;
            await Task.WhenAll(Enumerable.Range(first, 40).Select(i => Task.Run(() => logs[i % 2].AppendAsync(AuditFixture.Event($"user-{i % 2}", $"shared-{i / 4}"), Cancellation), Cancellation)));
        }

        var partitions = await _audit.VerifyAsync();
        partitions.ShouldAllBe(verdict => verdict.Fault == null);
        partitions.Sum(verdict => verdict.Entries).ShouldBe(50);
    }

    [Fact]
    public async Task AppendAsync_ProcessKilledAfterwards_IsThereAgain()
    {
        await _audit.AppendAsync(1);

        var copy = new DataFolder(Directory.CreateDirectory(Path.Combine(_audit.Data.Path, "killed")).FullName);
        File.Copy(_audit.Data.Audit, copy.Audit);
        File.Copy(_audit.Data.Audit + "-wal", copy.Audit + "-wal");
        using var file = AuditFile.Open(copy);
        (await AuditVerifier.VerifyAsync(file, null, new Dictionary<string, string>(), Cancellation)).ShouldHaveSingleItem().Entries.ShouldBe(1);
    }

    [Theory]
    [InlineData("UPDATE AuditLogs SET user_id = 'somebody-else'")]
    [InlineData("DELETE FROM AuditLogs WHERE sequence = 3")]
    [InlineData("INSERT OR REPLACE INTO AuditLogs SELECT partition_key, row_key, sequence, timestamp, event_id, tenant, 'other', action, resource, ip_address, result, details, previous_hash, hash FROM AuditLogs WHERE sequence = 3")]
    [InlineData("INSERT OR REPLACE INTO AuditLogs SELECT '2027-01', row_key, sequence, timestamp, event_id, tenant, 'other', action, resource, ip_address, result, details, previous_hash, hash FROM AuditLogs WHERE sequence = 3")]
    [InlineData("INSERT INTO AuditLogs SELECT partition_key, '2026-01-01', sequence, timestamp, 'new', tenant, user_id, action, resource, ip_address, result, details, previous_hash, hash FROM AuditLogs WHERE sequence = 3")]
    public async Task Triggers_StatementThatAltersThePast_AreInItsWay(string sql)
    {
        await _audit.AppendAsync(3);

        Should.Throw<SqliteException>(() => _audit.Run(sql)).Message.ShouldContain("append-only");
        (await _audit.VerifyAsync()).ShouldHaveSingleItem().ShouldSatisfyAllConditions(verdict => verdict.Fault.ShouldBeNull(), verdict => verdict.Entries.ShouldBe(3));
    }

    [Fact]
    public async Task QueryAsync_TwoAtATime_GivesTheTenantsOwnNewestFirst()
    {
        for (var i = 0; i < 5; i++)
        {
            await _audit.Log.AppendManyAsync([AuditFixture.Event($"user-{i}"), AuditFixture.Event("spy", tenant: new TenantId("other")), AuditFixture.Event("anonymous") with { Tenant = null }], Cancellation);
            _audit.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        var users = new List<string>();
        string? continuation = null;
        do
        {
            var page = await _audit.Log.QueryAsync(AuditFixture.Acme, new AuditQuery(PageSize: 2, Continuation: continuation), Cancellation);
            users.AddRange(page.Entries.Select(entry => entry.UserId));
            continuation = page.Continuation;
        }
        while (continuation is not null);
        users.ShouldBe(["user-4", "user-3", "user-2", "user-1", "user-0"]);
    }

    [Fact]
    public async Task QueryAsync_Filters_HoldTogether()
    {
        AuditEvent[] events =
        [
            AuditFixture.Event("u1"),
            AuditFixture.Event("u2") with { Action = "insight.published", Resource = "insights/1", Result = "published" },
            AuditFixture.Event("u2") with { Resource = "insights/2", Result = "refused" },
            AuditFixture.Event("u3") with { Resource = "insights_3" },
        ];
        foreach (var one in events)
        {
            await _audit.Log.AppendAsync(one, Cancellation);
            _audit.Clock.Advance(TimeSpan.FromMinutes(1));
        }

        var start = new DateTimeOffset(2026, 1, 31, 23, 59, 59, TimeSpan.Zero);
        await ShouldFindAsync(new AuditQuery(UserId: "u2"), "insights/2", "insights/1");
        await ShouldFindAsync(new AuditQuery(Action: "insight.published"), "insights/1");
        await ShouldFindAsync(new AuditQuery(ResourcePrefix: "insights/"), "insights/2", "insights/1");
        await ShouldFindAsync(new AuditQuery(ResourcePrefix: "%"));
        await ShouldFindAsync(new AuditQuery(Result: "refused", UserId: "u2"), "insights/2");
        await ShouldFindAsync(new AuditQuery(From: start.AddMinutes(1), To: start.AddMinutes(3)), "insights/2", "insights/1");
    }

    [Fact]
    public async Task QueryAsync_ContinuationOfAnotherQueryOrTenant_IsRefused()
    {
        await _audit.AppendAsync(3);
        var token = (await _audit.Log.QueryAsync(AuditFixture.Acme, new AuditQuery(PageSize: 1), Cancellation)).Continuation.ShouldNotBeNull();

        await Should.ThrowAsync<InvalidContinuationException>(() => _audit.Log.QueryAsync(AuditFixture.Acme, new AuditQuery(UserId: "user-1", Continuation: token), Cancellation));
        await Should.ThrowAsync<InvalidContinuationException>(() => _audit.Log.QueryAsync(new TenantId("other"), new AuditQuery(Continuation: token), Cancellation));
        await Should.ThrowAsync<InvalidContinuationException>(() => _audit.Log.QueryAsync(AuditFixture.Acme, new AuditQuery(Continuation: "nonsense"), Cancellation));
    }

    private async Task ShouldFindAsync(AuditQuery query, params string[] resources) =>
        (await _audit.Log.QueryAsync(AuditFixture.Acme, query, Cancellation)).Entries.Select(entry => entry.Resource).ShouldBe(resources);
}
