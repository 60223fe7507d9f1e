using System.ComponentModel.DataAnnotations;
using System.Text.RegularExpressions;

namespace Advisor.Azure;

/// <summary>Where the queues are, section <c>AzureWebJobsServiceBus</c>: the setting that the queue triggers of the Functions host read, too.</summary>
public sealed partial class ServiceBusOptions : IValidatableObject
{
    /// <summary><c>name.servicebus.windows.net</c>.</summary>
    public string? FullyQualifiedNamespace { get; set; }

    /// <inheritdoc />
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (FullyQualifiedNamespace is null || !HostName().IsMatch(FullyQualifiedNamespace))
        {
            yield return new ValidationResult("AzureWebJobsServiceBus:FullyQualifiedNamespace must be the host name of the namespace and nothing more, such as name.servicebus.windows.net");
        }
    }

    [GeneratedRegex(@"\A[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+\z", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase, matchTimeoutMilliseconds: 1000)]
    private static partial Regex HostName();
}
