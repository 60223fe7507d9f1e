using System.Diagnostics.Metrics;
using System.Text.Json;
using Advisor.Azure;
using Advisor.Kernel.Records;
using Advisor.Kernel.Tenancy;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Azure.Cosmos;

/// <summary>What goes to Cosmos DB, and how it is kept there.</summary>
public sealed class CosmosWireTests : IAsyncLifetime
{
    private static readonly RecordContainer<Note> s_notes = new("alerts");
    private static readonly TenantId s_tenant = new("acme");
    private CosmosFixture? _cosmos;

    private sealed record Note(string Text, decimal? Amount = null, string? Tenant = null, string? Id = null, int? Ttl = null);

    private sealed record Plain(string Text, decimal? Amount, string Id);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private CosmosRecordStore Store => _cosmos!.Store;

    private CosmosGateway Gateway => _cosmos!.Gateway;

    public async ValueTask InitializeAsync() => _cosmos = await CosmosFixture.StartAsync();

    public ValueTask DisposeAsync() => _cosmos?.DisposeAsync() ?? default;

    [Fact]
    public async Task CreateAsync_Record_IsADocumentWithItsMembersAtTheTop()
    {
        await Store.CreateAsync(new RecordContainer<Plain>("alerts"), s_tenant, "n1", new Plain("hello", 1.5m, "n1"), Cancel);

        var document = Gateway.Documents("alerts", "acme").ShouldHaveSingleItem();
        document.EnumerateObject().Select(member => member.Name).ShouldBe(["id", "record_id", "tenant", "text", "amount", "_etag"], ignoreOrder: true);
        document.GetProperty("amount").GetDecimal().ShouldBe(1.5m);
        Gateway.Requests.ShouldHaveSingleItem().Headers["x-ms-documentdb-partitionkey"].ShouldBe("[\"acme\"]");
        Gateway.Requests[0].Headers["Authorization"].ShouldStartWith("type%3daad");
    }

    [Theory]
    [InlineData("0.1000000000000000055", true)]
    [InlineData("1234567890123456.78", true)]
    [InlineData("9007199254740993", true)]
    [InlineData("12345678901234.5", false)]
    [InlineData("100000000000000000000", false)]
    [InlineData("0.10000000000000000000", false)]
    public async Task FindAsync_NumberThatBinaryFloatingPointLoses_ComesBackExactly(string number, bool keptTwice)
    {
        var amount = decimal.Parse(number, System.Globalization.CultureInfo.InvariantCulture);
        var plain = new RecordContainer<Plain>("alerts");
        await Store.CreateAsync(plain, s_tenant, "n1", new Plain("x", amount, "n1"), Cancel);

        (await Store.FindAsync(plain, s_tenant, "n1", Cancel))!.Value.Amount.ShouldBe(amount);
        (await Store.QueryAsync(plain, s_tenant, new RecordQuery([]), Cancel)).Items[0].Value.Amount.ShouldBe(amount);
        Gateway.Documents("alerts", "acme")[0].TryGetProperty("exact_record", out _).ShouldBe(keptTwice);
    }

    [Fact]
    public async Task FindAsync_MembersUnderTheDocumentsOwnNames_ComeBack()
    {
        var note = new Note("x", Tenant: "another", Id: "another", Ttl: 7);
        await Store.PutManyAsync(s_notes, s_tenant, [("n1", note), ("n2", new Note("bare"))], Cancel);

        (await Store.FindAsync(s_notes, s_tenant, "n1", Cancel))!.Value.ShouldBe(note);
        (await Store.FindAsync(s_notes, s_tenant, "n2", Cancel))!.Value.ShouldBe(new Note("bare"), "what only the document has is not the record's");
        var document = Gateway.Documents("alerts", "acme")[0];
        document.GetProperty("id").GetString().ShouldBe("n1");
        document.GetProperty("tenant").GetString().ShouldBe("acme");
        document.TryGetProperty("ttl", out _).ShouldBeFalse("the document must not expire because a record has a member of that name");
    }

    [Theory]
    [InlineData("a/b?c#d\\e", "a~2Fb~3Fc~23d~5Ce")]
    [InlineData("~", "~7E")]
    [InlineData("ü", "~C3~BC")]
    [InlineData("instance@1:step_2-3.4|x=", "instance@1:step_2-3.4|x=")]
    public async Task FindAsync_IdThatTheServiceDoesNotTake_IsFoundUnderIt(string id, string sent)
    {
        var created = await Store.CreateAsync(s_notes, s_tenant, id, new Note("x"), Cancel);

        (await Store.FindAsync(s_notes, s_tenant, id, Cancel)).ShouldBe(created);
        Gateway.Documents("alerts", "acme")[0].GetProperty("id").GetString().ShouldBe(sent);
        (await Store.QueryAsync(s_notes, s_tenant, new RecordQuery([]), Cancel)).Items[0].Id.ShouldBe(id);
        (await Store.DeleteAsync(s_notes, s_tenant, id, Cancel)).ShouldBeTrue();
    }

    [Fact]
    public async Task CreateAsync_IdLongerThanTheServiceTakes_IsRefused() =>
        (await Should.ThrowAsync<ArgumentException>(Store.CreateAsync(s_notes, s_tenant, new string('x', 1024), new Note("x"), Cancel))).Message.ShouldContain("1023 bytes");

