using System.Text.Json;
using Advisor.Kernel.Http;
using Advisor.Kernel.Records;
using Advisor.Kernel.Tenancy;

namespace Advisor.Documents;

/// <summary>That a document's bytes are being taken in.</summary>
/// <param name="Blob">Name within the container <see cref="DocumentRecord.BlobContainer"/>.</param>
/// <param name="At">When the last attempt at it began to write.</param>
internal sealed record UploadMark(TenantId Tenant, string IngestionId, string DocumentId, string Blob, DateTimeOffset At);

/// <summary>Names the originals that are being taken in, so that those whose document never comes to be can be found.</summary>
/// <remarks>
/// A mark is written before the bytes and goes once the document's run has found its record. They are blobs and not records because whoever looks for what was
/// left behind knows no tenant, and because there are only as many as there are uploads under way or broken off.
/// </remarks>
public sealed class UploadMarks(IBlobStore blobs, TimeProvider time)
{
    internal const string Container = "unfinished-uploads";

    /// <summary>Setting it again, as another attempt at the same upload does, makes it as young as that.</summary>
    public Task SetAsync(TenantId tenant, string ingestionId, DocumentRecord document, CancellationToken cancellationToken) => blobs.WriteAsync(
        Container, Name(tenant, document.Blob),
        JsonSerializer.SerializeToUtf8Bytes(new UploadMark(tenant, ingestionId, document.Id, document.Blob, time.GetUtcNow()), AdvisorJson.Options), cancellationToken);

    /// <param name="blob">Of the original.</param>
    public Task RemoveAsync(TenantId tenant, string blob, CancellationToken cancellationToken) => blobs.DeleteAsync(Container, Name(tenant, blob), cancellationToken);

    internal Task<IReadOnlyList<string>> NamesAsync(CancellationToken cancellationToken) => blobs.ListAsync(Container, "", cancellationToken);

    /// <summary>The mark as it now is; null when it has gone.</summary>
    internal async Task<UploadMark?> FindAsync(string name, CancellationToken cancellationToken) =>
        await blobs.ReadAsync(Container, name, cancellationToken) is { } bytes ? JsonSerializer.Deserialize<UploadMark>(bytes, AdvisorJson.Options) : null;

    private static string Name(TenantId tenant, string blob) => $"{tenant}/{blob}.json";
}
