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

    /// <inheritdoc />
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (ServiceAddress.Fault("Blobs:ServiceUri", ServiceUri, "https://name.blob.core.windows.net/") is { } fault)
        {
            yield return new ValidationResult(fault);
        }
    }
}
