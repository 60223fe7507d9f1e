using System.Text.Json;
using System.Text.Json.Serialization;
using Advisor.Kernel.Http;
using Advisor.Kernel.Reasoning;
using Advisor.Kernel.Records;
using Advisor.Kernel.Tenancy;

namespace Advisor.Documents.Contracts;

/// <summary>Everything proven or read of one document: what analyses work on. Stored once per document as a blob, never passed as a payload.</summary>
/// <param name="Company">As printed; null when it cannot be told.</param>
/// <param name="Form">"10-K", ...; null when none is printed.</param>
/// <param name="HasStatements">False for a document in which no financial statement was recognised.</param>
/// <param name="Facts">In reading order.</param>
/// <param name="Proofs">In printed order.</param>
/// <param name="Grounding">By fact id: whether the printed text was found again at its place by an independent reading. A fact that is not listed was not re-read.</param>
/// <param name="Agreement">By fact id: whether a second reader gave the same value. A fact that is not listed was read once.</param>
/// <param name="Ledger">Amounts of a long ledger by column, for distribution tests; empty for other documents.</param>
/// <param name="MetricTableVersion">Version of the table of canonical metrics.</param>
public sealed record DocumentFindings(
    string DocumentId,
    string DocumentName,
    string? Company,
    string? Form,
    bool HasStatements,
    IReadOnlyList<Fact> Facts,
    IReadOnlyList<Proof> Proofs,
    IReadOnlyDictionary<string, bool> Grounding,
    IReadOnlyDictionary<string, bool> Agreement,
    IReadOnlyList<string> Ledger,
    string MetricTableVersion)
{
    private const string Container = "findings";

    /// <summary>Text that tries to instruct whatever reads the document; none for findings stored before they were looked for.</summary>
    public IReadOnlyList<InstructionSighting> Instructions { get; init; } = [];

    /// <summary>Ids of the corrections that are applied, in the order in which they were made; none in what was read. Not stored with it.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> Corrections { get; init; } = [];

    /// <summary>What is to be said of the document as a whole; null when nothing is.</summary>
    [JsonIgnore]
    public string? Finding => this switch
    {
        { HasStatements: true } or { Ledger.Count: > 0 } => null,
        { Facts.Count: 0 } => "No financial statement and no table of numbers was recognised in this document.",
        _ => "No financial statement was recognised in this document; only its tables were read.",
    };

    /// <summary>As they were read: what people corrected since is applied by <see cref="Documents.Corrections.CorrectedFindings"/>.</summary>
    internal static async Task<DocumentFindings?> ReadAsync(IBlobStore blobs, TenantId tenant, string documentId, CancellationToken cancellationToken)
    {
        var bytes = await blobs.ReadAsync(Container, Name(tenant, documentId), cancellationToken);
        return bytes is null ? null : JsonSerializer.Deserialize<DocumentFindings>(bytes, AdvisorJson.Options);
    }

    public Task WriteAsync(IBlobStore blobs, TenantId tenant, CancellationToken cancellationToken) =>
        blobs.WriteAsync(Container, Name(tenant, DocumentId), JsonSerializer.SerializeToUtf8Bytes(this, AdvisorJson.Options), cancellationToken);

    /// <returns>False when there were none.</returns>
    public static Task<bool> DeleteAsync(IBlobStore blobs, TenantId tenant, string documentId, CancellationToken cancellationToken) =>
        blobs.DeleteAsync(Container, Name(tenant, documentId), cancellationToken);

    private static string Name(TenantId tenant, string documentId) => $"{tenant}/{documentId}.json";
}
