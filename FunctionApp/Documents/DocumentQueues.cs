namespace Advisor.Documents;

/// <summary>The workflow's own queue.</summary>
public static class DocumentQueues
{
    public const string Ingestion = "ingestion-queue";
}

/// <summary>
/// A message of the ingestion queue: the id of an ingestion that was accepted over HTTP, or a document to fetch, as another system of the
/// tenant asks for it. The tenant is the message's application property <c>tenant</c>.
/// </summary>
/// <param name="IngestionId">Set by the HTTP function; then nothing else is.</param>
/// <param name="DocumentUrl">What to fetch, when the message comes from elsewhere.</param>
/// <param name="DocumentType">pdf, excel or csv; null to find it from the content.</param>
/// <param name="AnalysisTypes">Null for all.</param>
/// <param name="Company">Whose document it is; null to have it found.</param>
public sealed record IngestionRequested(
    string? IngestionId = null, string? DocumentUrl = null, string? DocumentType = null, IReadOnlyList<string>? AnalysisTypes = null, string? Company = null);
