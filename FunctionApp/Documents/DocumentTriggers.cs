using System.Text.Json.Serialization;
using Advisor.Documents.Contracts;
using Advisor.Documents.Corrections;
using Advisor.Kernel.Http;
using Advisor.Kernel.Reasoning;
using Advisor.Kernel.Tenancy;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace Advisor.Documents;

/// <summary>What was read of a document.</summary>
public sealed class DocumentTriggers(KnownDocuments documents, CorrectedFindings corrected)
{
    [AllowAnyRole]
    [QueryParameters("metric", "period", "page", "sheet", "include", "limit", "continuation")]
    [Function("GetDocumentFacts")]
    public async Task<IResult> FactsAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/v1/documents/{id}/facts")] HttpRequest request, string id, CancellationToken cancellationToken) =>
        request.Query["page"].ToString() is { Length: > 0 } page && !(int.TryParse(page, System.Globalization.CultureInfo.InvariantCulture, out var number) && number >= 1)
            ? Problem.Invalid("page", "'page' is a page number, 1 or more.")
            : await PageOfAsync(
                request, id, "facts", findings => Filtered(findings.Facts, request.Query).Select(FactView.Of), (items, next) => new FactList(items, next), cancellationToken);

    [AllowAnyRole]
    [QueryParameters("outcome", "include", "limit", "continuation")]
    [Function("GetDocumentProofs")]
    public async Task<IResult> ProofsAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/v1/documents/{id}/proofs")] HttpRequest request, string id, CancellationToken cancellationToken)
    {
        var outcome = request.Query["outcome"].ToString();
        if (outcome.Length > 0 && !Enum.GetNames<ProofOutcome>().Contains(outcome, StringComparer.OrdinalIgnoreCase))
        {
            return Problem.Invalid("outcome", "'outcome' is holds, fails or unproven.");
        }

        return await PageOfAsync(
            request, id, "proofs",
            findings => findings.Proofs.Where(proof => outcome.Length == 0 || proof.Outcome.ToString().Equals(outcome, StringComparison.OrdinalIgnoreCase)),
            (items, next) => new ProofList(items, next), cancellationToken);
    }

    private async Task<IResult> PageOfAsync<TItem, TList>(
        HttpRequest request, string id, string what, Func<DocumentFindings, IEnumerable<TItem>> select, Func<IReadOnlyList<TItem>, Pagination, TList> list, CancellationToken cancellationToken)
    {
        var (limit, problem) = Paging.Limit(request);
        var include = request.Query["include"].ToString();
        problem ??= include is "" or "original" ? null : Problem.Invalid("include", "'include' is original, for what was read before anybody corrected it, or left out.");
        if (problem is not null)
        {
            return problem;
        }

        var tenant = request.Caller().Tenant;
        if (await documents.FindAsync(tenant, id, cancellationToken) is (null, { } absent))
        {
            return absent;
        }

        var findings = include == "original" ? await corrected.OriginalAsync(tenant, id, cancellationToken) : await corrected.ReadAsync(tenant, id, cancellationToken);
        if (findings is null)
        {
            return DocumentProblems.NotReady(what);
        }

        var (page, pagination, bad) = Paging.Slice(request, select(findings), limit);
        return bad is not null ? bad : Answer.Ok(list(page, pagination));
    }

    private static IEnumerable<Fact> Filtered(IEnumerable<Fact> facts, IQueryCollection query)
    {
        if (query["metric"].ToString() is { Length: > 0 } metric)
        {
            facts = metric == "*" ? facts.Where(fact => fact.Metric is not null) : facts.Where(fact => fact.Metric == metric);
        }

        if (query["period"].ToString() is { Length: > 0 } period)
        {
            facts = facts.Where(fact => fact.Period?.Label == period);
        }

        if (int.TryParse(query["page"].ToString(), System.Globalization.CultureInfo.InvariantCulture, out var page))
        {
            facts = facts.Where(fact => fact.Source.Page == page);
        }

        return query["sheet"].ToString() is { Length: > 0 } sheet
            ? facts.Where(fact => string.Equals(fact.Source.Sheet, sheet, StringComparison.OrdinalIgnoreCase))
            : facts;
    }

    private sealed record FactList(IReadOnlyList<FactView> Facts, Pagination Pagination);

    private sealed record ProofList(IReadOnlyList<Proof> Proofs, Pagination Pagination);
}

/// <summary>A fact as the API shows it.</summary>
/// <param name="Period">The period's label.</param>
/// <param name="PeriodEnd">Last day, ISO 8601; null when the document does not print it.</param>
/// <param name="Months">Length of the period; 0 for an instant.</param>
public sealed record FactView(
    string Id,
    string? Metric,
    string Label,
    string? Period,
    DateOnly? PeriodEnd,
    int? Months,
    decimal Value,
    Unit Unit,
    string? Currency,
    decimal Scale,
    string Printed,
    int? Page,
    string? Sheet,
    string? Cell,
    int? Table,
    Box? Box,
    decimal? Confidence,
    ReadingMethod ReadBy,
    string Rule,
    [property: JsonPropertyName("_links")] IReadOnlyDictionary<string, Link> Links)
{
    /// <summary>Who gave the value, and what it was before; absent for a value as read.</summary>
    public CorrectedView? Corrected { get; init; }

    public static FactView Of(Fact fact) => new(
        fact.Id, fact.Metric, fact.Label, fact.Period?.Label, fact.Period?.End, fact.Period?.Months, fact.Value, fact.Unit, fact.Currency, fact.Scale, fact.Printed,
        fact.Source.Page, fact.Source.Sheet, fact.Source.Cell, fact.Source.Table, fact.Source.Box, fact.Confidence, fact.ReadBy, fact.Rule,
        new Dictionary<string, Link> { ["document"] = new($"/api/v1/documents/{fact.Source.DocumentId}/facts") })
    {
        Corrected = CorrectedView.Of(fact.Corrected, fact.Source.DocumentId),
    };
}
