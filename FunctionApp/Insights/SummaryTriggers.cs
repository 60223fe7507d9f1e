using System.Globalization;
using System.Text;
using System.Text.Json.Serialization;
using Advisor.Documents.Contracts;
using Advisor.Kernel.Http;
using Advisor.Kernel.Reasoning.Claims;
using Advisor.Kernel.Records;
using Advisor.Kernel.Tenancy;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace Advisor.Insights;

/// <summary>The CFO summary of a document, as JSON or Markdown.</summary>
public sealed class SummaryTriggers(IRecordStore records, DocumentReadings readings, ILogger<SummaryTriggers> logger)
{
    [AllowAnyRole]
    [AnswersIn("application/json", "text/markdown")]
    [QueryParameters("format")]
    [Function("GetSummary")]
    public async Task<IResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/v1/documents/{id}/summary")] HttpRequest request, string id, CancellationToken cancellationToken)
    {
        var tenant = request.Caller().Tenant;
        if (await readings.AbsenceAsync(tenant, id, cancellationToken) is { } absent)
        {
            return absent;
        }

        if (await records.FindAsync(SummaryRecord.Container, tenant, id, cancellationToken) is not { } stored)
        {
            return new Problem(StatusCodes.Status404NotFound, "no-summary", "There is no summary",
                "A document has a summary once an insight of it was sure enough to be released without a person; look at its reviews.");
        }

        var insights = new List<InsightRecord>();
        foreach (var insightId in stored.Value.InsightIds)
        {
            if (await records.FindAsync(InsightRecord.Container, tenant, insightId, cancellationToken) is { } found && InsightReading.Verified(found.Value, logger) is { } insight)
            {
                insights.Add(insight);
            }
        }

        var wantsMarkdown = request.Query["format"] == "markdown" || request.Headers.Accept.ToString().Contains("text/markdown", StringComparison.OrdinalIgnoreCase);
        return wantsMarkdown
            ? Results.Text(Markdown(insights), "text/markdown", Encoding.UTF8)
            : Answer.Ok(Of(stored.Value, insights));
    }

    private static SummaryView Of(SummaryRecord record, List<InsightRecord> insights) => new(
        record.DocumentId,
        insights.Count == 0 ? null : insights[0].CompanyName,
        insights.Count == 0 ? null : insights[0].Form,
        record.GeneratedAt,
        [.. insights.Select(insight => new SummaryLine(insight.Id, insight.Type, insight.Summary, insight.ConfidenceScore, insight.Claim.Placeholders, InsightView.Of(insight).SourceRefs))],
        new Dictionary<string, Link>
        {
            ["self"] = new($"/api/v1/documents/{record.DocumentId}/summary"),
            ["insights"] = new($"/api/v1/insights?document_id={record.DocumentId}&band=high"),
        });

    private static string Markdown(List<InsightRecord> insights)
    {
        var text = new StringBuilder();
        var name = insights.Count == 0 ? "Document" : insights[0].CompanyName ?? insights[0].SourceReferences.Select(source => source.DocumentName).FirstOrDefault() ?? "Document";
        text.Append(CultureInfo.InvariantCulture, $"# {Escaped(name)}: what the numbers say\n");
        foreach (var type in insights.GroupBy(insight => insight.Type))
        {
            text.Append(CultureInfo.InvariantCulture, $"\n## {Title(type.Key)}\n\n");
            foreach (var insight in type)
            {
                text.Append(CultureInfo.InvariantCulture, $"- {Escaped(insight.Summary)} *({Escaped(Sources(insight))}; confidence {insight.ConfidenceScore:P0})*\n");
            }
        }

        return text.ToString();
    }

    /// <summary>Text from a document must not become markup.</summary>
    private static string Escaped(string text) => string.Concat(text.Select(c => "\\`*_{}[]<>#|!".Contains(c) ? $"\\{c}" : c is '\r' or '\n' ? " " : c.ToString()));

    private static string Title(string type) => type switch
    {
        "anomaly" => "What stands out",
        "risk" => "Risks",
        _ => "Trends",
    };

    private static string Sources(InsightRecord insight) => string.Join(", ", insight.SourceReferences
        .Select(source => source.Page is { } page ? string.Create(CultureInfo.InvariantCulture, $"page {page}") : $"{source.Sheet}!{source.Cell}")
        .Distinct().Take(4)) + (insight.SourceReferences.Any(source => source.Corrected is not null) ? ", with a value corrected by a person" : "");

    private sealed record SummaryLine(
        string InsightId, string Type, string Text, decimal Confidence, IReadOnlyList<Placeholder> Values, IReadOnlyList<SourceView> SourceRefs);

    private sealed record SummaryView(
        string DocumentId, string? Company, string? Form, DateTimeOffset GeneratedAt, IReadOnlyList<SummaryLine> Insights,
        [property: JsonPropertyName("_links")] IReadOnlyDictionary<string, Link> Links);
}
