using System.Collections.Concurrent;
using Azure;
using Azure.Core;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Moq;

namespace Advisor.Tests.Azure.Blobs;

/// <summary>Stands in for the account: clients that keep blobs in memory and note what they are asked, or fail as the service would.</summary>
internal sealed class StoredBlobs : BlobServiceClient
{
    private static readonly Response s_raw = Mock.Of<Response>();

    private readonly ConcurrentDictionary<(string Container, string Name), (byte[] Content, int Version)> _blobs = new();
    private readonly ConcurrentQueue<(string Call, string Name, object? Options)> _calls = new();
    private int _version;

    /// <summary>The status and code that every call fails with; null lets all succeed.</summary>
    public (int Status, string Code)? Fault { get; set; }

    /// <summary>What was asked for, in order.</summary>
    public IReadOnlyList<(string Call, string Name, object? Options)> Calls => [.. _calls];

    public override BlobContainerClient GetBlobContainerClient(string blobContainerName) => new Container(this, blobContainerName);

    private void Note(string call, string name, object? options, CancellationToken cancellationToken)
    {
        _calls.Enqueue((call, name, options));
        cancellationToken.ThrowIfCancellationRequested();
        if (Fault is { } fault)
        {
            throw Failed(fault.Status, fault.Code);
        }
    }

    private static RequestFailedException Failed(int status, string code) => new(status, "as the test asked", code, null);

    private sealed class Container(StoredBlobs all, string container) : BlobContainerClient
    {
        public override BlobClient GetBlobClient(string blobName) => new Blob(all, container, blobName);

        public override AsyncPageable<BlobItem> GetBlobsAsync(BlobTraits traits, BlobStates states, string? prefix, CancellationToken cancellationToken)
        {
            all.Note("list", prefix ?? "", (traits, states), cancellationToken);
            var names = all._blobs.Keys.Where(key => key.Container == container && key.Name.StartsWith(prefix ?? "", StringComparison.Ordinal)).Select(key => key.Name).ToList();
            return names.Count == 0 ? new MissingContainer() : AsyncPageable<BlobItem>.FromPages(names.Chunk(2).Select(
                page => Page<BlobItem>.FromValues([.. page.Select(name => BlobsModelFactory.BlobItem(name, false, null, null, null))], "next", s_raw)));
        }
    }

    /// <summary>The service tells only when it is asked for the first page.</summary>
    private sealed class MissingContainer : AsyncPageable<BlobItem>
    {
        public override IAsyncEnumerable<Page<BlobItem>> AsPages(string? continuationToken = null, int? pageSizeHint = null) => throw Failed(404, "ContainerNotFound");
    }

    private sealed class Blob(StoredBlobs all, string container, string name) : BlobClient
    {
        private (string, string) Key => (container, name);

        public override Task<Response<BlobContentInfo>> UploadAsync(BinaryData content, BlobUploadOptions options, CancellationToken cancellationToken = default)
        {
            all.Note("upload", name, options, cancellationToken);
            all._blobs[Key] = (content.ToArray(), Interlocked.Increment(ref all._version));
            return Task.FromResult(Response.FromValue<BlobContentInfo>(null!, s_raw));
        }

        public override Task<Response<BlobDownloadResult>> DownloadContentAsync(CancellationToken cancellationToken)
        {
            all.Note("download", name, null, cancellationToken);
            return Task.FromResult(Response.FromValue(BlobsModelFactory.BlobDownloadResult(new BinaryData(Stored().Content)), s_raw));
        }

        public override Task<Stream> OpenReadAsync(BlobOpenReadOptions options, CancellationToken cancellationToken = default)
        {
            all.Note("open", name, options, cancellationToken);
            var (content, version) = Stored();
            return Task.FromResult<Stream>(new Opened(content, () =>
            {
                if (!all._blobs.TryGetValue(Key, out var now) || now.Version != version)
                {
                    throw Failed(412, "ConditionNotMet");
                }
            }));
        }

        public override Task<Response<bool>> ExistsAsync(CancellationToken cancellationToken = default)
        {
            all.Note("exists", name, null, cancellationToken);
            return Task.FromResult(Response.FromValue(all._blobs.ContainsKey(Key), s_raw));
        }

        public override Task<Response<bool>> DeleteIfExistsAsync(
            DeleteSnapshotsOption snapshotsOption = DeleteSnapshotsOption.None, BlobRequestConditions? conditions = null, CancellationToken cancellationToken = default)
        {
            all.Note("delete", name, snapshotsOption, cancellationToken);
            return Task.FromResult(Response.FromValue(all._blobs.TryRemove(Key, out _), s_raw));
        }

        private (byte[] Content, int Version) Stored() => all._blobs.TryGetValue(Key, out var stored) ? stored : throw Failed(404, "BlobNotFound");
    }

    /// <summary>Asks, at each read, whether the blob is still the one that was opened.</summary>
    private sealed class Opened(byte[] content, Action isUnchanged) : MemoryStream(content)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            isUnchanged();
            return base.ReadAsync(buffer, cancellationToken);
        }

        public override int Read(byte[] buffer, int offset, int count)
        {
            isUnchanged();
            return base.Read(buffer, offset, count);
        }
    }
}
