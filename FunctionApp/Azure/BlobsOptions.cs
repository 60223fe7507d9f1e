using System.ComponentModel.DataAnnotations;

namespace Advisor.Azure;

/// <summary>Where the blobs are, section <c>Blobs</c>. There is no key: the app's identity has a data role.</summary>
public sealed class BlobsOptions : IValidatableObject
{
    /// <summary>The account's blob address, https: <c>https://name.blob.core.windows.net/</c>.</summary>
    public Uri? ServiceUri { get; set; }

    /// <summary>
    /// Whether each blob gets the index tag <c>format</c>, its name's extension, which lifecycle rules and searches can go by. Writing tags
    /// needs the role Storage Blob Data Owner; without them Storage Blob Data Contributor suffices.
    /// </summary>
    public bool IndexTags { get; set; } = true;

    /// <summary>How originals reach callers. Redirecting needs the role Storage Blob Delegator on the account, and callers who reach the account's network.</summary>
    [EnumDataType(typeof(BlobDownloadWay), ErrorMessage = "Blobs:Downloads must be Stream or Redirect.")]
    public BlobDownloadWay Downloads { get; set; } = BlobDownloadWay.Stream;

    /// <inheritdoc />
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (ServiceAddress.Fault("Blobs:ServiceUri", ServiceUri, "https://name.blob.core.windows.net/") is { } fault)
        {
            yield return new ValidationResult(fault);
        }
    }
}

/// <summary>How an original reaches who asked for it; checked and audited either way.</summary>
public enum BlobDownloadWay
{
    /// <summary>Through the API.</summary>
    Stream,

    /// <summary>From the storage account, under a signed address that ends after minutes.</summary>
    Redirect,
}
