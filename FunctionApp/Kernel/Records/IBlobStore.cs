namespace Advisor.Kernel.Records;

/// <summary>Bytes by container and name: Blob Storage on Azure, files under the data folder on the embedded host.</summary>
/// <remarks>A write is atomic and durable: a reader sees the whole blob or none. Names use '/' and hold no '..'.</remarks>
public interface IBlobStore
{
    /// <summary>Writes or replaces the blob.</summary>
    Task WriteAsync(string container, string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken);

    /// <summary>The whole blob, or null when there is none.</summary>
    Task<byte[]?> ReadAsync(string container, string name, CancellationToken cancellationToken);

    Task<bool> ExistsAsync(string container, string name, CancellationToken cancellationToken);

    /// <returns>False when there was none.</returns>
    Task<bool> DeleteAsync(string container, string name, CancellationToken cancellationToken);
}
