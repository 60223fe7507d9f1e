using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Advisor.Kernel.Records;
using Advisor.Kernel.Tenancy;
using Microsoft.Azure.Cosmos;
using Microsoft.Extensions.Options;

namespace Advisor.Azure;

/// <summary>Records as documents of Cosmos DB, one container for each container of records, the tenant as partition key.</summary>
/// <remarks>
/// Each call stays within one partition. A write is durable when its task completes; that a read sees all writes completed before
/// it, on whichever instance they were made, needs an account of strong or bounded-staleness consistency (see <see cref="CosmosAccountCheck"/>). Safe for threads.
/// </remarks>
public sealed class CosmosRecordStore(CosmosClient client, IOptions<CosmosOptions> options, CosmosCharges charges) : IRecordStore
{
    /// <summary>Operations that a batch of the service takes.</summary>
    private const int MaxBatchOperations = 100;

    /// <summary>Bytes of documents in a batch, which may have 2 MB with all its framing.</summary>
    private const int MaxBatchBytes = 1_800_000;

    private readonly Database _database = client.GetDatabase(options.Value.Database);

    /// <inheritdoc />
    public async Task<Stored<T>?> FindAsync<T>(RecordContainer<T> container, TenantId tenant, string id, CancellationToken cancellationToken)
        where T : class
    {
        using var response = await SendAsync(
            container.Name, "find", (into, key) => into.ReadItemStreamAsync(CosmosDocument.IdOf(id), key, cancellationToken: cancellationToken), tenant, HttpStatusCode.NotFound);
        if (response.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }

        using var document = await JsonDocument.ParseAsync(response.Content, cancellationToken: cancellationToken);
        return CosmosDocument.Read<T>(document.RootElement);
    }

    /// <inheritdoc />
    public async Task<Stored<T>> CreateAsync<T>(RecordContainer<T> container, TenantId tenant, string id, T value, CancellationToken cancellationToken)
        where T : class
    {
        using var document = Document(container, tenant, id, value);
        using var response = await SendAsync(
            container.Name, "create", (into, key) => into.CreateItemStreamAsync(document, key, cancellationToken: cancellationToken), tenant, HttpStatusCode.Conflict);
        return response.StatusCode == HttpStatusCode.Conflict
            ? throw new RecordConflictException(container.Name, id)
            : new Stored<T>(id, value, CosmosDocument.ETag(response.Headers.ETag));
    }

    /// <inheritdoc />
    public async Task<Stored<T>> PutAsync<T>(RecordContainer<T> container, TenantId tenant, string id, T value, string? ifMatch, CancellationToken cancellationToken)
        where T : class
    {
        using var document = Document(container, tenant, id, value);
        using var response = ifMatch is null
            ? await SendAsync(container.Name, "put", (into, key) => into.UpsertItemStreamAsync(document, key, cancellationToken: cancellationToken), tenant)
            : await SendAsync(
                container.Name, "put",
                (into, key) => into.ReplaceItemStreamAsync(
                    document, CosmosDocument.IdOf(id), key, new ItemRequestOptions { IfMatchEtag = $"\"{ifMatch}\"" }, cancellationToken),
                tenant, HttpStatusCode.PreconditionFailed, HttpStatusCode.NotFound);
        return response.IsSuccessStatusCode
            ? new Stored<T>(id, value, CosmosDocument.ETag(response.Headers.ETag))
            : throw new RecordConflictException(container.Name, id);
    }

    /// <inheritdoc />
    /// <remarks>A batch is written whole or not at all; of several, those before the one that failed stay written.</remarks>
    public async Task PutManyAsync<T>(RecordContainer<T> container, TenantId tenant, IReadOnlyCollection<(string Id, T Value)> items, CancellationToken cancellationToken)
        where T : class
    {
        var timeToLive = CosmosContainers.TimeToLiveOf(container.Name);
        var waiting = new List<byte[]>();
        var bytes = 0;
        foreach (var (id, value) in items)
        {
            var document = CosmosDocument.Write(tenant, id, value, timeToLive);
            if (waiting.Count == MaxBatchOperations || (waiting.Count > 0 && bytes + document.Length > MaxBatchBytes))
            {
                await WriteBatchAsync(container.Name, tenant, waiting, cancellationToken);
                waiting.Clear();
                bytes = 0;
            }

            waiting.Add(document);
            bytes += document.Length;
        }

        if (waiting.Count > 0)
        {
            await WriteBatchAsync(container.Name, tenant, waiting, cancellationToken);
        }
    }

