// The real package is not annotated for nullable references; neither is this.
#nullable disable

namespace Azure.Storage.Sas;

/// <summary>What a signed address of a blob allows, and for how long.</summary>
public class BlobSasBuilder
{
    public BlobSasBuilder(BlobSasPermissions permissions, DateTimeOffset expiresOn)
    {
        ExpiresOn = expiresOn;
        Permissions = string.Concat(s_letters.Where(letter => permissions.HasFlag(letter.Permission)).Select(letter => letter.Letter));
    }

    private static readonly (BlobSasPermissions Permission, char Letter)[] s_letters =
    [
        (BlobSasPermissions.Read, 'r'), (BlobSasPermissions.Add, 'a'), (BlobSasPermissions.Create, 'c'), (BlobSasPermissions.Write, 'w'), (BlobSasPermissions.Delete, 'd'),
        (BlobSasPermissions.DeleteBlobVersion, 'x'), (BlobSasPermissions.PermanentDelete, 'y'), (BlobSasPermissions.List, 'l'), (BlobSasPermissions.Tag, 't'),
        (BlobSasPermissions.Move, 'm'), (BlobSasPermissions.Execute, 'e'), (BlobSasPermissions.SetImmutabilityPolicy, 'i'),
    ];

    public string BlobContainerName { get; set; }

    public string BlobName { get; set; }

    /// <summary>The kind of resource: <c>b</c> for a blob.</summary>
    public string Resource { get; set; }

    public DateTimeOffset StartsOn { get; set; }

    public DateTimeOffset ExpiresOn { get; set; }

    /// <summary>A letter for each permission.</summary>
    public string Permissions { get; }

    public SasProtocol Protocol { get; set; }

    /// <summary>The answer's header of that name.</summary>
    public string CacheControl { get; set; }

    /// <summary>The answer's header of that name.</summary>
    public string ContentDisposition { get; set; }

    /// <summary>The answer's header of that name.</summary>
    public string ContentType { get; set; }
}

/// <summary>What the holder of an address may do with the blob.</summary>
[Flags]
public enum BlobSasPermissions
{
    Read = 1,
    Add = 2,
    Create = 4,
    Write = 8,
    Delete = 16,
    Tag = 32,
    DeleteBlobVersion = 64,
    List = 128,
    Move = 256,
    Execute = 512,
    SetImmutabilityPolicy = 1024,
    PermanentDelete = 2048,
    All = -1,
}

/// <summary>The protocols over which an address holds.</summary>
public enum SasProtocol
{
    None = 0,
    HttpsAndHttp = 1,
    Https = 2,
}
