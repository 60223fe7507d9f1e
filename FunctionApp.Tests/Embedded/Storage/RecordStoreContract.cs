using Advisor.Kernel.Records;
using Advisor.Kernel.Tenancy;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Embedded.Storage;

/// <summary>What every record store promises; an adapter's test class derives from it and gives a store.</summary>
public abstract class RecordStoreContract
{
    protected static readonly RecordContainer<Sample> Samples = new("samples");

    /// <summary>Says how it is looked into; nothing else may differ.</summary>
    protected static readonly RecordContainer<Sample> LargeSamples = new("large-samples") { Lookup = new RecordLookup(["band", "inner.name"], ["text", "number", "tags"]) };
    protected static readonly TenantId Tenant = new("acme");

    public enum Band
    {
        Low,
        High,
    }

    public sealed record Inner(string? Name, bool Flag);

    public sealed record Sample(string? Text, decimal? Number, Band Band = Band.Low, Inner? Inner = null, bool Flag = false, IReadOnlyList<string>? Tags = null);

    protected abstract IRecordStore Store { get; }

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task FindAsync_AfterCreate_GivesTheValueAndETag()
    {
        var value = new Sample("ü \"quoted\"", 0.1000000000000000055m, Band.High, new Inner("x", Flag: true));
        var created = await Store.CreateAsync(Samples, Tenant, "a", value, Cancel);

        var found = await Store.FindAsync(Samples, Tenant, "a", Cancel);
        found.ShouldBe(created);
        found!.Value.ShouldBe(value);
    }

    [Fact]
    public async Task FindAsync_OtherTenantContainerOrId_GivesNothing()
    {
        await Store.CreateAsync(Samples, Tenant, "a", new Sample("x", 1), Cancel);

        (await Store.FindAsync(Samples, new TenantId("other"), "a", Cancel)).ShouldBeNull();
        (await Store.FindAsync(new RecordContainer<Sample>("others"), Tenant, "a", Cancel)).ShouldBeNull();
        (await Store.FindAsync(Samples, Tenant, "A", Cancel)).ShouldBeNull();
        (await Store.QueryAsync(Samples, new TenantId("other"), new RecordQuery([]), Cancel)).Items.ShouldBeEmpty();
        (await Store.DeleteAsync(Samples, new TenantId("other"), "a", Cancel)).ShouldBeFalse();
    }

    [Fact]
    public async Task CreateAsync_IdTaken_Conflicts()
    {
        await Store.CreateAsync(Samples, Tenant, "a", new Sample("first", 1), Cancel);

        await Should.ThrowAsync<RecordConflictException>(Store.CreateAsync(Samples, Tenant, "a", new Sample("second", 2), Cancel));
        (await Store.FindAsync(Samples, Tenant, "a", Cancel))!.Value.Text.ShouldBe("first");
    }

    [Fact]
    public async Task PutAsync_MatchingETag_WritesAndChangesTheETag()
    {
        var created = await Store.CreateAsync(Samples, Tenant, "a", new Sample("x", 1), Cancel);
        var put = await Store.PutAsync(Samples, Tenant, "a", created.Value, created.ETag, Cancel);

        put.ETag.ShouldNotBe(created.ETag);
        (await Store.FindAsync(Samples, Tenant, "a", Cancel))!.ETag.ShouldBe(put.ETag);
    }

    [Fact]
    public async Task PutAsync_StaleETagOrNoRecord_Conflicts()
    {
        var created = await Store.CreateAsync(Samples, Tenant, "a", new Sample("x", 1), Cancel);
        await Store.PutAsync(Samples, Tenant, "a", new Sample("y", 1), null, Cancel);

        await Should.ThrowAsync<RecordConflictException>(Store.PutAsync(Samples, Tenant, "a", new Sample("z", 1), created.ETag, Cancel));
        await Should.ThrowAsync<RecordConflictException>(Store.PutAsync(Samples, Tenant, "b", new Sample("z", 1), created.ETag, Cancel));
        (await Store.FindAsync(Samples, Tenant, "a", Cancel))!.Value.Text.ShouldBe("y");
        (await Store.FindAsync(Samples, Tenant, "b", Cancel)).ShouldBeNull();
    }

    [Fact]
    public async Task PutAsync_ManyWritersOfOneRecord_LoseNoChange()
    {
        await Store.CreateAsync(Samples, Tenant, "a", new Sample(null, 0), Cancel);

        await Parallel.ForEachAsync(Enumerable.Range(0, 40), Cancel, async (_, cancel) =>
        {
            while (true)
            {
                var found = (await Store.FindAsync(Samples, Tenant, "a", cancel))!;
                try
                {
                    await Store.PutAsync(Samples, Tenant, "a", found.Value with { Number = found.Value.Number + 1 }, found.ETag, cancel);
                    return;
                }
                catch (RecordConflictException)
                {
                    continue;
                }
            }
        });

        (await Store.FindAsync(Samples, Tenant, "a", Cancel))!.Value.Number.ShouldBe(40);
    }

