// The real package is not annotated for nullable references; neither is this.
#nullable disable

namespace Azure.Storage.Blobs.Models;

/// <summary>How a blob is uploaded; without conditions it replaces what is there.</summary>
public class BlobUploadOptions
{
    public IDictionary<string, string> Tags { get; set; }
}

/// <summary>How a blob is opened.</summary>
public class BlobOpenReadOptions
{
    /// <param name="allowModifications">Whether the blob may change while it is read; where it may not, reading then fails.</param>
    public BlobOpenReadOptions(bool allowModifications)
    {
    }

    /// <summary>Bytes fetched at a time.</summary>
    public int? BufferSize { get; set; }
}

/// <summary>Conditions of a request, the lease included.</summary>
public class BlobRequestConditions : BlobLeaseRequestConditions
{
}

/// <summary>Conditions of a request about a lease.</summary>
public class BlobLeaseRequestConditions : RequestConditions
{
}

/// <summary>What a deletion does with snapshots.</summary>
public enum DeleteSnapshotsOption
{
    None = 0,
    IncludeSnapshots = 1,
    OnlySnapshots = 2,
}

/// <summary>What a listing tells of each blob beside its name.</summary>
[Flags]
public enum BlobTraits
{
    None = 0,
    CopyStatus = 1,
    Metadata = 2,
    Tags = 4,
    ImmutabilityPolicy = 8,
    LegalHold = 16,
    All = -1,
}

/// <summary>Which blobs a listing gives beside those that are there.</summary>
[Flags]
public enum BlobStates
{
    None = 0,
    Snapshots = 1,
    Uncommitted = 2,
    Deleted = 4,
    Version = 8,
    DeletedWithVersions = 16,
    All = -1,
}

/// <summary>What the service says of an upload.</summary>
public class BlobContentInfo
{
    internal BlobContentInfo()
    {
    }
}

/// <summary>A blob in a listing.</summary>
public class BlobItem
{
    internal BlobItem()
    {
    }

    public string Name { get; internal init; }
}

/// <summary>What is known of a listed blob.</summary>
public class BlobItemProperties
{
    internal BlobItemProperties()
    {
    }
}

/// <summary>A downloaded blob.</summary>
public class BlobDownloadResult
{
    internal BlobDownloadResult()
    {
    }

    public BinaryData Content { get; internal init; }
}

/// <summary>What is known of a downloaded blob.</summary>
public class BlobDownloadDetails
{
    internal BlobDownloadDetails()
    {
    }
}

/// <summary>A key with which addresses are signed in the name of the identity that asked for it.</summary>
public class UserDelegationKey
{
    internal UserDelegationKey()
    {
    }

    public DateTimeOffset SignedExpiresOn { get; internal init; }

    public string Value { get; internal init; }
}

/// <summary>Makes the values that only the service could make otherwise.</summary>
public static class BlobsModelFactory
{
    public static BlobDownloadResult BlobDownloadResult(BinaryData content = default, BlobDownloadDetails details = default) => new() { Content = content };

    public static BlobItem BlobItem(string name, bool deleted, BlobItemProperties properties, string snapshot, IDictionary<string, string> metadata) => new() { Name = name };

    public static UserDelegationKey UserDelegationKey(
        string signedObjectId,
        string signedTenantId,
        DateTimeOffset signedStartsOn,
        DateTimeOffset signedExpiresOn,
        string signedService,
        string signedVersion,
        string value) => new() { SignedExpiresOn = signedExpiresOn, Value = value };
}
