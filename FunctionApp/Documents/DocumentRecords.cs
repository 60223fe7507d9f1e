using System.Text.Json.Serialization;
using Advisor.Documents.Contracts;
using Advisor.Documents.Intake;
using Advisor.Kernel.Http;
using Advisor.Kernel.Reasoning;
using Advisor.Kernel.Records;
using Advisor.Kernel.Tenancy;

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
/// <param name="Company">Whose document it is, as the asker says; null to have it found.</param>
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
    DateTimeOffset UpdatedAt,
    string? Company = null)
{
    public static RecordContainer<IngestionRecord> Container { get; } = new("ingestions");
}

/// <summary>How far a document has come.</summary>
public enum DocumentStatus
{
    /// <summary>Taken in; not read yet.</summary>
    Received,

    /// <summary>Its facts are there; analyses are under way.</summary>
    Read,

    /// <summary>Read and analysed.</summary>
    Completed,

    /// <summary>Read, but an analysis failed.</summary>
    Failed,

    /// <summary>Being deleted; shown to nobody any more.</summary>
    Deleting,
}

/// <summary>Where a document's company comes from.</summary>
public enum CompanySource
{
    /// <summary>Found in the document.</summary>
    Printed,

    /// <summary>Said by whoever uploaded or corrected the document; wins over what is printed.</summary>
    Given,
}

/// <summary>Who deleted a document, and when.</summary>
public sealed record DeletionMark(string By, DateTimeOffset At);

/// <summary>What was found in a document.</summary>
/// <param name="Metrics">Facts that have a canonical metric.</param>
public sealed record DocumentCounts(int Facts, int Metrics, int ProofsHeld, int ProofsFailed, int ProofsUnproven);

/// <summary>A document as taken in.</summary>
/// <param name="Sha256">Of the raw bytes, lower-case hex.</param>
/// <param name="Blob">Name within the container <c>financial-documents</c>.</param>
/// <param name="Pages">Null for workbooks, and until read.</param>
/// <param name="Company">Whose document it is, as given or else as printed; null when neither is known.</param>
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

    public DocumentStatus Status { get; init; }

    /// <summary>The ingestion that took it in; null until its run begins.</summary>
    public string? IngestionId { get; init; }

    /// <summary>How many pages each stored reading holds; null until read, and for workbooks.</summary>
    public int? PagesPerRange { get; init; }

    /// <summary>Of <see cref="Company"/>; null when there is none.</summary>
    public string? CompanyId { get; init; }

    public CompanySource? CompanySource { get; init; }

    /// <summary>Of the company that it was of before, so that a change that was interrupted can be finished.</summary>
    public string? FormerCompanyId { get; init; }

    /// <summary>The company that the document prints, whatever was given.</summary>
    public string? PrintedCompany { get; init; }

    /// <summary>Null until read.</summary>
    public DocumentCounts? Counts { get; init; }

    /// <summary>Text in it that tries to instruct a reader; null until read, and for documents read before it was looked for.</summary>
    public IReadOnlyList<InstructionSighting>? Instructions { get; init; }

    /// <summary>How many facts each canonical metric has.</summary>
    public IReadOnlyDictionary<string, int>? Metrics { get; init; }

    /// <summary>The latest period that a metric is printed for.</summary>
    public Period? LatestPeriod { get; init; }

    /// <summary>The company as other slices know it; null when there is none.</summary>
    [JsonIgnore]
    public CompanyLabel? Label => this is { CompanyId: { } id, Company: { } name } ? new CompanyLabel(id, name) : null;

    /// <summary>Nobody may delete it while this is set.</summary>
    public bool LegalHold { get; init; }

    public string? LegalHoldReason { get; init; }

    /// <summary>Set once its deletion has begun; never taken back.</summary>
    public DeletionMark? Deletion { get; init; }

    /// <summary>The same document under a company: the given one, else the printed one, else none.</summary>
    public DocumentRecord Of(TenantId tenant, string? given) => this with
    {
        Company = given ?? PrintedCompany,
        CompanyId = CompanyName.IdOf(tenant, given ?? PrintedCompany),
        CompanySource = given is not null ? Documents.CompanySource.Given : PrintedCompany is not null ? Documents.CompanySource.Printed : null,
    };

    /// <summary>The same document with what was found in it.</summary>
    public DocumentRecord Read(TenantId tenant, DocumentFindings findings)
    {
        var read = Counted(findings) with
        {
            Status = DocumentStatus.Read,
            PrintedCompany = findings.Company,
            Form = findings.Form,
            HasStatements = findings.HasStatements,
            Instructions = findings.Instructions,
        };
        return read.Of(tenant, CompanySource == Documents.CompanySource.Given ? Company : null);
    }

    /// <summary>The same document with how much was found in it, which corrections change.</summary>
    public DocumentRecord Counted(DocumentFindings findings)
    {
        var headlines = findings.Facts.Where(fact => fact.Metric is not null).ToList();
        int Proofs(ProofOutcome outcome) => findings.Proofs.Count(proof => proof.Outcome == outcome);
        return this with
        {
            Counts = new DocumentCounts(findings.Facts.Count, headlines.Count, Proofs(ProofOutcome.Holds), Proofs(ProofOutcome.Fails), Proofs(ProofOutcome.Unproven)),
            Metrics = headlines.GroupBy(fact => fact.Metric!, StringComparer.Ordinal).OrderBy(same => same.Key, StringComparer.Ordinal).ToDictionary(same => same.Key, same => same.Count()),
            LatestPeriod = headlines.Select(fact => fact.Period).OfType<Period>().MaxBy(period => period.Order),
        };
    }

    /// <summary>The name as lists look for it and order by it.</summary>
    public string SearchName => Name.ToLowerInvariant();

    public static RecordContainer<DocumentRecord> Container { get; } = new("documents")
    {
        Lookup = new RecordLookup(["company_id", "sha256"], ["uploaded_at", "search_name", "format", "form", "status"]),
    };
}

/// <summary>What remains of a deleted document's own record.</summary>
/// <param name="NameSha256">Of the name's UTF-8, lower-case hex: it proves a name without telling it.</param>
/// <param name="Sha256">Of the raw bytes, lower-case hex.</param>
/// <param name="Removed">How many of each were removed, by what they are.</param>
/// <param name="Finished">False while its deletion is under way, or was interrupted: another DELETE finishes it.</param>
public sealed record Tombstone(
    string DocumentId, string NameSha256, string Sha256, DateTimeOffset UploadedAt, DeletionMark Deletion,
    IReadOnlyDictionary<string, int> Removed, IReadOnlyList<Remainder> Remains, bool Finished)
{
    public static RecordContainer<Tombstone> Container { get; } = new("deleted-documents");
}

/// <summary>A headline fact as its own record, so that a metric can be followed across documents.</summary>
public sealed record HeadlineFact(string DocumentId, string? Company, string Metric, string? PeriodEnd, Fact Fact, string? CompanyId = null)
{
    /// <summary>Deterministic, so that reading again writes the same records.</summary>
    public static string IdOf(string documentId, string factId) => $"{documentId}-{factId}";

    public static RecordContainer<HeadlineFact> Container { get; } = new("facts")
    {
        Lookup = new RecordLookup(["document_id", "company_id"], ["metric"]),
    };
}
