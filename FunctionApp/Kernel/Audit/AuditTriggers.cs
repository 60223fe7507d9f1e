using System.Text.Json.Serialization;
using Advisor.Kernel.Http;
using Advisor.Kernel.Records;
using Advisor.Kernel.Tenancy;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace Advisor.Kernel.Audit;

/// <summary>The audit log of the caller's tenant, to read.</summary>
public sealed class AuditTriggers(IAuditLog log, RouteTable routes)
{
    [Allow(Role.Admin)]
    [QueryParameters("user_id", "action", "resource", "result", "from", "to", "limit", "continuation")]
    [Function("ListAudit")]
    public async Task<IResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/v1/audit")] HttpRequest request, CancellationToken cancellationToken)
    {
        var (limit, problem) = Paging.Limit(request);
        var (from, badFrom) = QueryTime.Read(request, "from");
        var (to, badTo) = QueryTime.Read(request, "to");
        if ((problem ?? badFrom ?? badTo) is { } refusal)
        {
            return refusal;
        }

        var query = new AuditQuery(
            Text(request, "user_id"), Text(request, "action"), Text(request, "resource"), Text(request, "result"), from, to, limit, Paging.Continuation(request));
        try
        {
            var page = await log.QueryAsync(request.Caller().Tenant, query, cancellationToken);
            return Answer.Ok(new EntryList([.. page.Entries.Select(ViewOf)], Paging.Next(request, page.Continuation)));
        }
        catch (InvalidContinuationException fault)
        {
            return Paging.BadContinuation(fault);
        }
    }

    private static string? Text(HttpRequest request, string name) => request.Query[name].ToString() is { Length: > 0 } text ? text : null;

    private EntryView ViewOf(AuditEntry entry)
    {
        // The resource of a request is a path; that of a decision names what the API has below /api/v1.
        var path = entry.Resource.StartsWith('/') ? entry.Resource : $"/api/v1/{entry.Resource}";
        // What a POST was sent to is not there to be read, although its path may look like the id of something that is.
        var links = !entry.Action.StartsWith("POST ", StringComparison.Ordinal) && routes.MethodsOf(path).Contains("get") ? new Dictionary<string, Link> { ["resource"] = new(path) } : [];
        return new EntryView(
            entry.PartitionKey, entry.RowKey, entry.Sequence, entry.Timestamp, entry.EventId, entry.UserId, entry.Action, entry.Resource, entry.IpAddress,
            entry.Result, entry.Details, entry.Hash, entry.PreviousHash, links);
    }

    private sealed record EntryView(
        string PartitionKey,
        string RowKey,
        long Sequence,
        DateTimeOffset Timestamp,
        string EventId,
        string UserId,
        string Action,
        string Resource,
        string? IpAddress,
        string Result,
        IReadOnlyDictionary<string, string> Details,
        string Hash,
        string PreviousHash,
        [property: JsonPropertyName("_links")] IReadOnlyDictionary<string, Link> Links);

    private sealed record EntryList(IReadOnlyList<EntryView> Entries, Pagination Pagination);
}
