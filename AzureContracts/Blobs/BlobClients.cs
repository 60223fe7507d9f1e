// The real package is not annotated for nullable references; neither is this.
#nullable disable

using Azure.Core;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Azure.Storage.Sas;
using AzureContracts;

namespace Azure.Storage.Blobs
{
    /// <summary>Settings of the clients; its base has retries and transport.</summary>
    public class BlobClientOptions : ClientOptions
    {
        public BlobClientOptions(ServiceVersion version = ServiceVersion.V2026_02_06) => Version = version;

        public ServiceVersion Version { get; }

        /// <summary>Versions of the service's interface; the newest that the package speaks.</summary>
        public enum ServiceVersion
        {
            V2026_02_06 = 29,
        }
    }

    /// <summary>A storage account.</summary>
    public class BlobServiceClient
    {
        protected BlobServiceClient()
        {
        }

        public BlobServiceClient(Uri serviceUri, TokenCredential credential, BlobClientOptions options = default)
        {
        }

        public virtual BlobContainerClient GetBlobContainerClient(string blobContainerName) =>
            throw RealPackage.Needed("BlobServiceClient.GetBlobContainerClient", "Blobs");

        public virtual Task<Response<UserDelegationKey>> GetUserDelegationKeyAsync(
            DateTimeOffset? startsOn, DateTimeOffset expiresOn, CancellationToken cancellationToken = default) =>
            throw RealPackage.Needed("BlobServiceClient.GetUserDelegationKeyAsync", "Blobs");
    }

    /// <summary>A container.</summary>
    public class BlobContainerClient
    {
        protected BlobContainerClient()
        {
        }

        public virtual BlobClient GetBlobClient(string blobName) => throw RealPackage.Needed("BlobContainerClient.GetBlobClient", "Blobs");

        public virtual AsyncPageable<BlobItem> GetBlobsAsync(BlobTraits traits, BlobStates states, string prefix, CancellationToken cancellationToken) =>
            throw RealPackage.Needed("BlobContainerClient.GetBlobsAsync", "Blobs");
    }

    /// <summary>A blob, to be read and written.</summary>
    public class BlobClient : BlobBaseClient
    {
        protected BlobClient()
        {
        }

        public virtual Task<Response<BlobContentInfo>> UploadAsync(BinaryData content, BlobUploadOptions options, CancellationToken cancellationToken = default) =>
            throw RealPackage.Needed("BlobClient.UploadAsync", "Blobs");
    }
}

namespace Azure.Storage.Blobs.Specialized
{
    /// <summary>What blobs of every kind can do.</summary>
    public class BlobBaseClient
    {
        protected BlobBaseClient()
        {
        }

        public virtual Task<Response<BlobDownloadResult>> DownloadContentAsync(CancellationToken cancellationToken) =>
            throw RealPackage.Needed("BlobBaseClient.DownloadContentAsync", "Blobs");

        public virtual Task<Stream> OpenReadAsync(BlobOpenReadOptions options, CancellationToken cancellationToken = default) =>
            throw RealPackage.Needed("BlobBaseClient.OpenReadAsync", "Blobs");

        public virtual Task<Response<bool>> ExistsAsync(CancellationToken cancellationToken = default) => throw RealPackage.Needed("BlobBaseClient.ExistsAsync", "Blobs");

        public virtual Task<Response<bool>> DeleteIfExistsAsync(
            DeleteSnapshotsOption snapshotsOption = DeleteSnapshotsOption.None, BlobRequestConditions conditions = default, CancellationToken cancellationToken = default) =>
            throw RealPackage.Needed("BlobBaseClient.DeleteIfExistsAsync", "Blobs");

        public virtual Uri GenerateUserDelegationSasUri(BlobSasBuilder builder, UserDelegationKey userDelegationKey) =>
            throw RealPackage.Needed("BlobBaseClient.GenerateUserDelegationSasUri", "Blobs");
    }
}
