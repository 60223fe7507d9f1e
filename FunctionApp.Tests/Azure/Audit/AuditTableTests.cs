using Advisor.Azure;
using Advisor.Kernel.Audit;
using Advisor.Kernel.Records;
using Advisor.Kernel.Resilience;
using Advisor.Kernel.Tenancy;
using Advisor.Tests.Embedded;
using Azure.Data.Tables;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Azure.Audit;

/// <summary>The audit log over a stand-in for the table: what it promises, what it sends, and what becomes of faults.</summary>
public sealed class AuditTableTests : IDisposable
{
    private static readonly TenantId s_acme = new("acme");

    private readonly AuditRows _rows = new();
    private readonly ManualTimeProvider _clock = new(new DateTimeOffset(2026, 1, 31, 23, 59, 59, TimeSpan.Zero));
    private readonly AuditTable _log;

    public AuditTableTests() => _log = new AuditTable(_rows, _clock);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _log.Dispose();

    [Fact]
    public async Task AppendAsync_EventWithAllItsParts_IsReadBackAsItWas()
    {
        var audited = Event("u1") with { Resource = "/api/v1/insights/é'\u0001", Details = new Dictionary<string, string> { ["b"] = "2", ["a"] = "1" } };
        await Append(audited);

        var entry = (await Entries("2026-01")).ShouldHaveSingleItem();
        (entry.Tenant, entry.UserId, entry.Action, entry.Resource, entry.IpAddress, entry.Result)
            .ShouldBe((audited.Tenant, audited.UserId, audited.Action, audited.Resource, audited.IpAddress, audited.Result));
        entry.Details.ShouldBe(audited.Details, ignoreOrder: true);
        entry.RowKey.ShouldBe($"2026-01-31T23:59:59.0000000Z-{entry.EventId}");
        entry.Hash.ShouldBe(AuditChain.HashOf(entry));
        (await _log.LastAsync("2026-01", Cancel))!.Hash.ShouldBe(entry.Hash);
        (await _log.LastAsync("2026-02", Cancel)).ShouldBeNull();
    }

    [Fact]
    public async Task AppendAsync_Event_IsOneTransactionOfEntryEventAndHead()
    {
        await Append(Event("u1", "first") with { Tenant = null, IpAddress = null });
        await Append(Event("u1", "second"));

        _rows.Transactions.Select(actions => string.Join(' ', actions.Select(action => action.ActionType))).ShouldBe(["Add Add Add", "Add Add UpdateReplace"]);
        var entry = (TableEntity)_rows.Transactions[0][0].Entity;
        entry.Keys.ShouldNotContain("tenant");
        entry.Keys.ShouldBe(["PartitionKey", "RowKey", "sequence", "time", "event_id", "user_id", "action", "resource", "result", "details", "previous_hash", "hash"], ignoreOrder: true);
        _rows.RowKeys("2026-01").Count(key => key.StartsWith("event-", StringComparison.Ordinal)).ShouldBe(2);
        _rows.RowKeys("months").ShouldBe(["2026-01"]);
    }

    [Fact]
    public async Task AppendAsync_ClockStandsStillAndGoesBack_RowsStayInTheOrderOfAppending()
    {
        await Append(Event("u0"), Event("u1"));
        _clock.Set(new DateTimeOffset(2025, 12, 1, 0, 0, 0, TimeSpan.Zero));
        await Append(Event("u2"), Event("u3"));

        (await Entries("2026-01")).Select(entry => (entry.Sequence, entry.UserId)).ShouldBe([(1L, "u0"), (2L, "u1"), (3L, "u2"), (4L, "u3")]);
        (await _log.PartitionsAsync(Cancel)).ShouldBe(["2026-01"]);
        await ShouldHold(4);
    }

    [Fact]
    public async Task AppendAsync_NewMonth_ClosesTheOldOneAndLinksToIt()
    {
        await Append(Event("u0"), Event("u1"));
        _clock.Set(new DateTimeOffset(2026, 2, 1, 0, 0, 0, TimeSpan.Zero));
        await Append(Event("u2"));

        var (january, february) = (await Entries("2026-01"), await Entries("2026-02"));
        february[0].PreviousHash.ShouldBe(january[^1].Hash);
        february[0].Sequence.ShouldBe(1);
        _rows.Row("2026-01", "head")!.GetBoolean("closed").ShouldBe(true);
        (await _log.PartitionsAsync(Cancel)).ShouldBe(["2026-01", "2026-02"]);
        await ShouldHold(3);
    }

