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
    [AllowAnyRole]
    [QueryParameters("analysis_id", "ingestion_id", "document_id", "type", "band", "status", "confidence_min", "metric", "company", "from", "to", "include", "sort", "limit", "continuation")]
    [Function("ListInsights")]
    public async Task<IResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/v1/insights")] HttpRequest request, CancellationToken cancellationToken)
    {
        var (query, problem) = InsightQuery.Of(request);
        if (query is null)
        {
            return problem!;
        }

        try
        {
            var (caller, next) = (request.Caller(), Paging.NextOf(request));
            return await answers.AnswerAsync(caller, InsightRecord.Container, CanonicalQuery.Of(query), InsightQuery.ReachesInto(query, answers.RecentFrom), async compute =>
            {
                var page = await records.QueryAsync(InsightRecord.Container, caller.Tenant, query, compute);
                return new InsightList(
                    [.. page.Items.Select(item => InsightReading.Verified(item.Value, logger)).OfType<InsightRecord>().Select(InsightView.Of)],
                    next(page.Continuation));
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

    private sealed record InsightList(IReadOnlyList<InsightView> Insights, Pagination Pagination);
}
