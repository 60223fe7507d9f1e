using System.ComponentModel.DataAnnotations;

namespace Advisor.Azure;

/// <summary>Where the audit log is, section <c>Audit</c>. There is no key: the app's identity has a data role.</summary>
public sealed class AuditTableOptions : IValidatableObject
{
    /// <summary>The account's table address, https: <c>https://name.table.core.windows.net/</c>.</summary>
    public Uri? ServiceUri { get; set; }

    /// <inheritdoc />
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (ServiceAddress.Fault("Audit:ServiceUri", ServiceUri, "https://name.table.core.windows.net/") is { } fault)
        {
            yield return new ValidationResult(fault);
        }
    }
}
