using System.Globalization;
using System.Text.Json;
using Advisor.Embedded.Storage;
using Advisor.Kernel.Http;
using Advisor.Kernel.Records;
using Advisor.Kernel.Reviews;
using Advisor.Kernel.Tenancy;
using Advisor.Tests.Embedded.Storage;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Kernel.Reviews;

/// <summary>What a page of the queue of reviews costs, counted and not timed: it must not grow with the queue.</summary>
public sealed class ReviewPageTests : IDisposable
{
    private const int Kinds = 5;
    private const int Limit = 100;

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(200)]
    [InlineData(2_000)]
    public async Task Page_HoweverLongTheQueue_ReadsLittleMoreThanItShows(int reviews)
    {
        await using var database = new SqliteDatabase(_folder.File("records.db"), "");
        var store = new CountingRecords(new SqliteRecordStore(database));
        var (queue, all) = await FillAsync(store, reviews);
        string? continuation = null;
        List<string> seen = [];
        do
        {
            store.Reset();
            var (page, next) = await queue.PageAsync(ReviewHost.Tenant, kind: null, [], Limit, continuation, Cancel);
            seen.AddRange(page.Select(item => item.Review.Id));
            continuation = next;

            // One for the kinds, one or two for each of them; some reviews of each kind are read to know that they come later.
            store.Calls.ShouldBeLessThanOrEqualTo(1 + (2 * Kinds));
            store.Read.ShouldBeLessThanOrEqualTo(Kinds + Limit + (Kinds * 30));
        }
        while (continuation is not null);
        seen.ShouldBe(all);
    }

    /// <summary>By the database's own account of how it answers: it begins at the page, and sorts nothing to find it.</summary>
    [Fact]
    public async Task Query_FirstPageAndFurtherOn_BeginsInTheIndexWhereThePageDoes()
    {
        await using var database = new SqliteDatabase(_folder.File("records.db"), "");
        var store = new CountingRecords(new SqliteRecordStore(database));
        var (queue, _) = await FillAsync(store, 200);
        var first = await queue.PageAsync(ReviewHost.Tenant, "sample/1", [], 10, null, Cancel);
        PlanOf(database, store.Last).ShouldContain("(tenant=? AND <expr>=?)");
        await queue.PageAsync(ReviewHost.Tenant, "sample/1", [], 10, first.Continuation.ShouldNotBeNull(), Cancel);
        PlanOf(database, store.Last).ShouldContain("(tenant=? AND <expr>=? AND <expr><?)");
    }

    /// <summary>What a list reads of a record is all that it shows of it.</summary>
    [Fact]
    public async Task Page_ReadWithoutEvidenceAndHistory_ShowsWhatTheWholeReviewSays()
    {
        await using var database = new SqliteDatabase(_folder.File("records.db"), "");
        var (store, now) = (new SqliteRecordStore(database), TimeProvider.System.GetUtcNow());
        var (times, opened) = (new ReviewTimes(store), ReviewRules.Open(SampleReviews.Asked(now, 500), ReviewTerms.Default));
        var whole = opened with
        {
            Proposed = "Revenue rose.", SubjectPath = "/api/v1/things/1", ReasoningChainId = "chain-1", AssignedTo = "ann", Level = 1, Claim = new ReviewClaim("ann", now, now.AddMinutes(30)),
        };
        await times.NoteAsync(ReviewHost.Tenant, whole.Kind, Cancel);
        await store.CreateAsync(ReviewRecord.Container, ReviewHost.Tenant, whole.Id, whole, Cancel);
        var listed = (await new ReviewQueue(store, times).PageAsync(ReviewHost.Tenant, kind: null, [], Limit, null, Cancel)).Reviews.ShouldHaveSingleItem();
        JsonSerializer.Serialize(ReviewItem.Of(listed.Review, listed.Minutes, now), AdvisorJson.Options)
            .ShouldBe(JsonSerializer.Serialize(ReviewItem.Of(whole, ReviewWorth.AssumedMinutes, now), AdvisorJson.Options));
    }

    private static string PlanOf(SqliteDatabase database, RecordQuery query)
    {
        var statement = RecordStatement.Build(ReviewRecord.Container.Name, ReviewHost.Tenant, query, ReviewRecord.Container.Lookup);
        var index = statement.Index.ShouldNotBeNull().Name(ReviewRecord.Container.Name);
        var plan = database.Read(connection => connection.Rows(row => row.GetString(3), $"EXPLAIN QUERY PLAN {statement.Sql(index)}", statement.Parameters));

        // Reviews are found in the inner query; the outer one may put the one page in order.
        plan.FindIndex(step => step.Contains("TEMP B-TREE", StringComparison.Ordinal)).ShouldBeOneOf([-1, plan.Count - 1], string.Join('\n', plan));
        return plan.Single(step => step.Contains(index, StringComparison.Ordinal));
    }

    private static async Task<(ReviewQueue Queue, IReadOnlyList<string> DearestFirst)> FillAsync(IRecordStore store, int reviews)
    {
        var (times, random, now) = (new ReviewTimes(store), new Random(11), TimeProvider.System.GetUtcNow());
        for (var kind = 0; kind < Kinds; kind++)
        {
            await times.NoteAsync(ReviewHost.Tenant, KindOf(kind), Cancel);
        }

        // No two worth the same.
        var amounts = Enumerable.Range(1, reviews).ToArray();
        random.Shuffle(amounts);
        var all = amounts.Select((amount, i) => ReviewRules.Open(
            SampleReviews.Asked(now, amount * 10, kind: KindOf(i % Kinds), subject: i.ToString(CultureInfo.InvariantCulture)), ReviewTerms.Default)).ToList();
        await store.PutManyAsync(ReviewRecord.Container, ReviewHost.Tenant, [.. all.Select(review => (review.Id, review))], Cancel);
        return (new ReviewQueue(store, times), [.. all.OrderByDescending(review => review.Amount).Select(review => review.Id)]);
    }

    private static string KindOf(int kind) => string.Create(CultureInfo.InvariantCulture, $"sample/{kind}");

    /// <summary>Counts what is asked of a store, and how many records it gives.</summary>
    private sealed class CountingRecords(IRecordStore inner) : IRecordStore
    {
        public int Calls { get; private set; }

        public int Read { get; private set; }

        /// <summary>The last query.</summary>
        public RecordQuery Last { get; private set; } = new([]);

        public void Reset() => (Calls, Read) = (0, 0);

        public async Task<RecordPage<T>> QueryAsync<T>(RecordContainer<T> container, TenantId tenant, RecordQuery query, CancellationToken cancellationToken)
            where T : class
        {
            var page = await inner.QueryAsync(container, tenant, query, cancellationToken);
            (Calls, Read, Last) = (Calls + 1, Read + page.Items.Count, query);
            return page;
        }

        public Task<Stored<T>?> FindAsync<T>(RecordContainer<T> container, TenantId tenant, string id, CancellationToken cancellationToken)
            where T : class
        {
            (Calls, Read) = (Calls + 1, Read + 1);
            return inner.FindAsync(container, tenant, id, cancellationToken);
        }

        public Task<Stored<T>> CreateAsync<T>(RecordContainer<T> container, TenantId tenant, string id, T value, CancellationToken cancellationToken)
            where T : class => inner.CreateAsync(container, tenant, id, value, cancellationToken);

        public Task<Stored<T>> PutAsync<T>(RecordContainer<T> container, TenantId tenant, string id, T value, string? ifMatch, CancellationToken cancellationToken)
            where T : class => inner.PutAsync(container, tenant, id, value, ifMatch, cancellationToken);

        public Task PutManyAsync<T>(RecordContainer<T> container, TenantId tenant, IReadOnlyCollection<(string Id, T Value)> items, CancellationToken cancellationToken)
            where T : class => inner.PutManyAsync(container, tenant, items, cancellationToken);

        public Task<bool> DeleteAsync<T>(RecordContainer<T> container, TenantId tenant, string id, CancellationToken cancellationToken)
            where T : class => inner.DeleteAsync(container, tenant, id, cancellationToken);
    }
}
