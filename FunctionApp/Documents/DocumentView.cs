using System.Text.Json.Serialization;
using Advisor.Documents.Contracts;
using Advisor.Documents.Intake;
using Advisor.Kernel.Http;

namespace Advisor.Documents;

/// <summary>How long a document is kept at least, and whether it may go at all.</summary>
/// <param name="Reason">Of the legal hold.</param>
public sealed record RetentionView(DateTimeOffset RetainUntil, bool LegalHold, string? Reason);

/// <summary>A document as the API shows it.</summary>
/// <param name="CompanySource">Whether the company was printed or given; null without a company.</param>
/// <param name="LatestPeriod">Label of the latest period that a metric is printed for.</param>
/// <param name="HasStatements">Null until read.</param>
/// <param name="Counts">Null until read.</param>
/// <param name="Instructions">Null until read.</param>
public sealed record DocumentView(
    string DocumentId,
    string Name,
    DocumentStatus Status,
    long Bytes,
    string Sha256,
    DocumentFormat Format,
    int? Pages,
    string? Company,
    string? CompanyId,
    CompanySource? CompanySource,
    string? Form,
    string? LatestPeriod,
    DateTimeOffset UploadedAt,
    string UploadedBy,
    bool? HasStatements,
    DocumentCounts? Counts,
    IReadOnlyList<InstructionSighting>? Instructions,
    RetentionView Retention,
    [property: JsonPropertyName("_links")] IReadOnlyDictionary<string, Link> Links)
{
    public static DocumentView Of(DocumentRecord record, DocumentsOptions options) => new(
        record.Id, record.Name, record.Status, record.Bytes, record.Sha256, record.Format, record.Pages, record.Company, record.CompanyId, record.CompanySource,
        record.Form, record.LatestPeriod?.Label, record.UploadedAt, record.UploadedBy, record.HasStatements, record.Counts,
        record.HasStatements is null ? null : InstructionSighting.Under(record.Company, record.Instructions ?? []),
        new RetentionView(options.RetainUntil(record.UploadedAt), record.LegalHold, record.LegalHoldReason), LinksOf(record));

    private static Dictionary<string, Link> LinksOf(DocumentRecord record)
    {
        var self = $"/api/v1/documents/{record.Id}";
        var links = new Dictionary<string, Link> { ["self"] = new(self), ["original"] = new($"{self}/original") };
        if (record.IngestionId is { } ingestion)
        {
            links["ingestion"] = new($"/api/v1/ingestions/{ingestion}");
        }

        if (record.HasStatements is null)
        {
            return links;
        }

        foreach (var part in new[] { "text", "facts", "proofs", "summary" })
        {
            links[part] = new($"{self}/{part}");
        }

        links["insights"] = new($"/api/v1/insights?document_id={record.Id}");
        if (record.CompanyId is { } company)
        {
            links["company"] = new($"/api/v1/companies/{company}");
        }

        return links;
    }
}
