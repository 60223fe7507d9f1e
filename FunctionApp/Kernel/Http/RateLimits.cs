using System.ComponentModel.DataAnnotations;
using System.Threading.RateLimiting;
using Advisor.Kernel.Tenancy;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Advisor.Kernel.Http;

/// <summary>How often one user may call, section <c>RateLimit</c>. Counted by each instance of the host for itself.</summary>
public sealed class RateLimitOptions
{
    /// <summary>Requests a second that a user may make for as long as they like.</summary>
    [Range(1, 1_000_000, ErrorMessage = "RateLimit:PerSecond must be from 1 to 1,000,000.")]
    public int PerSecond { get; set; } = 10;

    /// <summary>Requests that a user may make at once after a pause.</summary>
    [Range(1, 1_000_000, ErrorMessage = "RateLimit:Burst must be from 1 to 1,000,000.")]
    public int Burst { get; set; } = 40;
}

/// <summary>A bucket of requests for each user, and for each address from which nobody signs in.</summary>
/// <remarks>Safe to share between threads. Buckets that are full again are forgotten, so that addresses cannot fill the memory.</remarks>
public sealed class RateLimits : IDisposable
{
    /// <summary>A bucket that is empty has a request to give within this time.</summary>
    private static readonly TimeSpan s_period = TimeSpan.FromSeconds(1);

    private readonly PartitionedRateLimiter<string> _buckets;
    private readonly RateLimitOptions _options;
    private readonly Audit.ClientAddress _address;

    public RateLimits(IOptions<RateLimitOptions> options, Audit.ClientAddress address)
    {
        _address = address;
        _options = options.Value;
        _buckets = PartitionedRateLimiter.Create<string, string>(
            caller => RateLimitPartition.GetTokenBucketLimiter(caller, _ => new TokenBucketRateLimiterOptions
            {
                TokenLimit = _options.Burst,
                TokensPerPeriod = _options.PerSecond,
                ReplenishmentPeriod = s_period,
                AutoReplenishment = false,
                QueueLimit = 0,
            }),
            StringComparer.Ordinal);
    }

    /// <summary>Counts a request of a user.</summary>
    /// <returns>The refusal, or null when the request may go on.</returns>
    public Problem? Count(Caller caller) => Take($"user\n{caller.Tenant}\n{caller.UserId}");

    /// <summary>Counts a request of nobody in particular, by the address that it comes from.</summary>
    /// <returns>The refusal, or null when the request may go on.</returns>
    public Problem? CountStranger(HttpContext http) => Take($"address\n{_address.Of(http)}");

    public void Dispose() => _buckets.Dispose();

    private Problem? Take(string bucket)
    {
        using var lease = _buckets.AttemptAcquire(bucket);
        return lease.IsAcquired ? null : new Problem(StatusCodes.Status429TooManyRequests, "too-many-requests", "Too many requests",
            $"You may make {_options.PerSecond} requests a second, and {_options.Burst} at once after a pause; wait as long as Retry-After says and go on more slowly.")
        {
            RetryAfter = (int)s_period.TotalSeconds,
        };
    }
}