    [Fact]
    public async Task PutManyAsync_Repeated_ChangesNothing()
    {
        var items = Enumerable.Range(0, 450).Select(n => ($"s{n:000}", new Sample("x", n))).ToList();
        await Store.PutManyAsync(Samples, Tenant, items, Cancel);
        await Store.PutManyAsync(Samples, Tenant, items, Cancel);

        var page = await Store.QueryAsync(Samples, Tenant, new RecordQuery([], PageSize: 1000), Cancel);
        page.Items.Select(item => (item.Id, item.Value)).ShouldBe(items);
        page.Continuation.ShouldBeNull();
    }

    [Fact]
    public async Task DeleteAsync_Twice_TellsWhetherThereWasOne()
    {
        await Store.CreateAsync(Samples, Tenant, "a", new Sample("x", 1), Cancel);

        (await Store.DeleteAsync(Samples, Tenant, "a", Cancel)).ShouldBeTrue();
        (await Store.DeleteAsync(Samples, Tenant, "a", Cancel)).ShouldBeFalse();
        (await Store.FindAsync(Samples, Tenant, "a", Cancel)).ShouldBeNull();
    }

    public static TheoryData<string, RecordOperator, object, string> Filters => new()
    {
        { "text", RecordOperator.Equal, "m", "m" },
        { "text", RecordOperator.GreaterOrEqual, "m", "m z" },
        { "text", RecordOperator.LessOrEqual, "m", "a m" },
        { "number", RecordOperator.Equal, 0.1m, "m" },
        { "number", RecordOperator.GreaterOrEqual, 5, "z" },
        { "number", RecordOperator.LessOrEqual, 4_999_999_999L, "a m z" },
        { "band", RecordOperator.Equal, "high", "z" },
        { "flag", RecordOperator.Equal, true, "m" },
        { "flag", RecordOperator.Equal, 1, "" },
        { "number", RecordOperator.Equal, "5", "" },
        { "number", RecordOperator.GreaterOrEqual, "", "" },
        { "text", RecordOperator.GreaterOrEqual, 0, "" },
        { "inner.name", RecordOperator.Equal, "deep", "a" },
        { "inner.flag", RecordOperator.Equal, false, "a" },
        { "inner", RecordOperator.GreaterOrEqual, "", "" },
        { "nowhere", RecordOperator.LessOrEqual, 1, "" },
        { "text", RecordOperator.NotEqual, "m", "a z" },
        { "number", RecordOperator.NotEqual, 5, "a m" },
        { "number", RecordOperator.NotEqual, "5", "" },
        { "nowhere", RecordOperator.NotEqual, 1, "" },
        { "tags", RecordOperator.Contains, "revenue", "a m" },
        { "tags", RecordOperator.Contains, "net \"x\"", "a" },
        { "tags", RecordOperator.Contains, "rev", "" },
        { "tags", RecordOperator.Contains, ",", "" },
        { "tags", RecordOperator.Contains, "é/+", "m" },
        { "text", RecordOperator.Contains, "m", "" },
        { "inner", RecordOperator.Contains, "deep", "" },
        { "nowhere", RecordOperator.Contains, "m", "" },
        { "inner.name", RecordOperator.Includes, "ee", "a" },
        { "inner.name", RecordOperator.Includes, "EE", "" },
        { "text", RecordOperator.Includes, "%", "" },
        { "tags", RecordOperator.Includes, "rev", "" },
        { "number", RecordOperator.Includes, "5", "" },
    };

    [Theory]
    [MemberData(nameof(Filters))]
    public async Task QueryAsync_OneFilter_GivesTheRecordsItHoldsFor(string property, RecordOperator operation, object value, string expected)
    {
        foreach (var container in new[] { Samples, LargeSamples })
        {
            await Store.CreateAsync(container, Tenant, "a", new Sample("a", -5, Inner: new Inner("deep", Flag: false), Tags: ["revenue", "net \"x\""]), Cancel);
            await Store.CreateAsync(container, Tenant, "m", new Sample("m", 0.1m, Flag: true, Tags: ["assets", "é/+", "revenue"]), Cancel);
            await Store.CreateAsync(container, Tenant, "z", new Sample("z", 5, Band.High, Tags: []), Cancel);
            await Store.CreateAsync(container, Tenant, "none", new Sample(null, null), Cancel);

            foreach (var order in new[] { null, "text" })
            {
                var page = await Store.QueryAsync(container, Tenant, new RecordQuery([new RecordFilter(property, operation, value)], order), Cancel);
                string.Join(' ', page.Items.Select(item => item.Id)).ShouldBe(expected, $"{container.Name} by {order ?? "id"}");
            }
        }
    }

    [Theory]
    [InlineData(RecordOperator.Contains)]
    [InlineData(RecordOperator.Includes)]
    public async Task QueryAsync_LookingForWhatIsNoText_IsRefused(RecordOperator operation) =>
        await Should.ThrowAsync<ArgumentException>(Store.QueryAsync(Samples, Tenant, new RecordQuery([new RecordFilter("number", operation, 1)]), Cancel));

