using Advisor.Documents.Intake;
using Advisor.Kernel.Http;
using Advisor.Kernel.Reasoning;
using Advisor.Kernel.Records;

namespace Advisor.Documents;

public enum IngestionStatus
{
    Queued,
    Extracting,
    Analyzing,
    Completed,
    Failed,
}

/// <summary>Why an ingestion failed, as the user sees it.</summary>
/// <param name="Type">The problem's URN.</param>
public sealed record IngestionError(string Type, string Title, string Detail)
{
    public static IngestionError Of(IntakeRejection rejection) => new($"urn:advisor:problem:{rejection.Slug}", rejection.Title, rejection.Advice);
}

/// <summary>A request to read and analyse one document, and how far it came.</summary>
/// <param name="DocumentUrl">Where to fetch the document; null when it was uploaded.</param>
/// <param name="DeclaredType">pdf, excel or csv; null when none was given.</param>
/// <param name="Finding">What is to be said of the document as a whole, such as that it holds no statements; null when nothing is.</param>
/// <param name="AnalysisIds">Known once the analyses begin.</param>
public sealed record IngestionRecord(
    string Id,
    string DocumentId,
    string RunId,
    string DocumentName,
    string? DocumentUrl,
    string? DeclaredType,
    IReadOnlyList<string> AnalysisTypes,
    string RequestedBy,
    IngestionStatus Status,
    IReadOnlyList<string> AnalysisIds,
    IngestionError? Error,
    string? Finding,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt)
{
    public static RecordContainer<IngestionRecord> Container { get; } = new("ingestions");
}

/// <summary>A document as taken in.</summary>
/// <param name="Sha256">Of the raw bytes, lower-case hex.</param>
/// <param name="Blob">Name within the container <c>financial-documents</c>.</param>
/// <param name="Pages">Null for workbooks, and until read.</param>
public sealed record DocumentRecord(
    string Id,
    string Name,
    string Sha256,
    long Bytes,
    DocumentFormat Format,
    string Blob,
    DateTimeOffset UploadedAt,
    string UploadedBy,
    int? Pages = null,
    string? Company = null,
    string? Form = null,
    bool? HasStatements = null)
{
    public const string BlobContainer = "financial-documents";

    public static RecordContainer<DocumentRecord> Container { get; } = new("documents");
}

/// <summary>A headline fact as its own record, so that a metric can be followed across documents.</summary>
public sealed record HeadlineFact(string DocumentId, string? Company, string Metric, string? PeriodEnd, Fact Fact)
{
    public static RecordContainer<HeadlineFact> Container { get; } = new("facts");
}