    [Fact]
    public async Task AppendAsync_MonthClosedByOneWhoDidNotComeFurther_GoesOnBehindItWhateverTheClock()
    {
        await Append(Event("u0"));
        _clock.Set(new DateTimeOffset(2026, 2, 1, 0, 0, 0, TimeSpan.Zero));
        _rows.Faults = call => call == "transaction" ? 503 : null;
        await Should.ThrowAsync<AzureServiceException>(Append(Event("u1")));
        _rows.Faults = null;
        _clock.Set(new DateTimeOffset(2026, 1, 31, 23, 59, 59, TimeSpan.Zero));
        await Append(Event("u2"));

        (await Entries("2026-01")).Select(entry => entry.UserId).ShouldBe(["u0"]);
        (await Entries("2026-02")).Select(entry => entry.UserId).ShouldBe(["u2"]);
        await ShouldHold(2);
    }

    [Fact]
    public async Task AppendAsync_EventIdThatIsThereAlready_ChangesNothingAlsoInTheNextMonth()
    {
        await Append(Event("u1", "1"), Event("u1", "2"), Event("u1", "1"));
        _clock.Set(new DateTimeOffset(2026, 2, 1, 0, 0, 0, TimeSpan.Zero));
        await Append(Event("u1", "2"), Event("u1", "3"));

        (await Entries("2026-01")).Count.ShouldBe(2);
        (await Entries("2026-02")).Count.ShouldBe(1);
        await ShouldHold(3);
    }

    [Fact]
    public async Task AppendAsync_EventsWithoutIdsThatAreAlike_AreEachAppended()
    {
        var one = Event("u1");
        await Append(one, one);

        await ShouldHold(2);
    }

    [Fact]
    public async Task AppendAsync_ManyAtOnce_GoTogetherInFewTransactions()
    {
        await Task.WhenAll(Enumerable.Range(0, 200).Select(n => Task.Run(() => Append(Event($"user-{n}", $"id-{n}")), Cancel)));

        await ShouldHold(200);
        _rows.Transactions.Count.ShouldBeLessThan(100);
        _rows.Transactions.ShouldAllBe(actions => actions.Count <= 100);
    }

    [Fact]
    public async Task AppendAsync_MoreThanATransactionTakes_IsCut()
    {
        await Append([.. Enumerable.Range(0, 120).Select(n => Event("u", $"id-{n}"))]);

        _rows.Transactions.Select(actions => actions.Count).ShouldBe([97, 97, 49]);
        await ShouldHold(120);
    }

    /// <summary>Their clocks are months apart, and the log is empty, so that each would begin a month of its own.</summary>
    [Fact]
    public async Task AppendAsync_SeveralInstances_MakeOneChain()
    {
        using var second = new AuditTable(_rows, TimeProvider.System);
        IAuditLog[] logs = [_log, second];
        await Task.WhenAll(Enumerable.Range(0, 60).Select(n => Task.Run(() => logs[n % 2].AppendAsync(Event($"user-{n % 2}", $"shared-{n / 2}"), Cancel), Cancel)));

        await ShouldHold(30);
    }

