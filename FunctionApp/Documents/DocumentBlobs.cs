using System.Globalization;
using System.Text.Json;
using Advisor.Documents.Reading.Pages;
using Advisor.Kernel.Http;
using Advisor.Kernel.Records;
using Advisor.Kernel.Tenancy;

namespace Advisor.Documents;

/// <summary>Where a document's bytes and readings lie.</summary>
/// <remarks>A reading is named by tenant, content and reader version, so that the same bytes are read once for a tenant, whatever they are called.</remarks>
public sealed class DocumentBlobs(IBlobStore blobs, UploadMarks marks)
{
    private const string Readings = "readings";

    /// <summary>Goes up when the readers change what they give, or its stored form.</summary>
    private const string ReaderVersion = "2";

    public static string OriginalName(DateTimeOffset uploaded, string documentId, string extension) =>
        string.Create(CultureInfo.InvariantCulture, $"{uploaded.UtcDateTime:yyyy}/{uploaded.UtcDateTime:MM}/{documentId}.{extension.TrimStart('.')}");

    /// <summary>Writes the bytes of a document whose record is to follow; where it never does, the <see cref="UploadSweep"/> removes them.</summary>
    public async Task WriteOriginalAsync(TenantId tenant, string ingestionId, DocumentRecord document, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        await marks.SetAsync(tenant, ingestionId, document, cancellationToken);
        await blobs.WriteAsync(DocumentRecord.BlobContainer, document.Blob, content, cancellationToken);
    }

    /// <summary>Says that the document's record is there.</summary>
    public Task OriginalIsListedAsync(TenantId tenant, DocumentRecord document, CancellationToken cancellationToken) => marks.RemoveAsync(tenant, document.Blob, cancellationToken);

    /// <exception cref="InvalidOperationException">The bytes are gone.</exception>
    public async Task<byte[]> ReadOriginalAsync(DocumentRecord document, CancellationToken cancellationToken) =>
        await blobs.ReadAsync(DocumentRecord.BlobContainer, document.Blob, cancellationToken)
            ?? throw new InvalidOperationException($"The bytes of document {document.Id} are no longer stored.");

    public Task<bool> HasPagesAsync(TenantId tenant, string sha256, PageRange range, CancellationToken cancellationToken) =>
        blobs.ExistsAsync(Readings, Name(tenant, sha256, range), cancellationToken);

    public Task WritePagesAsync(TenantId tenant, string sha256, PageRange range, IReadOnlyList<PageReading> pages, CancellationToken cancellationToken) =>
        blobs.WriteAsync(Readings, Name(tenant, sha256, range), JsonSerializer.SerializeToUtf8Bytes(pages, AdvisorJson.Options), cancellationToken);

    /// <exception cref="InvalidOperationException">The range was not read.</exception>
    public async Task<List<PageReading>> ReadPagesAsync(TenantId tenant, string sha256, PageRange range, CancellationToken cancellationToken) =>
        await FindPagesAsync(tenant, sha256, range, cancellationToken)
            ?? throw new InvalidOperationException($"Pages {range.First} to {range.Last} have not been read.");

    /// <summary>Null while the range has not been read.</summary>
    public async Task<List<PageReading>?> FindPagesAsync(TenantId tenant, string sha256, PageRange range, CancellationToken cancellationToken) =>
        await blobs.ReadAsync(Readings, Name(tenant, sha256, range), cancellationToken) is { } bytes
            ? JsonSerializer.Deserialize<List<PageReading>>(bytes, AdvisorJson.Options)
            : null;

    /// <summary>Removes the readings of these bytes, by whatever reader version.</summary>
    public async Task DeleteReadingsAsync(TenantId tenant, string sha256, CancellationToken cancellationToken)
    {
        foreach (var name in await ReadingsAsync(tenant, sha256, cancellationToken))
        {
            await blobs.DeleteAsync(Readings, name, cancellationToken);
        }
    }

    /// <summary>Names of all stored readings of these bytes.</summary>
    public Task<IReadOnlyList<string>> ReadingsAsync(TenantId tenant, string sha256, CancellationToken cancellationToken) =>
        blobs.ListAsync(Readings, $"{tenant}/{sha256}", cancellationToken);

    private static string Name(TenantId tenant, string sha256, PageRange range) =>
        string.Create(CultureInfo.InvariantCulture, $"{tenant}/{sha256}/v{ReaderVersion}/pages-{range.First:D5}-{range.Last:D5}.json");
}
