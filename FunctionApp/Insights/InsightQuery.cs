using System.Globalization;
using Advisor.Documents.Contracts;
using Advisor.Kernel.Http;
using Advisor.Kernel.Records;
using Advisor.Kernel.Tenancy;
using Microsoft.AspNetCore.Http;

namespace Advisor.Insights;

/// <summary>What a request for insights asks for.</summary>
public static class InsightQuery
{
    private static readonly (string Name, string Property, string[]? Allowed)[] s_filters =
    [
        ("analysis_id", "analysis_id", null),
        ("ingestion_id", "ingestion_id", null),
        ("document_id", "document_id", null),
        ("type", "type", [.. Contracts.AnalysisTypes.All]),
        ("band", "band", ["high", "medium", "low"]),
        ("status", "status", ["published", "awaiting_approval", "in_review", "superseded", "rejected", "corrected", "held"]),
    ];

    /// <summary>Whether a query asks for anything created since that time.</summary>
    public static bool ReachesInto(RecordQuery query, DateTimeOffset since) => !query.Filters.Any(filter =>
        filter is { Property: "sort_key", Operator: RecordOperator.GreaterOrEqual, Value: string key } && string.CompareOrdinal(key, InsightRecord.SortKeyFrom(since)) > 0);

    /// <summary>The query within the caller's tenant, or the problem with the request, which names the field.</summary>
    /// <remarks>Superseded insights are left out unless the request names that status, an analysis, or <c>include=superseded</c>.</remarks>
    public static (RecordQuery? Query, Problem? Problem) Of(HttpRequest request)
    {
        var (limit, problem) = Paging.Limit(request);
        var filters = new List<RecordFilter>();
        problem ??= AddNamed(request.Query, filters) ?? AddConfidence(request.Query, filters) ?? AddTimes(request, filters) ?? AddSuperseded(request.Query, filters);
        if (problem is not null)
        {
            return (null, problem);
        }

        if (request.Query["company"].ToString() is { Length: > 0 } company)
        {
            filters.Add(new RecordFilter("company_id", RecordOperator.Equal, CompanyName.IdAsked(request.Caller().Tenant, company)));
        }

        if (request.Query["metric"].ToString() is { Length: > 0 } metric)
        {
            filters.Add(new RecordFilter("metrics", RecordOperator.Contains, metric));
        }

        (string By, bool Descending)? order = request.Query["sort"].ToString() switch
        {
            "" or "newest" => ("sort_key", false),
            "confidence" => ("confidence_score", false),
            "-confidence" => ("confidence_score", true),
            "amount" => ("amount", false),
            "-amount" => ("amount", true),
            _ => null,
        };
        return order is { } sort
            ? (new RecordQuery(filters, sort.By, sort.Descending, limit, Paging.Continuation(request)), null)
            : (null, Problem.Invalid("sort", "'sort' is newest, confidence, -confidence, amount or -amount; the minus puts the largest first."));
    }

    private static Problem? AddNamed(IQueryCollection query, List<RecordFilter> filters)
    {
        foreach (var (name, property, allowed) in s_filters)
        {
            if (query[name].ToString() is not { Length: > 0 } value)
            {
                continue;
            }

            if (allowed is not null && !allowed.Contains(value))
            {
                return Problem.Invalid(name, $"'{name}' is one of {string.Join(", ", allowed)}.");
            }

            filters.Add(new RecordFilter(property, RecordOperator.Equal, value));
        }

        return null;
    }

    private static Problem? AddConfidence(IQueryCollection query, List<RecordFilter> filters)
    {
        if (query["confidence_min"].ToString() is not { Length: > 0 } text)
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

    private static Problem? AddTimes(HttpRequest request, List<RecordFilter> filters)
    {
        var (from, badFrom) = QueryTime.Read(request, "from");
        var (to, badTo) = QueryTime.Read(request, "to");

        // Sort keys run against time.
        if (from is { } first)
        {
            filters.Add(new RecordFilter("sort_key", RecordOperator.LessOrEqual, InsightRecord.SortKeyFrom(first)));
        }

        if (to is { } end)
        {
            filters.Add(new RecordFilter("sort_key", RecordOperator.GreaterOrEqual, InsightRecord.SortKeyFrom(end)));
        }

        return badFrom ?? badTo;
    }

    private static Problem? AddSuperseded(IQueryCollection query, List<RecordFilter> filters)
    {
        var include = query["include"].ToString();
        if (include is not ("" or "superseded"))
        {
            return Problem.Invalid("include", "'include' is superseded, or left out.");
        }

        if (include.Length == 0 && query["status"].ToString().Length == 0 && query["analysis_id"].ToString().Length == 0)
        {
            filters.Add(new RecordFilter("status", RecordOperator.NotEqual, "superseded"));
        }

        return null;
    }
}
