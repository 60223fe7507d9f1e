using System.Globalization;
using Advisor.Kernel.Http;
using Advisor.Kernel.Policies;
using Advisor.Kernel.Records;
using Advisor.Kernel.Tenancy;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace Advisor.Kernel.Reviews.Integrity;

/// <summary>Whether reviewers look, for administrators.</summary>
public sealed class IntegrityTriggers(IRecordStore records, PolicyDesk policies, ReviewTimes times, TimeProvider time)
{
    /// <summary>The newest so many are read; the answer says where it had to stop.</summary>
    public const int MostReviews = 20_000;

    private const int DefaultDays = 90;

    private const int MostDays = 365;

    private const int PageSize = 1_000;

    [Allow(Role.Admin)]
    [QueryParameters("kind", "days")]
    [Function("GetReviewerIntegrity")]
    public async Task<IResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/v1/reviewers/integrity")] HttpRequest request, CancellationToken cancellationToken)
    {
        var (tenant, kind, text) = (request.Caller().Tenant, request.Query["kind"].ToString(), request.Query["days"].ToString());
        var days = DefaultDays;
        if (text.Length > 0 && (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out days) || days is < 1 or > MostDays))
        {
            return Problem.Invalid("days", $"'days' is a whole number from 1 to {MostDays}.");
        }

        if (kind.Length > 0 && (await times.KindsAsync(tenant, cancellationToken)).All(known => known.Kind != kind))
        {
            return Problem.NotFound("kind of review", kind);
        }

        var now = time.GetUtcNow();
        var (reviews, truncated) = await ReadAsync(tenant, kind, now.AddDays(-days), cancellationToken);
        var from = truncated ? reviews[^1].CreatedAt : now.AddDays(-days);
        var sampling = (await policies.CurrentAsync(tenant, cancellationToken)).Sampling;
        return Answer.Ok(new ReportView(from, now, truncated, PlausibleTime.InWords, PlantingOf(sampling), IntegrityReport.Of(reviews)));
    }

    private async Task<(List<ReviewRecord> Reviews, bool Truncated)> ReadAsync(TenantId tenant, string kind, DateTimeOffset since, CancellationToken cancellationToken)
    {
        List<RecordFilter> filters = [new RecordFilter("created_at", RecordOperator.GreaterOrEqual, QueryTime.Stored(since))];
        if (kind.Length > 0)
        {
            filters.Add(new RecordFilter("kind", RecordOperator.Equal, kind));
        }

        var reviews = new List<ReviewRecord>();
        string? continuation = null;
        do
        {
            var page = await records.QueryAsync(ReviewRecord.Container, tenant, new RecordQuery(filters, "created_at", Descending: true, PageSize, continuation), cancellationToken);
            reviews.AddRange(page.Items.Select(item => item.Value));
            continuation = page.Continuation;
        }
        while (continuation is not null && reviews.Count < MostReviews);
        return (reviews, continuation is not null);
    }

    private static PlantingView PlantingOf(PolicySampling sampling) => new(
        sampling.SeededRate,
        sampling switch
        {
            { SeededRate: 0 } => "The policy's 'sampling.seeded_rate' is 0: no test items are planted.",
            { HighBandRate: 0 } => "The policy's 'sampling.high_band_rate' is 0: every blind review would be a test item and be known for it, so none are planted.",
            _ => null,
        });

    /// <param name="From">Reviews opened from then on are counted, once they have ended.</param>
    /// <param name="Truncated">There were more than are read at a time: <paramref name="From"/> is later than was asked.</param>
    private sealed record ReportView(DateTimeOffset From, DateTimeOffset To, bool Truncated, string TooFastRule, PlantingView Planting, IntegrityReport Report);

    /// <param name="Why">Why nothing is planted; null where something is.</param>
    private sealed record PlantingView(decimal SeededRate, string? Why);
}
