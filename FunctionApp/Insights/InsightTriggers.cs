using System.Globalization;
using Advisor.Kernel.Caching;
using Advisor.Kernel.Http;
using Advisor.Kernel.Records;
using Advisor.Kernel.Tenancy;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace Advisor.Insights;

/// <summary>Insights and the chains behind them, to read.</summary>
public sealed class InsightTriggers(IRecordStore records, AnswerCache answers, ILogger<InsightTriggers> logger)
{
    private static readonly (string Query, string Property, string[]? Allowed)[] s_filters =
    [
        ("analysis_id", "analysis_id", null),
        ("ingestion_id", "ingestion_id", null),
        ("document_id", "document_id", null),
        ("type", "type", [.. Contracts.AnalysisTypes.All]),
        ("band", "band", ["high", "medium", "low"]),
        ("status", "status", ["published", "awaiting_approval", "in_review"]),
    ];

    [AllowAnyRole]
    [Function("ListInsights")]
    public async Task<IResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/v1/insights")] HttpRequest request, CancellationToken cancellationToken)
    {
        var (limit, problem) = Paging.Limit(request);
        var filters = new List<RecordFilter>();
        problem ??= Filters(request, filters);
        if (problem is not null)
        {
            return problem;
        }

        try
        {
            var query = new RecordQuery(filters, "sort_key", Descending: false, limit, Paging.Continuation(request));
            var caller = request.Caller();
            return await answers.AnswerAsync(caller, InsightRecord.Container, CanonicalQuery.Of(query), async compute =>
            {
                var page = await records.QueryAsync(InsightRecord.Container, caller.Tenant, query, compute);
                return new InsightList(
                    [.. page.Items.Select(item => InsightReading.Verified(item.Value, logger)).OfType<InsightRecord>().Select(InsightView.Of)], Paging.Next(request, page.Continuation));
            }, cancellationToken);
        }
        catch (InvalidContinuationException fault)
        {
            return Paging.BadContinuation(fault);
        }
    }

    [AllowAnyRole]
    [Function("GetInsight")]
    public async Task<IResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/v1/insights/{id}")] HttpRequest request, string id, CancellationToken cancellationToken) =>
        await records.FindAsync(InsightRecord.Container, request.Caller().Tenant, id, cancellationToken) is { } stored
            ? InsightReading.Verified(stored.Value, logger) is { } insight ? Answer.Ok(InsightView.Of(insight)) : InsightReading.Altered(id)
            : Problem.NotFound("insight", id);

    private static Problem? Filters(HttpRequest request, List<RecordFilter> filters)
    {
        foreach (var (name, property, allowed) in s_filters)
        {
            if (request.Query[name].ToString() is not { Length: > 0 } value)
            {
                continue;
            }

            if (allowed is not null && !allowed.Contains(value))
            {
                return Problem.Invalid(name, $"'{name}' is one of {string.Join(", ", allowed)}.");
            }

            filters.Add(new RecordFilter(property, RecordOperator.Equal, value));
        }

        if (request.Query["confidence_min"].ToString() is not { Length: > 0 } text)
        {
            return null;
        }

        if (!decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var least) || least > 1)
        {
            return Problem.Invalid("confidence_min", "'confidence_min' is a number from 0 to 1, such as 0.6.");
        }

        filters.Add(new RecordFilter("confidence_score", RecordOperator.GreaterOrEqual, least));
        return null;
    }

    private sealed record InsightList(IReadOnlyList<InsightView> Insights, Pagination Pagination);
}
