using System.ComponentModel.DataAnnotations;

namespace Advisor.Azure;

/// <summary>Where the cache is that the instances share, section <c>Redis</c>. There is no key: the app's identity has an access policy.</summary>
public sealed class RedisOptions : IValidatableObject
{
    /// <summary>Host name of Azure Managed Redis; empty keeps answers in the memory of each instance.</summary>
    public string? HostName { get; set; }

    /// <summary>Port of the encrypted endpoint; 10000, that of Azure Managed Redis.</summary>
    [Range(1, 65535, ErrorMessage = "Redis:Port must be 1 to 65535.")]
    public int Port { get; set; } = 10_000;

    /// <inheritdoc />
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!string.IsNullOrEmpty(HostName) && Uri.CheckHostName(HostName) != UriHostNameType.Dns)
        {
            yield return new ValidationResult("Redis:HostName must be the host name of the cache and nothing more: name.region.redis.azure.net. The app's identity signs in, without a key.");
        }
    }
}
