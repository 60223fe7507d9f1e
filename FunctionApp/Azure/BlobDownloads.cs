using Advisor.Kernel.Records;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Sas;

namespace Advisor.Azure;

/// <summary>User-delegation signatures: signed with a key that the app's identity asks for and that is none of the account's.</summary>
/// <remarks>
/// An address reads one blob, over https, for <see cref="Lifetime"/>. The key is asked for once and kept until shortly before it ends; taking the role from the identity
/// ends no address that was given before. Safe for threads.
/// </remarks>
public sealed class BlobDownloads(BlobServiceClient client, TimeProvider time) : IBlobDownloads, IDisposable
{
    /// <summary>Long enough to begin a download on a slow line: a transfer that has begun goes on.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan s_keyLifetime = TimeSpan.FromHours(6);

    /// <summary>How far the clocks of the app and the account may be apart.</summary>
    private static readonly TimeSpan s_skew = TimeSpan.FromMinutes(5);

    private readonly SemaphoreSlim _turn = new(1);
    private volatile UserDelegationKey? _key;

    /// <inheritdoc />
    public async Task<Uri> AddressAsync(string container, string name, string contentType, string contentDisposition, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var key = await KeyAsync(now, cancellationToken);
        var signed = new BlobSasBuilder(BlobSasPermissions.Read, now + Lifetime)
        {
            BlobContainerName = container,
            BlobName = name,
            Resource = "b",
            StartsOn = now - s_skew,
            Protocol = SasProtocol.Https,
            ContentType = contentType,
            ContentDisposition = contentDisposition,

            // An address that is asked for again must not be answered out of a cache on the way.
            CacheControl = "private, no-store",
        };
        return client.GetBlobContainerClient(container).GetBlobClient(name).GenerateUserDelegationSasUri(signed, key);
    }

    public void Dispose() => _turn.Dispose();

    /// <summary>A key that outlives every address signed with it, by the account's clock too.</summary>
    private async Task<UserDelegationKey> KeyAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (Kept(now) is { } kept)
        {
            return kept;
        }

        await _turn.WaitAsync(cancellationToken);
        try
        {
            return Kept(now) ?? (_key = (await client.GetUserDelegationKeyAsync(now - (2 * s_skew), now + s_keyLifetime, cancellationToken)).Value);
        }
        catch (Exception fault) when (AzureFaults.IsKnown(fault))
        {
            throw AzureFaults.Of("Blob Storage", fault);
        }
        finally
        {
            _turn.Release();
        }
    }

    private UserDelegationKey? Kept(DateTimeOffset now) => _key is { } key && key.SignedExpiresOn > now + Lifetime + s_skew ? key : null;
}
