namespace Advisor.Kernel.Records;

/// <summary>Bytes by container and name: Blob Storage on Azure, files under the data folder on the embedded host.</summary>
/// <remarks>A write is atomic and durable: a reader sees the whole blob or none. Names use '/' and hold no '..'.</remarks>
public interface IBlobStore
{
    /// <summary>Writes or replaces the blob.</summary>
    Task WriteAsync(string container, string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken);

    /// <summary>The whole blob, or null when there is none.</summary>
    Task<byte[]?> ReadAsync(string container, string name, CancellationToken cancellationToken);

    /// <summary>The blob as a seekable stream that the caller disposes, or null when there is none. Of a blob that is replaced or deleted meanwhile, what was there is read, or the read fails.</summary>
    Task<Stream?> OpenReadAsync(string container, string name, CancellationToken cancellationToken);

    Task<bool> ExistsAsync(string container, string name, CancellationToken cancellationToken);

    /// <returns>False when there was none.</returns>
    Task<bool> DeleteAsync(string container, string name, CancellationToken cancellationToken);

    /// <summary>The names of the blobs below a folder, in no order.</summary>
    /// <param name="folder">A name's leading segments, without a slash at the end; empty for the whole container.</param>
    Task<IReadOnlyList<string>> ListAsync(string container, string folder, CancellationToken cancellationToken);
}
