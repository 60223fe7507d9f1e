using Advisor.Kernel.Records;

namespace Advisor.Kernel.Resilience;

/// <summary>The host's download addresses, asked for through the <see cref="Dependency"/> of its blobs.</summary>
internal sealed class ResilientBlobDownloads(IBlobDownloads inner, Dependency dependency) : IBlobDownloads
{
    public async Task<Uri> AddressAsync(string container, string name, string contentType, string contentDisposition, CancellationToken cancellationToken) => await dependency.CallAsync(
        "address", container, (inner, container, name, contentType, contentDisposition),
        static (call, token) => new ValueTask<Uri>(call.inner.AddressAsync(call.container, call.name, call.contentType, call.contentDisposition, token)), cancellationToken);
}