    /// <summary>Someone whose clock is in another month comes between, at every step of a first append and of one that begins a month: whoever wins, there is one chain.</summary>
    [Theory]
    [InlineData(0, -40)]
    [InlineData(0, 40)]
    [InlineData(1, -40)]
    [InlineData(1, 40)]
    [InlineData(1, 80)]
    public async Task AppendAsync_AnotherBeginsAMonthMeanwhile_MakesOneChain(int before, int days)
    {
        for (var step = 1; step <= 12; step++)
        {
            var rows = new AuditRows();
            var clock = new ManualTimeProvider(_clock.GetUtcNow());
            using var log = new AuditTable(rows, clock);
            for (var n = 0; n < before; n++)
            {
                await log.AppendManyAsync([Event("before")], Cancel);
                clock.Advance(TimeSpan.FromDays(40));
            }

            using var other = new AuditTable(rows, new ManualTimeProvider(clock.GetUtcNow().AddDays(days)));
            var calls = 0;
            rows.Before = _ =>
            {
                if (++calls == step)
                {
                    other.AppendManyAsync([Event("other")], Cancel).GetAwaiter().GetResult();
                }
            };
            await log.AppendManyAsync([Event("own")], Cancel);
            rows.Before = null;
            await log.AppendManyAsync([Event("after")], Cancel);

            var verdicts = await AuditVerifier.VerifyAsync(log, only: null, new Dictionary<string, string>(), Cancel);
            verdicts.ShouldAllBe(verdict => verdict.Fault == null, $"step {step}");
            verdicts.Sum(verdict => verdict.Entries).ShouldBe(before + 2 + (calls >= step ? 1 : 0), $"step {step}");
        }
    }

    /// <summary>An instance died after it had noted a month: the others pass over it, and nobody can begin it any more.</summary>
    [Fact]
    public async Task AppendAsync_MonthNotedAndNeverBegun_IsPassedOver()
    {
        await Append(Event("u0"));
        await _rows.UpsertEntityAsync(new TableEntity("months", "2026-02"), cancellationToken: Cancel);
        _clock.Advance(TimeSpan.FromDays(60));
        await Append(Event("u1"));
        for (var month = 0; month < 4; month++)
        {
            await _rows.UpsertEntityAsync(new TableEntity("months", $"2026-{5 + month:00}"), cancellationToken: Cancel);
        }

        using var late = new AuditTable(_rows, new ManualTimeProvider(new DateTimeOffset(2026, 2, 3, 0, 0, 0, TimeSpan.Zero)));
        await late.AppendManyAsync([Event("u2")], Cancel);

        (await _log.PartitionsAsync(Cancel)).ShouldBe(["2026-01", "2026-04"]);
        (await _log.LastAsync("2026-02", Cancel)).ShouldBeNull();
        await ShouldHold(3);
    }

    [Fact]
    public async Task AppendAsync_AnotherAppendsBetweenReadingAndWriting_IsReadAgain()
    {
        await Append(Event("u0"));
        var others = 0;
        using var other = new AuditTable(_rows, _clock);
        _rows.BeforeTransaction = () =>
        {
            if (others++ == 0)
            {
                other.AppendManyAsync([Event("other")], Cancel).GetAwaiter().GetResult();
            }
        };
        await Append(Event("u1"));

        (await Entries("2026-01")).Select(entry => entry.UserId).ShouldBe(["u0", "other", "u1"]);
        await ShouldHold(3);
    }

    [Fact]
    public async Task QueryAsync_TwoAtATime_GivesTheTenantsOwnNewestFirstAcrossMonths()
    {
        for (var i = 0; i < 5; i++)
        {
            await Append(Event($"user-{i}"), Event("spy") with { Tenant = new TenantId("other") }, Event("anonymous") with { Tenant = null });
            _clock.Set(_clock.GetUtcNow().AddDays(i == 2 ? 40 : 0).AddSeconds(1));
        }

        var users = new List<string>();
        string? continuation = null;
        do
        {
            var page = await _log.QueryAsync(s_acme, new AuditQuery(PageSize: 2, Continuation: continuation), Cancel);
            page.Entries.Count.ShouldBeLessThanOrEqualTo(2);
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
            Event("u1"),
            Event("u2") with { Action = "insight.published", Resource = "insights/1", Result = "published" },
            Event("u2") with { Resource = "insights/2", Result = "refused" },
            Event("o'brien") with { Resource = "insights_3" },
        ];
        foreach (var one in events)
        {
            await Append(one);
            _clock.Advance(TimeSpan.FromMinutes(1));
        }

        var start = new DateTimeOffset(2026, 1, 31, 23, 59, 59, TimeSpan.Zero);
        await ShouldFind(new AuditQuery(UserId: "u2"), "insights/2", "insights/1");
        await ShouldFind(new AuditQuery(UserId: "o'brien"), "insights_3");
        await ShouldFind(new AuditQuery(Action: "insight.published"), "insights/1");
        await ShouldFind(new AuditQuery(ResourcePrefix: "insights/"), "insights/2", "insights/1");
        await ShouldFind(new AuditQuery(ResourcePrefix: "%"));
        await ShouldFind(new AuditQuery(Result: "refused", UserId: "u2"), "insights/2");
        await ShouldFind(new AuditQuery(From: start.AddMinutes(1), To: start.AddMinutes(3)), "insights/2", "insights/1");
    }

