using System.Text.Json.Serialization;
using Advisor.Documents.Contracts;
using Advisor.Kernel.Http;
using Advisor.Kernel.Reasoning;
using Advisor.Kernel.Records;
using Advisor.Kernel.Tenancy;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace Advisor.Insights.Corrections;

/// <summary>What people corrected in a document, and who relied on the old values.</summary>
public sealed class CorrectionTriggers(IRecordStore records, DocumentReadings readings, DocumentCorrections corrections)
{
    /// <summary>The newest first.</summary>
    [AllowAnyRole]
    [QueryParameters("fact_id", "limit", "continuation")]
    [Function("GetDocumentCorrections")]
    public async Task<IResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/v1/documents/{id}/corrections")] HttpRequest request, string id, CancellationToken cancellationToken)
    {
        var tenant = request.Caller().Tenant;
        var (limit, problem) = Paging.Limit(request);
        if ((problem ?? await readings.AbsenceAsync(tenant, id, cancellationToken)) is { } absent)
        {
            return absent;
        }

        var all = (await corrections.OfAsync(tenant, id, cancellationToken)).Reverse();
        if (request.Query["fact_id"].ToString() is { Length: > 0 } fact)
        {
            all = all.Where(correction => correction.FactId == fact);
        }

        var (page, pagination, bad) = Paging.Slice(request, all, limit);
        if (bad is not null)
        {
            return bad;
        }

        var facts = page.Count == 0 || await readings.FindAsync(tenant, id, cancellationToken) is not ({ } findings, _)
            ? []
            : findings.Facts.ToDictionary(known => known.Id, StringComparer.Ordinal);
        var relying = (await RelianceOfDocument.OfAsync(records, tenant, id, cancellationToken)).ToDictionary(reliance => reliance.CorrectionId, StringComparer.Ordinal);
        return Answer.Ok(new CorrectionList(
            [.. page.Select(correction => CorrectionView.Of(correction, facts.GetValueOrDefault(correction.FactId), relying.GetValueOrDefault(correction.Id)))], pagination));
    }

    private sealed record CorrectionList(IReadOnlyList<CorrectionView> Corrections, Pagination Pagination);
}

/// <summary>A correction as the API shows it.</summary>
/// <param name="Version">From 1 for each fact; what was read is version 0.</param>
/// <param name="Printed">As the document prints it, which stays.</param>
/// <param name="Analyses">Those that were run again because of it.</param>
public sealed record CorrectionView(
    string CorrectionId,
    string DocumentId,
    string FactId,
    int Version,
    string? Label,
    string? Metric,
    string? Period,
    Unit? Unit,
    string? Currency,
    decimal Before,
    decimal After,
    string Printed,
    IReadOnlyList<string> By,
    DateTimeOffset At,
    string ReviewId,
    string? Comment,
    RelianceView ReliedOn,
    IReadOnlyList<CorrectionRerun> Analyses,
    [property: JsonPropertyName("_links")] IReadOnlyDictionary<string, Link> Links)
{
    public static CorrectionView Of(FactCorrection correction, Fact? fact, CorrectionReliance? reliance) => new(
        correction.Id, correction.DocumentId, correction.FactId, correction.Version, fact?.Label, correction.Metric, fact?.Period?.Label, fact?.Unit, fact?.Currency,
        correction.Before, correction.After, correction.Printed, correction.By, correction.At, correction.ReviewId, correction.Comment, RelianceView.Of(reliance), reliance?.Reruns ?? [],
        new Dictionary<string, Link>
        {
            ["review"] = new($"/api/v1/reviews/{correction.ReviewId}"),
            ["document"] = new($"/api/v1/documents/{correction.DocumentId}"),
            ["facts"] = new($"/api/v1/documents/{correction.DocumentId}/facts"),
            ["original_facts"] = new($"/api/v1/documents/{correction.DocumentId}/facts?include=original"),
        });
}

/// <summary>Who and what relied on the old value when it was corrected.</summary>
public sealed record RelianceView(
    IReadOnlyList<RelyingInsight> Insights, IReadOnlyList<RelyingReview> Reviews, IReadOnlyList<RelyingNotification> Notifications, IReadOnlyList<PersonView> People)
{
    /// <summary>Nobody for a moment: it is looked for right after the correction is written.</summary>
    public static RelianceView Of(CorrectionReliance? reliance) => reliance is null ? new([], [], [], []) : new(
        reliance.Insights, reliance.Reviews, reliance.Notifications, [.. reliance.People.Select(person => new PersonView(person.UserId, person.Because, person.Told))]);
}

/// <param name="Told">Whether they were told of the correction.</param>
public sealed record PersonView(string UserId, IReadOnlyList<RelianceReason> Because, bool Told);
