using System.Text.RegularExpressions;
using Advisor.Kernel.Records;
using Azure;
using Azure.Core;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Microsoft.Extensions.Options;

namespace Advisor.Azure;

/// <summary>Blobs in Blob Storage, one container for each of the port's.</summary>
/// <remarks>
/// The deployment makes the containers, the app's identity may not. A write replaces the blob as a whole. A stream stays with the version that it was
/// opened on: where the blob is replaced or deleted meanwhile, reading on fails. Safe for threads.
/// </remarks>
public sealed partial class AzureBlobStore(BlobServiceClient client, IOptions<BlobsOptions> options) : IBlobStore
{
    private const string Service = "Blob Storage";

    /// <summary>Bytes that a stream fetches at a time: few requests for a document, and no whole document in memory.</summary>
    private const int StreamBuffer = 4 * 1024 * 1024;

    /// <inheritdoc />
    public async Task WriteAsync(string container, string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var blob = Blob(container, name);
        var upload = new BlobUploadOptions();
        if (options.Value.IndexTags && Format().Match(name) is { Success: true } format)
        {
            upload.Tags = new Dictionary<string, string> { ["format"] = format.Value };
        }

        try
        {
            await blob.UploadAsync(new BinaryData(content), upload, cancellationToken);
        }
        catch (RequestFailedException fault) when (fault.Status == 404)
        {
            throw new InvalidOperationException($"Blob Storage has no container '{container}': deploy it (docs/azure.md lists them).", fault);
        }
        catch (Exception fault) when (AzureFaults.IsKnown(fault))
        {
            throw AzureFaults.Of(Service, fault);
        }
    }

    /// <inheritdoc />
    public async Task<byte[]?> ReadAsync(string container, string name, CancellationToken cancellationToken)
    {
        var blob = Blob(container, name);
        return await CallAsync(async () => (await blob.DownloadContentAsync(cancellationToken)).Value.Content.ToArray(), whereMissing: null);
    }

    /// <inheritdoc />
    public async Task<Stream?> OpenReadAsync(string container, string name, CancellationToken cancellationToken)
    {
        var blob = Blob(container, name);
        return await CallAsync<Stream?>(
            async () => new BlobStream(await blob.OpenReadAsync(new BlobOpenReadOptions(allowModifications: false) { BufferSize = StreamBuffer }, cancellationToken)), whereMissing: null);
    }

    /// <inheritdoc />
    public async Task<bool> ExistsAsync(string container, string name, CancellationToken cancellationToken)
    {
        var blob = Blob(container, name);
        return await CallAsync(async () => (await blob.ExistsAsync(cancellationToken)).Value, whereMissing: false);
    }

    /// <inheritdoc />
    public async Task<bool> DeleteAsync(string container, string name, CancellationToken cancellationToken)
    {
        var blob = Blob(container, name);
        return await CallAsync(async () => (await blob.DeleteIfExistsAsync(DeleteSnapshotsOption.IncludeSnapshots, cancellationToken: cancellationToken)).Value, whereMissing: false);
    }

    /// <inheritdoc />
    public async Task<IReadOnlyList<string>> ListAsync(string container, string folder, CancellationToken cancellationToken)
    {
        var from = Container(container);
        var prefix = folder.Length == 0 ? null : $"{Checked(folder)}/";
        return await CallAsync<IReadOnlyList<string>>(
            async () =>
            {
                var names = new List<string>();
                await foreach (var blob in from.GetBlobsAsync(BlobTraits.None, BlobStates.None, prefix, cancellationToken))
                {
                    names.Add(blob.Name);
                }

                return names;
            },
            whereMissing: []);
    }

    /// <summary>A client whose own repetitions are few and quick: the product's own follow, and see all callers.</summary>
    internal static BlobServiceClient Connect(BlobsOptions options, TokenCredential credential) => new(
        options.ServiceUri!, credential,
        new BlobClientOptions { Retry = { MaxRetries = 1, Delay = TimeSpan.FromMilliseconds(200), MaxDelay = TimeSpan.FromSeconds(2), NetworkTimeout = TimeSpan.FromSeconds(25) } });

    /// <param name="whereMissing">What the port says where there is no such blob, or no such container.</param>
    private static async Task<T> CallAsync<T>(Func<Task<T>> call, T whereMissing)
    {
        try
        {
            return await call();
        }
        catch (RequestFailedException fault) when (fault.Status == 404)
        {
            return whereMissing;
        }
        catch (Exception fault) when (AzureFaults.IsKnown(fault))
        {
            throw AzureFaults.Of(Service, fault);
        }
    }

    private BlobClient Blob(string container, string name) => Container(container).GetBlobClient(Checked(name));

    private BlobContainerClient Container(string container) => ContainerName().IsMatch(container)
        ? client.GetBlobContainerClient(container)
        : throw new ArgumentException($"'{container}' is not a container name: use 3 to 63 of a-z, 0-9 and '-'.", nameof(container));

    /// <summary>The service would take dots and empty segments, and make of them what no other store does.</summary>
    private static string Checked(string name) => name.Length <= 1024 && name.Split('/').All(segment => Segment().IsMatch(segment))
        ? name
        : throw new ArgumentException($"'{name}' is not a blob name: use segments of portable file names joined by '/'.", nameof(name));

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9-]{2,62}\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ContainerName();

    [GeneratedRegex("""\A[^\x00-\x1f\\/:*?"<>|]{0,254}[^\x00-\x1f\\/:*?"<>|. ]\z""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Segment();

    [GeneratedRegex(@"(?<=\.)[a-z0-9]{1,10}\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Format();
}
