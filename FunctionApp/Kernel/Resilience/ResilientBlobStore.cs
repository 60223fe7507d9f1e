using Advisor.Kernel.Records;

namespace Advisor.Kernel.Resilience;

/// <summary>The host's blob store, called through its <see cref="Dependency"/>.</summary>
internal sealed class ResilientBlobStore(IBlobStore inner, Dependency dependency) : IBlobStore
{
    public async Task WriteAsync(string container, string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) => await dependency.CallAsync(
        "write", container, (inner, container, name, content),
        static async (call, token) =>
        {
            await call.inner.WriteAsync(call.container, call.name, call.content, token);
            return true;
        },
        cancellationToken);

    public async Task<byte[]?> ReadAsync(string container, string name, CancellationToken cancellationToken) => await dependency.CallAsync(
        "read", container, (inner, container, name),
        static (call, token) => new ValueTask<byte[]?>(call.inner.ReadAsync(call.container, call.name, token)), cancellationToken);

    /// <remarks>The attempt's time covers the opening, not the reading that follows.</remarks>
    public async Task<Stream?> OpenReadAsync(string container, string name, CancellationToken cancellationToken) => await dependency.CallAsync(
        "open", container, (inner, container, name),
        static (call, token) => new ValueTask<Stream?>(call.inner.OpenReadAsync(call.container, call.name, token)), cancellationToken);

    public async Task<IReadOnlyList<string>> ListAsync(string container, string folder, CancellationToken cancellationToken) => await dependency.CallAsync(
        "list", container, (inner, container, folder),
        static (call, token) => new ValueTask<IReadOnlyList<string>>(call.inner.ListAsync(call.container, call.folder, token)), cancellationToken);

    public async Task<bool> ExistsAsync(string container, string name, CancellationToken cancellationToken) => await dependency.CallAsync(
        "exists", container, (inner, container, name),
        static (call, token) => new ValueTask<bool>(call.inner.ExistsAsync(call.container, call.name, token)), cancellationToken);

    public async Task<bool> DeleteAsync(string container, string name, CancellationToken cancellationToken) => await dependency.CallAsync(
        "delete", container, (inner, container, name),
        static (call, token) => new ValueTask<bool>(call.inner.DeleteAsync(call.container, call.name, token)), cancellationToken);
}