    [Theory]
    [InlineData(null, false)]
    [InlineData(null, true)]
    [InlineData("text", false)]
    [InlineData("text", true)]
    [InlineData("number", false)]
    [InlineData("number", true)]
    public async Task QueryAsync_PageByPage_GivesEachRecordOnceInOrder(string? orderBy, bool descending)
    {
        var random = new Random(20261121);
        var items = Enumerable.Range(0, 120).Select(n => (
            Id: $"s{random.Next()}-{n}",
            Value: new Sample(
                random.Next(4) == 0 ? null : $"t{random.Next(5)}",
                random.Next(4) == 0 ? null : random.Next(-3, 3) / 2m,
                (Band)random.Next(2)))).ToList();
        var expected = items.Where(item => item.Value.Band == Band.High)
            .OrderBy(item => orderBy == "number" ? item.Value.Number : null)
            .ThenBy(item => orderBy == "text" ? item.Value.Text : null, StringComparer.Ordinal)
            .ThenBy(item => item.Id, StringComparer.Ordinal)
            .Select(item => item.Id)
            .ToList();
        if (descending)
        {
            expected.Reverse();
        }

        var query = new RecordQuery([new RecordFilter("band", RecordOperator.Equal, "high")], orderBy, descending, PageSize: 7);
        foreach (var container in new[] { Samples, LargeSamples })
        {
            await Store.PutManyAsync(container, Tenant, items, Cancel);
            (await AllIds(container, query)).ShouldBe(expected, container.Name);
        }
    }

    [Fact]
    public async Task QueryAsync_PageThatEndsWithTheLastRecord_HasNoContinuation()
    {
        await Store.PutManyAsync(Samples, Tenant, [("a", new Sample("x", 1)), ("b", new Sample("x", 1))], Cancel);

        (await Store.QueryAsync(Samples, Tenant, new RecordQuery([], PageSize: 2), Cancel)).Continuation.ShouldBeNull();
        (await Store.QueryAsync(Samples, Tenant, new RecordQuery([], PageSize: 1), Cancel)).Continuation.ShouldNotBeNull();
    }

    [Fact]
    public async Task QueryAsync_ContinuationOfAnotherQuery_IsRefused()
    {
        await Store.PutManyAsync(Samples, Tenant, [("a", new Sample("x", 1)), ("b", new Sample("x", 1))], Cancel);
        var query = new RecordQuery([new RecordFilter("text", RecordOperator.Equal, "x")], PageSize: 1);
        var token = (await Store.QueryAsync(Samples, Tenant, query, Cancel)).Continuation;

        foreach (var other in new[]
        {
            query with { Filters = [] },
            query with { Filters = [new RecordFilter("text", RecordOperator.Equal, "y")] },
            query with { OrderBy = "text" },
            query with { Descending = true },
        })
        {
            await Should.ThrowAsync<InvalidContinuationException>(Store.QueryAsync(Samples, Tenant, other with { Continuation = token }, Cancel));
        }

        await Should.ThrowAsync<InvalidContinuationException>(
            Store.QueryAsync(Samples, new TenantId("other"), query with { Continuation = token }, Cancel));
        (await Store.QueryAsync(Samples, Tenant, query with { Continuation = token, PageSize = 5 }, Cancel)).Items.ShouldHaveSingleItem().Id.ShouldBe("b");
    }

    [Theory]
    [InlineData("")]
    [InlineData("not base64!")]
    [InlineData("bm90IGpzb24")]
    [InlineData("bnVsbA")]
    [InlineData("e30")]
    public async Task QueryAsync_MalformedContinuation_IsRefused(string token) =>
        await Should.ThrowAsync<InvalidContinuationException>(Store.QueryAsync(Samples, Tenant, new RecordQuery([], Continuation: token), Cancel));

    [Theory]
    [InlineData("text'); DROP TABLE records; --")]
    [InlineData("Text")]
    [InlineData("a..b")]
    [InlineData("")]
    public async Task QueryAsync_PropertyThatIsNone_IsRefused(string property)
    {
        await Should.ThrowAsync<ArgumentException>(
            Store.QueryAsync(Samples, Tenant, new RecordQuery([new RecordFilter(property, RecordOperator.Equal, "x")]), Cancel));
        await Should.ThrowAsync<ArgumentException>(Store.QueryAsync(Samples, Tenant, new RecordQuery([], OrderBy: property), Cancel));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1001)]
    public async Task QueryAsync_PageSizeOutOfRange_IsRefused(int pageSize) =>
        await Should.ThrowAsync<ArgumentException>(Store.QueryAsync(Samples, Tenant, new RecordQuery([], PageSize: pageSize), Cancel));

    private async Task<List<string>> AllIds(RecordContainer<Sample> container, RecordQuery query)
    {
        var ids = new List<string>();
        string? continuation = null;
        do
        {
            var page = await Store.QueryAsync(container, Tenant, query with { Continuation = continuation }, Cancel);
            page.Items.Count.ShouldBeLessThanOrEqualTo(query.PageSize);
            ids.AddRange(page.Items.Select(item => item.Id));
            continuation = page.Continuation;
        }
        while (continuation is not null);

        return ids;
    }
}
