using System.Text.Json.Serialization;
using Advisor.Documents.Corrections;
using Advisor.Kernel.Http;
using Advisor.Kernel.Reasoning;
using Advisor.Kernel.Records;
using Advisor.Kernel.Tenancy;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace Advisor.Documents;

/// <summary>The companies that documents are of, and their metrics through time.</summary>
public sealed class CompanyTriggers(IRecordStore records, CompanyBook companies, CorrectedFindings corrected)
{
    [AllowAnyRole]
    [QueryParameters("name", "limit", "continuation")]
    [Function("ListCompanies")]
    public async Task<IResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/v1/companies")] HttpRequest request, CancellationToken cancellationToken)
    {
        var (limit, problem) = Paging.Limit(request);
        if (problem is not null)
        {
            return problem;
        }

        var filters = new List<RecordFilter> { new("documents", RecordOperator.GreaterOrEqual, 1) };
        if (request.Query["name"].ToString() is { Length: > 0 } name)
        {
            filters.Add(new RecordFilter("search_name", RecordOperator.Includes, name.ToLowerInvariant()));
        }

        try
        {
            var query = new RecordQuery(filters, "search_name", Descending: false, limit, Paging.Continuation(request));
            var page = await records.QueryAsync(CompanyRecord.Container, request.Caller().Tenant, query, cancellationToken);
            return Answer.Ok(new CompanyList([.. page.Items.Select(item => CompanyView.Of(item.Value))], Paging.Next(request, page.Continuation)));
        }
        catch (InvalidContinuationException fault)
        {
            return Paging.BadContinuation(fault);
        }
    }

    [AllowAnyRole]
    [Function("GetCompany")]
    public async Task<IResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/v1/companies/{id}")] HttpRequest request, string id, CancellationToken cancellationToken) =>
        await FindAsync(request, id, cancellationToken) is { } company ? Answer.Ok(CompanyView.Of(company)) : Problem.NotFound("company", id);

    /// <summary>A metric across the company's documents; without a metric, the metrics there are.</summary>
    [AllowAnyRole]
    [QueryParameters("metric", "period_type", "from", "to", "limit", "continuation")]
    [Function("GetCompanySeries")]
    public async Task<IResult> SeriesAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/v1/companies/{id}/series")] HttpRequest request, string id, CancellationToken cancellationToken)
    {
        var (limit, problem) = Paging.Limit(request);
        var (from, badFrom) = QueryTime.Read(request, "from");
        var (to, badTo) = QueryTime.Read(request, "to");
        var type = request.Query["period_type"].ToString();
        problem ??= badFrom ?? badTo ?? (type is "" or "year" or "quarter" or "instant" ? null : Problem.Invalid("period_type", "'period_type' is year, quarter or instant; leave it out for all periods."));
        if (problem is not null)
        {
            return problem;
        }

        if (await FindAsync(request, id, cancellationToken) is not { } company)
        {
            return Problem.NotFound("company", id);
        }

        var tenant = request.Caller().Tenant;
        var documents = await companies.OwnAsync(tenant, id, cancellationToken);
        if (request.Query["metric"].ToString() is not { Length: > 0 } metric)
        {
            var (metrics, more, bad) = Paging.Slice(request, Metrics(id, documents), limit);
            return bad is not null ? bad : Answer.Ok(new MetricList(id, company.Name, metrics, more));
        }

        var facts = await records.AllAsync(HeadlineFact.Container, tenant,
            [new RecordFilter("company_id", RecordOperator.Equal, id), new RecordFilter("metric", RecordOperator.Equal, metric)], cancellationToken);
        var corrections = facts.Count == 0 ? new Dictionary<string, Contracts.FactCorrection>() : await corrected.OfMetricAsync(tenant, metric, cancellationToken);
        var points = MetricSeries.Of(
            facts.Select(fact => corrections.TryGetValue(fact.Value.Fact.Id, out var newest) ? fact.Value with { Fact = CorrectedFindings.Corrected(fact.Value.Fact, newest) } : fact.Value).Where(fact => IsOf(fact.Fact.Period, type) && IsWithin(fact.Fact.Period, from, to)),
            documents.ToDictionary(document => document.Id, StringComparer.Ordinal));
        var (page, pagination, unreadable) = Paging.Slice(request, points, limit);
        return unreadable is not null ? unreadable : Answer.Ok(new SeriesView(id, company.Name, metric, page, pagination));
    }

    private async Task<CompanyRecord?> FindAsync(HttpRequest request, string id, CancellationToken cancellationToken) =>
        await records.FindAsync(CompanyRecord.Container, request.Caller().Tenant, id, cancellationToken) is { Value: var company } ? company : null;

    private static IEnumerable<MetricView> Metrics(string id, List<DocumentRecord> documents) =>
        documents.SelectMany(document => document.Metrics ?? new Dictionary<string, int>())
            .GroupBy(metric => metric.Key, StringComparer.Ordinal)
            .OrderBy(same => same.Key, StringComparer.Ordinal)
            .Select(same => new MetricView(same.Key, same.Sum(metric => metric.Value), same.Count(),
                new Dictionary<string, Link> { ["series"] = new($"/api/v1/companies/{id}/series?metric={Uri.EscapeDataString(same.Key)}") }));

    private static bool IsOf(Period? period, string type) => type switch
    {
        "year" => period?.Months == 12,
        "quarter" => period?.Months == 3,
        "instant" => period?.Months == 0,
        _ => true,
    };

    /// <summary>Both ends count: a year that ends on the last day asked for is what is asked for.</summary>
    private static bool IsWithin(Period? period, DateTimeOffset? from, DateTimeOffset? to) =>
        (from is null || period?.Order >= DateOnly.FromDateTime(from.Value.UtcDateTime).DayNumber)
        && (to is null || period?.Order <= DateOnly.FromDateTime(to.Value.UtcDateTime).DayNumber);

    private sealed record CompanyList(IReadOnlyList<CompanyView> Companies, Pagination Pagination);

    /// <param name="Facts">How many facts name the metric.</param>
    /// <param name="Documents">How many documents they are in.</param>
    private sealed record MetricView(string Metric, int Facts, int Documents, [property: JsonPropertyName("_links")] IReadOnlyDictionary<string, Link> Links);

    private sealed record MetricList(string CompanyId, string Company, IReadOnlyList<MetricView> Metrics, Pagination Pagination);

    private sealed record SeriesView(string CompanyId, string Company, string Metric, IReadOnlyList<SeriesPoint> Points, Pagination Pagination);
}

/// <summary>A company as the API shows it.</summary>
/// <param name="Documents">How many documents are of it.</param>
/// <param name="LatestPeriod">Label of the latest period that any of them prints a metric for.</param>
public sealed record CompanyView(
    string CompanyId, string Name, int Documents, string? LatestPeriod, DateOnly? LatestPeriodEnd, [property: JsonPropertyName("_links")] IReadOnlyDictionary<string, Link> Links)
{
    public static CompanyView Of(CompanyRecord record) => new(
        record.Id, record.Name, record.Documents, record.LatestPeriod?.Label, record.LatestPeriod?.End,
        new Dictionary<string, Link>
        {
            ["self"] = new($"/api/v1/companies/{record.Id}"),
            ["documents"] = new($"/api/v1/documents?company={record.Id}"),
            ["insights"] = new($"/api/v1/insights?company={record.Id}"),
            ["metrics"] = new($"/api/v1/companies/{record.Id}/series"),
        });
}
