using System.ComponentModel.DataAnnotations;
using Microsoft.Azure.Cosmos;

namespace Advisor.Azure;

/// <summary>Where the records are, section <c>Cosmos</c>. There is no key: the app's identity has a data role.</summary>
public sealed class CosmosOptions : IValidatableObject
{
    /// <summary>The account's address, https: <c>https://name.documents.azure.com:443/</c>.</summary>
    public Uri? ServiceUri { get; set; }

    [Required(ErrorMessage = "Cosmos:Database must name the database.")]
    public string Database { get; set; } = "advisor";

    /// <summary>Direct speaks TCP to the replicas; Gateway needs port 443 only, for networks that let nothing else out.</summary>
    public ConnectionMode ConnectionMode { get; set; } = ConnectionMode.Direct;

    /// <summary>
    /// How often the client repeats a throttled call by itself, after the pause that the service asks for. Few: what is still throttled then is
    /// for the product's own retries and circuit, which see all callers.
    /// </summary>
    [Range(0, 9, ErrorMessage = "Cosmos:MaxThrottleRetries must be 0 to 9.")]
    public int MaxThrottleRetries { get; set; } = 3;

    /// <summary>Longest sum of those pauses; below the time of an attempt, <c>Resilience:Records:AttemptTimeout</c>, or the attempt ends first.</summary>
    public TimeSpan MaxThrottleWait { get; set; } = TimeSpan.FromSeconds(2);

    /// <inheritdoc />
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (ServiceAddress.Fault("Cosmos:ServiceUri", ServiceUri, "https://name.documents.azure.com:443/") is { } fault)
        {
            yield return new ValidationResult(fault);
        }

        if (!Enum.IsDefined(ConnectionMode))
        {
            yield return new ValidationResult("Cosmos:ConnectionMode must be Direct or Gateway.");
        }

        if (MaxThrottleWait < TimeSpan.Zero || MaxThrottleWait > TimeSpan.FromSeconds(30))
        {
            yield return new ValidationResult("Cosmos:MaxThrottleWait must be 00:00:00 to 00:00:30.");
        }
    }
}
