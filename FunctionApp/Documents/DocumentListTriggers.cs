using Advisor.Documents.Contracts;
using Advisor.Kernel.Http;
using Advisor.Kernel.Records;
using Advisor.Kernel.Tenancy;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Options;

namespace Advisor.Documents;

/// <summary>The documents of a tenant and the ingestions that brought them.</summary>
public sealed class DocumentListTriggers(IRecordStore records, KnownDocuments documents, IOptions<DocumentsOptions> options)
{
    private static readonly string[] s_statuses = ["received", "read", "completed", "failed"];
    private static readonly string[] s_formats = ["pdf", "xlsx", "xls", "csv"];
    private static readonly string[] s_ingestionStatuses = ["queued", "extracting", "analyzing", "completed", "failed"];

    [AllowAnyRole]
    [QueryParameters("name", "company", "format", "form", "status", "from", "to", "sort", "limit", "continuation")]
    [Function("ListDocuments")]
    public async Task<IResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/v1/documents")] HttpRequest request, CancellationToken cancellationToken)
    {
        var (query, problem) = QueryOf(request);
        if (query is null)
        {
            return problem!;
        }

        try
        {
            var page = await records.QueryAsync(DocumentRecord.Container, request.Caller().Tenant, query, cancellationToken);
            return Answer.Ok(new DocumentList([.. page.Items.Select(item => DocumentView.Of(item.Value, options.Value))], Paging.Next(request, page.Continuation)));
        }
        catch (InvalidContinuationException fault)
        {
            return Paging.BadContinuation(fault);
        }
    }

    [AllowAnyRole]
    [Function("GetDocument")]
    public async Task<IResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/v1/documents/{id}")] HttpRequest request, string id, CancellationToken cancellationToken)
    {
        var (stored, absent) = await documents.FindAsync(request.Caller().Tenant, id, cancellationToken);
        return stored is null ? absent! : Preconditions.Ok(request, stored.ETag, DocumentView.Of(stored.Value, options.Value));
    }

    [AllowAnyRole]
    [QueryParameters("status", "limit", "continuation")]
    [Function("ListIngestions")]
    public async Task<IResult> IngestionsAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/v1/ingestions")] HttpRequest request, CancellationToken cancellationToken)
    {
        var (limit, problem) = Paging.Limit(request);
        var filters = new List<RecordFilter>();
        problem ??= OneOf(request, "status", s_ingestionStatuses, filters);
        if (problem is not null)
        {
            return problem;
        }

        try
        {
            var query = new RecordQuery(filters, "created_at", Descending: true, limit, Paging.Continuation(request));
            var page = await records.QueryAsync(IngestionRecord.Container, request.Caller().Tenant, query, cancellationToken);
            return Answer.Ok(new IngestionList([.. page.Items.Select(item => IngestionView.Of(item.Value, progress: null))], Paging.Next(request, page.Continuation)));
        }
        catch (InvalidContinuationException fault)
        {
            return Paging.BadContinuation(fault);
        }
    }

    private static (RecordQuery? Query, Problem? Problem) QueryOf(HttpRequest request)
    {
        var (limit, problem) = Paging.Limit(request);
        var (from, badFrom) = QueryTime.Read(request, "from");
        var (to, badTo) = QueryTime.Read(request, "to");
        var filters = new List<RecordFilter> { new("status", RecordOperator.NotEqual, "deleting") };
        problem ??= badFrom ?? badTo ?? OneOf(request, "format", s_formats, filters) ?? OneOf(request, "status", s_statuses, filters);
        if (problem is not null)
        {
            return (null, problem);
        }

        if (request.Query["company"].ToString() is { Length: > 0 } company)
        {
            filters.Add(new RecordFilter("company_id", RecordOperator.Equal, CompanyName.IdAsked(request.Caller().Tenant, company)));
        }

        if (request.Query["form"].ToString() is { Length: > 0 } form)
        {
            filters.Add(new RecordFilter("form", RecordOperator.Equal, form.ToUpperInvariant()));
        }

        if (request.Query["name"].ToString() is { Length: > 0 } name)
        {
            filters.Add(new RecordFilter("search_name", RecordOperator.Includes, name.ToLowerInvariant()));
        }

        if (from is { } first)
        {
            filters.Add(new RecordFilter("uploaded_at", RecordOperator.GreaterOrEqual, QueryTime.Stored(first)));
        }

        if (to is { } end)
        {
            filters.Add(new RecordFilter("uploaded_at", RecordOperator.LessOrEqual, QueryTime.Stored(end.AddTicks(-1))));
        }

        (string By, bool Descending)? order = request.Query["sort"].ToString() switch
        {
            "" or "newest" => ("uploaded_at", true),
            "oldest" => ("uploaded_at", false),
            "name" => ("search_name", false),
            "-name" => ("search_name", true),
            _ => null,
        };
        return order is { } sort
            ? (new RecordQuery(filters, sort.By, sort.Descending, limit, Paging.Continuation(request)), null)
            : (null, Problem.Invalid("sort", "'sort' is newest, oldest, name or -name."));
    }

    private static Problem? OneOf(HttpRequest request, string name, string[] allowed, List<RecordFilter> filters)
    {
        var value = request.Query[name].ToString();
        if (value.Length == 0)
        {
            return null;
        }

        filters.Add(new RecordFilter(name, RecordOperator.Equal, value));
        return allowed.Contains(value) ? null : Problem.Invalid(name, $"'{name}' is one of {string.Join(", ", allowed)}.");
    }

    private sealed record DocumentList(IReadOnlyList<DocumentView> Documents, Pagination Pagination);

    private sealed record IngestionList(IReadOnlyList<IngestionView> Ingestions, Pagination Pagination);
}
