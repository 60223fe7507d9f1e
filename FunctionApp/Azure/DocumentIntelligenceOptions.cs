using System.ComponentModel.DataAnnotations;

namespace Advisor.Azure;

/// <summary>Where scanned pages are read, section <c>DocumentIntelligence</c>. There is no key: the app's identity has a role.</summary>
public sealed class DocumentIntelligenceOptions : IValidatableObject
{
    /// <summary>The resource's address, https: <c>https://name.cognitiveservices.azure.com/</c>. Without it the programs of this machine read them.</summary>
    public Uri? ServiceUri { get; set; }

    /// <inheritdoc />
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (ServiceUri is not null && ServiceAddress.Fault("DocumentIntelligence:ServiceUri", ServiceUri, "https://name.cognitiveservices.azure.com/") is { } fault)
        {
            yield return new ValidationResult(fault);
        }
    }
}