    /// <inheritdoc />
    /// <remarks>
    /// A descending query is the exact reverse of the ascending one, ties included. Records without the order property come first in
    /// ascending order. A property that is ordered by needs its composite index (<see cref="CosmosContainers"/>).
    /// </remarks>
    public async Task<RecordPage<T>> QueryAsync<T>(RecordContainer<T> container, TenantId tenant, RecordQuery query, CancellationToken cancellationToken)
        where T : class
    {
        var asked = new CosmosQuery(container.Name, tenant, query);
        var found = new List<(Stored<T> Item, object? Order)>();
        foreach (var part in asked.Parts())
        {
            // One record more than a page, so that the last page is known to be the last.
            var wanted = query.PageSize + 1 - found.Count;
            using var pages = _database.GetContainer(container.Name).GetItemQueryStreamIterator(
                part, requestOptions: new QueryRequestOptions { PartitionKey = new PartitionKey(tenant.Value), MaxItemCount = wanted });
            while (pages.HasMoreResults && found.Count <= query.PageSize)
            {
                using var response = await SendAsync(container.Name, "query", () => pages.ReadNextAsync(cancellationToken));
                using var content = await JsonDocument.ParseAsync(response.Content, cancellationToken: cancellationToken);
                foreach (var document in content.RootElement.GetProperty("Documents").EnumerateArray())
                {
                    found.Add((CosmosDocument.Read<T>(document), query.OrderBy is null ? null : CosmosDocument.OrderValue(document, query.OrderBy)));
                }
            }

            if (found.Count > query.PageSize)
            {
                var (last, order) = found[query.PageSize - 1];
                return new RecordPage<T>([.. found.Take(query.PageSize).Select(record => record.Item)], asked.ContinueAfter(order, last.Id));
            }
        }

        return new RecordPage<T>([.. found.Select(record => record.Item)], Continuation: null);
    }

    /// <inheritdoc />
    public async Task<bool> DeleteAsync<T>(RecordContainer<T> container, TenantId tenant, string id, CancellationToken cancellationToken)
        where T : class
    {
        using var response = await SendAsync(
            container.Name, "delete", (into, key) => into.DeleteItemStreamAsync(CosmosDocument.IdOf(id), key, cancellationToken: cancellationToken), tenant, HttpStatusCode.NotFound);
        return response.IsSuccessStatusCode;
    }

    private static MemoryStream Document<T>(RecordContainer<T> container, TenantId tenant, string id, T value)
        where T : class => new(CosmosDocument.Write(tenant, id, value, CosmosContainers.TimeToLiveOf(container.Name)), writable: false);

    private async Task WriteBatchAsync(string container, TenantId tenant, List<byte[]> documents, CancellationToken cancellationToken)
    {
        if (documents is [var only])
        {
            // Without the framing of a batch, so that a record may be as large here as in a put.
            using var document = new MemoryStream(only, writable: false);
            using var written = await SendAsync(container, "put_many", (into, key) => into.UpsertItemStreamAsync(document, key, cancellationToken: cancellationToken), tenant);
            return;
        }

        var batch = _database.GetContainer(container).CreateTransactionalBatch(new PartitionKey(tenant.Value));
        foreach (var document in documents)
        {
            batch.UpsertItemStream(new MemoryStream(document, writable: false));
        }

        var started = Stopwatch.GetTimestamp();
        using var response = await CosmosFaults.TranslateAsync(container, () => batch.ExecuteAsync(cancellationToken));
        charges.Add(container, "put_many", response.RequestCharge, Stopwatch.GetElapsedTime(started));
        if (!response.IsSuccessStatusCode)
        {
            throw CosmosFaults.Of(response, container);
        }
    }

    private Task<ResponseMessage> SendAsync(
        string container, string operation, Func<Container, PartitionKey, Task<ResponseMessage>> send, TenantId tenant, params HttpStatusCode[] outcomes) =>
        SendAsync(container, operation, () => send(_database.GetContainer(container), new PartitionKey(tenant.Value)), outcomes);

    /// <param name="outcomes">Statuses beside success that the port knows.</param>
    private async Task<ResponseMessage> SendAsync(string container, string operation, Func<Task<ResponseMessage>> send, params HttpStatusCode[] outcomes)
    {
        var started = Stopwatch.GetTimestamp();
        var response = await CosmosFaults.TranslateAsync(container, send);
        charges.Add(container, operation, response.Headers.RequestCharge, Stopwatch.GetElapsedTime(started));
        if (response.IsSuccessStatusCode || (outcomes.Contains(response.StatusCode) && !CosmosFaults.IsMissingContainer(response)))
        {
            return response;
        }

        using (response)
        {
            throw CosmosFaults.Of(response, container);
        }
    }
}