    [Fact]
    public async Task PutAsync_ReasoningChain_ExpiresAfterSevenYears()
    {
        await Store.PutAsync(new RecordContainer<Note>("reasoning-chains"), s_tenant, "c1", new Note("x"), null, Cancel);
        await Store.PutManyAsync(new RecordContainer<Note>("reasoning-chains"), s_tenant, [("c2", new Note("x")), ("c3", new Note("x"))], Cancel);

        Gateway.Documents("reasoning-chains", "acme").Select(document => document.GetProperty("ttl").GetInt32()).ShouldBe([220_838_400, 220_838_400, 220_838_400]);
    }

    [Fact]
    public async Task PutAsync_WithAnETag_SendsItInQuotesAndReplaces()
    {
        var created = await Store.CreateAsync(s_notes, s_tenant, "n1", new Note("x"), Cancel);
        created.ETag.ShouldNotContain("\"");

        await Store.PutAsync(s_notes, s_tenant, "n1", new Note("y"), created.ETag, Cancel);
        var request = Gateway.Requests[^1];
        request.Operation.ShouldBe("replace");
        request.Headers["If-Match"].ShouldBe($"\"{created.ETag}\"");
    }

    [Fact]
    public async Task PutManyAsync_ManyRecords_GoInBatchesOfAHundred()
    {
        await Store.PutManyAsync(s_notes, s_tenant, [.. Enumerable.Range(0, 201).Select(n => ($"n{n}", new Note("x")))], Cancel);

        Gateway.Requests.Select(request => request.Operation).ShouldBe(["batch", "batch", "upsert"]);
        Gateway.Documents("alerts", "acme").Count.ShouldBe(201);
        Gateway.Requests[0].Headers["x-ms-cosmos-batch-atomic"].ShouldBe("True");
    }

    [Fact]
    public async Task PutManyAsync_LargeRecords_StayBelowWhatABatchTakes()
    {
        var large = new Plain(new string('x', 500_000), null, "a");
        await Store.PutManyAsync(new RecordContainer<Plain>("alerts"), s_tenant, [.. new[] { "a", "b", "c", "d" }.Select(id => (id, large with { Id = id }))], Cancel);

        Gateway.Requests.Select(request => request.Operation).ShouldBe(["batch", "upsert"]);
        Gateway.Requests.ShouldAllBe(request => long.Parse(request.Headers["Content-Length"], System.Globalization.CultureInfo.InvariantCulture) < 2_000_000);
    }

    [Fact]
    public async Task QueryAsync_OrderedPage_AsksOnePartitionWithParameters()
    {
        await Store.CreateAsync(s_notes, s_tenant, "n1", new Note("x", 1), Cancel);
        await Store.QueryAsync(s_notes, s_tenant, new RecordQuery([new RecordFilter("text", RecordOperator.Equal, "'x\" OR 1=1")], "amount", Descending: true, PageSize: 5), Cancel);

        var asked = Gateway.Requests.Where(request => request.Operation == "query").ToList();
        asked.ShouldAllBe(request => request.Headers["x-ms-documentdb-partitionkey"] == "[\"acme\"]" && request.Headers["x-ms-max-item-count"] == "6");
        asked.Select(request => JsonElement.Parse(request.Body).GetProperty("query").GetString()).ShouldBe(
        [
            "SELECT * FROM c WHERE c[\"text\"] = @f0 AND (IS_DEFINED(c[\"amount\"]) AND NOT IS_NULL(c[\"amount\"])) ORDER BY c[\"amount\"] DESC, c[\"record_id\"] DESC",
            "SELECT * FROM c WHERE c[\"text\"] = @f0 AND (NOT IS_DEFINED(c[\"amount\"]) OR IS_NULL(c[\"amount\"])) ORDER BY c[\"record_id\"] DESC",
        ]);
        asked.ShouldAllBe(request => JsonElement.Parse(request.Body).GetProperty("parameters")[0].GetProperty("value").GetString() == "'x\" OR 1=1");
    }

    [Fact]
    public async Task QueryAsync_PageThatTheFirstPartFills_AsksNothingMore()
    {
        await Store.PutManyAsync(s_notes, s_tenant, [.. Enumerable.Range(0, 5).Select(n => ($"n{n}", new Note("x", n)))], Cancel);
        Gateway.LargestPage = 2;
        var page = await Store.QueryAsync(s_notes, s_tenant, new RecordQuery([], "amount", Descending: true, PageSize: 3), Cancel);

        page.Items.Select(item => item.Id).ShouldBe(["n4", "n3", "n2"]);
        Gateway.Requests.Count(request => request.Operation == "query").ShouldBe(2, "two answers of the service make the page and the record behind it");
        (await Store.QueryAsync(s_notes, s_tenant, new RecordQuery([], "amount", Descending: true, PageSize: 3, page.Continuation), Cancel))
            .Items.Select(item => item.Id).ShouldBe(["n1", "n0"]);
    }

    [Fact]
    public async Task FindAsync_Charge_IsMeasuredByContainerAndOperation()
    {
        var charges = new List<(double Units, string Tags)>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, own) =>
            {
                if (instrument.Meter == _cosmos!.Metrics.Meter && instrument.Name == "cosmos_request_charge")
                {
                    own.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<double>((_, units, tags, _) => charges.Add((units, string.Join(' ', tags.ToArray().Select(tag => tag.Value)))));
        listener.Start();

        await Store.FindAsync(s_notes, s_tenant, "none", Cancel);
        await Store.PutManyAsync(s_notes, s_tenant, [("a", new Note("x")), ("b", new Note("x"))], Cancel);
        charges.ShouldBe([(2.5, "alerts find"), (2.5, "alerts put_many")]);
    }
}
