using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Advisor.Tests.Azure.Cosmos;

/// <summary>A request that the gateway got.</summary>
/// <param name="Operation">create, upsert, read, replace, delete, query or batch.</param>
internal sealed record CosmosRequest(string Operation, string Path, IReadOnlyDictionary<string, string> Headers, string Body);

/// <summary>What the gateway answers instead of doing what it is asked.</summary>
/// <param name="Results">The statuses of a batch's operations, where they differ.</param>
internal sealed record CosmosFault(int Status, int SubStatus = 0, int? RetryAfterMilliseconds = null, IReadOnlyList<int>? Results = null);

/// <summary>Speaks the REST wire of Cosmos DB on loopback for the real client: documents, queries with continuation, batches, and faults by script.</summary>
internal sealed class CosmosGateway : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, SortedDictionary<string, JsonElement>> _partitions = new();
    private readonly ConcurrentQueue<CosmosRequest> _requests = new();
    private readonly Lock _writing = new();

    /// <summary>What the service says of a query that one partition answers: nothing for the client to do.</summary>
    private static readonly JsonElement s_plan = JsonElement.Parse("""
        {
          "partitionedQueryExecutionInfoVersion": 2,
          "queryInfo": {
            "distinctType": "None", "top": null, "offset": null, "limit": null, "orderBy": [], "orderByExpressions": [], "groupByExpressions": [],
            "groupByAliases": [], "aggregates": [], "groupByAliasToAggregateType": {}, "rewrittenQuery": "", "hasSelectValue": false, "hasNonStreamingOrderBy": false
          },
          "queryRanges": [{ "min": "", "max": "FF", "isMinInclusive": true, "isMaxInclusive": false }]
        }
        """);

    private int _version;

    private CosmosGateway(WebApplication app) => _app = app;

    public Uri Url => new(_app.Urls.Single());

    /// <summary>Documents in one answer to a query, however many are asked for.</summary>
    public int LargestPage { get; set; } = 1000;

    public string Consistency { get; set; } = "Strong";

    /// <summary>Answers nothing, until the client goes away.</summary>
    public bool Hangs { get; set; }

    /// <summary>Says for each request about documents whether, and with what, it fails; null lets all succeed.</summary>
    public Func<CosmosRequest, CosmosFault?>? Faults { get; set; }

    /// <summary>The requests about documents, in order.</summary>
    public IReadOnlyList<CosmosRequest> Requests => [.. _requests];

    public static async Task<CosmosGateway> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var gateway = new CosmosGateway(app);
        app.MapGet("/", gateway.Account);
        app.MapGet("/dbs/{database}/colls/{collection}", (string collection) => Results.Json(Collection(collection)));
        app.MapGet("/dbs/{database}/colls/{collection}/pkranges", Ranges);
        app.MapPost("/dbs/{database}/colls/{collection}/docs", gateway.PostAsync);
        app.MapMethods("/dbs/{database}/colls/{collection}/docs/{id}", ["GET", "PUT", "DELETE"], gateway.OneAsync);
        await app.StartAsync();
        return gateway;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    /// <summary>The documents of a tenant, as they are stored.</summary>
    public IReadOnlyList<JsonElement> Documents(string collection, string tenant) => [.. Partition(collection, tenant).Values];

    private IResult Account(HttpRequest request)
    {
        var place = new[] { new { name = "Here", databaseAccountEndpoint = Url } };
        return Results.Json(new Dictionary<string, object>
        {
            ["id"] = "here", ["_rid"] = "here", ["_self"] = "", ["media"] = "//media/", ["addresses"] = "//addresses/", ["_dbs"] = "//dbs/",
            ["writableLocations"] = place, ["readableLocations"] = place, ["enableMultipleWriteLocations"] = false,
            ["userReplicationPolicy"] = new { asyncReplication = false, minReplicaSetSize = 3, maxReplicasetSize = 4 },
            ["systemReplicationPolicy"] = new { minReplicaSetSize = 3, maxReplicasetSize = 4 },
            ["userConsistencyPolicy"] = new { defaultConsistencyLevel = Consistency },
            ["readPolicy"] = new { primaryReadCoefficient = 1, secondaryReadCoefficient = 1 },
            ["queryEngineConfiguration"] = """{"maxSqlQueryInputLength":262144,"maxJoinsPerSqlQuery":10,"maxLogicalAndPerSqlQuery":2000,"maxLogicalOrPerSqlQuery":2000,"maxInExpressionItemsCount":16000,"sqlAllowTop":true,"sqlAllowSubQuery":true}""",
        });
    }

    private static Dictionary<string, object> Collection(string name) => new()
    {
        ["id"] = name, ["_rid"] = ResourceId(name), ["_self"] = "", ["_etag"] = "\"0\"", ["_ts"] = 1,
        ["partitionKey"] = new { paths = new[] { "/tenant" }, kind = "Hash", version = 2 },
        ["indexingPolicy"] = new { indexingMode = "consistent", automatic = true },
    };

    private static IResult Ranges(HttpRequest request, HttpResponse response)
    {
        response.Headers.ETag = "\"1\"";
        return request.Headers.IfNoneMatch == "\"1\""
            ? Results.StatusCode(StatusCodes.Status304NotModified)
            : Results.Json(new Dictionary<string, object>
            {
                ["_rid"] = "here", ["_count"] = 1,
                ["PartitionKeyRanges"] = new[]
                {
                    new Dictionary<string, object> { ["_rid"] = "here", ["id"] = "0", ["minInclusive"] = "", ["maxExclusive"] = "FF", ["status"] = "online", ["parents"] = Array.Empty<string>() },
                },
            });
    }

    private async Task<IResult> PostAsync(HttpContext http, string collection)
    {
        var operation = Is(http, "x-ms-cosmos-is-batch-request") ? "batch"
            : Is(http, "x-ms-cosmos-is-query-plan-request") ? "plan"
            : Is(http, "x-ms-documentdb-isquery") || http.Request.ContentType == "application/query+json" ? "query"
            : Is(http, "x-ms-documentdb-is-upsert") ? "upsert" : "create";
        if (await TakeAsync(http, operation) is not { } body)
        {
            return Results.Empty;
        }

        var documents = Partition(collection, Tenant(http));
        return operation switch
        {
            "batch" => await BatchAsync(http, documents, body),
            "plan" => Results.Json(s_plan),
            "query" => Query(http, documents, body),
            "create" or "upsert" => Write(http, documents, JsonElement.Parse(body), replaces: operation == "upsert"),
            _ => throw new NotSupportedException($"The client asks for a {operation}."),
        };
    }

    private async Task<IResult> OneAsync(HttpContext http, string collection, string id)
    {
        var operation = http.Request.Method switch { "GET" => "read", "PUT" => "replace", _ => "delete" };
        if (await TakeAsync(http, operation) is not { } body)
        {
            return Results.Empty;
        }

        var documents = Partition(collection, Tenant(http));
        lock (_writing)
        {
            if (!documents.TryGetValue(id, out var there))
            {
                return Failed(http, StatusCodes.Status404NotFound);
            }

            if (http.Request.Headers.IfMatch.ToString() is { Length: > 0 } expected && expected != there.GetProperty("_etag").GetString())
            {
                return Failed(http, StatusCodes.Status412PreconditionFailed);
            }

            switch (operation)
            {
                case "read":
                    http.Response.Headers.ETag = there.GetProperty("_etag").GetString();
                    return Results.Json(there);
                case "replace":
                    return Write(http, documents, JsonElement.Parse(body), replaces: true);
                default:
                    documents.Remove(id);
                    return Results.NoContent();
            }
        }
    }

    private IResult Write(HttpContext http, SortedDictionary<string, JsonElement> documents, JsonElement document, bool replaces)
    {
        lock (_writing)
        {
            if (!replaces && documents.ContainsKey(document.GetProperty("id").GetString()!))
            {
                return Failed(http, StatusCodes.Status409Conflict);
            }

            http.Response.Headers.ETag = Store(documents, document);
            return Results.StatusCode(replaces ? StatusCodes.Status200OK : StatusCodes.Status201Created);
        }
    }

    private IResult Query(HttpContext http, SortedDictionary<string, JsonElement> documents, byte[] body)
    {
        var query = JsonElement.Parse(body);
        var parameters = query.TryGetProperty("parameters", out var given)
            ? given.EnumerateArray().ToDictionary(one => one.GetProperty("name").GetString()!, one => one.GetProperty("value"))
            : [];
        List<JsonElement> found;
        lock (_writing)
        {
            found = CosmosSql.Run(query.GetProperty("query").GetString()!, parameters, documents.Values);
        }

        var from = int.TryParse(http.Request.Headers["x-ms-continuation"], out var position) ? position : 0;
        var most = Math.Min(LargestPage, int.Parse(http.Request.Headers["x-ms-max-item-count"].ToString(), CultureInfo.InvariantCulture));
        var page = found.Skip(from).Take(most).ToList();
        if (from + page.Count < found.Count)
        {
            http.Response.Headers["x-ms-continuation"] = (from + page.Count).ToString(CultureInfo.InvariantCulture);
        }

        return Results.Json(new Dictionary<string, object> { ["_rid"] = "here", ["Documents"] = page, ["_count"] = page.Count });
    }

    private async Task<IResult> BatchAsync(HttpContext http, SortedDictionary<string, JsonElement> documents, byte[] body)
    {
        var operations = await CosmosBatchWire.ReadAsync(body);
        var results = new List<(int, string?)>();
        lock (_writing)
        {
            results.AddRange(operations.Select(operation => (200, (string?)Store(documents, JsonElement.Parse(operation.Document)))));
        }

        return Results.Bytes(await CosmosBatchWire.WriteAsync(results));
    }

    private string Store(SortedDictionary<string, JsonElement> documents, JsonElement document)
    {
        var etag = string.Create(CultureInfo.InvariantCulture, $"\"v{++_version}\"");
        var members = document.EnumerateObject().ToDictionary(member => member.Name, member => AsStored(member.Value));
        members["_etag"] = etag;
        documents[document.GetProperty("id").GetString()!] = JsonSerializer.SerializeToElement(members);
        return etag;
    }

    /// <summary>Numbers become binary floating point, as the service keeps them.</summary>
    private static object? AsStored(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number => value.GetDouble(),
        JsonValueKind.Object => value.EnumerateObject().ToDictionary(member => member.Name, member => AsStored(member.Value)),
        JsonValueKind.Array => value.EnumerateArray().Select(AsStored).ToArray(),
        _ => value,
    };

    /// <summary>Notes the request; null when the script made it fail.</summary>
    private async Task<byte[]?> TakeAsync(HttpContext http, string operation)
    {
        var buffer = new MemoryStream();
        await http.Request.Body.CopyToAsync(buffer, http.RequestAborted);
        var body = buffer.ToArray();
        var headers = http.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        var request = new CosmosRequest(operation, http.Request.Path, headers, operation == "batch" ? "" : System.Text.Encoding.UTF8.GetString(body));
        _requests.Enqueue(request);
        http.Response.Headers["x-ms-request-charge"] = "2.5";
        http.Response.Headers["x-ms-activity-id"] = Guid.NewGuid().ToString();
        http.Response.Headers["x-ms-session-token"] = "0:-1#1";
        if (Hangs)
        {
            await Task.Delay(Timeout.Infinite, http.RequestAborted);
        }

        if (Faults?.Invoke(request) is not { } fault)
        {
            return body;
        }

        http.Response.StatusCode = fault.Status;
        http.Response.Headers["x-ms-substatus"] = fault.SubStatus.ToString(CultureInfo.InvariantCulture);
        if (fault.RetryAfterMilliseconds is { } pause)
        {
            http.Response.Headers["x-ms-retry-after-ms"] = pause.ToString(CultureInfo.InvariantCulture);
        }

        if (fault.Results is { } results)
        {
            await http.Response.BodyWriter.WriteAsync(await CosmosBatchWire.WriteAsync([.. results.Select(status => (status, (string?)null))]));
            return null;
        }

        await http.Response.WriteAsJsonAsync(new { code = "Scripted", message = "as the test asked" });
        return null;
    }

    private static IResult Failed(HttpContext http, int status)
    {
        http.Response.Headers["x-ms-substatus"] = "0";
        return Results.Json(new { code = "Failed", message = "no" }, statusCode: status);
    }

    private SortedDictionary<string, JsonElement> Partition(string collection, string tenant) =>
        _partitions.GetOrAdd($"{collection}/{tenant}", _ => new SortedDictionary<string, JsonElement>(StringComparer.Ordinal));

    private static string Tenant(HttpContext http) => JsonElement.Parse(http.Request.Headers["x-ms-documentdb-partitionkey"].ToString())[0].GetString()!;

    private static bool Is(HttpContext http, string header) => string.Equals(http.Request.Headers[header], "true", StringComparison.OrdinalIgnoreCase);

    /// <summary>Eight bytes: the database, and the collection with the bit that says that it is one.</summary>
    private static string ResourceId(string name)
    {
        var bytes = new byte[8];
        bytes[0] = 1;
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(4), (uint)name.Aggregate(17, (hash, letter) => unchecked((hash * 31) + letter)) | 0x8000_0000);
        return Convert.ToBase64String(bytes).Replace('/', '-');
    }
}
