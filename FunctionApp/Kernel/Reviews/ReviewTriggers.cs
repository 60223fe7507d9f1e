using System.Globalization;
using Advisor.Kernel.Http;
using Advisor.Kernel.Records;
using Advisor.Kernel.Tenancy;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace Advisor.Kernel.Reviews;

/// <summary>Reviews, to read.</summary>
public sealed class ReviewTriggers(IRecordStore records, ReviewQueue queue, ReviewTimes times, TimeProvider time)
{
    private static readonly string[] s_ended = ["decided", "settled", "expired", "withdrawn"];

    [AllowAnyRole]
    [QueryParameters("status", "kind", "band", "depth", "assigned_to", "amount_min", "limit", "continuation")]
    [Function("ListReviews")]
    public async Task<IResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/v1/reviews")] HttpRequest request, CancellationToken cancellationToken)
    {
        var (caller, status, kind) = (request.Caller(), request.Query["status"].ToString(), request.Query["kind"].ToString() is { Length: > 0 } named ? named : null);
        var (limit, problem) = Paging.Limit(request);
        problem ??= status is "" or "waiting" or "open" or "awaiting_second" || s_ended.Contains(status)
            ? null
            : Problem.Invalid("status", $"'status' is one of waiting (open and awaiting_second together, the default), open, awaiting_second, {string.Join(", ", s_ended)}.");
        var (filters, unfit) = FiltersOf(request, caller, status);
        if ((problem ?? unfit) is { } invalid)
        {
            return invalid;
        }

        try
        {
            var now = time.GetUtcNow();
            if (!s_ended.Contains(status))
            {
                var (reviews, further) = await queue.PageAsync(caller.Tenant, kind, filters, limit, Paging.Continuation(request), cancellationToken);
                return Answer.Ok(new ReviewList([.. reviews.Select(item => ReviewItem.Of(item.Review, item.Minutes, now))], Paging.Next(request, further)));
            }

            var minutes = (await times.KindsAsync(caller.Tenant, cancellationToken)).ToDictionary(known => known.Kind, known => known.MedianMinutes);
            IReadOnlyList<RecordFilter> all = kind is null ? filters : [.. filters, new RecordFilter("kind", RecordOperator.Equal, kind)];
            var page = await records.QueryAsync(
                ReviewRecord.Listed, caller.Tenant, new RecordQuery(all, "created_at", Descending: true, limit, Paging.Continuation(request)), cancellationToken);
            return Answer.Ok(new ReviewList(
                [.. page.Items.Select(item => ReviewItem.Of(item.Value, minutes.GetValueOrDefault(item.Value.Kind, ReviewWorth.AssumedMinutes), now))], Paging.Next(request, page.Continuation)));
        }
        catch (InvalidContinuationException fault)
        {
            return Paging.BadContinuation(fault);
        }
    }

    [AllowAnyRole]
    [Function("GetReview")]
    public async Task<IResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/v1/reviews/{id}")] HttpRequest request, string id, CancellationToken cancellationToken)
    {
        var caller = request.Caller();
        return await records.FindAsync(ReviewRecord.Container, caller.Tenant, id, cancellationToken) is { } stored
            ? Preconditions.Ok(request, stored.ETag, await times.ViewAsync(stored.Value, caller, time.GetUtcNow(), cancellationToken))
            : Problem.NotFound("review", id);
    }

    private static (IReadOnlyList<RecordFilter> Filters, Problem? Problem) FiltersOf(HttpRequest request, Caller caller, string status)
    {
        var filters = new List<RecordFilter>();
        if (status is not ("" or "waiting"))
        {
            filters.Add(new RecordFilter("status", RecordOperator.Equal, status));
        }

        foreach (var (name, allowed) in new[] { ("band", new[] { "low", "medium", "high" }), ("depth", ["approval", "full"]) })
        {
            var value = request.Query[name].ToString();
            if (value.Length > 0 && !allowed.Contains(value))
            {
                return ([], Problem.Invalid(name, $"'{name}' is one of {string.Join(", ", allowed)}."));
            }

            if (value.Length > 0)
            {
                filters.Add(new RecordFilter(name, RecordOperator.Equal, value));
            }
        }

        if (request.Query["band"].ToString().Length > 0)
        {
            // By its band a blind review would tell what it does not show.
            filters.Add(new RecordFilter("blind", RecordOperator.Equal, false));
        }

        if (request.Query["assigned_to"].ToString() is { Length: > 0 } assigned)
        {
            filters.Add(new RecordFilter("assigned_to", RecordOperator.Equal, assigned == "me" ? caller.UserId : assigned));
        }

        if (request.Query["amount_min"].ToString() is { Length: > 0 } text)
        {
            if (!decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var amount))
            {
                return ([], Problem.Invalid("amount_min", "'amount_min' is a number."));
            }

            filters.Add(new RecordFilter("amount", RecordOperator.GreaterOrEqual, amount));
        }

        return (filters, null);
    }

    private sealed record ReviewList(IReadOnlyList<ReviewItem> Reviews, Pagination Pagination);
}