    [Fact]
    public async Task QueryAsync_ContinuationOfAnotherQueryOrTenant_IsRefused()
    {
        await Append(Event("u0"), Event("u1"), Event("u2"));
        var token = (await _log.QueryAsync(s_acme, new AuditQuery(PageSize: 1), Cancel)).Continuation.ShouldNotBeNull();

        await Should.ThrowAsync<InvalidContinuationException>(_log.QueryAsync(s_acme, new AuditQuery(UserId: "u1", Continuation: token), Cancel));
        await Should.ThrowAsync<InvalidContinuationException>(_log.QueryAsync(new TenantId("other"), new AuditQuery(Continuation: token), Cancel));
        await Should.ThrowAsync<InvalidContinuationException>(_log.QueryAsync(s_acme, new AuditQuery(Continuation: "nonsense"), Cancel));
    }

    [Theory]
    [InlineData("append")]
    [InlineData("query")]
    [InlineData("partitions")]
    [InlineData("read")]
    [InlineData("last")]
    public async Task Call_ServiceInTrouble_GivesTheKnownFault(string call)
    {
        await Append(Event("u0"));
        foreach (var status in new[] { 408, 429, 500, 503 })
        {
            _rows.Faults = _ => status;
            var fault = await Should.ThrowAsync<AzureServiceException>(Call(call));
            (fault.Status, TransientFaults.Is(fault)).ShouldBe((status, true));
        }

        _rows.Faults = _ => 403;
        (await Should.ThrowAsync<UnauthorizedAccessException>(Call(call))).Message.ShouldStartWith("Table Storage does not let the app's identity in (403 Scripted)");
        _rows.Faults = _ => 404;
        (await Should.ThrowAsync<InvalidOperationException>(Call(call))).Message.ShouldBe("Table Storage has no table 'AuditLogs': deploy it (docs/azure.md).");
    }

    [Fact]
    public async Task AppendAsync_OneFails_TheNextGoesOn()
    {
        _rows.Faults = call => call == "transaction" ? 500 : null;
        await Should.ThrowAsync<AzureServiceException>(Append(Event("u0")));
        _rows.Faults = null;
        await Append(Event("u1"));

        await ShouldHold(1);
    }

    private static AuditEvent Event(string user, string? id = null) =>
        new(s_acme, user, "GET api/v1/insights", "/api/v1/insights", "127.0.0.1", "succeeded")
        {
            EventId = id,
            Details = new Dictionary<string, string> { ["status"] = "200" },
        };

    private Task Append(params AuditEvent[] events) => _log.AppendManyAsync(events, Cancel);

    private async Task<List<AuditEntry>> Entries(string partition) => await _log.ReadAsync(partition, Cancel).ToListAsync(Cancel);

    private Task Call(string call) => call switch
    {
        "append" => Append(Event("u1")),
        "query" => _log.QueryAsync(s_acme, new AuditQuery(), Cancel),
        "partitions" => _log.PartitionsAsync(Cancel),
        "read" => Entries("2026-01"),
        _ => _log.LastAsync("2026-01", Cancel),
    };

    private async Task ShouldHold(long entries)
    {
        var verdicts = await AuditVerifier.VerifyAsync(_log, only: null, new Dictionary<string, string>(), Cancel);
        verdicts.ShouldAllBe(verdict => verdict.Fault == null);
        verdicts.Sum(verdict => verdict.Entries).ShouldBe(entries);
    }

    private async Task ShouldFind(AuditQuery query, params string[] resources) =>
        (await _log.QueryAsync(s_acme, query, Cancel)).Entries.Select(entry => entry.Resource).ShouldBe(resources);
}
